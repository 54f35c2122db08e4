"""Parts of a file that cannot be followed: what they may have changed is no longer known."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from daggen.code.graph import Ref
from daggen.code.reader import names
from daggen.code.reader.arguments import Arguments
from daggen.code.reader.builtins import WILD
from daggen.code.reader.edges import dags_of
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    NODES,
    Built,
    Builtin,
    DagObject,
    Function,
    GroupMaker,
    LocalClass,
    Opaque,
    TaskMaker,
)
from daggen.code.reader.scope import Scope
from daggen.code.reader.values import parts_of

_MISSING = object()
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
_MUTABLE = (list, dict, set)


def touch_unknown(machine: Machine, passed: Arguments, reason: str, *, tame: bool) -> None:
    """Account for a call that is not followed: it may change and use all that it was given."""
    given = [part for value in passed.values() for part in parts_of(value)]
    for value in given:
        if isinstance(value, _MUTABLE):
            machine.taint(value)
    touched = {id(dag): dag for value in given for dag in dags_of(value)}
    if not tame and machine.dag is not None:
        touched[id(machine.dag)] = machine.dag
    for dag in touched.values():
        dag.doubt("edges", reason, passed.line)
        if not tame:
            dag.doubt("tasks", reason, passed.line)
    if not tame and not machine.dag_stack:
        machine.doubt("dags", reason, passed.line)


def havoc(machine: Machine, nodes: Iterable[ast.AST], scope: Scope, reason: str) -> None:
    """Account for statements or expressions that may run any number of times, or not at all."""
    region = list(nodes)
    line = min((getattr(node, "lineno", 0) for node in region), default=0)
    harmless = is_harmless(machine, region, scope)
    used = {node.id for root in region for node in ast.walk(root) if isinstance(node, ast.Name)}
    touched = _dags_in_reach(machine, used, scope)
    for name in used:
        value = scope.lookup(name, None)
        if isinstance(value, _MUTABLE) and _may_change(region, name):
            machine.taint(value)
    for name in assigned_names(region):
        scope.assign(name, Opaque(name, tame=harmless))
    if harmless:
        return
    for dag in touched:
        dag.hazy_names |= used
        dag.doubt("tasks", reason, line)
        dag.doubt("edges", reason, line)
    if machine.dag is None:
        machine.doubt("dags", reason, line)


def _dags_in_reach(machine: Machine, used: set[str], scope: Scope) -> list[DagObject]:
    found = {id(dag): dag for dag in machine.dag_stack}
    for name in sorted(used):
        for part in parts_of(scope.lookup(name, None)):
            found.update({id(dag): dag for dag in dags_of(part)})
    return list(found.values())


def _may_change(region: list[ast.AST], name: str) -> bool:
    """Tell whether code may change the list, dict or set that a name stands for."""
    return any(
        isinstance(node, ast.Name) and node.id == name
        for root in region
        for statement in ast.walk(root)
        for part in _changing_parts(statement)
        for node in ast.walk(part)
    )


def _changing_parts(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        yield from node.args
        yield from (keyword.value for keyword in node.keywords)
        if isinstance(node.func, ast.Attribute):
            yield node.func.value
    elif isinstance(node, ast.AugAssign):
        yield node.target
    elif isinstance(node, ast.Assign):
        yield from (t for t in node.targets if isinstance(t, ast.Subscript | ast.Attribute))
        yield node.value
    elif isinstance(node, ast.Delete):
        yield from node.targets


def assigned_names(nodes: Iterable[ast.AST]) -> list[str]:
    """The names that code binds, in order, without those inside its functions."""
    found: dict[str, None] = {}
    for node in _own_nodes(nodes):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            found[node.id] = None
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = None
        elif isinstance(node, ast.alias):
            found[(node.asname or node.name).partition(".")[0]] = None
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found[node.name] = None
    return list(found)


def _own_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk through code without entering the bodies of functions and classes."""
    for node in nodes:
        yield node
        if not isinstance(node, _FUNCTIONS):
            yield from _own_nodes(ast.iter_child_nodes(node))


def is_harmless(machine: Machine, nodes: Iterable[ast.AST], scope: Scope) -> bool:
    """Tell whether code surely adds nothing to any DAG, whatever values it meets."""
    return _harmless(machine, nodes, scope, frozenset())


def _harmless(
    machine: Machine, nodes: Iterable[ast.AST], scope: Scope, seen: frozenset[int]
) -> bool:
    bound = {n for root in nodes for n in _inner_names(root)}
    for node in _effective_nodes(nodes):
        machine.step()
        if isinstance(node, ast.With | ast.AsyncWith):
            return False
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift | ast.LShift):
            return False
        if isinstance(node, ast.Call) and not _harmless_call(machine, node, scope, bound, seen):
            return False
    return True


def _inner_names(root: ast.AST) -> list[str]:
    return assigned_names([root])


def _effective_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk through code that runs, with decorators but without the bodies of functions."""
    for node in nodes:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _effective_nodes(node.decorator_list)
        elif not isinstance(node, ast.Lambda):
            yield from _effective_nodes(ast.iter_child_nodes(node))


def _harmless_call(
    machine: Machine, node: ast.Call, scope: Scope, bound: set[str], seen: frozenset[int]
) -> bool:
    function: ast.expr = node.func
    attributes: list[str] = []
    while isinstance(function, ast.Attribute):
        attributes.append(function.attr)
        function = function.value
    if isinstance(function, ast.Constant | ast.JoinedStr | ast.Call | ast.Subscript):
        return isinstance(function, ast.Constant | ast.JoinedStr)
    if not isinstance(function, ast.Name) or function.id in bound:
        return False
    value = scope.lookup(function.id, Builtin(function.id))
    if attributes:
        return _harmless_method(value, attributes)
    return _harmless_value(machine, value, seen)


def _harmless_method(value: object, attributes: list[str]) -> bool:
    if isinstance(value, Ref):
        return names.is_tame(".".join([value.dotted, *reversed(attributes)]))
    if isinstance(value, Built):
        return names.is_tame(value.function)
    if isinstance(value, Opaque):
        return value.tame
    return not isinstance(value, (*NODES, DagObject, TaskMaker, GroupMaker, LocalClass, Builtin))


def _harmless_value(machine: Machine, value: object, seen: frozenset[int]) -> bool:
    if isinstance(value, Builtin):
        return value.name not in WILD
    if isinstance(value, Ref):
        return names.is_tame(value.dotted)
    if isinstance(value, Opaque):
        return value.tame
    if isinstance(value, Function) and id(value) not in seen:
        body = value.node.body if isinstance(value.node.body, list) else [value.node.body]
        return _harmless(machine, body, value.scope, seen | {id(value)})
    return False
