"""`with` blocks: DAGs, groups, setup and teardown tasks, and everything else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from daggen.code.graph import Ref
from daggen.code.reader import names
from daggen.code.reader.groups import close_group
from daggen.code.reader.iteration import unpack
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    Built,
    DagObject,
    GroupObject,
    Opaque,
    Setups,
    SetupScope,
    TaskObject,
    XCom,
)
from daggen.code.reader.scope import Scope


@contextmanager
def enter_all(machine: Machine, items: list[ast.withitem], scope: Scope) -> Iterator[None]:
    """Enter the managers of a `with` statement one after the other."""
    with ExitStack() as stack:
        for item in items:
            manager = machine.evaluate(machine, item.context_expr, scope)
            value = stack.enter_context(_enter(machine, manager, item.context_expr))
            if item.optional_vars is not None:
                unpack(machine, item.optional_vars, value, scope)
        yield


@contextmanager
def _enter(machine: Machine, manager: object, node: ast.expr) -> Iterator[object]:
    if isinstance(manager, DagObject):
        with machine.inside_dag(manager):
            yield manager
    elif isinstance(manager, GroupObject):
        with machine.inside_group(manager):
            yield manager
            close_group(manager, node.lineno)
    elif isinstance(manager, TaskObject | XCom | Setups):
        machine.setups.enter(_tasks(manager))
        yield SetupScope()
        machine.setups.leave(node.lineno)
    else:
        _strange(machine, manager, node)
        yield Opaque(machine.text(node), tame=_is_tame(manager))


def _tasks(manager: TaskObject | XCom | Setups) -> list[TaskObject]:
    if isinstance(manager, Setups):
        return manager.tasks
    return [manager.task if isinstance(manager, XCom) else manager]


def _is_tame(manager: object) -> bool:
    if isinstance(manager, Opaque):
        return manager.tame
    if isinstance(manager, Built | Ref):
        dotted = manager.function if isinstance(manager, Built) else manager.dotted
        return names.is_tame(dotted)
    return True


def _strange(machine: Machine, manager: object, node: ast.expr) -> None:
    if not _is_tame(manager):
        reason = f"a with block of {machine.text(node)}"
        machine.doubt("tasks", reason, node.lineno)
        machine.doubt("edges", reason, node.lineno)
