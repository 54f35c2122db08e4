"""Dates and timezones: ISO 8601 in, datetimes with a timezone out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from daggen.code.timezones import is_timezone
from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import BAD_DATE, BAD_TIMEZONE
from daggen.specs.document import Path
from daggen.specs.model.context import Context, shown
from daggen.specs.model.objects import is_marked, read_value
from daggen.specs.model.scalars import Kind
from daggen.specs.model.values import Build, Value

_RELATIVE = re.compile(r"-?\d+\s*(day|hour|minute|second|week|month|year)s?\b.*")
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_CLASSES = {"datetime.datetime", "datetime.date", "pendulum.datetime"}
_ADVICE = 'write it as 2026-01-31 or "2026-01-31T06:00:00+01:00"'


def _read_timezone(raw: Any, path: Path, context: Context) -> Value:
    if is_timezone(raw):
        return raw
    return context.report(
        BAD_TIMEZONE,
        path,
        f"{shown(raw)} is no timezone of the IANA database",
        hint=suggest(raw, available_timezones()) or 'name it as in "Europe/Berlin", or "UTC"',
    )


def _read_date(raw: Any, path: Path, context: Context) -> Value:
    """Read a date or a point in time; one without an offset is in the spec's timezone."""
    if is_marked(raw):
        return _from_object(read_value(raw, path, context), context)
    try:
        if not isinstance(raw, str):
            raise ValueError
        return _in_timezone(datetime.fromisoformat(raw), context)
    except ValueError:
        pass
    relative = isinstance(raw, str) and _RELATIVE.fullmatch(raw)
    reason = "moves with every parse; a date is fixed" if relative else "is no ISO 8601 date"
    return context.report(BAD_DATE, path, f"{shown(raw)} {reason}", hint=_ADVICE)


def _from_object(value: Value, context: Context) -> Value:
    """Turn `{__type__: datetime.datetime, year: …}` into the date it says."""
    if not isinstance(value, Build) or value.type not in _CLASSES:
        return value
    said = dict(zip(_PARTS, value.args, strict=False)) | dict(value.kwargs)
    zone = said.pop("tz", None)
    if not set(said) <= set(_PARTS) or not all(type(part) is int for part in said.values()):
        return value
    if zone is not None and not is_timezone(zone):
        return value
    try:
        date = datetime(**said)
    except (TypeError, ValueError):
        return value
    return date.replace(tzinfo=ZoneInfo(zone)) if zone else _in_timezone(date, context)


def _in_timezone(date: datetime, context: Context) -> datetime:
    if date.tzinfo is None:
        return date.replace(tzinfo=ZoneInfo(context.timezone))
    if date.utcoffset() == timedelta(0) and isinstance(date.tzinfo, timezone):
        return date.replace(tzinfo=UTC)
    return date


def precedes(end: Value, start: Value) -> bool:
    """Tell whether two dates are known and the first is the earlier one."""
    return isinstance(end, datetime) and isinstance(start, datetime) and end < start


TIMEZONE = Kind(_read_timezone, {"type": "string", "examples": ["UTC", "Europe/Berlin"]})
DATE = Kind(_read_date, {"type": "string", "examples": ["2026-01-31"]})
