"""A real scheduler with the LocalExecutor runs the fleet: pools, priorities, two pipelines."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from airflow_api import wait_until
from airflow_standalone import LOG

from techcorp.service import send_json

pytestmark = pytest.mark.xdist_group("scheduler")

FLEET = Path(__file__).parents[2] / "generated_dags"
SLOTS = 2

Tasks = list[dict[str, Any]]


@pytest.fixture(scope="session")
def rehearsal(airflow: Any) -> Tasks:
    """The six task instances of the pool's rehearsal, after a run."""
    return airflow.run("pool_rehearsal")["pool_rehearsal"]


def test_the_pools_are_imported(airflow: Any) -> None:
    declared = json.loads((FLEET / "pools.json").read_text(encoding="utf-8"))
    pools = {pool["name"]: pool["slots"] for pool in airflow.api.ask("pools")["pools"]}
    assert {name: pool["slots"] for name, pool in declared.items()}.items() <= pools.items()
    assert pools["large_processing_pool"] == SLOTS


def test_never_more_tasks_at_once_than_the_pool_has_slots(rehearsal: Tasks) -> None:
    assert [task["pool"] for task in rehearsal] == ["large_processing_pool"] * 6
    starts = [(_date(task, "start_date"), 1) for task in rehearsal]
    ends = [(_date(task, "end_date"), -1) for task in rehearsal]
    running, most = 0, 0
    for _, change in sorted(starts + ends):
        running += change
        most = max(most, running)
    assert most == SLOTS


def test_the_higher_priority_starts_first(rehearsal: Tasks) -> None:
    assert len({task["priority_weight"] for task in rehearsal}) == 6
    queued = sorted(rehearsal, key=lambda t: (_date(t, "queued_when"), -t["priority_weight"]))
    assert [task["priority_weight"] for task in queued] == [60, 50, 40, 30, 20, 10]
    # Two that are queued in the same breath may start in either order; no others may.
    started = sorted(rehearsal, key=lambda task: _date(task, "start_date"))
    for place, task in enumerate(started):
        assert abs(queued.index(task) - place) < SLOTS


def test_the_tutorials_pipelines_succeed_and_move_rows(airflow: Any) -> None:
    tasks = airflow.run("multi_entity_etl", "churn_ml_pipeline")
    assert {name: len(instances) for name, instances in tasks.items()} == {
        "multi_entity_etl": 17,
        "churn_ml_pipeline": 9,
    }
    assert _loaded(airflow, "dim_customers", "dim_products", "fact_orders") == [195, 80, 500]
    models = [
        json.loads(path.read_text()) for path in airflow.home.glob("techcorp/registry/churn/*")
    ]
    url = f"{airflow.service}/models/churn/predict"
    answer = send_json("POST", url, {"rows": [models[0]["means"]]})
    assert answer["version"] in {model["version"] for model in models}


def test_runs_with_deadlines_succeed(airflow: Any) -> None:
    airflow.run("deadline", "deadlines")


def test_a_run_goes_on_when_a_person_approves(airflow: Any) -> None:
    api, dag_id = airflow.api, "human_in_the_loop"
    run_id = api.trigger(dag_id)
    run = f"dags/{dag_id}/dagRuns/{quote(run_id)}"
    # Airflow 3.3.2 fails a task that is answered before its scheduler has noticed that it left the
    # executor: queued again, it is taken for one that the executor lost. Nobody answers so soon.
    noticed = f"TaskInstance Finished: dag_id={dag_id}, task_id=approve"
    wait_until(
        lambda: noticed in (airflow.home / LOG).read_text(encoding="utf-8"),
        lambda: f"nobody is asked: {api.task_instances(dag_id, run_id)}",
    )
    assert api.ask(f"{run}/hitlDetails")["hitl_details"]
    answer = {"chosen_options": ["Approve"], "params_input": {}}
    api.ask(f"{run}/taskInstances/approve/-1/hitlDetails", "PATCH", answer)
    assert api.wait_for_run(dag_id, run_id) == "success"
    states = {task["task_id"]: task["state"] for task in api.task_instances(dag_id, run_id)}
    assert states == {"approve": "success", "load": "success"}


def test_airflow_reads_every_file_of_the_fleet(airflow: Any) -> None:
    files = [path for path in FLEET.rglob("*.py") if "daggen_runtime" not in path.parts]
    for path in files:
        airflow.api.wait_for_dag(path.stem)
    assert airflow.api.ask("importErrors")["import_errors"] == []
    assert airflow.api.ask("dags?limit=1")["total_entries"] == len(files) + len(airflow.cases)


def _date(task: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(task[name])


def _loaded(airflow: Any, *tables: str) -> list[int]:
    """Count the rows of tables in the warehouse."""
    with closing(sqlite3.connect(airflow.home / "techcorp/warehouse.db")) as warehouse:
        cursors = [warehouse.execute(f"SELECT COUNT(*) FROM {t}") for t in tables]  # noqa: S608
        return [int(cursor.fetchone()[0]) for cursor in cursors]
