"""What a task's argument comes to, once the defaults around it are taken in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from daggen.code.graph import DagGraph, Task, Unknown, Value


def effective_argument(graph: DagGraph, task: Task, name: str, default: Value = None) -> Value:
    """Give the value of an argument as Airflow sees it: the task's own, else the nearest default.

    Defaults come from the task's `default_args`, then those of its groups from the innermost on,
    then those of the DAG. `default` is given when none of them says anything. When a mapping of
    defaults cannot be known, neither can the argument: it is `Unknown`.
    """
    if name in task.arguments:
        return task.arguments[name]
    for defaults in _defaults(graph, task):
        if not isinstance(defaults, Mapping):
            return Unknown("default_args")
        if name in defaults:
            found: Value = defaults[name]
            return found
    return default


def _defaults(graph: DagGraph, task: Task) -> Iterator[Value]:
    """The mappings of defaults around a task, the nearest first."""
    yield task.arguments.get("default_args") or {}
    group = graph.groups.get(task.group_id or "")
    while group is not None:
        yield group.arguments.get("default_args") or {}
        group = graph.groups.get(group.parent_id or "")
    yield graph.arguments.get("default_args") or {}
