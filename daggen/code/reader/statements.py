"""Running the statements of a file, as far as their outcome can be known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from daggen.code.graph import Ref
from daggen.code.reader import control, operators
from daggen.code.reader.arguments import Arguments, evaluate_defaults
from daggen.code.reader.calls import call
from daggen.code.reader.flow import BREAK, CONTINUE, LOST, Flow, Return
from daggen.code.reader.havoc import havoc
from daggen.code.reader.imports import run_import, run_import_from
from daggen.code.reader.iteration import elements, unpack
from daggen.code.reader.machine import Machine, Raised
from daggen.code.reader.objects import Function, LocalClass, Opaque
from daggen.code.reader.scope import Scope


def run_block(machine: Machine, body: Sequence[ast.stmt], scope: Scope) -> Flow:
    """Run statements one after the other; gives how the block was left, None at its end."""
    for position, statement in enumerate(body):
        machine.step()
        handler = _HANDLERS.get(type(statement))
        if handler is None:
            havoc(machine, [statement], scope, "a statement that cannot be followed")
            continue
        flow = handler(machine, statement, scope)
        if flow is LOST:
            havoc(machine, body[position + 1 :], scope, "what comes after a condition")
        if flow is not None:
            return flow
    return None


def run_function(machine: Machine, function: Function, scope: Scope) -> object:
    """Run the body of a function of the file, and give what it returns."""
    node = function.node
    if isinstance(node, ast.AsyncFunctionDef):
        return Opaque(f"{function.name}(...)")
    machine.depth += 1
    try:
        if isinstance(node, ast.Lambda):
            return machine.evaluate(machine, node.body, scope)
        if any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(node)):
            havoc(machine, node.body, scope, f"the generator {function.name}")
            return Opaque(f"{function.name}(...)", tame=False)
        flow = run_block(machine, node.body, scope)
    finally:
        machine.depth -= 1
    if flow is LOST:
        return Opaque(f"{function.name}(...)", tame=False)
    return flow.value if isinstance(flow, Return) else None


def _expression(machine: Machine, node: ast.Expr, scope: Scope) -> Flow:
    machine.evaluate(machine, node.value, scope)
    return None


def _assign(machine: Machine, node: ast.Assign, scope: Scope) -> Flow:
    value = machine.evaluate(machine, node.value, scope)
    for target in node.targets:
        unpack(machine, target, value, scope)
    return None


def _annotated(machine: Machine, node: ast.AnnAssign, scope: Scope) -> Flow:
    if node.value is not None:
        unpack(machine, node.target, machine.evaluate(machine, node.value, scope), scope)
    return None


def _augmented(machine: Machine, node: ast.AugAssign, scope: Scope) -> Flow:
    source = ast.copy_location(_as_load(node.target), node)
    left = machine.evaluate(machine, source, scope)
    right = machine.evaluate(machine, node.value, scope)
    if isinstance(left, list) and isinstance(node.op, ast.Add):
        items = elements(machine, right)
        if items is None:
            machine.taint(left)
        else:
            left.extend(items)
        return None
    expression = ast.copy_location(ast.BinOp(source, node.op, node.value), node)
    unpack(machine, node.target, operators.binary(machine, expression, left, right), scope)
    return None


def _as_load(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    if isinstance(target, ast.Subscript):
        return ast.Subscript(target.value, target.slice, ast.Load())
    return target


def _delete(machine: Machine, node: ast.Delete, scope: Scope) -> Flow:
    for target in node.targets:
        if isinstance(target, ast.Name):
            scope.forget(target.id)
        elif isinstance(target, ast.Subscript):
            owner = machine.evaluate(machine, target.value, scope)
            if isinstance(owner, list | dict):
                machine.taint(owner)
    return None


def _return(machine: Machine, node: ast.Return, scope: Scope) -> Flow:
    return Return(None if node.value is None else machine.evaluate(machine, node.value, scope))


def _function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Flow:
    value: object = Function(node.name, node, scope, evaluate_defaults(machine, node.args, scope))
    scope.assign(node.name, _decorated(machine, node, value, scope))
    return None


def _decorated(
    machine: Machine,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    value: object,
    scope: Scope,
) -> object:
    decorators = [machine.evaluate(machine, item, scope) for item in node.decorator_list]
    for item, source in zip(reversed(decorators), reversed(node.decorator_list), strict=True):
        if isinstance(item, Ref) and item.dotted in _TRANSPARENT:
            continue
        made_by = ast.copy_location(ast.Call(source, [], []), node)
        value = call(machine, item, Arguments(made_by, [value]), scope)
    return value


_TRANSPARENT = frozenset(
    {"functools.cache", "functools.lru_cache", "functools.wraps", "typing.no_type_check"}
    | {"dataclasses.dataclass", "typing.final", "enum.unique"}
)


def _class(machine: Machine, node: ast.ClassDef, scope: Scope) -> Flow:
    bases = tuple(machine.evaluate(machine, base, scope) for base in node.bases)
    inner = Scope(scope, in_class=True)
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef):
            defaults = evaluate_defaults(machine, statement.args, scope)
            method = Function(statement.name, statement, inner, defaults)
            inner.assign(statement.name, method)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            run_block(machine, [statement], inner)
    scope.assign(node.name, LocalClass(node.name, node, bases, inner))
    return None


def _raise(machine: Machine, node: ast.Raise, scope: Scope) -> Flow:
    raise Raised


def _assert(machine: Machine, node: ast.Assert, scope: Scope) -> Flow:
    machine.evaluate(machine, node.test, scope)
    return None


def _global(machine: Machine, node: ast.Global | ast.Nonlocal, scope: Scope) -> Flow:
    for name in node.names:
        owner = scope.module if isinstance(node, ast.Global) else scope.owner(name)
        if owner is not None:
            scope.elsewhere[name] = owner
    return None


def _nothing(machine: Machine, node: ast.stmt, scope: Scope) -> Flow:
    return None


def _break(machine: Machine, node: ast.Break, scope: Scope) -> Flow:
    return BREAK


def _continue(machine: Machine, node: ast.Continue, scope: Scope) -> Flow:
    return CONTINUE


_HANDLERS: dict[type[ast.stmt], Callable[..., Flow]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Return: _return,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.If: control.run_if,
    ast.For: control.run_for,
    ast.While: control.run_while,
    ast.With: control.run_with,
    ast.Try: control.run_try,
    ast.Raise: _raise,
    ast.Import: run_import,
    ast.ImportFrom: run_import_from,
    ast.Global: _global,
    ast.Nonlocal: _global,
    ast.Pass: _nothing,
    ast.Assert: _assert,
    ast.Break: _break,
    ast.Continue: _continue,
}
