"""What a constructor refuses in plain sight: `if a is not None and b is not None: raise …`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from .source import FunctionNode


@dataclass(frozen=True)
class Exclusive:
    """Arguments of which at most one (`limit`), at least one (`needs`), or both, is given.

    With `when_true`, one counts as given where it is true; otherwise where it is not None.
    """

    names: tuple[str, ...]
    limit: bool = False
    needs: bool = False
    when_true: bool = False


@dataclass
class Checks:
    """What a constructor checks before it does anything else."""

    exclusive: list[Exclusive] = field(default_factory=list)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)
    """Names that must not be None or empty, whatever their defaults say."""


def checks_of(node: FunctionNode, own: frozenset[str]) -> Checks:
    """Read the checks at the top level of a constructor; `own` are the names it may speak of."""
    found = Checks()
    assigned: set[str] = set()
    for statement in node.body:
        if isinstance(statement, ast.If) and isinstance(statement.body[-1], ast.Raise):
            _read(statement.test, found, own, assigned)
        assigned.update(_assigned(statement))
    return found


def _read(test: ast.expr, found: Checks, own: frozenset[str], assigned: set[str]) -> None:
    either = isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or)
    for each in test.values if isinstance(test, ast.BoolOp) and either else [test]:
        name, values = _membership(each)
        if name in own - assigned and values:
            found.choices[name] = values
    if either:
        return
    if (name := _needed(test)) in own - assigned:
        found.needed.add(name)
    rule = _exclusive(test)
    if rule and own.issuperset(rule.names) and not (rule.needs and assigned & set(rule.names)):
        found.exclusive.append(rule)


def _needed(test: ast.expr) -> str:
    """Give the name of `not name` or `name is None`."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _name(test.operand)
    name, relation = _comparison(test)
    return name if relation == "is None" else ""


def _exclusive(test: ast.expr) -> Exclusive | None:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _exactly_one(test.operand)
    if not isinstance(test, ast.BoolOp):
        return None
    compared = [_comparison(each) for each in test.values]
    names = tuple(name for name, _ in compared)
    relations = {relation for _, relation in compared}
    if relations == {"is not None"} and len(names) == 2:
        return Exclusive(names, limit=True)
    if relations == {"is True"} and len(names) == 2:
        return Exclusive(names, limit=True, when_true=True)
    return Exclusive(names, needs=True) if relations == {"is None"} else None


def _exactly_one(call: ast.expr) -> Exclusive | None:
    """Read `exactly_one(a is None, b is None)`, of which Airflow has a helper."""
    if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "exactly_one":
        return None
    compared = [_comparison(each) for each in call.args]
    names = tuple(name for name, _ in compared)
    relations = {relation for _, relation in compared}
    if relations == {"is not None"} or (relations == {"is None"} and len(names) == 2):
        return Exclusive(names, limit=True, needs=True)
    return None


def _comparison(node: ast.expr) -> tuple[str, str]:
    """Give the name and the relation of `name is [not] None` or `name is True`."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return "", ""
    right = node.comparators[0]
    if not isinstance(right, ast.Constant) or right.value not in (None, True):
        return "", ""
    words = {ast.Is: "is", ast.IsNot: "is not"}
    return _name(node.left), f"{words.get(type(node.ops[0]), '')} {right.value}"


def _membership(node: ast.expr) -> tuple[str, tuple[str, ...]]:
    """Give the name and the values of `name not in ("a", "b")`."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.NotIn):
        return "", ()
    try:
        values = ast.literal_eval(node.comparators[0])
    except (ValueError, TypeError):
        return "", ()
    if not isinstance(values, (tuple, list, set)) or not all(isinstance(v, str) for v in values):
        return "", ()
    return _name(node.left), tuple(sorted(values) if isinstance(values, set) else values)


def _name(node: ast.expr) -> str:
    """Give the argument that an expression stands for: `name`, or `self.name`."""
    if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self":
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _assigned(statement: ast.stmt) -> Iterator[str]:
    """Give the names that may no longer hold what was passed; `self.a = a` keeps it."""
    if isinstance(statement, ast.Assign) and all(
        _name(target) == _name(statement.value) != "" for target in statement.targets
    ):
        return
    for each in ast.walk(statement):
        if isinstance(each, (ast.Name, ast.Attribute)) and isinstance(each.ctx, ast.Store):
            yield _name(each)
