"""Python's operators, applied to what is known."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from daggen.code.graph import Ref
from daggen.code.reader.edges import relate
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import ABSTRACT, NODES, Built, Opaque
from daggen.code.reader.values import is_concrete, is_tame, parts_of, text_of

_BINARY: dict[type[ast.operator], tuple[str, Callable[[Any, Any], object]]] = {
    ast.Add: ("add", operator.add),
    ast.Sub: ("sub", operator.sub),
    ast.Mult: ("mul", operator.mul),
    ast.Div: ("truediv", operator.truediv),
    ast.FloorDiv: ("floordiv", operator.floordiv),
    ast.Mod: ("mod", operator.mod),
    ast.Pow: ("pow", operator.pow),
    ast.LShift: ("lshift", operator.lshift),
    ast.RShift: ("rshift", operator.rshift),
    ast.BitOr: ("or_", operator.or_),
    ast.BitXor: ("xor", operator.xor),
    ast.BitAnd: ("and_", operator.and_),
    ast.MatMult: ("matmul", operator.matmul),
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], object]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_TOO_BIG = 100_000
_SHIFTS = (ast.LShift, ast.RShift)


def binary(machine: Machine, node: ast.BinOp, left: object, right: object) -> object:
    """Apply a binary operator; `>>` and `<<` between tasks make dependencies."""
    if isinstance(node.op, _SHIFTS) and not (isinstance(left, int) and isinstance(right, int)):
        return shift(machine, node, left, right, upstream=isinstance(node.op, ast.LShift))
    name, function = _BINARY[type(node.op)]
    if _computable(machine, left, right) and not _huge(node.op, left, right):
        try:
            return function(left, right)
        except Exception:  # any error of the operands' own types
            return machine.opaque(node)
    if isinstance(node.op, ast.Mod) and isinstance(left, str):
        return _percent(machine, node, left, right)
    if _is_object(left) and _is_object(right):
        return Built(f"operator.{name}", (left, right))
    return machine.opaque(node, tame=is_tame(left) and is_tame(right))


def _computable(machine: Machine, left: object, right: object) -> bool:
    if machine.is_tainted(left) or machine.is_tainted(right):
        return False
    if isinstance(left, list | tuple) and isinstance(right, list | tuple | int):
        return True
    if isinstance(left, dict) and isinstance(right, dict):
        return True
    return is_concrete(left) and is_concrete(right)


def _huge(op: ast.operator, left: object, right: object) -> bool:
    """Tell whether a result may be too big to be worth knowing."""
    if any(isinstance(v, int) and v.bit_length() > 1024 for v in (left, right)):
        return True
    if isinstance(op, ast.Pow):
        return not (isinstance(right, int | float) and abs(right) <= 64)
    sizes = [len(v) if isinstance(v, str | bytes | list | tuple) else 0 for v in (left, right)]
    if isinstance(op, ast.Mult):
        count = next((abs(v) for v in (left, right) if isinstance(v, int)), 1)
        return max(sizes) * count > _TOO_BIG
    if isinstance(op, ast.Mod) and isinstance(left, str | bytes):
        return sizes[0] > _TOO_BIG or has_wide_format(left)
    if isinstance(op, ast.LShift):
        return isinstance(right, int) and right > 64
    return sum(sizes) > _TOO_BIG


def has_wide_format(text: str | bytes) -> bool:
    """Tell whether a format may ask for a width that makes a huge text."""
    return bool(re.search(r"\d{6}|\*", text if isinstance(text, str) else text.decode("latin-1")))


def _percent(machine: Machine, node: ast.BinOp, left: str, right: object) -> object:
    """`"... %s" % value`, where the value is the output of a task."""
    values = right if isinstance(right, tuple) else (right,)
    if has_wide_format(left):
        return machine.opaque(node)
    texts = tuple(text_of(v) if isinstance(v, ABSTRACT) else v for v in values)
    if any(text is None and isinstance(v, ABSTRACT) for text, v in zip(texts, values, strict=True)):
        return machine.opaque(node)
    try:
        return left % texts
    except (TypeError, ValueError):
        return machine.opaque(node)


def _is_object(value: object) -> bool:
    return not isinstance(value, Opaque) and (isinstance(value, Ref | Built) or is_concrete(value))


def shift(
    machine: Machine, node: ast.AST, left: object, right: object, *, upstream: bool
) -> object:
    """`left >> right` (or `<<` when `upstream`); gives the value of the expression."""
    line = getattr(node, "lineno", 0)
    if isinstance(left, NODES):
        if isinstance(right, list) and machine.is_tainted(right):
            doubt_edges(machine, [left], "a list of tasks that cannot be known", line)
            return right
        relate(left, right, upstream=upstream, line=line)
        return right
    if isinstance(right, NODES) and isinstance(left, list | tuple):
        if machine.is_tainted(left):
            doubt_edges(machine, [right], "a list of tasks that cannot be known", line)
        else:
            relate(right, left, upstream=not upstream, line=line)
        return right
    if isinstance(left, ABSTRACT) or isinstance(right, ABSTRACT):
        return _unknown_shift(machine, left, right, line)
    doubt_edges(machine, [left, right], f"cannot be told: {machine.text(node)}", line)
    return right


def _unknown_shift(machine: Machine, left: object, right: object, line: int) -> object:
    from daggen.code.reader.values import describe

    unknown = left if not isinstance(left, NODES) else right
    doubt_edges(machine, [left, right], f"a dependency on {describe(unknown)} cannot be told", line)
    return right


def doubt_edges(machine: Machine, values: list[object], reason: str, line: int) -> None:
    """Note that edges of the DAGs of these values are not all known."""
    from daggen.code.reader.edges import dags_of

    dags = {id(dag): dag for value in values for part in parts_of(value) for dag in dags_of(part)}
    if machine.dag is not None:
        dags[id(machine.dag)] = machine.dag
    if not dags:
        machine.doubt("edges", reason, line)
    for dag in dags.values():
        dag.doubt("edges", reason, line)


def unary(machine: Machine, node: ast.UnaryOp, value: object) -> object:
    """Apply a unary operator."""
    if isinstance(node.op, ast.Not):
        known = truth(machine, value)
        return machine.opaque(node) if known is None else not known
    if is_concrete(value) and not machine.is_tainted(value):
        try:
            return _UNARY[type(node.op)](value)
        except TypeError:
            return machine.opaque(node)
    return machine.opaque(node)


def compare(machine: Machine, node: ast.AST, op: ast.cmpop, left: object, right: object) -> object:
    """Compare two values; an `Opaque` when the outcome depends on something unknown."""
    if isinstance(op, ast.Is | ast.IsNot):
        same = _identical(left, right)
        return machine.opaque(node) if same is None else same is isinstance(op, ast.Is)
    tainted = machine.is_tainted(left) or machine.is_tainted(right)
    if not tainted and is_concrete(left) and is_concrete(right):
        try:
            return _COMPARE[type(op)](left, right)
        except TypeError:
            return machine.opaque(node)
    return _compare_abstract(machine, node, op, left, right)


def _compare_abstract(
    machine: Machine, node: ast.AST, op: ast.cmpop, left: object, right: object
) -> object:
    if isinstance(op, ast.Eq | ast.NotEq):
        if isinstance(left, Opaque) and left.source == "__name__" and right == "__main__":
            return isinstance(op, ast.NotEq)
        same = _identical(left, right)
        if same is not None and not isinstance(left, Opaque | Ref | Built):
            return same is isinstance(op, ast.Eq)
    if isinstance(op, ast.In | ast.NotIn) and _searchable(machine, left, right):
        return (left in right) is isinstance(op, ast.In)  # type: ignore[operator]
    return machine.opaque(node)


def _searchable(machine: Machine, left: object, right: object) -> bool:
    """Tell whether a key can be looked for in a dict whose values need not be known."""
    plain = isinstance(left, str | int | float | bool | None)
    keys = isinstance(right, dict) and all(map(is_concrete, right))
    return plain and keys and not machine.is_tainted(right)


def _identical(left: object, right: object) -> bool | None:
    """Tell whether two values are the same object, None when that is unknown."""
    unknown = (Opaque, Ref, Built)
    if isinstance(left, unknown) or isinstance(right, unknown):
        return None
    if left is right:
        return True
    if isinstance(left, NODES) or isinstance(right, NODES) or left is None or right is None:
        return False
    return None


def truth(machine: Machine, value: object) -> bool | None:
    """Tell whether a value is true, None when that is unknown."""
    if machine.is_tainted(value) or isinstance(value, Opaque | Ref | Built):
        return None
    if isinstance(value, ABSTRACT):
        return True
    return bool(value)
