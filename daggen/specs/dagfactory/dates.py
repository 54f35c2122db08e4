"""Dates and durations as dag-factory reads them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daggen.diagnostics import Severity
from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.durations import first_unit, tell_rest
from daggen.specs.dagfactory.nodes import Node, plain
from daggen.specs.dagfactory.notes import Notes

TODAY = "today"
"""The variable of an environment that freezes the day which relative dates count from."""

_ORDINAL = re.compile(r"\d{4}-?\d{3}")
_COMPACT = re.compile(r"(?P<year>\d{4})(?:[-/:]?(?P<month>\d{2})(?:[-/:]?(?P<day>\d{2}))?)?")


def read_date(node: Node, timezone: str, notes: Notes) -> Node:
    """Give a date as an ISO text: the wall clock time in `timezone`, which dag-factory takes.

    Objects that are more than a literal date pass through. A text that is no date is relative to
    today, and refused unless the day is frozen.
    """
    value = node.value
    if isinstance(value, date):
        return _wall_clock(_moment(value), node, timezone, notes)
    if node.is_mapping and (built := _built(node)):
        _tell_zone(node, timezone, notes)
        return _wall_clock(built, node, timezone, notes)
    if not isinstance(value, str):
        return node
    parsed = _parse(value)
    if parsed is not None:
        return _wall_clock(parsed.replace(fold=1), node, timezone, notes)
    return _relative(node, timezone, notes)


def task_date(node: Node, spec_zone: str, notes: Notes) -> Node:
    """Give a date of a task, or of a group's `default_args`: Airflow reads it, not dag-factory.

    So an offset counts, what has none is in UTC, and a text is more than Airflow takes.
    """
    value = node.value
    moment = _moment(value) if isinstance(value, date) else None
    if node.is_mapping:
        if {"tz", "tzinfo"} & set(node.value):
            return node
        moment = _built(node)
    if moment is not None and moment.utcoffset() is not None:
        return node.of(moment.isoformat())
    if moment is not None:
        node = node.of(moment.isoformat())
    if isinstance(value, str) or (isinstance(value, date) and not isinstance(value, datetime)):
        message = "dag-factory passes this on as it is, and Airflow takes only a time here"
        notes.tell(codes.REPAIRED, node, message, hint="write it as 2026-01-31 00:00:00")
    return in_zone(read_date(node, "UTC", notes), "UTC", spec_zone)


def in_zone(node: Node, zone: str, spec_zone: str) -> Node:
    """Give a date that `read_date` gave with its offset, where the spec's timezone is another."""
    if zone == spec_zone or not isinstance(node.value, str):
        return node
    moment = datetime.fromisoformat(node.value).replace(tzinfo=_zone(zone))
    return node.of(moment.isoformat() if zone == "UTC" else _object(moment, zone))


def _object(moment: datetime, zone: str) -> dict[str, Any]:
    """Say a wall clock time and its timezone as an object."""
    parts = [getattr(moment, name) for name in _PARTS]
    if not moment.microsecond:
        parts.pop()
    return {"__type__": "pendulum.datetime", "__args__": parts, "tz": zone}


_CLASSES = ("datetime.datetime", "datetime.date", "pendulum.datetime", "pendulum.date")
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")


def _built(node: Node) -> datetime | None:
    """Give the wall clock time that `{__type__: datetime.datetime, …}` says in literals."""
    said: dict[str, Any] = plain(node)
    args = said.get("__args__", [])
    if said.get("__type__") not in _CLASSES or not isinstance(args, list):
        return None
    parts = dict(zip(_PARTS, args, strict=False)) | said
    fold = int(said["__type__"] == "pendulum.datetime")
    try:
        return datetime(**{name: parts[name] for name in _PARTS if name in parts}, fold=fold)
    except (TypeError, ValueError):
        return None


def _tell_zone(node: Node, timezone: str, notes: Notes) -> None:
    """Tell of the timezone of an object, in place of which dag-factory puts the DAG's."""
    said = node.get("tz") or node.get("tzinfo")
    if said is not None and said.value != timezone:
        message = f"dag-factory takes the time for one in {timezone}, whatever this says"
        hint = "write the date as 2026-01-31, and timezone beside it"
        notes.tell(codes.DROPPED_OFFSET, said, message, hint=hint, at_key=True)


def _moment(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time.min)


def _parse(text: str) -> datetime | None:
    text = text.strip()
    try:
        if _ORDINAL.fullmatch(text):
            return datetime.strptime(text.replace("-", ""), "%Y%j")
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    try:
        return datetime(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return None


def _wall_clock(moment: datetime, node: Node, timezone: str, notes: Notes) -> Node:
    if moment.utcoffset():
        notes.tell(
            codes.DROPPED_OFFSET,
            node,
            f"dag-factory takes this for {moment.replace(tzinfo=None)} in the DAG's timezone",
            hint="drop the offset and set timezone",
        )
    return _written(node, moment.replace(tzinfo=None), timezone)


def _written(node: Node, moment: datetime, timezone: str) -> Node:
    """Write a wall clock time, of an hour that comes twice with the `fold` that says which.

    dag-factory takes a text and what pendulum makes for the second one, other times for the first.
    """
    first = moment.replace(tzinfo=_zone(timezone))
    second = first.replace(fold=1)
    if not moment.fold and first.astimezone(UTC) < second.astimezone(UTC):
        return node.of({**_object(moment, timezone), "fold": 0})
    is_date = moment.time() == time.min
    return node.of(moment.date().isoformat() if is_date else moment.isoformat())


def _relative(node: Node, timezone: str, notes: Notes) -> Node:
    found = first_unit(node.value)
    if found is None:
        notes.tell(codes.RELATIVE_DATE, node, f'"{node.value}" is no date', hint=_ADVICE)
        return node.of(None)
    delta, more = found
    if more:
        tell_rest(node, notes)
    today = notes.variables.get(TODAY)
    day = _parse(str(today)) if today is not None else None
    if day is None:
        message = f'"{node.value}" counts from the day on which the file is loaded'
        hint = f'{_ADVICE}, or set {TODAY} = "2026-01-31" in the vars of the environment'
        notes.tell(codes.RELATIVE_DATE, node, message, hint=hint)
        return node.of(None)
    local = _before(day, delta, _zone(timezone))
    hint = f'write "{local.isoformat()}"'
    message = f'"{node.value}" before {day.date()} is {local}'
    notes.tell(codes.RELATIVE_DATE, node, message, hint=hint, severity=Severity.INFO)
    return _written(node, local, timezone)


def _before(day: datetime, delta: timedelta, zone: ZoneInfo) -> datetime:
    """Count back from the start of a day by the clock, which the change to summer time moves."""
    midnight = datetime.combine(day.date(), time.min, zone)
    return (midnight.astimezone(UTC) - delta).astimezone(zone).replace(tzinfo=None)


_ADVICE = "write the date as 2026-01-31"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
