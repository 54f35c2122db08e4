"""Checks of a DAG as it was read back: legal ids, no duplicates, no circle, nothing undefined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from daggen.code.graph import DagFile, DagGraph, Doubt, Task
from daggen.diagnostics import Diagnostic, Span, suggest
from daggen.diagnostics.codes import output as codes

_TASK_ID = re.compile(r"[\w.-]{1,250}\Z")
_GROUP_LABEL = re.compile(r"[\w-]{1,200}\Z")
TRIGGER_RULES = frozenset(
    {"all_done", "all_done_min_one_success", "all_done_setup_success", "all_failed", "all_skipped"}
    | {"all_success", "always", "none_failed", "none_failed_min_one_success", "none_skipped"}
    | {"one_done", "one_failed", "one_success"}
)


def check_file(file: DagFile) -> list[Diagnostic]:
    """Check all DAGs of a file, and what the reader could not tell about the file itself."""
    found = list(_check_doubts(file.doubts, file.path))
    return found + [finding for graph in file.dags for finding in check_graph(graph, file.path)]


def check_graph(graph: DagGraph, path: str) -> list[Diagnostic]:
    """Check one DAG; the spans are on the lines of the file at `path`."""
    return [
        *_check_doubts(graph.doubts, path),
        *_check_ids(graph, path),
        *_check_trigger_rules(graph, path),
        *_check_cycle(graph, path),
    ]


def _check_doubts(doubts: tuple[Doubt, ...], path: str) -> Iterator[Diagnostic]:
    """Report what the reader could not tell; an undefined name explains the rest of its line."""
    explained = {doubt.line for doubt in doubts if doubt.part == "name"}
    for doubt in doubts:
        if doubt.part == "name" or doubt.line not in explained:
            yield _doubt(doubt, path)


def _doubt(doubt: Doubt, path: str) -> Diagnostic:
    span = Span(path, max(doubt.line, 1))
    if doubt.part == "duplicate":
        return codes.DUPLICATE_NODE_ID.at(span, doubt.reason)
    if doubt.part == "name":
        return codes.UNDEFINED_NAME.at(span, doubt.reason)
    return codes.NOT_CERTAIN.at(span, f"{doubt.part}: {doubt.reason}")


def _check_ids(graph: DagGraph, path: str) -> Iterator[Diagnostic]:
    for task in graph.tasks.values():
        if not _TASK_ID.match(task.task_id):
            message = f'"{task.task_id}" is no legal task id'
            yield codes.ILLEGAL_NODE_ID.at(_id_span(task, path), message)
    for group in graph.groups.values():
        label = _label(group.group_id, group.parent_id, graph)
        if not _GROUP_LABEL.match(label):
            span = Span(path, max(group.line, 1))
            yield codes.ILLEGAL_NODE_ID.at(span, f'"{label}" is no legal id of a task group')


def _label(group_id: str, parent_id: str | None, graph: DagGraph) -> str:
    """Give a group's own id, without the prefix of the group around it."""
    parent = graph.groups.get(parent_id or "")
    if parent is None or parent.arguments.get("prefix_group_id") is False:
        return group_id
    return group_id.removeprefix(f"{parent.group_id}.")


def _id_span(task: Task, path: str) -> Span:
    return Span(path, max(task.lines.get("task_id", task.line), 1))


def _check_trigger_rules(graph: DagGraph, path: str) -> Iterator[Diagnostic]:
    for task in graph.tasks.values():
        rule = task.arguments.get("trigger_rule")
        if isinstance(rule, str) and rule not in TRIGGER_RULES:
            span = Span(path, max(task.lines.get("trigger_rule", task.line), 1))
            message = f'task "{task.task_id}" has the unknown trigger rule "{rule}"'
            yield codes.UNKNOWN_TRIGGER_RULE.at(span, message, hint=suggest(rule, TRIGGER_RULES))


def _check_cycle(graph: DagGraph, path: str) -> Iterator[Diagnostic]:
    cycle = find_cycle(graph)
    if cycle:
        first = graph.tasks.get(cycle[0])
        names = " -> ".join([*cycle, cycle[0]])
        span = Span(path, max(first.line if first else 1, 1))
        yield codes.CYCLE.at(span, f"the tasks depend on each other in a circle: {names}")


def find_cycle(graph: DagGraph) -> tuple[str, ...]:
    """Find a circle of dependencies: the ids of its tasks in order, () when there is none."""
    after: dict[str, list[str]] = {}
    for edge in sorted(graph.edges):
        after.setdefault(edge.upstream, []).append(edge.downstream)
    done: set[str] = set()
    for start in sorted(after):
        cycle = _walk(start, after, done)
        if cycle:
            return cycle
    return ()


def _walk(start: str, after: Mapping[str, list[str]], done: set[str]) -> tuple[str, ...]:
    """Go depth first, without recursion; a task met again on the way closes a circle."""
    way: list[str] = []
    on_way: set[str] = set()
    stack = [(start, False)]
    while stack:
        task_id, leaving = stack.pop()
        if leaving:
            on_way.discard(way.pop())
            done.add(task_id)
        elif task_id in on_way:
            return tuple(way[way.index(task_id) :])
        elif task_id not in done:
            way.append(task_id)
            on_way.add(task_id)
            stack.append((task_id, True))
            stack.extend((follower, False) for follower in reversed(after.get(task_id, [])))
    return ()
