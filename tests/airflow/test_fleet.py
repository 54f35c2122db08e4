"""TechCorp's fleet in real Airflow: every file loads, every DAG runs, and the rows arrive."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FLEET = ROOT / "generated_dags"
SAMPLES = {"orders": 500, "products": 80, "customers": 195}

Run = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def techcorp(airflow_home: Path) -> Path:
    """TechCorp's embedded systems, in a home and on a port of this session's own."""
    from techcorp.connections import environment

    with socket.create_server(("127.0.0.1", 0)) as probe:
        os.environ["TECHCORP_PORT"] = str(probe.getsockname()[1])
    os.environ.update(environment())
    return Path(os.environ["TECHCORP_HOME"])


@pytest.fixture(scope="session")
def bag(airflow_home: Path) -> Any:
    """All DAGs of the fleet, as Airflow's DAG processor loads them."""
    from airflow.dag_processing.dagbag import DagBag

    sys.path.insert(0, str(FLEET))
    return DagBag(str(FLEET), collect_dags=True)


@pytest.fixture
def run(bag: Any, techcorp: Path, run_states: Any) -> Run:
    """Run a DAG of the fleet, started by hand without a logical date unless one is given."""

    def outcome(dag_id: str, **arguments: Any) -> dict[str, str]:
        arguments = {"logical_date": None, **arguments}
        return dict(run_states(bag.dags[dag_id], **arguments))

    return outcome


def rows(home: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(home / "warehouse.db")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def taken(states: dict[str, str]) -> set[str]:
    """Name the tasks that ran, of those that may be skipped."""
    assert set(states.values()) <= {"success", "skipped"}, states
    return {task for task, state in states.items() if state == "success"}


def test_every_file_loads_without_error_or_warning(bag: Any) -> None:
    assert bag.import_errors == {}
    assert bag.captured_warnings == {}
    files = [p for p in FLEET.rglob("*.py") if "daggen_runtime" not in p.parts]
    assert len(bag.dags) == len(files) >= 40


def test_the_fleet_has_the_tutorials_entities(bag: Any) -> None:
    etl = [dag for name, dag in bag.dags.items() if name.startswith("etl_")]
    assert len(etl) >= 20
    sources = {dag.get_task("extract").op_kwargs["source_type"] for dag in etl}
    assert sources == {"postgres", "api", "sftp"}


def test_every_sensor_has_a_timeout_of_its_own(bag: Any) -> None:
    week = 60 * 60 * 24 * 7
    sensors = [t for dag in bag.dags.values() for t in dag.tasks if hasattr(t, "poke_interval")]
    assert len(sensors) >= 4
    assert {task.task_id for task in sensors if task.timeout >= week} == set()


def test_etl_customers(run: Run, techcorp: Path) -> None:
    steps = ["extract", "quality_check", "transform", "load", "validate"]
    assert run("etl_customers") == dict.fromkeys(steps, "success")
    assert rows(techcorp, "SELECT COUNT(*), COUNT(DISTINCT customer_id) FROM customers") == [
        (SAMPLES["customers"],) * 2
    ]


def test_a_run_of_a_date_that_is_repeated_loads_once(run: Run, techcorp: Path) -> None:
    date = datetime(2026, 2, 1, tzinfo=UTC)
    for _ in range(2):
        run("etl_vendors", logical_date=date)
    batches = rows(techcorp, "SELECT batch, COUNT(*) FROM vendors GROUP BY batch")
    assert batches == [("2026-02-01T00:00:00+00:00", 40)]


def test_multi_entity_etl(run: Run, techcorp: Path) -> None:
    states = run("multi_entity_etl")
    assert len(states) == 17
    assert set(states.values()) == {"success"}
    for table, entity in (
        ("dim_customers", "customers"),
        ("dim_products", "products"),
        ("fact_orders", "orders"),
    ):
        assert rows(techcorp, f"SELECT COUNT(*) FROM {table}") == [(SAMPLES[entity],)]  # noqa: S608


def test_groups_are_ordered_as_the_spec_says(bag: Any) -> None:
    dag = bag.dags["multi_entity_etl"]
    assert dag.get_task("orders_etl.extract").upstream_task_ids == {
        "customers_etl.validate",
        "products_etl.validate",
    }
    assert dag.get_task("customers_etl.extract").upstream_task_ids == {"start"}
    assert dag.get_task("end").upstream_task_ids == {"orders_etl.validate"}


def test_ml_pipeline_trains_and_serves_a_model(run: Run, techcorp: Path) -> None:
    states = run("churn_ml_pipeline")
    assert len(states) == 9
    assert set(states.values()) == {"success"}
    (registered,) = (techcorp / "registry" / "churn").glob("*.json")
    model = json.loads(registered.read_text(encoding="utf-8"))
    assert model["features"] == ["logins", "tickets", "seats"]
    deployed = json.loads((techcorp / "deployed" / "churn.json").read_text(encoding="utf-8"))
    assert deployed == model


@pytest.mark.parametrize(
    "dag_id",
    ["order_partitions", "warehouse_load", "dataset_processing", "product_report"],
)
def test_dags_without_outside_systems_succeed(dag_id: str, run: Run) -> None:
    assert set(run(dag_id).values()) == {"success"}
