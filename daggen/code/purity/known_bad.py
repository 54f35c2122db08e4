"""Things that are known to be bad at parse time, in any DAG file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from daggen.code.purity import tables
from daggen.code.purity.imports import Names
from daggen.code.purity.parsetime import ParseTime
from daggen.code.purity.source import SourceFile
from daggen.diagnostics import Diagnostic, Rule, Severity
from daggen.diagnostics.codes import purity as codes


def check_known_bad(code: ParseTime, source: SourceFile) -> Iterator[Diagnostic]:
    """Report what a DAG file must not do when it is parsed."""
    inside = _arguments_of_calls(code)
    for node in code.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _check_import(node, source)
        elif isinstance(node, ast.Call):
            yield from _check_call(node, code.names, source, in_argument=id(node) in inside)
        elif isinstance(node, ast.Subscript) and _is_environment(node.value, code.names):
            yield _environment(node, source)
        elif isinstance(node, ast.For | ast.comprehension):
            yield from _check_loop(node, code.names, source)


def _arguments_of_calls(code: ParseTime) -> set[int]:
    """The nodes that stand inside of the arguments of some call."""
    return {
        id(part)
        for node in code.nodes
        if isinstance(node, ast.Call)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords))
        for part in ast.walk(argument)
    }


def _check_import(node: ast.Import | ast.ImportFrom, source: SourceFile) -> Iterator[Diagnostic]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            if node.level:
                continue
            dotted = f"{node.module}.{alias.name}"
        else:
            dotted = alias.name
        package = slow_package(dotted)
        if package:
            yield codes.SLOW_IMPORT.at(
                source.span(node),
                f"importing {package} slows down every parse of this file",
                hint="import it inside of the function that needs it",
            )


def slow_package(dotted: str) -> str:
    """Give the package that makes an import slow, "" when nothing does."""
    if f"{dotted}.".startswith(tuple(f"{module}." for module in tables.UNAVOIDABLE_MODULES)):
        return ""
    return next((p for p in sorted(tables.SLOW_PACKAGES) if f"{dotted}.".startswith(f"{p}.")), "")


def bad_call(node: ast.Call, names: Names) -> tuple[Rule, str] | None:
    """Find the rule that a call breaks, and what to do instead."""
    dotted = names.dotted(node.func)
    if dotted:
        return _bad_name(dotted)
    if isinstance(node.func, ast.Attribute):
        return _bad_method(node.func, names)
    return None


def _bad_name(dotted: str) -> tuple[Rule, str] | None:
    parts = dotted.split(".")
    if parts[0] == "airflow" and ".".join(parts[-2:]) in tables.BAD_AIRFLOW:
        return tables.BAD_AIRFLOW[".".join(parts[-2:])]
    for length in range(len(parts), 0, -1):
        found = tables.BAD_PREFIXES.get(".".join(parts[:length]))
        if found:
            return found
    return tables.HOOK if parts[-1].endswith("Hook") else None


def _bad_method(function: ast.Attribute, names: Names) -> tuple[Rule, str] | None:
    made_by = names.made_by(function.value)
    if made_by.startswith("pathlib.") and function.attr in tables.PATH_METHODS:
        return tables.FILES
    if function.attr in tables.SURE_PATH_METHODS and not made_by:
        return tables.FILES
    return tables.HOOK if made_by.endswith("Hook") else None


def _check_call(
    node: ast.Call, names: Names, source: SourceFile, *, in_argument: bool
) -> Iterator[Diagnostic]:
    found = bad_call(node, names)
    if found is None:
        return
    rule, hint = found
    text = _short(node.func)
    severity = None
    if rule is codes.CHANGING_VALUE and not in_argument:
        severity = Severity.WARNING
    message = f"{text}() is called when the file is parsed"
    if rule is codes.CHANGING_VALUE:
        message = f"{text}() gives another value on every parse"
    yield rule.at(source.span(node), message, hint=hint, severity=severity)


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _is_environment(node: ast.expr, names: Names) -> bool:
    return names.dotted(node) == "os.environ"


def _environment(node: ast.AST, source: SourceFile) -> Diagnostic:
    rule, hint = tables.BAD_PREFIXES["os.environ"]
    return rule.at(source.span(node), "os.environ is read when the file is parsed", hint=hint)


def _check_loop(
    node: ast.For | ast.comprehension, names: Names, source: SourceFile
) -> Iterator[Diagnostic]:
    """A loop over what an imported function or an attribute of unknown origin gives."""
    if not is_in_file(node.iter, names):
        yield codes.UNKNOWN_LOOP.at(
            source.span(node.iter),
            f"a loop over {_short(node.iter)}, which is not in the file",
            hint="loop over a literal, or let a daggen template write the tasks out",
        )


_ITERATORS = frozenset(
    {"enumerate", "filter", "items", "keys", "list", "map", "range", "reversed", "sorted"}
    | {"split", "splitlines", "values", "zip", "set", "tuple", "len", "dict", "get", "copy"}
)


def is_in_file(node: ast.expr, names: Names) -> bool:
    """Tell whether what a loop goes over is written in the file, as far as can be seen."""
    if isinstance(node, ast.Call):
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        owner = [function.value] if isinstance(function, ast.Attribute) else []
        local = isinstance(function, ast.Name) and function.id in names.own
        if local:
            return True
        dotted = names.dotted(function)
        if dotted.startswith("itertools."):
            return all(is_in_file(part, names) for part in node.args)
        if name not in _ITERATORS or (dotted and not dotted.startswith("builtins.")):
            return False
        return all(is_in_file(part, names) for part in (*owner, *node.args))
    if isinstance(node, ast.Name):
        return names.objects.get(node.id, "") == "" and node.id not in names.imported
    return True
