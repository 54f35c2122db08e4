"""Checks the tasks that branching operators name: they must be there, by their full ids."""

from __future__ import annotations

from collections.abc import Iterator

from daggen.code.finding import Finding
from daggen.code.graph import DagGraph, Task, Value, listed
from daggen.diagnostics import suggest
from daggen.diagnostics.codes.tasks import UNKNOWN_DEPENDENCY

_FOLLOWING = ("follow_task_ids_if_true", "follow_task_ids_if_false")
_OPERATORS = frozenset({"BranchSQLOperator", "BranchDateTimeOperator", "BranchDayOfWeekOperator"})
_HITL = "HITLBranchOperator"


def check_branch_targets(graph: DagGraph) -> Iterator[Finding]:
    """Report names of tasks and groups to branch to that the DAG does not have.

    A DAG of which something is not certain may have others.
    """
    if graph.doubts:
        return
    known = {*graph.tasks, *graph.groups}
    for task in graph.tasks.values():
        for argument, target in _targets(task):
            if target not in known:
                message = f'there is no task or group "{target}" to branch to'
                hint = _nearest(target, task, known)
                yield Finding(UNKNOWN_DEPENDENCY, message, hint, task.task_id, argument, (target,))


def _nearest(target: str, task: Task, known: set[str]) -> str:
    """Give what is probably meant: Airflow takes ids with the groups before them."""
    full = [each for each in sorted(known) if each.endswith(f".{target}")]
    beside = f"{task.group_id}.{target}"
    if beside in known or len(full) == 1:
        return f'write the full id, "{beside if beside in known else full[0]}"'
    near = suggest(target, known - {task.task_id})
    return near or "write the id of a task or group, with the groups before it"


def _targets(task: Task) -> Iterator[tuple[str, str]]:
    """Give the literal targets of a task, each with the argument that says it."""
    name = task.operator.rpartition(".")[2]
    if not task.operator.startswith("airflow."):
        return
    if name in _OPERATORS:
        for argument in _FOLLOWING:
            yield from ((argument, each) for each in _texts(task.arguments.get(argument)))
    elif name == _HITL:
        yield from _options(task)


def _options(task: Task) -> Iterator[tuple[str, str]]:
    """Give what the options of a person's choice stand for: a task each, or by the mapping."""
    mapping = task.arguments.get("options_mapping") or {}
    if not isinstance(mapping, dict) or "options_mapping" in task.expand:
        return
    options = _texts(task.arguments.get("options"))
    if mapping.keys() <= set(options):
        yield from (("options", each) for each in options if each not in mapping)
    for each in _texts(list(mapping.values())):
        yield "options_mapping", each


def _texts(value: Value) -> list[str]:
    return [each for each in listed(value) if isinstance(each, str)]
