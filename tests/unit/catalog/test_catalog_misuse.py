"""Typos and misuses of operator arguments, and what a person is told about each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daggen.airflow.catalog import Argument, Catalog, Operator, check_arguments
from daggen.airflow.catalog.values import wording
from daggen.code.graph import Call, Ref, TaskOutput, Unknown

CATALOG = Catalog.load()
MINUTES = Call("datetime.timedelta", (), {"minutes": 5})


def operator(name: str) -> Operator:
    found = CATALOG.find(name)
    assert found is not None
    return found


def findings(name: str, arguments: Mapping[str, Any], **options: Any) -> list[tuple[str, str, str]]:
    found = check_arguments(operator(name), {"task_id": "a", **arguments}, **options)
    return [(each.rule.code, each.message, each.hint) for each in found]


ECHO = {"bash_command": "echo"}
MISUSES = [
    # operator, arguments, code, a part of the message, a part of the hint
    ("BashOperator", {"bash_comand": "x"}, "DG602", '"bash_comand"', '"bash_command"'),
    ("BashOperator", {**ECHO, "retires": 3}, "DG602", '"retires"', '"retries"'),
    ("BashOperator", {**ECHO, "evn": {}}, "DG602", '"evn"', '"env"'),
    ("BashOperator", {**ECHO, "provide_context": True}, "DG602", "provide_context", "leave it out"),
    ("BashOperator", {**ECHO, "task_concurrency": 1}, "DG602", "", "max_active_tis_per_dag"),
    ("BashOperator", {**ECHO, "schedule": "@daily"}, "DG603", "the DAG", "top of the DAG"),
    ("BashOperator", {**ECHO, "tooltip": "x"}, "DG603", "task groups", "leave it out"),
    ("BashOperator", {**ECHO, "poke_interval": 60}, "DG603", "sensors", "leave it out"),
    ("BashOperator", {}, "DG604", 'needs "bash_command"', "add bash_command"),
    ("BashOperator", {"bash_command": 5}, "DG605", "a string, not an integer", ""),
    ("BashOperator", {**ECHO, "retries": "three"}, "DG605", "an integer", ""),
    ("BashOperator", {**ECHO, "retries": "3"}, "DG605", "an integer", "write 3 without quotes"),
    ("BashOperator", {**ECHO, "env": ["A=1"]}, "DG605", "a mapping or null, not a list", ""),
    ("BashOperator", {**ECHO, "depends_on_past": "yes"}, "DG605", "a boolean", "true or false"),
    ("BashOperator", {**ECHO, "execution_timeout": "soon"}, "DG605", "a duration", ""),
    ("BashOperator", {**ECHO, "retries": MINUTES}, "DG605", "not a duration", ""),
    ("BashOperator", {**ECHO, "on_failure_callback": 5}, "DG605", "callable", ""),
    ("BashOperator", {**ECHO, "retries": -1}, "DG606", "less than 0", ""),
    ("BashOperator", {**ECHO, "pool_slots": 0}, "DG606", "less than 1", ""),
    ("BashOperator", {**ECHO, "trigger_rule": "all_succes"}, "DG606", "", '"all_success"'),
    ("BashOperator", {**ECHO, "trigger_rule": "dummy"}, "DG606", "", '"always"'),
    ("BashOperator", {**ECHO, "weight_rule": "downstrem"}, "DG606", "", '"downstream"'),
    ("BashOperator", {**ECHO, "output_encoding": "{{ ds }}"}, "DG608", "no template", "env"),
    ("BashOperator", {**ECHO, "sla": MINUTES}, "DG611", "no effect", "deadline"),
    ("FileSensor", {"filepath": "x", "mode": "reschedul"}, "DG606", "", '"reschedule"'),
    ("FileSensor", {"filepath": "x", "poke_interval": "x"}, "DG605", "a number or a duration", ""),
    ("FileSensor", {"filepath": "x", "timeout": -5}, "DG606", "less than 0", ""),
    ("PythonOperator", {"python_callable": Ref("a.b"), "rows": 5}, "DG602", "", "op_kwargs"),
    ("SQLExecuteQueryOperator", {"sql": "x", "postgres_conn_id": "x"}, "DG602", "", '"conn_id"'),
    ("HttpOperator", {"method": "GET", "enpoint": "x"}, "DG602", '"enpoint"', '"endpoint"'),
    ("ApprovalOperator", {"subject": "x", "options": ["a"]}, "DG602", "itself", "leave it out"),
    (
        "ExternalTaskSensor",
        {"external_dag_id": "x", "external_task_id": "a", "external_task_ids": ["b"]},
        "DG607",
        "only one of",
        "",
    ),
    (
        "FileSensor",
        {"filepath": "x", "soft_fail": True, "never_fail": True},
        "DG607",
        "only one of",
        "",
    ),
    ("EmrAddStepsOperator", {}, "DG604", "needs one of", "job_flow_id"),
    ("task.bash", {"bash_command": "echo"}, "DG602", "@task.bash", ""),
    ("task.external_python", {}, "DG604", 'needs "python"', "add python"),
    ("KubernetesPodOperator", {"container_logs": False}, "DG605", "is true or a string", ""),
    ("BashOperator", {**ECHO, "trigger_rule": True}, "DG605", "not a boolean", ""),
    ("DockerSwarmOperator", {"image": "x", "logging_driver": "json"}, "DG606", "", "json-file"),
]


@pytest.mark.parametrize(("name", "arguments", "code", "message", "hint"), MISUSES)
def test_each_misuse_is_found_with_what_to_do(
    name: str, arguments: Mapping[str, Any], code: str, message: str, hint: str
) -> None:
    found = findings(name, arguments)
    assert found, "nothing was found"
    assert found[0][0] == code
    assert message in found[0][1]
    assert hint in found[0][2]


@pytest.mark.parametrize("row", MISUSES, ids=lambda row: f"{row[0]}-{row[2]}")
def test_a_mistake_is_told_once(row: tuple[str, Mapping[str, Any], str, str, str]) -> None:
    codes = {code for code, _, _ in findings(row[0], row[1])}
    assert codes == {row[2]}


RIGHT = [
    ("BashOperator", {**ECHO, "retries": 3, "retry_delay": "5m", "execution_timeout": "1h"}),
    ("BashOperator", {**ECHO, "retry_delay": 300, "retry_exponential_backoff": True}),
    ("BashOperator", {"bash_command": "{{ params.command }}", "env": "{{ params.env }}"}),
    ("BashOperator", {"bash_command": Unknown("command()"), "retries": Unknown("n")}),
    ("BashOperator", {"bash_command": TaskOutput("a"), "trigger_rule": Ref("x.TriggerRule.ALL")}),
    ("BashOperator", {**ECHO, "start_date": "2026-01-01", "end_date": None, "pool": None}),
    ("BashOperator", {**ECHO, "weight_rule": "company.rules.ByOwner"}),
    ("BashOperator", {**ECHO, "on_failure_callback": [Call("company.Notifier")]}),
    ("BashOperator", {**ECHO, "doc_md": "{{ not rendered }}", "skip_on_exit_code": [1, 2]}),
    ("PythonOperator", {"python_callable": "techcorp.etl.load", "op_kwargs": {"a": "{{ ds }}"}}),
    ("FileSensor", {"filepath": "x", "timeout": "6h", "poke_interval": 30.5, "mode": "poke"}),
    ("FileSensor", {"filepath": "x", "soft_fail": True, "never_fail": False}),
    ("ExternalTaskSensor", {"external_dag_id": "x", "external_task_ids": []}),
    ("task.bash", {"env": {"A": "1"}, "python_callable": Ref(".f"), "op_args": [1]}),
    ("SlackWebhookNotifier", {"text": "hello"}),
    ("DatabricksRunNowOperator", {"job_id": 42}),
    ("KubernetesPodOperator", {"container_logs": True}),
    ("task.external_python", {"python": "/opt/venv/bin/python"}),
    ("DockerSwarmOperator", {"image": "x", "logging_driver": "json-file"}),
    ("TriggerDagRunOperator", {"trigger_dag_id": "x", "conf": '{"a": 1}'}),
    ("SqlSensor", {"conn_id": "x", "sql": "x", "parameters": ["a"]}),
    (
        "BranchSQLOperator",
        {"sql": "x", "follow_task_ids_if_true": "a", "follow_task_ids_if_false": ["b"]},
    ),
]


@pytest.mark.parametrize(("name", "arguments"), RIGHT)
def test_what_may_be_right_is_no_finding(name: str, arguments: Mapping[str, Any]) -> None:
    given = arguments if name.endswith("Notifier") else {"task_id": "a", **arguments}
    assert check_arguments(operator(name), given) == []


@pytest.mark.parametrize(
    ("name", "argument"),
    [("BashOperator", "zone"), ("BashOperator", "hook_params"), ("HttpOperator", "await_result")],
)
def test_arguments_that_all_operators_have_are_suggested_only_where_they_are_very_like(
    name: str, argument: str
) -> None:
    found = check_arguments(operator(name), {argument: 1}, mapped=True)
    assert [each.hint for each in found] == [""]


def test_what_is_taken_is_worded_for_a_person() -> None:
    assert wording(operator("KubernetesPodOperator").arguments["container_logs"]).startswith("true")
    plain = Argument("x", frozenset({"object", "None"}))
    assert wording(plain) == "an object or null"


def test_defaults_satisfy_what_is_required() -> None:
    assert findings("BashOperator", {}, from_defaults=frozenset({"bash_command"})) == []


def test_arguments_that_come_at_run_time_are_not_missing() -> None:
    assert findings("BashOperator", {}, mapped=True) == []
    assert findings("EmrAddStepsOperator", {}, mapped=True) == []


def test_in_rendered_python_durations_and_dates_are_objects() -> None:
    given = {**ECHO, "execution_timeout": 60, "start_date": "2026-01-01"}
    assert findings("BashOperator", given) == []
    assert [code for code, _, _ in findings("BashOperator", given, rendered=True)] == ["DG605"] * 2
    built = {**ECHO, "execution_timeout": timedelta(seconds=60), "retry_delay": MINUTES}
    assert findings("BashOperator", built, rendered=True) == []


def test_a_dag_takes_no_task_arguments() -> None:
    found = check_arguments(operator("airflow.sdk.DAG"), {"dag_id": "a", "retries": 1})
    assert [(each.rule.code, each.hint) for each in found] == [
        ("DG603", "put it into default_args, or at the tasks")
    ]
    found = check_arguments(operator("DAG"), {"dag_id": "a", "schedule_interval": "@daily"})
    assert [(each.rule.code, each.hint) for each in found] == [("DG602", 'write "schedule"')]


@given(
    st.text(),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.lists(st.integers())
    | st.dictionaries(st.text(), st.integers()),
)
def test_any_name_and_value_is_judged_without_failing(name: str, value: object) -> None:
    for each in check_arguments(operator("FileSensor"), {name: value, "mode": value}):
        assert each.message
        assert each.rule.code.startswith("DG6")
