"""Going through a value, and giving its parts to names."""

from __future__ import annotations

import ast
from typing import Any

from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    Bound,
    DagObject,
    GroupObject,
    Instance,
    LocalClass,
    Opaque,
    TaskObject,
    XCom,
)
from daggen.code.reader.scope import Scope
from daggen.code.reader.values import holds_unknown, is_concrete, references

_MAX_ITEMS = 20_000
_PASSED_ON = ("is_setup", "is_teardown", "on_failure_fail_dagrun")
"""What an output hands to its task when it is set; all else stays with the output itself."""


def elements(machine: Machine, value: object) -> list[object] | None:
    """The elements that iterating over a value gives, None when they cannot be known."""
    if machine.is_tainted(value):
        return None
    if isinstance(value, range):
        return list(value) if len(value) <= _MAX_ITEMS else None
    if isinstance(value, set | frozenset):
        return _ordered(value)
    if isinstance(value, list | tuple | dict | str | bytes):
        return list(value)
    if isinstance(value, GroupObject):
        return list(value.walk())
    return None


def _ordered(value: set[object] | frozenset[object]) -> list[object] | None:
    """A set in some order; unknown for strings, whose order changes from run to run."""
    return list(value) if len(value) < 2 else sorted(value, key=repr)


def unpack(machine: Machine, target: ast.expr, value: object, scope: Scope) -> None:
    """Assign a value to a target: a name, names in brackets, an attribute, an element."""
    if isinstance(target, ast.Name):
        scope.assign(target.id, value)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack_items(machine, target.elts, elements(machine, value), value, scope)
    elif isinstance(target, ast.Starred):
        unpack(machine, target.value, value, scope)
    elif isinstance(target, ast.Attribute):
        owner = machine.evaluate(machine, target.value, scope)
        assign_attribute(machine, owner, target.attr, value, target.lineno)
    elif isinstance(target, ast.Subscript):
        _assign_item(machine, target, value, scope)


def _unpack_items(
    machine: Machine,
    targets: list[ast.expr],
    items: list[object] | None,
    value: object,
    scope: Scope,
) -> None:
    star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
    fits = items is not None and (
        len(items) == len(targets) if star is None else len(items) >= len(targets) - 1
    )
    if items is None or not fits:
        tame = not isinstance(value, Opaque) or value.tame
        for target in targets:
            unpack(machine, target, Opaque(machine.text(target), tame), scope)
        return
    if star is not None:
        after = len(targets) - star - 1
        middle = items[star : len(items) - after]
        items = [*items[:star], middle, *items[len(items) - after :]]
    for target, item in zip(targets, items, strict=True):
        unpack(machine, target, item, scope)


def _assign_item(machine: Machine, target: ast.Subscript, value: object, scope: Scope) -> None:
    owner = machine.evaluate(machine, target.value, scope)
    key = machine.evaluate(machine, target.slice, scope)
    if owner is machine.module.names and isinstance(value, DagObject):
        value.registered = True
    if isinstance(owner, dict | list):
        _set_item(machine, owner, key, value)


def _set_item(machine: Machine, owner: Any, key: Any, value: object) -> None:
    if not is_concrete(key) or isinstance(key, list | dict | set):
        machine.taint(owner)
        return
    try:
        owner[key] = value
    except (IndexError, TypeError, ValueError):
        machine.taint(owner)


def assign_attribute(machine: Machine, owner: object, name: str, value: object, line: int) -> None:
    """`task.doc_md = ...`: an argument given later; a task's output given so is an edge too."""
    if isinstance(owner, TaskObject):
        owner.arguments[name] = value
        owner.lines[name] = line
        if name in ("is_setup", "is_teardown"):
            setattr(owner, name, value is True)
        connect_outputs(owner, name, value, line)
    elif isinstance(owner, DagObject | GroupObject):
        owner.arguments[name] = value
    elif isinstance(owner, Instance):
        owner.attributes[name] = value
    elif isinstance(owner, LocalClass):
        owner.scope.names[name] = value
    elif isinstance(owner, XCom) and name in _PASSED_ON:
        assign_attribute(machine, owner.task, name, value, line)
    elif isinstance(owner, Bound):
        machine.doubt("arguments", f"an attribute {name} of something unknown is set", line)


def connect_outputs(task: TaskObject, name: str, value: object, line: int) -> None:
    """Make the edges from the tasks whose outputs an argument holds."""
    from daggen.code.reader.edges import relate

    templated = task.template_fields is None or name in task.template_fields
    if templated and task.dag is not None and holds_unknown(value):
        reason = f'whether "{name}" of task {task.task_id} holds the output of a task'
        task.dag.doubt("edges", reason, line)
    for before in references(value):
        if task.template_fields is None and task.dag is not None:
            reason = f'whether "{name}" of task {task.task_id} is templated'
            task.dag.doubt("edges", reason, line)
        if templated:
            relate(task, before, upstream=True, line=line)
