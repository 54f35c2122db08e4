"""Conditions, loops, `try` and `with`: which statements run, as far as that can be known."""

from __future__ import annotations

import ast

from daggen.code.reader import operators
from daggen.code.reader.blocks import enter_all
from daggen.code.reader.flow import BREAK, CONTINUE, LOST, Flow
from daggen.code.reader.harmless import assigned_names
from daggen.code.reader.havoc import havoc
from daggen.code.reader.imports import same_meaning
from daggen.code.reader.iteration import elements, unpack
from daggen.code.reader.machine import Machine, Raised
from daggen.code.reader.objects import Opaque
from daggen.code.reader.scope import Scope

_MAX_ROUNDS = 10_000


def run_if(machine: Machine, node: ast.If, scope: Scope) -> Flow:
    """Run the branch that a condition chooses."""
    known = operators.truth(machine, machine.evaluate(machine, node.test, scope))
    if known is None:
        return _unknown_if(machine, node, scope)
    return machine.run_block(machine, node.body if known else node.orelse, scope)


def _unknown_if(machine: Machine, node: ast.If, scope: Scope) -> Flow:
    """A branch that only raises is not taken: such a file would not load."""
    for branch, other in ((node.body, node.orelse), (node.orelse, node.body)):
        if branch and isinstance(branch[-1], ast.Raise) and len(branch) == 1:
            return machine.run_block(machine, other, scope)
    if _both_import(machine, node, scope):
        return None
    havoc(machine, [*node.body, *node.orelse], scope, "a condition that cannot be told")
    return LOST if _leaves(node) else None


def _both_import(machine: Machine, node: ast.If, scope: Scope) -> bool:
    """Two branches of imports that mean the same, as for two versions of Airflow."""
    imports = ast.Import | ast.ImportFrom
    if not node.orelse or not all(isinstance(s, imports) for s in [*node.body, *node.orelse]):
        return False
    sides = (Scope(), Scope())
    for side, body in zip(sides, (node.body, node.orelse), strict=True):
        machine.run_block(machine, body, side)
    for name in {**sides[0].names, **sides[1].names}:
        one, other = (side.names.get(name) for side in sides)
        value = one if same_meaning(one, other) else Opaque(name, tame=False)
        scope.assign(name, value)
    return True


def _leaves(node: ast.AST) -> bool:
    """Tell whether a statement may leave the block it stands in."""
    jumps = ast.Return | ast.Break | ast.Continue
    inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    stack: list[ast.AST] = list(ast.iter_child_nodes(node))
    while stack:
        part = stack.pop()
        if isinstance(part, jumps):
            return True
        if not isinstance(part, inner):
            stack.extend(ast.iter_child_nodes(part))
    return False


def run_for(machine: Machine, node: ast.For, scope: Scope) -> Flow:
    """Run a loop over what is known, round by round."""
    items = elements(machine, machine.evaluate(machine, node.iter, scope))
    if items is None:
        reason = f"a loop over {machine.text(node.iter)}"
        havoc(machine, [node.target, *node.body, *node.orelse], scope, reason)
        return LOST if any(map(_returns, node.body)) else None
    for item in items:
        machine.step()
        unpack(machine, node.target, item, scope)
        flow = machine.run_block(machine, node.body, scope)
        if flow is LOST:
            havoc(machine, [*node.body, *node.orelse], scope, "a loop that may stop early")
            return LOST if any(map(_returns, node.body)) else None
        if flow is BREAK:
            return None
        if flow is not None and flow is not CONTINUE:
            return flow
    return machine.run_block(machine, node.orelse, scope)


def _returns(node: ast.AST) -> bool:
    inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    if isinstance(node, ast.Return):
        return True
    return not isinstance(node, inner) and any(map(_returns, ast.iter_child_nodes(node)))


def run_while(machine: Machine, node: ast.While, scope: Scope) -> Flow:
    """Run a loop while its condition is known to hold."""
    for _ in range(_MAX_ROUNDS):
        known = operators.truth(machine, machine.evaluate(machine, node.test, scope))
        if known is False:
            return machine.run_block(machine, node.orelse, scope)
        flow = LOST if known is None else machine.run_block(machine, node.body, scope)
        if flow is LOST:
            break
        if flow is BREAK:
            return None
        if flow is not None and flow is not CONTINUE:
            return flow
    havoc(machine, [*node.body, *node.orelse], scope, "a loop that cannot be followed")
    return LOST if any(map(_returns, node.body)) else None


def run_with(machine: Machine, node: ast.With, scope: Scope) -> Flow:
    """Run a block inside of its context managers."""
    with enter_all(machine, node.items, scope):
        return machine.run_block(machine, node.body, scope)


def run_try(machine: Machine, node: ast.Try, scope: Scope) -> Flow:
    """The body is taken to succeed; names that handlers bind otherwise are unknown after it."""
    try:
        flow = machine.run_block(machine, node.body, scope)
    except Raised:
        if not node.handlers:
            raise
        havoc(machine, [*node.handlers, *node.orelse], scope, "what an exception leads to")
        flow = LOST if any(map(_leaves, node.handlers)) else None
        return machine.run_block(machine, node.finalbody, scope) or flow
    handled = [statement for handler in node.handlers for statement in handler.body]
    if handled and not _only_raises(node.handlers) and not _sure_imports(node.body):
        _forget_handled(machine, handled, scope)
        if any(map(_leaves, node.handlers)):
            flow = flow or LOST
    if flow is None:
        flow = machine.run_block(machine, node.orelse, scope)
    return machine.run_block(machine, node.finalbody, scope) or flow


def _only_raises(handlers: list[ast.ExceptHandler]) -> bool:
    return all(isinstance(handler.body[-1], ast.Raise) for handler in handlers)


def _sure_imports(body: list[ast.stmt]) -> bool:
    """Tell whether a body only imports what every Airflow 3 installation has."""
    return all(
        isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("airflow.sdk")
        for statement in body
    )


def _forget_handled(machine: Machine, handled: list[ast.stmt], scope: Scope) -> None:
    before = {name: scope.lookup(name, None) for name in assigned_names(handled)}
    havoc(machine, handled, scope, "what an exception would lead to")
    inner = Scope(scope)
    imports = [s for s in handled if isinstance(s, ast.Import | ast.ImportFrom)]
    machine.run_block(machine, imports, inner)
    for name, value in before.items():
        if same_meaning(value, inner.names.get(name)):
            scope.assign(name, value)
