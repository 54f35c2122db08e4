"""What daggen says a constructor refuses, real Airflow refuses; what it takes, Airflow takes."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from daggen.airflow.catalog import Catalog, check_arguments

CATALOG = Catalog.load()
WHICH = {"subject": "Which?", "options": ["a", "b"]}
BRANCH = {"follow_task_ids_if_true": "a", "follow_task_ids_if_false": "b"}
AWAIT = {"external_dag_id": "d"}
START = {"trigger_dag_id": "d"}
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("HITLOperator", {**WHICH, "options": []}),
    ("HITLOperator", {**WHICH, "defaults": "c"}),
    ("HITLOperator", {**WHICH, "defaults": ["a", "b"]}),
    ("HITLOperator", {**WHICH, "params": {"_options": 1}}),
    ("ApprovalOperator", {"subject": "s", "defaults": "Yes"}),
    ("ApprovalOperator", {"subject": "s", "defaults": ["Approve", "Reject"]}),
    ("HITLEntryOperator", {"subject": "s", "defaults": ["Done"]}),
    ("HITLBranchOperator", {**WHICH, "options_mapping": {"c": "t"}}),
    ("HITLBranchOperator", {**WHICH, "options_mapping": {"a": ["t"]}}),
    ("HITLBranchOperator", {**WHICH, "options_mapping": {"a": None}}),
    ("ExternalTaskSensor", {**AWAIT, "external_task_id": "t", "allowed_states": ["succes"]}),
    ("ExternalTaskSensor", {**AWAIT, "external_task_ids": ["t"], "failed_states": ["Failed"]}),
    ("ExternalTaskSensor", {**AWAIT, "skipped_states": ["skipped"]}),
    ("ExternalTaskSensor", {**AWAIT, "external_task_ids": [], "allowed_states": ["skipped"]}),
    ("ExternalTaskSensor", {**AWAIT, "allowed_states": ["failed"], "failed_states": ["failed"]}),
    ("TriggerDagRunOperator", {**START, "allowed_states": ["done"]}),
    ("TriggerDagRunOperator", {**START, "failed_states": ["skipped"]}),
    ("DayOfWeekSensor", {"week_day": "Sat"}),
    ("DayOfWeekSensor", {"week_day": 6}),
    ("BranchDayOfWeekOperator", {**BRANCH, "week_day": ["Saturday", "Sonntag"]}),
]
TAKEN: list[tuple[str, dict[str, Any]]] = [
    ("HITLOperator", {**WHICH, "defaults": ["a", "b"], "multiple": True}),
    ("HITLOperator", {**WHICH, "defaults": [], "params": {"rows": 1}}),
    ("ApprovalOperator", {"subject": "s", "defaults": "Reject"}),
    ("HITLEntryOperator", {"subject": "s", "defaults": ["OK"]}),
    ("HITLEntryOperator", {**WHICH, "defaults": "b"}),
    ("HITLBranchOperator", {**WHICH, "options_mapping": {"a": "t"}}),
    ("ExternalTaskSensor", {**AWAIT, "external_task_group_id": "g", "skipped_states": ["skipped"]}),
    ("ExternalTaskSensor", {**AWAIT, "allowed_states": [], "failed_states": ["failed"]}),
    ("TriggerDagRunOperator", {**START, "allowed_states": ["success", "failed"]}),
    ("DayOfWeekSensor", {"week_day": ["SATURDAY", "sunday"]}),
]


def build(name: str, arguments: dict[str, Any]) -> None:
    operator = CATALOG.find(name)
    assert operator is not None
    module, _, last = operator.dotted.rpartition(".")
    getattr(importlib.import_module(module), last)(task_id="t", **arguments)


def codes(name: str, arguments: dict[str, Any]) -> set[str]:
    operator = CATALOG.find(name)
    assert operator is not None
    return {each.rule.code for each in check_arguments(operator, {"task_id": "t", **arguments})}


@pytest.mark.parametrize(("name", "arguments"), REFUSED)
def test_refused(name: str, arguments: dict[str, Any]) -> None:
    assert codes(name, arguments) == {"DG606"}
    with pytest.raises(Exception, match=r"."):
        build(name, arguments)


@pytest.mark.parametrize(("name", "arguments"), TAKEN)
def test_taken(name: str, arguments: dict[str, Any]) -> None:
    assert codes(name, arguments) == set()
    build(name, arguments)


def test_a_deadline_takes_a_plain_function_only_where_it_is_not_awaited() -> None:
    from airflow.sdk import AsyncCallback, SyncCallback

    with pytest.raises(AttributeError, match="not awaitable"):
        AsyncCallback("json.dumps")
    assert SyncCallback("json.dumps").path == "json.dumps"
