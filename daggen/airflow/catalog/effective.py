"""What a task of a DAG is given beside its own arguments: the defaults around it."""

from __future__ import annotations

from collections.abc import Mapping

from daggen.code.graph import DagGraph, Group, Task


def is_doubted(graph: DagGraph, task: Task) -> bool:
    """Tell whether the reader was not certain of a task's arguments."""
    parts = ("tasks", f"task {task.task_id}")
    return any(doubt.part in parts for doubt in graph.doubts)


def defaults_of(graph: DagGraph, task: Task) -> dict[str, object] | None:
    """Merge the default_args a task gets; None where some of them are unknown."""
    merged: dict[str, object] = {}
    for arguments in (graph.arguments, *_around(graph, task)):
        defaults = arguments.get("default_args", {})
        if not isinstance(defaults, Mapping):
            return None
        merged.update((str(name), value) for name, value in defaults.items())
    return merged


def _around(graph: DagGraph, task: Task) -> list[Mapping[str, object]]:
    """Give the arguments of the groups around a task, from the outermost, and the task's own."""
    chain: list[Mapping[str, object]] = [task.arguments]
    group: Group | None = graph.groups.get(task.group_id or "")
    while group is not None:
        chain.insert(0, group.arguments)
        group = graph.groups.get(group.parent_id or "")
    return chain
