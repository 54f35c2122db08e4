"""The value of an expression, as far as it can be known."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from daggen.code.graph import Ref
from daggen.code.reader import operators
from daggen.code.reader.arguments import evaluate_arguments, evaluate_defaults
from daggen.code.reader.attributes import attribute
from daggen.code.reader.builtins import BUILTINS
from daggen.code.reader.calls import call
from daggen.code.reader.comprehensions import dict_comprehension, list_comprehension
from daggen.code.reader.harmless import is_harmless
from daggen.code.reader.havoc import havoc
from daggen.code.reader.iteration import elements
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import Builtin, Function, GroupObject, Opaque, XCom
from daggen.code.reader.scope import Scope
from daggen.code.reader.values import is_concrete, is_tame, text_of

_MISSING = object()
_MAX_WIDTH = 5


def evaluate(machine: Machine, node: ast.expr, scope: Scope) -> object:
    """Give the value of an expression; tasks and edges that it makes are made on the way."""
    machine.step()
    handler = _HANDLERS.get(type(node))
    return machine.opaque(node) if handler is None else handler(machine, node, scope)


def _constant(machine: Machine, node: ast.Constant, scope: Scope) -> object:
    return node.value


def _name(machine: Machine, node: ast.Name, scope: Scope) -> object:
    value = scope.lookup(node.id, _MISSING)
    if value is not _MISSING:
        return value
    if node.id in BUILTINS:
        return Builtin(node.id)
    stars = scope.module.stars
    if len(stars) == 1:
        return Ref(f"{stars[0]}.{node.id}")
    if not stars:
        machine.doubt("name", f'the name "{node.id}" is not defined', node.lineno)
    return Opaque(node.id, tame=False)


def _attribute(machine: Machine, node: ast.Attribute, scope: Scope) -> object:
    return attribute(machine, node, evaluate(machine, node.value, scope))


def _call(machine: Machine, node: ast.Call, scope: Scope) -> object:
    function = evaluate(machine, node.func, scope)
    passed = evaluate_arguments(machine, node, scope)
    return call(machine, function, passed, scope)


def _binary(machine: Machine, node: ast.BinOp, scope: Scope) -> object:
    """Long chains such as `a >> b >> c` nest to the left; they are followed without recursion."""
    spine: list[ast.BinOp] = [node]
    while isinstance(spine[-1].left, ast.BinOp):
        spine.append(spine[-1].left)
    value = evaluate(machine, spine[-1].left, scope)
    for part in reversed(spine):
        machine.step()
        value = operators.binary(machine, part, value, evaluate(machine, part.right, scope))
    return value


def _unary(machine: Machine, node: ast.UnaryOp, scope: Scope) -> object:
    return operators.unary(machine, node, evaluate(machine, node.operand, scope))


def _boolean(machine: Machine, node: ast.BoolOp, scope: Scope) -> object:
    """`and` and `or` stop where Python stops; an unknown part makes the whole unknown."""
    stops_at = isinstance(node.op, ast.Or)
    for position, part in enumerate(node.values):
        value = evaluate(machine, part, scope)
        known = operators.truth(machine, value)
        if known is None and position < len(node.values) - 1:
            return _either(machine, node, node.values[position + 1 :], scope)
        if known is stops_at:
            return value
    return value


def _compare(machine: Machine, node: ast.Compare, scope: Scope) -> object:
    left = evaluate(machine, node.left, scope)
    outcome: object = True
    for op, item in zip(node.ops, node.comparators, strict=True):
        right = evaluate(machine, item, scope)
        outcome = operators.compare(machine, node, op, left, right)
        known = operators.truth(machine, outcome)
        if known is None:
            return machine.opaque(node)
        if not known:
            return outcome
        left = right
    return outcome


def _conditional(machine: Machine, node: ast.IfExp, scope: Scope) -> object:
    known = operators.truth(machine, evaluate(machine, node.test, scope))
    if known is None:
        return _either(machine, node, [node.body, node.orelse], scope)
    return evaluate(machine, node.body if known else node.orelse, scope)


def _either(machine: Machine, node: ast.expr, parts: list[ast.expr], scope: Scope) -> Opaque:
    """The value of an expression of which some parts may or may not be evaluated."""
    havoc(machine, parts, scope, "a condition that cannot be told")
    used = [n.id for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)]
    tame = all(is_tame(scope.lookup(name, None)) for name in used)
    return machine.opaque(node, tame=tame and is_harmless(machine, parts, scope))


def _sequence(machine: Machine, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> object:
    items: list[object] = []
    for item in node.elts:
        if not isinstance(item, ast.Starred):
            items.append(evaluate(machine, item, scope))
            continue
        spread = elements(machine, evaluate(machine, item.value, scope))
        if spread is None:
            return machine.opaque(node, tame=False)
        items.extend(spread)
    if isinstance(node, ast.List):
        return items
    if isinstance(node, ast.Tuple):
        return tuple(items)
    return set(items) if all(map(is_concrete, items)) else items


def _dictionary(machine: Machine, node: ast.Dict, scope: Scope) -> object:
    found: dict[object, object] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(machine, value_node, scope)
        if key_node is None:
            if not isinstance(value, dict) or machine.is_tainted(value):
                return machine.opaque(node, tame=False)
            found.update(value)
            continue
        key = evaluate(machine, key_node, scope)
        if not is_concrete(key) or isinstance(key, list | dict | set):
            return machine.opaque(node, tame=False)
        found[key] = value
    return found


def _subscript(machine: Machine, node: ast.Subscript, scope: Scope) -> object:
    value = evaluate(machine, node.value, scope)
    key = evaluate(machine, node.slice, scope)
    if isinstance(value, XCom) and value.is_plain and isinstance(key, str):
        return XCom(((value.task, key),))
    if isinstance(value, GroupObject) and isinstance(key, str):
        return _child(machine, node, value, key)
    if isinstance(value, str | bytes | list | tuple | dict | range) and is_concrete(key):
        return _item(machine, node, value, key)
    return machine.opaque(node, tame=is_tame(value))


def _item(machine: Machine, node: ast.Subscript, value: Any, key: Any) -> object:
    if machine.is_tainted(value):
        return machine.opaque(node, tame=False)
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return machine.opaque(node)


def _child(machine: Machine, node: ast.AST, group: GroupObject, label: str) -> object:
    wanted = group.child_id(label)
    for child in group.children:
        own = child.group_id if isinstance(child, GroupObject) else child.task_id
        if own == wanted and own is not None:
            return child
    return machine.opaque(node, tame=False)


def _slice(machine: Machine, node: ast.Slice, scope: Scope) -> object:
    parts = [
        None if part is None else evaluate(machine, part, scope)
        for part in (node.lower, node.upper, node.step)
    ]
    return slice(*parts) if all(map(is_concrete, parts)) else machine.opaque(node)


def _joined(machine: Machine, node: ast.JoinedStr, scope: Scope) -> object:
    parts: list[str] = []
    for item in node.values:
        part = _formatted(machine, item, scope)
        if part is None:
            return machine.opaque(node)
        parts.append(part)
    return "".join(parts)


def _formatted(machine: Machine, node: ast.expr, scope: Scope) -> str | None:
    """The text of one hole of an f-string, None when it cannot be known."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if not isinstance(node, ast.FormattedValue):
        return None
    value = evaluate(machine, node.value, scope)
    spec = evaluate(machine, node.format_spec, scope) if node.format_spec else ""
    if not isinstance(spec, str) or sum(c.isdigit() for c in spec) > _MAX_WIDTH:
        return None
    if machine.is_tainted(value):
        return None
    if not is_concrete(value):
        return text_of(value) if not spec and node.conversion in (-1, ord("s")) else None
    return _format(value, spec, node.conversion)


def _format(value: object, spec: str, conversion: int) -> str | None:
    convert: dict[int, Callable[[object], str]] = {ord("r"): repr, ord("s"): str, ord("a"): ascii}
    try:
        return format(convert[conversion](value) if conversion in convert else value, spec)
    except (ValueError, TypeError):
        return None


def _lambda(machine: Machine, node: ast.Lambda, scope: Scope) -> object:
    return Function("", node, scope, evaluate_defaults(machine, node.args, scope))


def _walrus(machine: Machine, node: ast.NamedExpr, scope: Scope) -> object:
    value = evaluate(machine, node.value, scope)
    scope.assign(node.target.id, value)
    return value


def _starred(machine: Machine, node: ast.Starred, scope: Scope) -> object:
    evaluate(machine, node.value, scope)
    return machine.opaque(node, tame=False)


_HANDLERS: dict[type[ast.expr], Callable[..., object]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dictionary,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.JoinedStr: _joined,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.Starred: _starred,
    ast.ListComp: list_comprehension,
    ast.SetComp: list_comprehension,
    ast.GeneratorExp: list_comprehension,
    ast.DictComp: dict_comprehension,
}
