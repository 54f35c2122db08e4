"""Names in Jinja that Airflow 3 no longer has in a task's context."""

from __future__ import annotations

import pytest

from daggen.code.context_names import check_context_names
from daggen.code.reader import read_dags

DAG = """\
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("d", schedule=None, user_defined_macros={macros}) as dag:
    t = BashOperator(task_id="t", bash_command={command!r}, env={{"A": {command!r}}})
"""


def found(command: str, airflow: tuple[int, int] = (3, 3), macros: str = "{}") -> list[str]:
    (graph,) = read_dags(DAG.format(command=command, macros=macros), "d.py")
    findings = list(check_context_names(graph, airflow))
    assert {finding.argument for finding in findings} <= {"bash_command", "env"}
    return [f.message.split('"')[1] for f in findings if f.argument == "bash_command"]


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("echo {{ ds }} {{ logical_date }}", []),
        ("echo execution_date", []),
        ("echo {{ execution_date }}", ["execution_date"]),
        ("echo {{ (execution_date + macros.timedelta(days=1)).isoformat() }}", ["execution_date"]),
        ("{% if yesterday_ds == 'x' %}a{% endif %}", ["yesterday_ds"]),
        ("{{ next_ds }}{{ prev_ds }}", ["next_ds", "prev_ds"]),
        ("{{ ti.execution_date }} {{ dag_run.conf['a'] }} {{ params.conf }}", []),
        ("{{ 'execution_date' }} {{ f(conf=1) }}", []),
        ("{{ conf.get('core', 'x') }}", ["conf"]),
        ("{{ execution_dates }}", []),
    ],
)
def test_names(command: str, names: list[str]) -> None:
    assert found(command) == names


def test_airflow_2_has_them_and_so_may_the_dag_itself() -> None:
    assert found("{{ execution_date }}", (2, 11)) == []
    assert found("{{ conf }}", macros='{"conf": 1}') == []
