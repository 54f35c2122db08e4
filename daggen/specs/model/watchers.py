"""Watchers of assets: triggers that tell of an asset's changes from outside Airflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.diagnostics.codes.keys import BAD_OBJECT
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.objects import is_marked, read_value
from daggen.specs.model.scalars import Kind, listed
from daggen.specs.model.shapes import OBJECT, Schema, record
from daggen.specs.model.values import Build, Value, is_object

WATCHER = "airflow.sdk.AssetWatcher"
_KEYS = ("name", "trigger")


def _read_watcher(raw: Any, path: Path, context: Context) -> Value:
    """Read a watcher: `{name, trigger}`, or an object by `__type__`."""
    if not isinstance(raw, Mapping):
        return context.report(
            BAD_OBJECT,
            path,
            f"expected a watcher, found {shown(raw)}",
            hint="write {name: …, trigger: {__type__: …}}",
        )
    if is_marked(raw):
        return read_value(raw, path, context)
    for key in raw:
        if key not in _KEYS:
            return context.report_key(BAD_OBJECT, (*path, key), "a watcher", _KEYS)
    for key in _KEYS:
        if key not in raw:
            return context.report(BAD_OBJECT, path, f"a watcher needs a {key}", hint=f"add {key}")
    name = _read_name(raw["name"], (*path, "name"), context)
    trigger = _read_trigger(raw["trigger"], (*path, "trigger"), context)
    if INVALID in (name, trigger):
        return INVALID
    return Build(WATCHER, (), {"name": name, "trigger": trigger})


def _read_name(raw: Any, path: Path, context: Context) -> Value:
    value = read_value(raw, path, context)
    if value is INVALID or is_object(value) or (isinstance(value, str) and value):
        return value
    return context.report(BAD_OBJECT, path, f"expected a watcher's name, found {shown(raw)}")


def _read_trigger(raw: Any, path: Path, context: Context) -> Value:
    value = read_value(raw, path, context)
    if value is INVALID or is_object(value):
        return value
    message = f"expected a trigger, found {shown(raw)}"
    return context.report(BAD_OBJECT, path, message, hint="name its class: {__type__: …}")


_WATCHER: Schema = record(
    "A trigger that tells of changes of the asset",
    {"name": {"type": "string", "minLength": 1}, "trigger": OBJECT},
    required=_KEYS,
)
WATCHERS = listed(Kind(_read_watcher, _WATCHER), wrapped=True)
"""Watchers of an asset; a single one stands for a list of one."""
