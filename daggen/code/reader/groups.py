"""Task groups: the class, the `@task_group` decorator, and mapped groups."""

from __future__ import annotations

import re

from daggen.code.reader.arguments import Arguments, bind, parameter_names
from daggen.code.reader.edges import relate
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    Built,
    DagObject,
    Function,
    GroupMaker,
    GroupObject,
    Opaque,
    TaskObject,
    XCom,
)
from daggen.code.reader.tasks import expansion
from daggen.code.reader.values import copied, references

_PLACE = ("group_id", "dag", "parent_group")
_SUFFIX = re.compile(r"__\d+$")
_POSITIONS = ("group_id", "group_display_name", "prefix_group_id")


def make_group(
    machine: Machine, passed: Arguments, *, suffix: bool = False, line: int = 0
) -> GroupObject | Opaque:
    """Make the group that `TaskGroup(...)` stands for; unknown without a known DAG."""
    kwargs = dict(zip(_POSITIONS, passed.args, strict=False)) | passed.kwargs
    parent = kwargs.get("parent_group") or _default_parent(machine, kwargs.get("dag"))
    if not isinstance(parent, GroupObject):
        machine.doubt("groups", "a task group is made in a place that cannot be known", passed.line)
        return Opaque("TaskGroup(...)", tame=False)
    label, prefix = kwargs.get("group_id"), kwargs.get("prefix_group_id", True)
    arguments = {k: copied(v, machine.tainted) for k, v in kwargs.items() if k not in _PLACE}
    group = GroupObject(
        label if isinstance(label, str) else None,
        parent,
        parent.dag,
        arguments,
        prefix is True,
        line=line or passed.line,
        end_line=passed.end_line,
    )
    _doubts(group, prefix, passed)
    _register(group, suffix=suffix or kwargs.get("add_suffix_on_collision") is True)
    return group


def _default_parent(machine: Machine, dag: object) -> GroupObject | None:
    if machine.group_stack:
        return machine.group_stack[-1]
    if isinstance(dag, DagObject):
        return dag.root
    return machine.dag.root if dag is None and machine.dag else None


def _doubts(group: GroupObject, prefix: object, passed: Arguments) -> None:
    dag = group.dag
    if group.group_id is None or not isinstance(prefix, bool) or passed.unsure:
        group.label = None if not isinstance(prefix, bool) or passed.unsure else group.label
        dag.doubt("groups", "the id of a task group cannot be told", group.line)
        dag.doubt("tasks", "tasks are in a group whose id cannot be told", group.line)


def _register(group: GroupObject, *, suffix: bool) -> None:
    """Add a group to its parent under its id, or under the next free one."""
    dag, group_id = group.dag, group.group_id
    if group_id is not None and group_id in dag.used_ids:
        if suffix:
            group.label = _free_label(group, str(group.label))
            group_id = group.group_id
        else:
            dag.doubt("duplicate", f'the id "{group_id}" is used twice', group.line)
    if group.parent is not None:
        group.parent.children.append(group)
    if group_id is not None:
        dag.groups[group_id] = group
        dag.used_ids.update(
            (group_id, f"{group_id}.downstream_join_id", f"{group_id}.upstream_join_id")
        )


def _free_label(group: GroupObject, label: str) -> str:
    base = _SUFFIX.split(label)[0]
    pattern = re.compile(rf"{base}__(\d+)$")
    used = sorted(int(m[1]) for m in map(pattern.match, group.dag.used_ids) if m)
    return f"{base}__{used[-1] + 1}" if used else f"{label}__1"


def close_group(group: GroupObject, line: int) -> None:
    """Leave a group's block: a mapped group comes after what it is mapped over."""
    for value in group.expand.values():
        for before in _direct(value):
            relate(group, before, upstream=True, line=line)


def decorator(passed: Arguments) -> GroupMaker:
    """`task_group(...)`: bare around a function, or with arguments and still waiting for it."""
    function = passed.args[0] if passed.args else None
    if isinstance(function, Function):
        return GroupMaker(function, {})
    kwargs = dict(passed.kwargs)
    if isinstance(function, str):
        kwargs["group_id"] = function
    return GroupMaker(None, kwargs, unsure=passed.unsure)


def maker_method(machine: Machine, maker: GroupMaker, name: str, passed: Arguments) -> object:
    """`override`, `partial`, `expand` and `expand_kwargs` of a `@task_group` function."""
    unsure = maker.unsure or passed.unsure
    if name == "override":
        kwargs = {**maker.kwargs, **passed.kwargs}
        return GroupMaker(maker.function, kwargs, maker.partial, unsure)
    if name == "partial":
        shared = {**passed.kwargs, **maker.partial}
        return GroupMaker(maker.function, maker.kwargs, shared, unsure)
    return _expand(machine, maker, name, passed)


def _expand(machine: Machine, maker: GroupMaker, method: str, passed: Arguments) -> object:
    expand = expansion(method, passed)
    stubs = _stubs(maker, method, expand)
    arguments = Arguments(passed.node, [], {**maker.partial, **stubs}, {}, passed.unsure)
    return call_maker(machine, maker, arguments, expand)


def _stubs(maker: GroupMaker, method: str, expand: dict[str, object]) -> dict[str, object]:
    """What the function's parameters are, inside a mapped group: stand-ins for one element."""
    tasks = tuple((task, "return_value") for v in expand.values() for task in _direct(v))
    if method == "expand_kwargs" and maker.function is not None:
        mapped = [n for n in parameter_names(maker.function) if n not in maker.partial]
    else:
        mapped = list(expand)
    return {name: _stub(tasks, name) for name in mapped}


def _direct(value: object) -> list[TaskObject]:
    """The tasks that a mapped argument itself refers to (not those deep inside of a literal)."""
    if isinstance(value, list | tuple):
        return [task for item in value if isinstance(item, XCom) for task in references(item)]
    return list(references(value)) if isinstance(value, XCom) else []


def _stub(tasks: tuple[tuple[TaskObject, str], ...], name: str) -> object:
    if tasks:
        return XCom(tasks, "mapped", (name,))
    return Built("MappedArgument", (name,))


def call_maker(
    machine: Machine, maker: GroupMaker, passed: Arguments, expand: dict[str, object] | None = None
) -> object:
    """Call a `@task_group` function: what it returns, or the group when it returns nothing."""
    if maker.function is None:
        return Opaque("task_group", tame=False)
    kwargs = {"group_id": maker.function.name, **maker.kwargs}
    hazy = machine.dag is not None and maker.function.name in machine.dag.hazy_names
    made = Arguments(passed.node, [], kwargs, {}, maker.unsure or hazy)
    group = make_group(machine, made, suffix=True)
    if isinstance(group, Opaque):
        return group
    group.expand = expand or {}
    scope = bind(maker.function, passed)
    if scope is None:
        group.dag.doubt("tasks", f"the arguments of group {group.group_id}", passed.line)
        group.dag.doubt("edges", f"the arguments of group {group.group_id}", passed.line)
        return group
    with machine.inside_group(group):
        result = machine.run_function(machine, maker.function, scope)
        close_group(group, passed.line)
    return group if result is None else result
