"""Durations as people write them: `5m`, `2h30m`, `1d`, `PT5M`, a number of seconds."""

from __future__ import annotations

import math
import re
from datetime import timedelta

_SHORT = re.compile(
    r"""\s*
    (?:(?P<weeks>\d+(?:\.\d+)?)\s*(?:w|weeks?)\s*)?
    (?:(?P<days>\d+(?:\.\d+)?)\s*(?:d|days?)\s*)?
    (?:(?P<hours>\d+(?:\.\d+)?)\s*(?:h|hrs?|hours?)\s*)?
    (?:(?P<minutes>\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?)\s*)?
    (?:(?P<seconds>\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)\s*)?
    (?:(?P<milliseconds>\d+(?:\.\d+)?)\s*(?:ms|milliseconds?)\s*)?
    """,
    re.VERBOSE | re.ASCII,
)
_ISO = re.compile(
    r"""P(?=\d|T\d)
    (?:(?P<weeks>\d+(?:[.,]\d+)?)W)?
    (?:(?P<days>\d+(?:[.,]\d+)?)D)?
    (?:T(?=\d)
      (?:(?P<hours>\d+(?:[.,]\d+)?)H)?
      (?:(?P<minutes>\d+(?:[.,]\d+)?)M)?
      (?:(?P<seconds>\d+(?:[.,]\d+)?)S)?
    )?""",
    re.VERBOSE | re.ASCII,
)


def parse_duration(value: object) -> timedelta:
    """Read a duration from a text (`5m`, `2h30m`, `1 day`, `PT5M`) or a number of seconds.

    Raises ValueError, with a message for the person who wrote it, for anything else; years and
    months are refused, since they have no fixed length.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"a duration is a text or a number of seconds, not {_kind(value)}")
    try:
        if isinstance(value, str):
            return _from_text(value)
        if not math.isfinite(value):
            raise ValueError(f"{value} is no number of seconds")
        return timedelta(seconds=value)
    except OverflowError:
        raise ValueError(f"{_short(value)} is longer than any duration Python knows") from None


def _from_text(text: str) -> timedelta:
    match = _ISO.fullmatch(text) or _SHORT.fullmatch(text)
    parts = {
        unit: float(amount.replace(",", "."))
        for unit, amount in (match.groupdict() if match else {}).items()
        if amount
    }
    if not parts:
        raise ValueError(f'"{text}" is no duration')
    return timedelta(**parts)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _kind(value: object) -> str:
    names = {type(None): "null", bool: "a boolean", list: "a list", dict: "a mapping"}
    return names.get(type(value), type(value).__name__)
