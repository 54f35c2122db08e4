"""Compares what was read from a file with what Airflow made of it: never a guess on either side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from daggen.airflow.verify.timetables import expected_timetable
from daggen.code.effective import effective_argument
from daggen.code.graph import DagGraph, Task

_DEFAULTS: Mapping[str, str | int] = {
    "trigger_rule": "all_success",
    "pool": "default_pool",
    "retries": 0,
}
"""Arguments that are compared by value, with the default of the Airflow that `load` sets up."""


def differences(graph: DagGraph, real: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield each difference in words, and the line of the file that it is about.

    `real` is what `probe.load` gave for the DAG. Parts that the reader left in doubt are passed
    over.
    """
    doubts = {doubt.part for doubt in graph.doubts}
    tasks, names = real["tasks"], real.get("other_names", {})
    yield from _sets("task", graph.tasks.keys(), tasks.keys(), graph, "tasks" in doubts)
    groups_in_doubt = bool(doubts & {"tasks", "groups"})
    yield from _sets("group", graph.groups.keys(), real["groups"].keys(), graph, groups_in_doubt)
    for group_id in graph.groups.keys() & real["groups"].keys():
        read, found = graph.groups[group_id].parent_id, real["groups"][group_id]
        if read != found:
            line = graph.groups[group_id].line
            yield f'group "{group_id}" is in {_parent(read)}, in Airflow in {_parent(found)}', line
    if not doubts & {"tasks", "edges"}:
        yield from _edges(graph, tasks)
    for task_id in sorted(graph.tasks.keys() & tasks.keys()):
        if f"task {task_id}" not in doubts:
            yield from _task(graph, graph.tasks[task_id], tasks[task_id], names)
    if "arguments" not in doubts:
        yield from _schedule(graph, real["timetable"])


def _parent(group_id: str | None) -> str:
    return f'group "{group_id}"' if group_id else "no group"


def _sets(
    noun: str, read: Set[str], real: Set[str], graph: DagGraph, doubted: bool
) -> Iterator[tuple[str, int]]:
    for name in sorted(read - real):
        entry = graph.tasks.get(name) or graph.groups.get(name)
        yield f'{noun} "{name}" is not in Airflow\'s DAG', entry.line if entry else graph.line
    if not doubted:
        for name in sorted(real - read):
            yield f'{noun} "{name}" is in Airflow\'s DAG but not in the file', graph.line


def _edges(graph: DagGraph, tasks: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    real = {(up, down) for up, task in tasks.items() for down in task["downstream"]}
    read = {(edge.upstream, edge.downstream) for edge in graph.edges}
    for up, down in sorted(read - real):
        yield f"the dependency {up} → {down} is not in Airflow's DAG", graph.line
    for up, down in sorted(real - read):
        yield f"the dependency {up} → {down} is in Airflow's DAG but not in the file", graph.line


def _task(
    graph: DagGraph, task: Task, real: Mapping[str, Any], other_names: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    name = other_names.get(task.operator, task.operator.rpartition(".")[2])
    if name != real["operator"]:
        yield f'task "{task.task_id}": {name}, in Airflow {real["operator"]}', task.line
    if task.is_mapped != real["mapped"]:
        state = "mapped" if real["mapped"] else "not mapped"
        yield f'task "{task.task_id}" is {state} in Airflow', task.line
    if task.group_id != real["group"]:
        where = f"in {_parent(task.group_id)}, in Airflow in {_parent(real['group'])}"
        yield f'task "{task.task_id}" is {where}', task.line
    for argument, default in _DEFAULTS.items():
        value = effective_argument(graph, task, argument, default)
        if argument == "retries" and isinstance(value, str) and value.isdecimal():
            value = int(value)
        if isinstance(value, str | int) and value != real[argument]:
            line = task.lines.get(argument, task.line)
            said = f"{argument} {value!r}, in Airflow {real[argument]!r}"
            yield f'task "{task.task_id}": {said}', line


def _schedule(graph: DagGraph, timetable: Any) -> Iterator[tuple[str, int]]:
    expected = expected_timetable(graph.arguments)
    if expected is None or not isinstance(timetable, Mapping):
        return
    kind = str(timetable.get("__type", "")).rpartition(".")[2]
    details = timetable.get("__var") or {}
    for key, value in expected.details.items():
        if details.get(key) != value:
            yield f"schedule: {key} {value!r}, in Airflow {details.get(key)!r}", graph.line
    if kind not in expected.kinds:
        yield f"schedule: {' or '.join(expected.kinds)}, in Airflow {kind}", graph.line
