"""TechCorp's fleet in real Airflow: every file loads, every DAG runs, and the rows arrive."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

SAMPLES = {"orders": 500, "products": 80, "customers": 195}

Run = Callable[..., dict[str, str]]
Query = Callable[[str], list[tuple[Any, ...]]]


def test_every_file_loads_without_error_or_warning(bag: Any, fleet_directory: Path) -> None:
    assert bag.import_errors == {}
    assert bag.captured_warnings == {}
    files = [p for p in fleet_directory.rglob("*.py") if "daggen_runtime" not in p.parts]
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


def test_etl_customers(run: Run, warehouse: Query) -> None:
    steps = ["extract", "quality_check", "transform", "load", "validate"]
    assert run("etl_customers") == dict.fromkeys(steps, "success")
    last = (
        "SELECT COUNT(*), COUNT(DISTINCT customer_id) FROM customers"
        " WHERE batch = (SELECT MAX(batch) FROM customers)"
    )
    assert warehouse(last) == [(SAMPLES["customers"],) * 2]


ETL_STEPS = ("extract", "quality_check", "transform", "load", "validate")


def test_every_etl_dag_moves_rows(bag: Any, techcorp: Path) -> None:
    """Call each task's function as Airflow does, for all DAGs of the template at once."""
    from techcorp.service import ensure_running

    ensure_running()
    pipelines = [
        dag for dag in bag.dags.values() if tuple(t.task_id for t in dag.tasks) == ETL_STEPS
    ]
    assert len(pipelines) > 24
    for dag in pipelines:
        moment = datetime(2026, 5, 1, tzinfo=UTC)
        dag_run = SimpleNamespace(
            dag_id=dag.dag_id, run_id="all", logical_date=moment, run_after=moment
        )
        for task in dag.tasks:
            result = task.python_callable(**task.op_kwargs, dag_run=dag_run)
        assert result["rows"] > 0, dag.dag_id


def test_a_run_of_a_date_that_is_repeated_loads_once(run: Run, warehouse: Query) -> None:
    date = datetime(2026, 2, 1, tzinfo=UTC)
    for _ in range(2):
        run("etl_vendors", logical_date=date)
    loaded = "SELECT COUNT(*) FROM vendors WHERE batch = '2026-02-01T00:00:00+00:00'"
    assert warehouse(loaded) == [(40,)]


def test_multi_entity_etl(run: Run, warehouse: Query) -> None:
    states = run("multi_entity_etl")
    assert len(states) == 17
    assert set(states.values()) == {"success"}
    for table, entity in (
        ("dim_customers", "customers"),
        ("dim_products", "products"),
        ("fact_orders", "orders"),
    ):
        assert warehouse(f"SELECT COUNT(*) FROM {table}") == [(SAMPLES[entity],)]  # noqa: S608


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
