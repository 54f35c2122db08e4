"""Compares two states of one DAG by meaning: `compare(before, after)`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from daggen.code.graph import Call, DagGraph, Edge, Group, Ref, Task, Unknown, Value
from daggen.review.changes import Action, Change, DagChange, Kind
from daggen.review.definitions import LocalCode
from daggen.review.matching import Renames, apply_renames, find_renames
from daggen.review.missing import MISSING, MaybeValue
from daggen.review.texts import text
from daggen.review.values import CodeByName, Difference, canonical, differences, local_names, plain

_SCHEDULE: Final = frozenset({"schedule", "schedule_interval", "timetable"})
_POOL: Final = frozenset({"pool", "pool_slots", "priority_weight", "weight_rule"})
_NAMES: Final = frozenset({"dag_id", "task_id", "group_id"})


@dataclass(frozen=True, slots=True)
class Side:
    """A DAG before or after, with the functions that its file defines."""

    dag: DagGraph
    code: Mapping[str, LocalCode]

    @property
    def meanings(self) -> CodeByName:
        """Give what each function means, for `canonical`."""
        return {name: code.meaning for name, code in self.code.items()}


def compare(
    before: DagGraph | None,
    after: DagGraph | None,
    old_code: Mapping[str, LocalCode] | None = None,
    new_code: Mapping[str, LocalCode] | None = None,
) -> DagChange:
    """Tell what turns one state of a DAG into the other.

    `old_code` and `new_code` are the functions of the two files (`local_code`); without them,
    functions are compared by name. Formatting, comments, names of variables and the order of
    keyword arguments make no difference. Two DAGs with different ids are a rename.
    Raises ValueError when both states are None.
    """
    if after is None:
        if before is None:
            raise ValueError("nothing to compare")
        return DagChange(Action.REMOVE, before.dag_id, before, None)
    if before is None:
        return DagChange(Action.ADD, after.dag_id, None, after)
    changes = tuple(_changes(Side(before, old_code or {}), Side(after, new_code or {})))
    action = Action.CHANGE if before.dag_id == after.dag_id else Action.RENAME
    return DagChange(action, after.dag_id, before, after, changes)


def _changes(before: Side, after: Side) -> Iterator[Change]:
    code = before.meanings, after.meanings
    renames = find_renames(before.dag, after.dag, code)
    old = replace(before, dag=apply_renames(before.dag, renames))
    yield from _arguments(old, after, "", old.dag.arguments, after.dag.arguments)
    yield from _groups(old, after, renames)
    yield from _tasks(old, after, renames)
    yield from _dependencies(old.dag, after.dag)
    yield from _doubts(old.dag, after.dag)


def _arguments(
    old: Side,
    new: Side,
    subject: str,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    lines: Mapping[str, int] | None = None,
) -> Iterator[Change]:
    """Compare the arguments of a DAG, a group or a task, one by one."""
    code = old.meanings, new.meanings
    for name in [*after, *(name for name in before if name not in after)]:
        if name in _NAMES:
            continue
        pair = before.get(name, MISSING), after.get(name, MISSING)
        line = (lines or {}).get(name, 0)
        for difference in differences(*pair, code, name):
            for change in _argument_changes(old, new, subject, difference):
                yield replace(change, line=line)


def _argument_changes(old: Side, new: Side, subject: str, found: Difference) -> Iterator[Change]:
    """Tell a difference; if only functions of the file differ, tell what they do now."""
    before, after = found.before, found.after
    names = [
        name
        for name in sorted(local_names(after))
        if old.meanings.get(name) != new.meanings.get(name)
    ]
    if not names or text(before, qualified=True) != text(after, qualified=True):
        kind, action = _kind(found.path), _action(before, after)
        yield Change(kind, action, subject, found.path, before, after)
        return
    for name in names:
        sides = _source(old, name), _source(new, name)
        yield Change(Kind.CODE, Action.CHANGE, subject, f"{name}()", *sides)


def _source(side: Side, name: str) -> Unknown:
    return Unknown(side.code[name].source if name in side.code else name)


def _action(before: MaybeValue, after: MaybeValue) -> Action:
    if before is MISSING:
        return Action.ADD
    return Action.REMOVE if after is MISSING else Action.CHANGE


def _kind(path: str) -> Kind:
    """Tell what an argument is about, from its name or its name in `default_args`."""
    name = path.removeprefix("default_args.").split(".")[0].split("[")[0]
    if name in _SCHEDULE:
        return Kind.SCHEDULE
    if name in _POOL:
        return Kind.POOL
    if name.endswith("_callback"):
        return Kind.CALLBACK
    return Kind.ARGUMENT


def _groups(old: Side, new: Side, renames: Renames) -> Iterator[Change]:
    for old_id, new_id in renames.groups.items():
        line = new.dag.groups[new_id].line
        yield Change(Kind.GROUP, Action.RENAME, new_id, "", old_id, new_id, line=line)
    before, after = old.dag.groups, new.dag.groups
    for group_id in [*after, *(name for name in before if name not in after)]:
        if group_id not in before:
            group = after[group_id]
            yield Change(Kind.GROUP, Action.ADD, group_id, after=_stated(group), line=group.line)
        elif group_id not in after:
            group = before[group_id]
            yield Change(
                Kind.GROUP, Action.REMOVE, group_id, before=_stated(group), line=group.line
            )
        else:
            yield from _group(old, new, before[group_id], after[group_id])


def _group(old: Side, new: Side, before: Group, after: Group) -> Iterator[Change]:
    if before.parent_id != after.parent_id:
        pair = before.parent_id, after.parent_id
        yield Change(Kind.GROUP, Action.CHANGE, after.group_id, "parent", *pair, line=after.line)
    yield from _arguments(old, new, after.group_id, before.arguments, after.arguments)
    yield from _mapping(old, new, after.group_id, before, after)


def _tasks(old: Side, new: Side, renames: Renames) -> Iterator[Change]:
    origin = {new_id: old_id for old_id, new_id in renames.tasks.items()}
    before, after = old.dag.tasks, new.dag.tasks
    for task_id in [*after, *(name for name in before if name not in after)]:
        if task_id not in before:
            yield _whole_task(Action.ADD, new.dag, after[task_id])
        elif task_id not in after:
            yield _whole_task(Action.REMOVE, old.dag, before[task_id])
        else:
            task = after[task_id]
            was = origin.get(task_id, task_id)
            if was != task_id and not _explained(was, task_id, renames):
                yield Change(Kind.TASK, Action.RENAME, task_id, "", was, task_id, line=task.line)
            elif was == task_id and before[task_id].group_id != task.group_id:
                ends = before[task_id].group_id, task.group_id
                yield Change(Kind.GROUP, Action.CHANGE, task_id, "group", *ends, line=task.line)
            yield from _task(old, new, before[task_id], task)


def _explained(old_id: str, new_id: str, renames: Renames) -> bool:
    """Tell whether a task only has another id because its group has."""
    return any(
        old_id.startswith(f"{old}.") and new_id == new + old_id.removeprefix(old)
        for old, new in renames.groups.items()
    )


def _whole_task(action: Action, dag: DagGraph, task: Task) -> Change:
    up = tuple(sorted({edge.upstream for edge in dag.edges if edge.downstream == task.task_id}))
    down = tuple(sorted({edge.downstream for edge in dag.edges if edge.upstream == task.task_id}))
    stated = _stated(task)
    before, after = (MISSING, stated) if action is Action.ADD else (stated, MISSING)
    return Change(Kind.TASK, action, task.task_id, "", before, after, up, down, task.line)


def _stated(item: Task | Group) -> Call:
    """Give a task or group as the call that makes it, without its id."""
    name = item.operator if isinstance(item, Task) else "TaskGroup"
    kwargs = {key: value for key, value in item.arguments.items() if key not in _NAMES}
    if item.expand:
        kwargs["expand"] = plain(item.expand)
    return Call(name, (), kwargs)


def _task(old: Side, new: Side, before: Task, after: Task) -> Iterator[Change]:
    task_id = after.task_id
    if before.operator != after.operator:
        classes = Ref(before.operator), Ref(after.operator)
        yield Change(Kind.OPERATOR, Action.CHANGE, task_id, "operator", *classes, line=after.line)
    for name in ("is_setup", "is_teardown"):
        was, now = bool(getattr(before, name)), bool(getattr(after, name))
        if was != now:
            yield Change(Kind.ARGUMENT, Action.CHANGE, task_id, name, was, now, line=after.line)
    yield from _arguments(old, new, task_id, before.arguments, after.arguments, after.lines)
    yield from _mapping(old, new, task_id, before, after)


def _mapping(
    old: Side, new: Side, subject: str, before: Task | Group, after: Task | Group
) -> Iterator[Change]:
    """Compare what a task or group is mapped over."""
    code = old.meanings, new.meanings
    pair = plain(before.expand), plain(after.expand)
    if canonical(pair[0], code[0]) == canonical(pair[1], code[1]):
        return
    if not (pair[0] and pair[1]):
        was, now = (side if side else MISSING for side in pair)
        action = _action(was, now)
        yield Change(Kind.MAPPING, action, subject, "expand", was, now, line=after.line)
        return
    for found in differences(*pair, code, "expand"):
        action = _action(found.before, found.after)
        sides = found.before, found.after
        yield Change(Kind.MAPPING, action, subject, found.path, *sides, line=after.line)


def _dependencies(before: DagGraph, after: DagGraph) -> Iterator[Change]:
    """Compare the edges between tasks that both states have.

    What an added or removed task is connected to belongs to that task.
    """
    both = before.tasks.keys() & after.tasks.keys()

    def kept(edges: Iterable[Edge]) -> dict[tuple[str, str], str]:
        ends = {(e.upstream, e.downstream): e.label for e in sorted(edges)}
        return {pair: label for pair, label in ends.items() if both.issuperset(pair)}

    old, new = kept(before.edges), kept(after.edges)
    yield from _edge_changes(Action.ADD, [pair for pair in new if pair not in old])
    yield from _edge_changes(Action.REMOVE, [pair for pair in old if pair not in new])
    for pair in new:
        if pair in old and old[pair] != new[pair]:
            name = " >> ".join(pair)
            yield Change(Kind.DEPENDENCY, Action.CHANGE, "", name, old[pair], new[pair])


def _edge_changes(action: Action, pairs: list[tuple[str, str]]) -> Iterator[Change]:
    """Tell edges that start at one task together: `start >> [a, b]`."""
    fans: defaultdict[str, list[str]] = defaultdict(list)
    for upstream, downstream in pairs:
        fans[upstream].append(downstream)
    for upstream, ends in sorted(fans.items()):
        target = ends[0] if len(ends) == 1 else f"[{', '.join(ends)}]"
        near = (upstream,), tuple(ends)
        yield Change(
            Kind.DEPENDENCY, action, "", f"{upstream} >> {target}", MISSING, MISSING, *near
        )


def _doubts(before: DagGraph, after: DagGraph) -> Iterator[Change]:
    """Tell what cannot be read in one of the states: it may have changed too."""
    old = {(doubt.part, doubt.reason) for doubt in before.doubts}
    new = {(doubt.part, doubt.reason): doubt.line for doubt in after.doubts}
    for part, reason in sorted(new.keys() - old):
        yield Change(Kind.DOUBT, Action.ADD, "", part, MISSING, reason, line=new[part, reason])
    for part, reason in sorted(old - new.keys()):
        yield Change(Kind.DOUBT, Action.REMOVE, "", part, reason, MISSING)
