"""Dates and durations as dag-factory reads them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from daggen.diagnostics import Severity
from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes

TODAY = "today"
"""The variable of an environment that freezes the day which relative dates count from."""

_UNIT = re.compile(r"(?P<amount>\d+)\s+(?P<unit>hour|minute|second|day)", re.IGNORECASE)
_REST = re.compile(r"s?\s*", re.IGNORECASE)
_COMPACT = re.compile(r"(?P<year>\d{4})(?:[-/:]?(?P<month>\d{2})(?:[-/:]?(?P<day>\d{2}))?)?")


def read_date(node: Node, timezone: str, notes: Notes) -> Node:
    """Give a date as an ISO text: the wall clock time in `timezone`, which dag-factory takes.

    Objects pass through. A text that is no date is relative to today, and refused unless the
    day is frozen.
    """
    value = node.value
    if isinstance(value, datetime):
        return node.of(_wall_clock(value, node, notes))
    if isinstance(value, date):
        return node.of(value.isoformat())
    if not isinstance(value, str):
        return node
    parsed = _parse(value)
    if parsed is not None:
        return node.of(_wall_clock(parsed, node, notes))
    return _relative(node, timezone, notes)


def in_zone(node: Node, zone: str, spec_zone: str) -> Node:
    """Give a date that `read_date` gave with its offset, where the spec's timezone is another."""
    if zone == spec_zone or not isinstance(node.value, str):
        return node
    moment = datetime.fromisoformat(node.value).replace(tzinfo=_zone(zone))
    if zone == "UTC":
        return node.of(moment.isoformat())
    parts = [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second]
    return node.of({"__type__": "pendulum.datetime", "__args__": parts, "tz": zone})


def first_unit(text: str) -> tuple[timedelta, bool] | None:
    """Read the one unit that dag-factory sees in `1 days 2 hours`; tell whether more is said."""
    match = _UNIT.match(text)
    if match is None:
        return None
    delta = timedelta(**{f"{match['unit'].lower()}s": int(match["amount"])})
    return delta, not _REST.fullmatch(text, match.end())


def read_delta(node: Node, notes: Notes) -> Node:
    """Give a duration such as `1 days`; what is no text passes through."""
    if not isinstance(node.value, str):
        return node
    found = first_unit(node.value)
    if found is None:
        return node
    delta, more = found
    if not more:
        return node
    _tell_rest(node, notes)
    return node.of(f"{int(delta.total_seconds())}s")


def _parse(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        pass
    match = _COMPACT.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return datetime(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return None


def _wall_clock(moment: datetime, node: Node, notes: Notes) -> str:
    if moment.utcoffset():
        notes.tell(
            codes.DROPPED_OFFSET,
            node,
            f"dag-factory takes this for {moment.replace(tzinfo=None)} in the DAG's timezone",
            hint="drop the offset and set timezone",
        )
    moment = moment.replace(tzinfo=None)
    is_date = moment.time() == time.min
    return moment.date().isoformat() if is_date else moment.isoformat()


def _relative(node: Node, timezone: str, notes: Notes) -> Node:
    found = first_unit(node.value)
    if found is None:
        notes.tell(codes.RELATIVE_DATE, node, f'"{node.value}" is no date', hint=_ADVICE)
        return node.of(None)
    delta, more = found
    if more:
        _tell_rest(node, notes)
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
    notes.tell(codes.RELATIVE_DATE, node, message, hint=hint, severity=Severity.WARNING)
    return node.of(local.date().isoformat() if local.time() == time.min else local.isoformat())


def _before(day: datetime, delta: timedelta, zone: ZoneInfo) -> datetime:
    """Count back from the start of a day: days by the calendar, the rest by the clock."""
    midnight = datetime.combine(day.date() - timedelta(days=delta.days), time.min, zone)
    moment = midnight.astimezone(UTC) - timedelta(seconds=delta.seconds)
    return moment.astimezone(zone).replace(tzinfo=None)


_ADVICE = "write the date as 2026-01-31"


def _tell_rest(node: Node, notes: Notes) -> None:
    match = _UNIT.match(node.value)
    seen = match[0] if match else ""
    message = f'dag-factory sees only "{seen}" in "{node.value}"'
    notes.tell(codes.FIRST_UNIT_ONLY, node, message, hint="write one unit")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
