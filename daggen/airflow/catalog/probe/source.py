"""The source of functions and classes, parsed once a file."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _definitions(path: str) -> dict[tuple[str, int], ast.AST]:
    """Index every function and class of a file by name and first line (decorators included)."""
    try:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError):
        return {}
    return {
        (node.name, min([node.lineno, *(each.lineno for each in node.decorator_list)])): node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }


def function_node(function: Callable[..., Any]) -> FunctionNode | None:
    """Give the definition of a function, or None where its source is not there."""
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    node = _definitions(code.co_filename).get((code.co_name, code.co_firstlineno))
    return node if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else None


def class_node(cls: type) -> ast.ClassDef | None:
    """Give the definition of a class at the top of its module, or None."""
    try:
        path = inspect.getfile(cls)
    except (OSError, TypeError):
        return None
    for (name, _), node in _definitions(path).items():
        if name == cls.__name__ and isinstance(node, ast.ClassDef):
            return node
    return None


class Names:
    """What names mean in the module of a function, the imports for type checkers included."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._globals: dict[str, Any] = getattr(function, "__globals__", {})
        code = getattr(function, "__code__", None)
        self._imports = _imports(code.co_filename) if code else {}

    def find(self, dotted: str) -> Any:
        """Give the object that a (dotted) name stands for; None where that cannot be told."""
        first, *rest = dotted.split(".")
        value = self._globals[first] if first in self._globals else self._imported(first)
        for part in rest:
            value = getattr(value, part, None)
        return value

    def _imported(self, name: str) -> Any:
        module, attribute = self._imports.get(name, ("", ""))
        try:
            found = importlib.import_module(module) if module else None
        except Exception:  # a module may raise anything when it is imported
            return None
        return getattr(found, attribute, None) if attribute else found


@cache
def _imports(path: str) -> dict[str, tuple[str, str]]:
    """Index the absolute imports of a file by the name they bind: module and attribute."""
    try:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError):
        return {}
    found: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                found.setdefault(each.asname or each.name, (node.module, each.name))
        elif isinstance(node, ast.Import):
            for each in node.names:
                bound = each.asname or each.name.split(".")[0]
                found.setdefault(bound, (each.name if each.asname else bound, ""))
    return found


def default_text(function: Callable[..., Any]) -> dict[str, str]:
    """Give the Python text of a function's defaults by argument name."""
    node = function_node(function)
    if node is None:
        return {}
    positional = [*node.args.posonlyargs, *node.args.args]
    count = len(node.args.defaults)
    named = list(zip(positional[len(positional) - count :], node.args.defaults, strict=True))
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if default is not None:
            named.append((argument, default))
    return {argument.arg: ast.unparse(default) for argument, default in named}


def deprecation(cls: type) -> str:
    """Tell what a class's own `@deprecated` says to use instead; "" where it has none."""
    node = class_node(cls)
    for decorator in node.decorator_list if node else []:
        if not isinstance(decorator, ast.Call):
            continue
        name = getattr(decorator.func, "id", getattr(decorator.func, "attr", ""))
        if "deprecated" in name.lower():
            return _advice(decorator)
    return ""


def _advice(decorator: ast.Call) -> str:
    keywords = {keyword.arg: keyword.value for keyword in decorator.keywords}
    for name in ("use_instead", "reason"):
        if name in keywords and (text := _text(keywords[name])):
            return f"use {text}" if name == "use_instead" else text
    if decorator.args and (text := _text(decorator.args[0])):
        return text
    return "deprecated"


def _text(node: ast.expr) -> str:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return ""
    return " ".join(value.split()) if isinstance(value, str) else ""
