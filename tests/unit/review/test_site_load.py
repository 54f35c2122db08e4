"""What pools are asked for, who owns a DAG, what it shares with others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daggen.code.reader import read_dags
from daggen.review.site.facts import Link, alerts, links, owners, pool_uses
from daggen.review.site.load import pool_loads, starts_by_hour, stretches

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)

SOURCE = """
from datetime import timedelta
from airflow.sdk import DAG, Asset, TaskGroup
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.standard.sensors.filesystem import FileSensor
from company.alerts import notify, Pager

with DAG(
    dag_id="load",
    schedule=[Asset("raw")],
    default_args={"owner": "data", "pool": "crm", "execution_timeout": timedelta(minutes=30)},
    on_failure_callback=Pager(team="data"),
):
    wait = FileSensor(task_id="wait", filepath="x", mode="reschedule")
    read = BashOperator(task_id="read", bash_command="x", pool_slots=2, on_retry_callback=[notify])
    with TaskGroup("store", default_args={"pool": "warehouse", "owner": "storage"}):
        store = BashOperator.partial(task_id="store", outlets=[Asset("clean")]).expand(
            bash_command=["a", "b", "c"]
        )
    next_one = TriggerDagRunOperator(task_id="next", trigger_dag_id="report", pool="default_pool")
    wait >> read >> store >> next_one
"""
(DAG,) = read_dags(SOURCE, "load.py")


def test_owners_are_those_of_the_tasks() -> None:
    assert owners(DAG) == ("data", "storage")


def test_alerts_say_what_is_called_when_and_for_whom() -> None:
    assert alerts(DAG) == ("failure: Pager (DAG)", "retry: notify (read)")


def test_links_to_assets_and_dags() -> None:
    assert links(DAG) == (
        Link("produces", "clean"),
        Link("triggers", "report", is_dag=True),
        Link("waits for", "raw"),
    )


def test_pools_with_their_tasks_and_slots() -> None:
    found = [(use.pool, use.tasks, use.slots) for use in pool_uses(DAG)]
    assert found == [("crm", 2, 3), ("default_pool", 1, 1), ("warehouse", 1, 3)]


def test_tasks_follow_each_other_for_as_long_as_they_may_last() -> None:
    found = stretches(DAG, timedelta(minutes=10))
    minutes = [
        (each.task_id, each.start // timedelta(minutes=1), each.end // timedelta(minutes=1))
        for each in found
    ]
    assert minutes == [("read", 30, 60), ("store.store", 60, 90), ("next", 90, 120)]


def test_the_demand_of_a_pool_adds_up() -> None:
    plans = {"a": stretches(DAG, timedelta(minutes=10)), "b": stretches(DAG, timedelta(minutes=10))}
    runs = {"a": [MONDAY], "b": [MONDAY + timedelta(minutes=15), MONDAY - timedelta(minutes=45)]}
    crm, default, warehouse = pool_loads(runs, plans, MONDAY)
    assert [crm.pool, default.pool, warehouse.pool] == ["crm", "default_pool", "warehouse"]
    assert crm.demand[:6] == (2, 0, 2, 4, 2, 0)
    assert (crm.peak, sorted(crm.at_peak)) == (4, ["a", "b"])
    assert warehouse.demand[:8] == (0, 3, 3, 0, 3, 6, 3, 0)
    assert sum(crm.demand) == 10


def test_starts_are_counted_by_hour() -> None:
    runs = [[MONDAY, MONDAY + timedelta(minutes=59)], [MONDAY + timedelta(days=6, hours=23)]]
    counts = starts_by_hour(runs, MONDAY)
    assert (len(counts), counts[0], counts[1], counts[-1]) == (168, 2, 0, 1)
