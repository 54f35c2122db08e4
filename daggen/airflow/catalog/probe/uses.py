"""What a class's own code takes an argument for: `if isinstance(self.conf, str): …`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache

from .source import class_node

_WORDS = {
    "str": "str", "int": "int", "float": "float", "bool": "bool", "bytes": "bytes",
    "dict": "dict", "Mapping": "dict", "list": "list", "tuple": "list", "set": "list",
    "timedelta": "duration", "datetime": "datetime",
}  # fmt: skip
_ROOTS = ("BaseOperator", "BaseSensorOperator", "BaseNotifier")


def words_used(cls: type, name: str) -> frozenset[str]:
    """Give the words for what the code of a class, or of one above it, tells an argument from."""
    found: set[str] = set()
    for each in cls.__mro__:
        if each.__name__ in _ROOTS:
            break
        found.update(_used(each).get(name, ()))
    return frozenset(found)


@cache
def _used(cls: type) -> Mapping[str, set[str]]:
    """Gather the words of one class's own code by argument name."""
    node = class_node(cls)
    found: dict[str, set[str]] = {}
    for function in node.body if node else ():
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            refused = set(_refused(function))
            local = function.name == "__init__"
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and call not in refused:
                    name, words = _told_apart(call, local)
                    found.setdefault(name, set()).update(words)
    return found


def _refused(function: ast.AST) -> Iterator[ast.Call]:
    """Give the calls in the condition of an `if` that ends in `raise`, unless under a `not`."""
    for statement in ast.walk(function):
        if isinstance(statement, ast.If) and isinstance(statement.body[-1], ast.Raise):
            yield from _plain_calls(statement.test)


def _plain_calls(test: ast.expr) -> Iterator[ast.Call]:
    if isinstance(test, ast.Call):
        yield test
    elif isinstance(test, ast.BoolOp):
        for each in test.values:
            yield from _plain_calls(each)


def _told_apart(call: ast.Call, local: bool) -> tuple[str, set[str]]:
    """Read `isinstance(self.name, types)`, and `isinstance(name, types)` in a constructor."""
    if getattr(call.func, "id", "") != "isinstance" or len(call.args) != 2:
        return "", set()
    value, types = call.args
    name = getattr(value, "id", "") if local else ""
    if isinstance(value, ast.Attribute) and getattr(value.value, "id", "") == "self":
        name = value.attr
    return name, {_WORDS[each] for each in _names(types) if each in _WORDS}


def _names(types: ast.expr) -> Iterator[str]:
    if isinstance(types, ast.BinOp):
        yield from (*_names(types.left), *_names(types.right))
    for each in types.elts if isinstance(types, ast.Tuple) else [types]:
        yield getattr(each, "id", getattr(each, "attr", ""))
