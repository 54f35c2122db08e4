"""What tasks return, changed or joined: `__zip__`, `__concat__` and `__map__`.

They are the methods of Airflow's `XComArg`: `zip` puts several outputs side by side, `concat` one
after the other, `map` calls a function for each element.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import BAD_OBJECT
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, Reader, shown
from daggen.specs.model.values import Dotted, Joined, Output, Value

_BESIDE = {"__zip__": "fillvalue", "__concat__": "", "__map__": "function"}
"""The forms, and what may stand beside each."""
OUTPUT_MARKS = tuple(_BESIDE)


def read_joined(
    raw: Mapping[Any, Any], path: Path, context: Context, read: Reader, read_function: Reader
) -> Value:
    """Read one of the forms; `read` reads values of any kind, `read_function` dotted paths."""
    mark = next(mark for mark in OUTPUT_MARKS if mark in raw)
    beside = _BESIDE[mark]
    for key in raw:
        if key not in (mark, beside):
            return context.report(
                BAD_OBJECT,
                (*path, key),
                f"{shown(key)} stands beside {mark}, which takes only {beside or 'outputs'}",
                hint=suggest(key, (beside,)),
                at_key=True,
            )
    if mark == "__map__":
        return _read_map(raw, path, context, read, read_function)
    outputs = _read_outputs(raw[mark], (*path, mark), context, read)
    if outputs is INVALID:
        return INVALID
    first, *others = outputs
    if "fillvalue" not in raw:
        return Joined(mark.strip("_"), first, tuple(others))
    fill = read(raw["fillvalue"], (*path, "fillvalue"), context)
    return fill if fill is INVALID else Joined("zip", first, tuple(others), {"fillvalue": fill})


def _read_outputs(raw: Any, path: Path, context: Context, read: Reader) -> Any:
    outputs = read(raw, path, context)
    if outputs is INVALID:
        return INVALID
    if not (isinstance(outputs, list) and len(outputs) > 1) or not all(map(_is_output, outputs)):
        return context.report(
            BAD_OBJECT,
            path,
            f"{path[-1]} takes the outputs of two tasks or more",
            hint="write [+extract, +sizes]; literals are mapped over as a list of lists",
        )
    checked = [check_whole(item, (*path, i), context) for i, item in enumerate(outputs)]
    return INVALID if INVALID in checked else checked


def _read_map(
    raw: Mapping[Any, Any], path: Path, context: Context, read: Reader, read_function: Reader
) -> Value:
    place = (*path, "__map__")
    output = read(raw["__map__"], place, context)
    if output is not INVALID and not _is_output(output):
        output = context.report(
            BAD_OBJECT,
            place,
            f"__map__ takes the output of a task, not {shown(raw['__map__'])}",
            hint="write __map__: +extract",
        )
    if "function" not in raw:
        return context.report(
            BAD_OBJECT, path, "__map__ needs a function", hint="add function: package.module.name"
        )
    function = read_function(raw["function"], (*path, "function"), context)
    if INVALID in (check_whole(output, place, context), function):
        return INVALID
    return Joined("map", output, (function,)) if isinstance(function, Dotted) else INVALID


def _is_output(value: Value) -> bool:
    return isinstance(value, Output | Joined)


def check_whole(value: Value, path: Path, context: Context) -> Value:
    """Report one entry of what a task returns, where Airflow takes only the whole."""
    if not isinstance(value, Output) or value.key is None:
        return value
    return context.report(
        BAD_OBJECT,
        path,
        f'Airflow maps over all that "{value.task}" returns, not over one entry of it',
        hint=f"let a task return the list by itself, and write +{value.task}",
    )
