"""Tells variables of the project's modules that are certainly no function."""

from __future__ import annotations

import ast
from collections.abc import Mapping

_LITERALS: Mapping[type[ast.expr], str] = {
    ast.List: "a list",
    ast.ListComp: "a list",
    ast.Dict: "a mapping",
    ast.DictComp: "a mapping",
    ast.Set: "a set",
    ast.SetComp: "a set",
    ast.Tuple: "a tuple",
    ast.JoinedStr: "a text",
}
_CALLS = {"logging.getLogger": "a logger", "re.compile": "a pattern", "pathlib.Path": "a path"}
_NAMED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def kind_of_variable(
    tree: ast.Module, node: ast.stmt, name: str, bound: Mapping[str, ast.stmt | str]
) -> str:
    """Say what a variable is that is certainly no function ("a list"), "" for others.

    `node` is the statement that binds it in its module, and `bound` all that the module binds. A
    name that anything else in the file gives another value is not certain.
    """
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return ""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    is_plain = any(isinstance(each, ast.Name) and each.id == name for each in targets)
    if not is_plain or "*" in bound or _times_bound(tree, name) > 1:
        return ""
    value = node.value
    if isinstance(value, ast.Constant):
        return "None" if value.value is None else _KINDS.get(type(value.value), "a value")
    if isinstance(value, ast.Call):
        return _CALLS.get(_dotted(value.func, bound), "")
    return _LITERALS.get(type(value), "")


_KINDS: Mapping[type, str] = {str: "a text", bool: "a truth value", int: "a number"}


def _times_bound(tree: ast.Module, name: str) -> int:
    return sum(_binds(node, name) for node in ast.walk(tree))


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.alias):
        return (node.asname or node.name.partition(".")[0]) == name
    return isinstance(node, _NAMED) and node.name == name


def _dotted(function: ast.expr, bound: Mapping[str, ast.stmt | str]) -> str:
    """Give the dotted path of what is called, as the module imports it; "" for other things."""
    if isinstance(function, ast.Attribute):
        base = _dotted(function.value, bound)
        return f"{base}.{function.attr}" if base else ""
    target = bound.get(function.id) if isinstance(function, ast.Name) else None
    return target if isinstance(target, str) else ""
