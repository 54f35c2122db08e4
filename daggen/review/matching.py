"""Finds which task of the new DAG is which task of the old one, through renames and moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from daggen.code.graph import Call, DagGraph, Edge, Group, Task, TaskOutput, Value
from daggen.review.values import CodeByName, canonical, plain


@dataclass(frozen=True, slots=True)
class Renames:
    """Old id → new id, of the tasks and groups that go by another id now."""

    tasks: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


def find_renames(before: DagGraph, after: DagGraph, code: tuple[CodeByName, CodeByName]) -> Renames:
    """Match what is gone with what is new: by group, by last name, then by content.

    Only unambiguous matches count; everything else is a removal and an addition.
    """
    groups = _match_groups(before, after)
    gone = {key: task for key, task in before.tasks.items() if key not in after.tasks}
    new = {key: task for key, task in after.tasks.items() if key not in before.tasks}
    found = {old: _moved(old, groups) for old in gone if _moved(old, groups) in new}

    def match(key: Callable[[Task, CodeByName], Hashable]) -> None:
        taken = set(found.values())
        old = [(task_id, key(t, code[0])) for task_id, t in gone.items() if task_id not in found]
        free = [(task_id, key(t, code[1])) for task_id, t in new.items() if task_id not in taken]
        found.update(_pairs(old, free))

    match(lambda task, known: (leaf(task), _content(task, known)))
    match(_content)
    match(lambda task, known: (leaf(task), task.operator))
    return Renames(found, groups)


def leaf(item: Task | Group) -> str:
    """Give the last part of an id, without the prefixes of groups."""
    full = item.task_id if isinstance(item, Task) else item.group_id
    around = item.group_id if isinstance(item, Task) else item.parent_id
    return full.removeprefix(f"{around}.") if around else full


_Keyed = Iterable[tuple[str, Hashable]]


def _pairs(old: _Keyed, new: _Keyed) -> dict[str, str]:
    """Match two lists of (id, key) where a key is unique on both sides."""
    first, second = _unique(old), _unique(new)
    return {name: second[key] for key, name in first.items() if key in second}


def _unique(items: _Keyed) -> dict[Hashable, str]:
    by_key: defaultdict[Hashable, list[str]] = defaultdict(list)
    for name, key in items:
        by_key[key].append(name)
    return {key: names[0] for key, names in by_key.items() if len(names) == 1}


def _content(task: Task, code: CodeByName) -> Hashable:
    """Give what a task does, whatever it is called and wherever it stands."""
    arguments = {
        key: value
        for key, value in task.arguments.items()
        if key not in ("task_id", "task_display_name")
    }
    return (
        task.operator,
        canonical(plain(arguments), code),
        canonical(plain(task.expand), code),
        task.is_setup,
        task.is_teardown,
    )


def content_key(dag: DagGraph, code: CodeByName) -> Hashable:
    """Give what a DAG is apart from its id: two DAGs with equal keys are one that was renamed."""
    arguments = {key: value for key, value in dag.arguments.items() if key != "dag_id"}
    return (
        canonical(plain(arguments), code),
        frozenset((name, task.group_id, _content(task, code)) for name, task in dag.tasks.items()),
        frozenset(
            (name, group.parent_id, canonical(plain(group.arguments), code))
            for name, group in dag.groups.items()
        ),
        dag.edges,
    )


def _match_groups(before: DagGraph, after: DagGraph) -> dict[str, str]:
    """Match groups that are gone with new ones that hold tasks of the same last names."""

    def members(dag: DagGraph, skip: DagGraph) -> _Keyed:
        for group_id in dag.groups:
            inside = frozenset(
                task_id.removeprefix(f"{group_id}.")
                for task_id, task in dag.tasks.items()
                if _is_inside(task.group_id, group_id, dag)
            )
            if group_id not in skip.groups and inside:
                yield group_id, inside

    return _pairs(members(before, after), members(after, before))


def _is_inside(group_id: str | None, around: str, dag: DagGraph) -> bool:
    while group_id is not None:
        if group_id == around:
            return True
        group = dag.groups.get(group_id)
        group_id = group.parent_id if group else None
    return False


def _moved(task_id: str, groups: Mapping[str, str]) -> str:
    """Give the id a task has once its groups are renamed, longest prefix first."""
    for old in sorted(groups, key=len, reverse=True):
        if task_id.startswith(f"{old}."):
            return groups[old] + task_id.removeprefix(old)
    return task_id


def apply_renames(dag: DagGraph, renames: Renames) -> DagGraph:
    """Give the old DAG under the new ids, so that only real differences remain."""
    if not renames.tasks and not renames.groups:
        return dag
    tasks, groups = renames.tasks, renames.groups

    def rename_task(task: Task) -> Task:
        return replace(
            task,
            task_id=tasks.get(task.task_id, task.task_id),
            group_id=groups.get(task.group_id, task.group_id) if task.group_id else None,
            arguments={k: _rename_outputs(v, tasks) for k, v in task.arguments.items()},
            expand={k: _rename_outputs(v, tasks) for k, v in task.expand.items()},
        )

    def rename_group(group: Group) -> Group:
        parent = groups.get(group.parent_id, group.parent_id) if group.parent_id else None
        return replace(group, group_id=groups.get(group.group_id, group.group_id), parent_id=parent)

    return replace(
        dag,
        tasks={new.task_id: new for new in map(rename_task, dag.tasks.values())},
        groups={new.group_id: new for new in map(rename_group, dag.groups.values())},
        edges=frozenset(
            Edge(tasks.get(e.upstream, e.upstream), tasks.get(e.downstream, e.downstream), e.label)
            for e in dag.edges
        ),
    )


def _rename_outputs(value: Value, tasks: Mapping[str, str]) -> Value:
    match value:
        case TaskOutput(task_id, key):
            return TaskOutput(tasks.get(task_id, task_id), key)
        case Call(function, args, kwargs):
            renamed = {k: _rename_outputs(v, tasks) for k, v in kwargs.items()}
            return Call(function, tuple(_rename_outputs(v, tasks) for v in args), renamed)
        case list():
            return [_rename_outputs(item, tasks) for item in value]
        case tuple():
            return tuple(_rename_outputs(item, tasks) for item in value)
        case dict():
            return {k: _rename_outputs(v, tasks) for k, v in value.items()}
        case _:
            return value
