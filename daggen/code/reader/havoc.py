"""Parts of a file that cannot be followed: what they may have changed is no longer known."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from daggen.code.reader.arguments import Arguments
from daggen.code.reader.edges import dags_of
from daggen.code.reader.harmless import assigned_names, is_harmless
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    DagMaker,
    DagObject,
    Function,
    GroupMaker,
    Instance,
    Opaque,
    OperatorPartial,
    TaskMaker,
)
from daggen.code.reader.scope import Scope
from daggen.code.reader.values import parts_of

_MUTABLE = (list, dict, set, Instance)
_MAKERS = (TaskMaker, GroupMaker, DagMaker, OperatorPartial)


def touch_unknown(machine: Machine, passed: Arguments, reason: str, *, tame: bool) -> None:
    """Account for a call that is not followed: it may change and use all that it was given."""
    given = [part for value in passed.values() for part in parts_of(value)]
    for value in given:
        if isinstance(value, _MUTABLE):
            machine.taint(value)
        elif isinstance(value, Function):
            havoc(machine, body_of(value), value.scope, reason)
    makers = {str(value.name) for value in given if isinstance(value, TaskMaker)}
    tame = tame and not any(isinstance(value, _MAKERS) for value in given)
    touched = {id(dag): dag for value in given for dag in dags_of(value)}
    if not tame and machine.dag is not None:
        touched[id(machine.dag)] = machine.dag
    for dag in touched.values():
        dag.hazy_names |= makers
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
    dags = {id(dag): dag for dag in machine.dag_stack}
    hazy: set[str] = set()
    for reached, inner in _reached(region, scope):
        used = _names_in(reached)
        hazy |= used
        dags.update({id(dag): dag for dag in _dags_in_reach(used, inner)})
        _taint_changed(machine, reached, used, inner)
        _forget_global(reached, inner)
    for name in assigned_names(region):
        scope.assign(name, Opaque(name, tame=harmless))
    if harmless:
        return
    for dag in dags.values():
        dag.hazy_names |= hazy
        for part in ("tasks", "edges", "arguments"):
            dag.doubt(part, reason, line)
    if machine.dag is None:
        machine.doubt("dags", reason, line)


def _reached(nodes: list[ast.AST], scope: Scope) -> list[tuple[list[ast.AST], Scope]]:
    """Code, and the bodies of all functions of the file that it may call, each in its scope."""
    found: list[tuple[list[ast.AST], Scope]] = [(nodes, scope)]
    seen: set[int] = set()
    for reached, inner in found:
        for name in sorted(_names_in(reached)):
            value = inner.lookup(name, None)
            function = value.function if isinstance(value, GroupMaker | DagMaker) else value
            if isinstance(function, Function) and id(function) not in seen:
                seen.add(id(function))
                found.append((body_of(function), function.scope))
    return found


def body_of(function: Function) -> list[ast.AST]:
    """The statements of a function, or the expression of a lambda."""
    body = function.node.body
    return list(body) if isinstance(body, list) else [body]


def _names_in(nodes: Iterable[ast.AST]) -> set[str]:
    return {n.id for root in nodes for n in ast.walk(root) if isinstance(n, ast.Name)}


def _dags_in_reach(used: set[str], scope: Scope) -> Iterator[DagObject]:
    for name in sorted(used):
        for part in parts_of(scope.lookup(name, None)):
            yield from dags_of(part)


def _taint_changed(machine: Machine, nodes: list[ast.AST], used: set[str], scope: Scope) -> None:
    for name in used:
        held = [p for p in parts_of(scope.lookup(name, None)) if isinstance(p, _MUTABLE)]
        if held and _may_change(nodes, name):
            for part in held:
                machine.taint(part)


def _forget_global(nodes: list[ast.AST], scope: Scope) -> None:
    """Names that functions bind with `global` or `nonlocal` are no longer known."""
    for root in nodes:
        for node in ast.walk(root):
            if isinstance(node, ast.Global | ast.Nonlocal):
                for name in node.names:
                    owner = scope.module if isinstance(node, ast.Global) else scope.owner(name)
                    (owner or scope).assign(name, Opaque(name, tame=False))


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
