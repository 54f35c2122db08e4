"""Checking a whole DAG as its Python states it: what is reported, and at which line."""

from __future__ import annotations

from textwrap import dedent

from daggen.airflow.catalog import Catalog, check_graph_arguments
from daggen.code.reader import read_dags

CATALOG = Catalog.load()


def check(source: str) -> list[tuple[str, int, str, str]]:
    text = dedent(source)
    found = [
        each
        for graph in read_dags(text, "dag.py")
        for each in check_graph_arguments(graph, "dag.py", CATALOG)
    ]
    assert all(each.span is not None and each.span.path == "dag.py" for each in found)
    return [(d.code, d.span.line if d.span else 0, d.message, d.hint) for d in found]


def codes(source: str) -> list[tuple[str, int]]:
    return [(code, line) for code, line, _, _ in check(source)]


IMPORTS = """
from datetime import datetime, timedelta
from airflow.sdk import DAG, TaskGroup, task
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.filesystem import FileSensor
"""


def test_everything_of_a_dag_is_reported_at_its_line() -> None:
    found = codes(IMPORTS + """
with DAG("a", schedule_interval="@daily", default_args={"retires": 2, "retries": "two"}) as dag:
    with TaskGroup("g", retries=1):
        one = BashOperator(
            task_id="one",
            bash_comand="echo",
            retries="three",
        )
    two = FileSensor(
        task_id="two",
        filepath="x",
        mode="reschedule",
        poke_interval=timedelta(seconds=5),
    )
""")
    assert found == [
        ("DG602", 7),
        ("DG605", 7),
        ("DG610", 7),
        ("DG603", 8),
        ("DG602", 11),
        ("DG605", 12),
        ("DG612", 18),
    ]


def test_default_args_of_the_dag_and_its_groups_satisfy_what_is_required() -> None:
    source = IMPORTS + """
with DAG("a", default_args={"cwd": "/data"}):
    with TaskGroup("g", default_args={"bash_command": "echo"}):
        one = BashOperator(task_id="one")
    two = BashOperator(task_id="two")
"""
    assert codes(source) == [("DG604", 10)]


def test_default_args_that_are_not_known_may_give_anything() -> None:
    source = IMPORTS + """
from company import DEFAULTS
with DAG("a", default_args=DEFAULTS):
    one = BashOperator(task_id="one")
"""
    assert check(source) == []


def test_mapped_tasks_have_what_they_are_mapped_over() -> None:
    source = IMPORTS + """
with DAG("a"):
    one = BashOperator.partial(task_id="one").expand(bash_command=["a", "b"])
    two = BashOperator.partial(task_id="two").expand_kwargs([{"bash_command": "a"}])
    three = BashOperator.partial(task_id="three", cwd="/").expand(bash_comand=["a"])
"""
    assert codes(source) == [("DG602", 10)]


def test_functions_of_decorated_tasks_take_what_they_like() -> None:
    source = IMPORTS + """
with DAG("a"):
    @task(retries=3, retry_delay=timedelta(minutes=1))
    def load(rows, retires=0): ...

    @task.bash(ev={"A": "1"})
    def script(): return "echo"

    load.expand(rows=[1, 2]) >> script()
    load(5, retires=1)
"""
    assert [code for code, _ in codes(source)] == ["DG602"]
    assert check(source)[0][3] == 'did you mean "env"?'


def test_unknown_operators_of_airflow_are_warned_of_and_others_are_not() -> None:
    found = check("""
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOprator
from airflow.providers.postgres.operators.postgres import PostgresOperator
from airflow.providers.apache.kafka.operators.produce import ProduceToTopicOperator
from company.operators import LoadOperator

with DAG("a"):
    one = BashOprator(task_id="one", anything=5)
    two = PostgresOperator(task_id="two", sql="x")
    three = ProduceToTopicOperator(task_id="three")
    four = LoadOperator(task_id="four", anything=5)
""")
    assert [(code, line) for code, line, _, _ in found] == [
        ("DG601", 9),
        ("DG601", 10),
        ("DG601", 11),
    ]
    hints = [hint for *_, hint in found]
    assert "airflow.providers.standard.operators.bash.BashOperator" in hints[0]
    assert "SQLExecuteQueryOperator" in hints[1]
    assert "daggen catalog build" in hints[2]


def test_deprecated_operators_are_warned_of() -> None:
    found = check("""
from datetime import timedelta
from airflow.sdk import DAG
from airflow.providers.standard.sensors.time_delta import TimeDeltaSensorAsync

with DAG("a"):
    wait = TimeDeltaSensorAsync(task_id="wait", delta=timedelta(hours=1))
""")
    assert [(code, line) for code, line, _, _ in found] == [("DG609", 7)]
    assert "deferrable" in found[0][3]


def test_a_default_is_not_unused_where_a_task_may_take_it() -> None:
    source = IMPORTS + """
from company.operators import LoadOperator
with DAG("a", default_args={"table": "t", "poke_interval": 60}):
    one = LoadOperator(task_id="one")
    two = FileSensor(task_id="two", filepath="x")
"""
    assert check(source) == []


def test_a_default_that_is_the_dag_s_belongs_there() -> None:
    found = check(IMPORTS + """
with DAG("a", default_args={"max_active_runs": 1}):
    one = BashOperator(task_id="one", bash_command="echo")
""")
    assert [(code, hint) for code, _, _, hint in found] == [
        ("DG610", "it is an argument of the DAG; move it out of default_args")
    ]


def test_notifiers_are_checked_wherever_they_are_built() -> None:
    found = check("""
from airflow.sdk import DAG
from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier
from airflow.providers.standard.operators.bash import BashOperator

with DAG(
    "a",
    on_failure_callback=[SlackWebhookNotifier(txt="failed")],
    default_args={"on_retry_callback": SlackWebhookNotifier(text=5)},
):
    one = BashOperator(
        task_id="one",
        bash_command="echo",
        on_failure_callback=SlackWebhookNotifier(),
    )
""")
    assert [(code, line) for code, line, *_ in found] == [
        ("DG602", 6),
        ("DG605", 6),
        ("DG604", 14),
    ]
