"""The stricter reading for rendered files: only what defines a DAG, nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from daggen.code.airflow_names import is_notifier_alias
from daggen.code.purity import tables
from daggen.code.purity.imports import Names
from daggen.code.purity.known_bad import bad_call
from daggen.code.purity.parsetime import FunctionNode, is_eager, is_never
from daggen.code.purity.source import SourceFile
from daggen.diagnostics import Diagnostic
from daggen.diagnostics.codes import purity as codes

_CLASS = re.compile(r"_*[A-Z]\w*\Z")
_ALWAYS = (ast.Import, ast.ImportFrom, ast.Pass)
_PLAIN = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Dict,
    ast.Starred,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.Call,
)


def check_strict(tree: ast.Module, names: Names, source: SourceFile) -> Iterator[Diagnostic]:
    """Report everything in a rendered file that is more than a definition."""
    yield from _Strict(names, source).block(tree.body)


class _Strict:
    """One pass over the parse-time code of a rendered file."""

    def __init__(self, names: Names, source: SourceFile) -> None:
        self._names = names
        self._source = source
        self._statements: dict[type[ast.stmt], Callable[..., Iterator[Diagnostic]]] = {
            ast.Expr: self._expression_statement,
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.With: self._with,
            ast.If: self._if,
            ast.Return: self._annotated,
        }

    def block(self, body: list[ast.stmt]) -> Iterator[Diagnostic]:
        for statement in body:
            handler = self._statements.get(type(statement))
            if handler is not None:
                yield from handler(statement)
            elif not isinstance(statement, _ALWAYS):
                yield self._not_static(statement, _word(statement))

    def _expression_statement(self, node: ast.Expr) -> Iterator[Diagnostic]:
        yield from self._expression(node.value)

    def _assign(self, node: ast.Assign) -> Iterator[Diagnostic]:
        yield from self._expression(node.value)

    def _annotated(self, node: ast.AnnAssign | ast.Return) -> Iterator[Diagnostic]:
        if node.value is not None:
            yield from self._expression(node.value)

    def _function(self, node: FunctionNode) -> Iterator[Diagnostic]:
        for item in (*node.decorator_list, *node.args.defaults):
            yield from self._expression(item)
        if is_eager(node, self._names):
            yield from self.block(node.body)

    def _class(self, node: ast.ClassDef) -> Iterator[Diagnostic]:
        for item in node.decorator_list:
            yield from self._expression(item)
        yield from self.block(node.body)

    def _with(self, node: ast.With) -> Iterator[Diagnostic]:
        for item in node.items:
            yield from self._expression(item.context_expr)
        yield from self.block(node.body)

    def _if(self, node: ast.If) -> Iterator[Diagnostic]:
        if is_never(node.test) and not node.orelse:
            return
        yield self._not_static(node, "a condition")

    def _expression(self, node: ast.expr) -> Iterator[Diagnostic]:
        """Check an expression and its parts; the body of a lambda runs later and is free."""
        waiting: list[ast.AST] = [node]
        while waiting:
            part = waiting.pop()
            if isinstance(part, ast.Lambda):
                continue
            if isinstance(part, ast.expr) and not isinstance(part, _PLAIN):
                yield self._not_static(part, _word(part))
                continue
            if isinstance(part, ast.Call):
                yield from self._call(part)
            if isinstance(part, ast.expr | ast.keyword):
                waiting += ast.iter_child_nodes(part)

    def _call(self, node: ast.Call) -> Iterator[Diagnostic]:
        if bad_call(node, self._names) is None and not self._builds(node.func):
            text = ast.unparse(node.func)
            yield codes.UNKNOWN_CALL.at(
                self._source.span(node),
                f"what {text}() does when the file is parsed cannot be told",
                hint="pass the function itself, functools.partial of it, or call a class",
            )

    def _builds(self, function: ast.expr) -> bool:
        """Tell whether calling something only builds an object or a part of a DAG."""
        dotted = self._names.dotted(function)
        if not dotted:
            return self._own_builds(function)
        parts = dotted.split(".")
        if dotted in tables.PURE_FUNCTIONS or _CLASS.match(parts[-1]) or is_notifier_alias(dotted):
            return True
        if len(parts) > 1 and _CLASS.match(parts[-2]):
            return True
        return parts[0] == "airflow" and (
            parts[-1] in tables.AIRFLOW_FUNCTIONS or parts[-2] in tables.AIRFLOW_FUNCTIONS
        )

    def _own_builds(self, function: ast.expr) -> bool:
        """Something of the file itself: its decorated functions, its classes, its objects."""
        if isinstance(function, ast.Attribute):
            return function.attr in tables.BUILDING_METHODS
        if isinstance(function, ast.Call):
            return True
        return isinstance(function, ast.Name) and function.id in self._names.own

    def _not_static(self, node: ast.AST, what: str) -> Diagnostic:
        return codes.NOT_STATIC.at(
            self._source.span(node),
            f"{what} in a rendered file",
            hint="let the template do it, so that the file only defines the DAG",
        )


_WORDS = {
    "Assert": "an assertion",
    "AugAssign": "an augmented assignment",
    "Await": "an await",
    "Delete": "a deletion",
    "DictComp": "a comprehension",
    "For": "a loop",
    "GeneratorExp": "a comprehension",
    "Global": "a global statement",
    "IfExp": "a condition",
    "ListComp": "a comprehension",
    "NamedExpr": "an assignment inside of an expression",
    "Raise": "a raised exception",
    "SetComp": "a comprehension",
    "Try": "a try statement",
    "While": "a loop",
}


def _word(node: ast.AST) -> str:
    return _WORDS.get(type(node).__name__, f"a {type(node).__name__.lower()} statement")
