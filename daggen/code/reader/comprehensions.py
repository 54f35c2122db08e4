"""Comprehensions, round by round, over what is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from daggen.code.reader.havoc import havoc
from daggen.code.reader.iteration import elements, unpack
from daggen.code.reader.machine import Machine
from daggen.code.reader.operators import truth
from daggen.code.reader.scope import Scope
from daggen.code.reader.values import is_concrete

_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp


def list_comprehension(machine: Machine, node: _Comprehension, scope: Scope) -> object:
    """The list or set that a comprehension makes."""
    items: list[object] = []
    for inner in _rounds(machine, node, node.generators, Scope(scope)):
        if inner is None:
            return _unknown_comprehension(machine, node, scope)
        items.append(machine.evaluate(machine, node.elt, inner))
    if isinstance(node, ast.SetComp) and all(map(is_concrete, items)):
        return set(items)
    return items


def dict_comprehension(machine: Machine, node: ast.DictComp, scope: Scope) -> object:
    """The dict that a comprehension makes."""
    found: dict[object, object] = {}
    for inner in _rounds(machine, node, node.generators, Scope(scope)):
        key = None if inner is None else machine.evaluate(machine, node.key, inner)
        if inner is None or not is_concrete(key) or isinstance(key, list | dict | set):
            return _unknown_comprehension(machine, node, scope)
        found[key] = machine.evaluate(machine, node.value, inner)
    return found


def _rounds(
    machine: Machine, node: ast.expr, generators: list[ast.comprehension], scope: Scope
) -> Iterator[Scope | None]:
    """Go through the rounds of a comprehension; None once when they cannot be known."""
    if not generators:
        yield scope
        return
    first, rest = generators[0], generators[1:]
    items = elements(machine, machine.evaluate(machine, first.iter, scope))
    if items is None or first.is_async:
        yield None
        return
    for item in items:
        machine.step()
        unpack(machine, first.target, item, scope)
        kept = [truth(machine, machine.evaluate(machine, c, scope)) for c in first.ifs]
        if None in kept:
            yield None
            return
        if all(kept):
            yield from _rounds(machine, node, rest, scope)


def _unknown_comprehension(machine: Machine, node: ast.expr, scope: Scope) -> object:
    havoc(machine, [node], scope, "a comprehension over something that cannot be known")
    return machine.opaque(node, tame=False)
