"""Reads durations: `5m`, ISO 8601, seconds, or a mapping of `timedelta`'s arguments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import BAD_DURATION
from daggen.specs.document import Path
from daggen.specs.duration import parse_duration
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.values import Value

DELTA_UNITS = (
    "weeks",
    "days",
    "hours",
    "minutes",
    "seconds",
    "milliseconds",
    "microseconds",
)


def read_duration(raw: Any, path: Path, context: Context) -> Value:
    """Read a duration as `read_offset` does, and refuse one below zero."""
    value = read_offset(raw, path, context)
    if isinstance(value, timedelta) and value < timedelta(0):
        return context.report(BAD_DURATION, path, "a duration cannot be negative")
    return value


def read_offset(raw: Any, path: Path, context: Context) -> Value:
    """Read a span of time: `5m`, ISO 8601, seconds, or a mapping of `timedelta`'s arguments."""
    if isinstance(raw, timedelta):
        return raw
    if isinstance(raw, Mapping):
        return read_delta_mapping(raw, path, context)
    try:
        duration = parse_duration(raw)
    except ValueError as error:
        return context.report(
            BAD_DURATION, path, str(error), hint='write it as "5m", "2h30m", "1d" or "PT5M"'
        )
    return duration


def read_delta_mapping(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    """Read `{hours: 6}`: the arguments of `timedelta`."""
    amounts: dict[str, float] = {}
    for unit, amount in raw.items():
        if unit not in DELTA_UNITS:
            context.report(
                BAD_DURATION,
                (*path, unit),
                f"{shown(unit)} is no unit of a duration",
                hint=suggest(unit, DELTA_UNITS) or f"units are {', '.join(DELTA_UNITS)}",
                at_key=True,
            )
        elif isinstance(amount, bool) or not isinstance(amount, int | float):
            context.report(BAD_DURATION, (*path, unit), f"expected a number, found {shown(amount)}")
        else:
            amounts[unit] = amount
    if not raw:
        return context.report(BAD_DURATION, path, "a duration of no units says nothing")
    if len(amounts) != len(raw):
        return INVALID
    try:
        return timedelta(**amounts)
    except (OverflowError, ValueError):
        return context.report(BAD_DURATION, path, "this is longer than any duration Python knows")
