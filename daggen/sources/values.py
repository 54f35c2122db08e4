"""What a database or an API gives, as plain data: one fixed spelling for each type."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import uuid
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

MAX_DEPTH = 60
MAX_DIGITS = 1000

_TEXTS = (
    uuid.UUID,
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
    ipaddress.IPv4Network,
    ipaddress.IPv6Network,
    ipaddress.IPv4Interface,
    ipaddress.IPv6Interface,
)


class NotPlainError(ValueError):
    """A value that no snapshot can hold; the message says why."""


def plain(value: Any, depth: int = 0) -> Any:
    """Turn a value into text, a number, a boolean, null, a list or a mapping.

    Raises NotPlainError for a type without a fixed spelling, text that is no Unicode, an integer
    of more than a thousand digits, and data nested more than `MAX_DEPTH` deep.
    """
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | float):
        return float(value) if isinstance(value, float) else value
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _collection(value, depth + 1)
    return _typed(value)


def duration(value: dt.timedelta) -> str:
    """Write a duration as ISO 8601 does: `P1DT2H30M`, `-PT5S`, `PT0S`."""
    sign, value = ("-", -value) if value < dt.timedelta(0) else ("", value)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    day = f"{value.days}D" if value.days else ""
    return f"{sign}P{day}T{clock}" if clock else f"{sign}P{day}" if day else "PT0S"


def _typed(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, dt.datetime):
        return _datetime(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return duration(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, _TEXTS):
        return str(value)
    raise NotPlainError(f"a {type(value).__name__} has no plain spelling")


def _integer(value: int) -> int:
    if abs(value) >= 10**MAX_DIGITS:
        raise NotPlainError(f"a number of more than {MAX_DIGITS} digits")
    return int(value)


def _text(value: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise NotPlainError("text that is no valid Unicode") from None
    return str(value)


def _decimal(value: Decimal) -> int | float | str:
    """Give a number if that loses nothing, else the decimal's text."""
    if value.is_finite() and abs(value.adjusted()) < MAX_DIGITS:
        if value == value.to_integral_value():
            return int(value)
        if Decimal(repr(float(value))) == value:
            return float(value)
    return str(value)


def _datetime(value: dt.datetime) -> str:
    """Write a time in UTC if it has an offset, so that the session's time zone does not matter."""
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"


def _collection(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise NotPlainError(f"nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, Mapping):
        entries = {_key(key): plain(inner, depth) for key, inner in value.items()}
        return {key: entries[key] for key in sorted(entries)}
    items = [plain(inner, depth) for inner in value]
    return sorted(items, key=repr) if isinstance(value, set | frozenset) else items


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise NotPlainError(f"a mapping with a {type(key).__name__} as a key")
    return _text(key)
