"""Checks the functions that are called when a run misses its deadline.

Airflow imports them by their path, elsewhere: in the triggerer, which awaits them, or in an
executor, which does not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from daggen.code.callables import CallableFinder
from daggen.code.finding import Finding
from daggen.code.graph import Call, DagGraph, Ref, Value
from daggen.code.lookup import MISSING, Answer, Lookup
from daggen.code.references import check_name, no_function
from daggen.diagnostics.codes.callables import UNKNOWN_IMPORT, WRONG_KIND_OF_CALLBACK

_ARGUMENT = "deadline"
_SYNC: tuple[int, int] = (3, 2)
"""The first Airflow that has `SyncCallback`."""


def check_deadlines(graph: DagGraph, finder: CallableFinder) -> Iterator[Finding]:
    """Report callbacks of deadlines that are not there, or that Airflow would call wrongly.

    Of a package that is not there, which may be where the callback runs, they only warn.
    """
    for call in _callbacks(graph.arguments.get(_ARGUMENT)):
        dotted = _path(call)
        found = finder.find(dotted) if dotted else None
        if found is None:
            continue
        if found.answer is Answer.NO_PACKAGE:
            yield _no_package(dotted, found)
        elif found.answer in MISSING:
            yield from check_name(dotted, "function", None, _ARGUMENT, finder)
        elif found.answer is Answer.NO_FUNCTION:
            yield no_function(dotted, found, None, _ARGUMENT)
        elif isinstance(found.answer, ast.FunctionDef) and _awaits(call):
            message = f"{found.answer.name}() is no async def, and AsyncCallback awaits it"
            hint = _how_to_call(dotted, found.answer.name, finder)
            yield Finding(WRONG_KIND_OF_CALLBACK, message, hint, None, _ARGUMENT, (dotted,))
        elif isinstance(found.answer, ast.AsyncFunctionDef) and not _awaits(call):
            message = f"{found.answer.name}() is an async def, and SyncCallback never awaits it"
            hint = "write def, or use airflow.sdk.AsyncCallback"
            yield Finding(WRONG_KIND_OF_CALLBACK, message, hint, None, _ARGUMENT, (dotted,))


def _no_package(dotted: str, found: Lookup) -> Finding:
    """Tell of a package that is not there: it may be where the callback runs."""
    message = f'the callback {dotted} comes from an unknown package "{found.where}"'
    hint = f'if it is installed beside Airflow: external_packages = ["{found.where}"]'
    return Finding(UNKNOWN_IMPORT, message, hint, None, _ARGUMENT, (dotted,))


def _how_to_call(dotted: str, name: str, finder: CallableFinder) -> str:
    hint = f"write async def {name}"
    if finder.airflow < _SYNC:
        return hint
    return f"{hint}, or {{__type__: airflow.sdk.SyncCallback, callback_callable: {dotted}}}"


def _callbacks(value: Value) -> Iterator[Call]:
    """Give the `AsyncCallback` and `SyncCallback` objects in a value."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _callbacks(each)
    elif isinstance(value, Call) and value.function.startswith("airflow.sdk."):
        if value.function.rpartition(".")[2] in ("AsyncCallback", "SyncCallback"):
            yield value
        else:
            yield from _callbacks([*value.args, *value.kwargs.values()])


def _awaits(call: Call) -> bool:
    return call.function.endswith(".AsyncCallback")


def _path(call: Call) -> str:
    """Give the path of the function that a callback names, "" where it is not certain."""
    named = call.args[0] if call.args else call.kwargs.get("callback_callable")
    dotted = named.dotted if isinstance(named, Ref) else named
    return dotted if isinstance(dotted, str) and "." in dotted.strip(".") else ""
