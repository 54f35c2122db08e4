"""From the DAGs that were built while reading to finished `DagGraph`s."""

from __future__ import annotations

from daggen.code.graph import DagGraph, Doubt, Edge, Group, Task
from daggen.code.reader.objects import DagObject, GroupObject, TaskObject
from daggen.code.reader.values import Freezer


def finish(dag: DagObject, freezer: Freezer, extra: tuple[Doubt, ...] = ()) -> DagGraph:
    """Give the graph of a DAG; `extra` are doubts about the whole file."""
    edges = frozenset(
        Edge(task.task_id, after.task_id, label)
        for task in dag.tasks.values()
        for after, label in task.downstream.items()
        if task.task_id is not None and after.task_id is not None and after.dag is dag
    )
    return DagGraph(
        dag_id=dag.dag_id or "",
        arguments=freezer.freeze_all(dag.arguments),
        tasks={task_id: _task(task_id, task, freezer) for task_id, task in dag.tasks.items()},
        groups={
            group_id: _group(group_id, group, freezer) for group_id, group in dag.groups.items()
        },
        edges=edges,
        doubts=(*dag.doubts, *extra),
        line=dag.line,
        end_line=dag.end_line,
    )


def _task(task_id: str, task: TaskObject, freezer: Freezer) -> Task:
    return Task(
        task_id=task_id,
        operator=task.operator,
        arguments=freezer.freeze_all(task.arguments),
        expand=freezer.freeze_all(task.expand),
        group_id=_group_id(task.group),
        line=task.line,
        end_line=task.end_line,
        lines=dict(task.lines),
        is_setup=task.is_setup,
        is_teardown=task.is_teardown,
    )


def _group(group_id: str, group: GroupObject, freezer: Freezer) -> Group:
    return Group(
        group_id=group_id,
        parent_id=_group_id(group.parent),
        arguments=freezer.freeze_all(group.arguments),
        expand=freezer.freeze_all(group.expand),
        line=group.line,
        end_line=group.end_line,
    )


def _group_id(group: GroupObject | None) -> str | None:
    return (group.group_id or None) if group is not None else None
