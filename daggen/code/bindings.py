"""What a module binds at its top level: its own definitions, and what it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_SEVERAL = ast.Pass()
"""Stands for a name that is defined in more than one way, which one only running can tell."""
_WRITING = ("globals", "exec", "vars")
"""Functions by which a module may get names that its source does not show."""


def bindings(tree: ast.Module, module: list[str], *, is_package: bool) -> dict[str, ast.stmt | str]:
    """Give what a module binds at its top level: a statement, or the dotted name it imports."""
    bound: dict[str, ast.stmt | str] = {"*": tree.body[0]} if _writes_names(tree) else {}
    for node in _top_level(tree.body):
        if isinstance(node, ast.ImportFrom):
            base = _absolute(node, module, is_package=is_package)
            for alias in node.names:
                bound[alias.asname or alias.name] = f"{base}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                bound[name] = alias.name if alias.asname else name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound[node.name] = _SEVERAL if node.name in bound else node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            bound |= dict.fromkeys(names, node)
    return bound


def _writes_names(tree: ast.Module) -> bool:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(called, ast.Name) and called.id in _WRITING for called in calls)


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give the statements of a module, with those under `if` and `try`."""
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            for inner in ("body", "orelse", "finalbody"):
                yield from _top_level(getattr(node, inner, []))
            for handler in getattr(node, "handlers", []):
                yield from _top_level(handler.body)
        else:
            yield node


def _absolute(node: ast.ImportFrom, module: list[str], *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    drop = node.level - 1 if is_package else node.level
    base = module[: len(module) - drop]
    return ".".join([*base, *([node.module] if node.module else [])])
