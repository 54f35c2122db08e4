"""Callbacks and notifiers: a dotted path, a mapping with arguments, or a list of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.code.airflow_names import is_notifier_alias
from daggen.diagnostics.codes.keys import BAD_OBJECT, WRONG_TYPE
from daggen.specs.document import Path
from daggen.specs.model import shapes
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.objects import is_argument_name, is_marked, read_dotted, read_value
from daggen.specs.model.scalars import DOTTED_SCHEMA, Kind
from daggen.specs.model.shapes import Schema, or_free, several
from daggen.specs.model.values import Build, Dotted, Value


def read_callbacks(raw: Any, path: Path, context: Context) -> Value:
    """Read one callback or a list of them."""
    if not isinstance(raw, list):
        return read_callback(raw, path, context)
    items = [read_callback(item, (*path, i), context) for i, item in enumerate(raw)]
    return INVALID if INVALID in items else items


def read_callback(raw: Any, path: Path, context: Context) -> Value:
    """Read a callback: a function's dotted path, or `{callback: path, …arguments}`.

    A notifier class becomes an instance of it, a function with arguments a `functools.partial`.
    """
    if is_marked(raw):
        return read_value(raw, path, context)
    if isinstance(raw, str):
        function = read_dotted(raw, path, context, "function or notifier")
        return _called(function, {})
    if isinstance(raw, Mapping):
        return _with_arguments(raw, path, context)
    return context.report(WRONG_TYPE, path, f"expected a callback, found {shown(raw)}")


def _with_arguments(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    if "callback" not in raw:
        return context.report(
            BAD_OBJECT,
            path,
            "a callback with arguments needs the key callback",
            hint="write callback: package.module.function beside the arguments",
        )
    function = read_dotted(raw["callback"], (*path, "callback"), context, "function or notifier")
    kwargs: dict[str, Value] = {}
    for key, item in raw.items():
        if key == "callback":
            continue
        if not is_argument_name(key, (*path, key), context):
            return INVALID
        kwargs[key] = read_value(item, (*path, key), context)
    return INVALID if INVALID in (function, *kwargs.values()) else _called(function, kwargs)


def _called(function: Value, kwargs: Mapping[str, Value]) -> Value:
    if not isinstance(function, Dotted):
        return function if not kwargs else Build("functools.partial", (function,), kwargs)
    if is_notifier(function.path):
        return Build(function.path, (), kwargs)
    return Build("functools.partial", (function,), kwargs) if kwargs else function


def is_notifier(path: str) -> bool:
    """Tell by its name whether a dotted path is a notifier class: called once, then used.

    Classes are named in CapWords, and the providers' `send_…_notification` are classes too.
    """
    name = path.rpartition(".")[2]
    return is_notifier_alias(path) or (name[:1].isupper() and not name.isupper())


_WITH_ARGUMENTS: Schema = {
    "type": "object",
    "description": "A function or a notifier class, and its arguments",
    "properties": {"callback": or_free(DOTTED_SCHEMA)},
    "required": ["callback"],
}
CALLBACK_SCHEMA: Schema = {"anyOf": [DOTTED_SCHEMA, _WITH_ARGUMENTS]}
CALLBACKS_SCHEMA: Schema = {"anyOf": [*CALLBACK_SCHEMA["anyOf"], several(CALLBACK_SCHEMA)]}
CALLBACKS = Kind(read_callbacks, shapes.CALLBACKS)
