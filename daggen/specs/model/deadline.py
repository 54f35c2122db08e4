"""Deadlines of runs (Airflow 3.1): a reference, an interval, and what is called when it passes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import BAD_OBJECT
from daggen.specs.document import Path
from daggen.specs.model.callbacks import CALLBACK_SCHEMA, read_callback
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.durations import DURATION
from daggen.specs.model.objects import is_marked, read_value
from daggen.specs.model.scalars import Kind
from daggen.specs.model.shapes import Schema, record, several
from daggen.specs.model.values import Build, Dotted, Value

_REFERENCES = ("DAGRUN_LOGICAL_DATE", "DAGRUN_QUEUED_AT")
_DEADLINE_KEYS = ("reference", "interval", "callback", "name")


def _read_deadline(raw: Any, path: Path, context: Context) -> Value:
    """Read `{reference, interval, callback}`, or a list of these, as `DeadlineAlert`."""
    if isinstance(raw, list):
        items = [_read_deadline(item, (*path, i), context) for i, item in enumerate(raw)]
        return INVALID if INVALID in items else items
    if is_marked(raw):
        return read_value(raw, path, context)
    if not isinstance(raw, Mapping) or not {"interval", "callback"} <= set(raw):
        return context.report(
            BAD_OBJECT, path, "a deadline has an interval, a callback and a reference"
        )
    for key in raw:
        if key not in _DEADLINE_KEYS:
            return context.report_key(BAD_OBJECT, (*path, key), "a deadline", _DEADLINE_KEYS)
    kwargs = {
        "reference": _deadline_reference(raw, path, context),
        "interval": DURATION.read(raw["interval"], (*path, "interval"), context),
        "callback": _deadline_callback(raw["callback"], (*path, "callback"), context),
    }
    if "name" in raw:
        kwargs["name"] = raw["name"]
    return INVALID if INVALID in kwargs.values() else Build("airflow.sdk.DeadlineAlert", (), kwargs)


def _deadline_reference(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    said = raw.get("reference", _REFERENCES[1])
    if is_marked(said):
        return read_value(said, (*path, "reference"), context)
    if isinstance(said, str) and said.upper() in _REFERENCES:
        return Dotted(f"airflow.sdk.DeadlineReference.{said.upper()}")
    return context.report(
        BAD_OBJECT,
        (*path, "reference"),
        f"{shown(said)} is no reference of a deadline",
        hint=suggest(str(said).upper(), _REFERENCES) or f"write {' or '.join(_REFERENCES)}",
    )


def _deadline_callback(raw: Any, path: Path, context: Context) -> Value:
    """Give an `AsyncCallback`: Airflow imports it elsewhere, so it names its function by path."""
    read = read_callback(raw, path, context)
    if isinstance(read, Dotted):
        return Build("airflow.sdk.AsyncCallback", (read.path,))
    if not isinstance(read, Build) or read.type.startswith("airflow.sdk."):
        return read
    if read.type == "functools.partial" and isinstance(read.args[0], Dotted):
        return Build(
            "airflow.sdk.AsyncCallback", (read.args[0].path,), {"kwargs": dict(read.kwargs)}
        )
    kwargs = {"kwargs": dict(read.kwargs)} if read.kwargs else {}
    return Build("airflow.sdk.AsyncCallback", (Dotted(read.type),), kwargs)


_DEADLINE: Schema = record(
    "Until when a run must be done, and what is called if it is not",
    {
        "reference": {"enum": [name.lower() for name in _REFERENCES]},
        "interval": DURATION.schema,
        "callback": CALLBACK_SCHEMA,
        "name": {"type": "string"},
    },
    required=["interval", "callback"],
)
DEADLINE = Kind(_read_deadline, {"anyOf": [_DEADLINE, several(_DEADLINE)]})
