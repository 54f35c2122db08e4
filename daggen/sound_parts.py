"""What a spec with a mistake says all the same, as the graph that its file would have.

A spec with an error is not rendered, so nothing can be read back. The checks on names and pools
are made on this graph then, so that one mistake does not hide the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from daggen.code.airflow_names import Version, current_path
from daggen.code.graph import Call, DagGraph, Group, Ref, Task, Unknown
from daggen.code.graph import Value as GraphValue
from daggen.diagnostics import Span
from daggen.specs.document import Path
from daggen.specs.mentions import at
from daggen.specs.model.spec import DagSpec, TaskSpec
from daggen.specs.model.values import Build, Dotted, Value

_DECORATED = "airflow.sdk.bases.decorator.DecoratedOperator"
"""Stands for the operator that Airflow makes of a decorated function."""


def sound_graph(dag: DagSpec, told: Set[Span], airflow: Version) -> DagGraph:
    """Give what was read without a mistake: no edges, and no task in which one was found.

    `told` are the places of the mistakes. Values of which only the rendered file tells, such as
    objects of Airflow, are unknown.
    """
    wrong = list(_wrong_paths(dag, told))
    tasks = [task for task in dag.tasks if not any(_is_inside(path, task) for path in wrong)]
    groups = [
        Group(group.group_id, group.parent, _arguments(dag, group.path, group.arguments))
        for group in dag.groups
    ]
    return DagGraph(
        dag.dag_id,
        _arguments(dag, (), dag.arguments),
        {task.task_id: _task(task, airflow) for task in tasks if task.circuit_breaker is None},
        {group.group_id: group for group in groups},
    )


def _arguments(dag: DagSpec, path: Path, read: Mapping[str, Value]) -> dict[Any, GraphValue]:
    """Give the arguments of the DAG or a group; what is said and was not read is unknown."""
    said = at(dag.source.data, path) or {}
    unread = {name: Unknown(str(name)) for name, value in said.items() if value is not None}
    return {**unread, **_values(read)}


def _wrong_paths(dag: DagSpec, told: Set[Span]) -> Iterator[Path]:
    locations = dag.source.locations
    for places in (locations.keys, locations.values):
        yield from (path for path, span in places.items() if span in told)


def _is_inside(path: Path, task: TaskSpec) -> bool:
    """Tell whether a mistake at a path is about a task itself, not about what it depends on."""
    size = len(task.path)
    return path[:size] == task.path and path[size : size + 1] != ("dependencies",)


def _task(task: TaskSpec, airflow: Version) -> Task:
    arguments = _values(task.arguments)
    if task.decorator:
        called: dict[Any, GraphValue] = {"op_kwargs": _values(task.call)}
        called["op_args"] = [_value(each) for each in task.call_args]
        arguments = {**called, **arguments}
    if task.mapping:
        unknown = dict.fromkeys(("op_kwargs", "op_args", "pool"), Unknown("mapped"))
        arguments = {**unknown, **_values(task.mapping.partial), **arguments}
        arguments["op_kwargs"] = Unknown("mapped")
    operator = current_path(task.operator, airflow) if task.operator else _DECORATED
    return Task(task.task_id, operator, arguments, group_id=task.group)


def _values(values: Mapping[Any, Value]) -> dict[Any, GraphValue]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: Value) -> GraphValue:
    if isinstance(value, Mapping):
        return _values(value)
    if isinstance(value, list | tuple):
        return [_value(item) for item in value]
    if isinstance(value, Dotted) and not _is_of_airflow(value.path):
        return Ref(value.path)
    if isinstance(value, Build) and not _is_of_airflow(value.type):
        return Call(value.type, tuple(map(_value, value.args)), _values(value.kwargs))
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return Unknown(type(value).__name__)


def _is_of_airflow(dotted: str) -> bool:
    return dotted.startswith("airflow.")
