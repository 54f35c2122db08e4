"""Plans and DAGs as JSON. Values of arguments are given as Python text, which is unambiguous."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from daggen.code.graph import DagGraph, Task, Value
from daggen.review.changes import Change, DagChange, FleetChange, Reason
from daggen.review.missing import MISSING, MaybeValue
from daggen.review.stories import kind_counts, stories
from daggen.review.texts import text

VERSION = 1


def render_plan_json(fleet: FleetChange) -> str:
    """Give a plan: totals, every DAG with its changes and causes, and the changes told once."""
    counts = {action.value: count for action, count in fleet.counts().items()}
    return _dumped(
        {
            "version": VERSION,
            "base": fleet.base,
            "summary": {**counts, "unchanged": fleet.unchanged},
            "dags": [_dag_change(dag) for dag in fleet.dags],
            "stories": [
                {
                    "action": story.action,
                    "dag_ids": [dag.dag_id for dag in story.dags],
                    "causes": _reasons(story.reasons),
                    "direct": story.is_direct,
                    "changes": [change_data(change) for change in story.changes],
                }
                for story in stories(fleet)
            ],
            "kinds": [
                {"kind": each.kind, "action": each.action, "name": each.name, "dags": each.dags}
                for each in kind_counts(fleet.dags)
            ],
            "other": [
                {
                    "kind": each.kind,
                    "action": each.action,
                    "name": each.name,
                    "before": each.before,
                    "after": each.after,
                }
                for each in fleet.support
            ],
        }
    )


def render_graph_json(dags: Iterable[DagGraph]) -> str:
    """Give DAGs: arguments, tasks, groups, dependencies and what could not be read."""
    return _dumped({"version": VERSION, "dags": [dag_data(dag) for dag in dags]})


def dag_data(dag: DagGraph) -> dict[str, Any]:
    """Give a DAG as plain data."""
    edges = sorted(dag.edges)
    return {
        "dag_id": dag.dag_id,
        "line": dag.line,
        "arguments": _arguments(dag.arguments),
        "tasks": [_task(task) for task in dag.tasks.values()],
        "groups": [
            {
                "group_id": group.group_id,
                "parent_id": group.parent_id,
                "arguments": _arguments(group.arguments),
                "expand": _arguments(group.expand),
                "line": group.line,
            }
            for group in dag.groups.values()
        ],
        "dependencies": [
            {"upstream": edge.upstream, "downstream": edge.downstream, "label": edge.label}
            for edge in edges
        ],
        "unknown": [
            {"part": doubt.part, "reason": doubt.reason, "line": doubt.line} for doubt in dag.doubts
        ],
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "operator": task.operator,
        "group_id": task.group_id,
        "arguments": _arguments(task.arguments),
        "expand": _arguments(task.expand),
        "mapped": task.is_mapped,
        "setup": task.is_setup,
        "teardown": task.is_teardown,
        "line": task.line,
    }


def _arguments(arguments: Mapping[str, Value]) -> dict[str, str]:
    return {name: text(value) for name, value in arguments.items()}


def _dag_change(dag: DagChange) -> dict[str, Any]:
    return {
        "dag_id": dag.dag_id,
        "old_id": dag.old_id,
        "action": dag.action,
        "path": dag.path,
        "causes": _reasons(dag.reasons),
        "changes": [change_data(change) for change in dag.changes],
    }


def change_data(change: Change) -> dict[str, Any]:
    """Give a single change as plain data; a side without a value is null."""
    return {
        "kind": change.kind,
        "action": change.action,
        "subject": change.subject,
        "name": change.name,
        "before": _value(change.before),
        "after": _value(change.after),
        "upstream": list(change.upstream),
        "downstream": list(change.downstream),
        "line": change.line,
    }


def _value(value: MaybeValue) -> str | None:
    return None if value is MISSING else text(value)


def _reasons(reasons: tuple[Reason, ...]) -> list[dict[str, str]]:
    return [{"cause": reason.cause, "path": reason.path} for reason in reasons]


def _dumped(data: Mapping[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
