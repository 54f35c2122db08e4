"""What a task's argument is once `default_args` are folded in, as Airflow folds them."""

from __future__ import annotations

from daggen.code.graph import DagGraph, Task, Unknown, Value


def effective(graph: DagGraph, task: Task, name: str, default: Value = None) -> Value:
    """Give the value of a task's argument: its own, else that of the nearest `default_args`.

    Gives `Unknown` when a level that could decide it is not known.
    """
    if name in task.arguments:
        return task.arguments[name]
    group = graph.groups.get(task.group_id or "")
    levels = []
    while group is not None:
        levels.append(group.arguments.get("default_args", {}))
        group = graph.groups.get(group.parent_id or "")
    levels.append(graph.arguments.get("default_args", {}))
    for level in levels:
        if level is None:
            continue
        if not isinstance(level, dict):
            return Unknown(f"default_args[{name!r}]")
        if name in level:
            return level[name]
    return default
