"""One fixed spelling for each type that a database gives."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daggen.sources.values import NotPlainError, duration, plain


class Color(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("10.50"), 10.5),
        (Decimal("3.00"), 3),
        (Decimal("1E+3"), 1000),
        (Decimal("0.1234567890123456789"), "0.1234567890123456789"),
        (Decimal("NaN"), "NaN"),
        (Decimal("1E+5000"), "1E+5000"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (dt.datetime(2026, 1, 2, 3, 4, 5), "2026-01-02T03:04:05"),
        (
            dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            "2026-01-02T01:04:00Z",
        ),
        (dt.time(3, 4), "03:04:00"),
        (dt.timedelta(days=1, minutes=90), "P1DT1H30M"),
        (uuid.UUID(int=0), "00000000-0000-0000-0000-000000000000"),
        (b"\x00\xff", "AP8="),
        (memoryview(b"\x00\xff"), "AP8="),
        ((1, [2]), [1, [2]]),
        ({3, 1, 2}, [1, 2, 3]),
        ({"b": 1, "a": Decimal(2)}, {"a": 2, "b": 1}),
        (Color.RED, "red"),
        (True, True),
        (None, None),
    ],
)
def test_plain(value: object, expected: object) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


def test_mappings_are_sorted() -> None:
    assert list(plain({"b": 1, "a": 2})) == ["a", "b"]


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [object(), 1j, "\ud800", {"a": ["\udfff"]}, {1: 2}, 10**1000, _nested(61), _nested(2000)],
)
def test_what_has_no_plain_spelling(value: object) -> None:
    with pytest.raises(NotPlainError):
        plain(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.timedelta(0), "PT0S"),
        (dt.timedelta(days=2), "P2D"),
        (dt.timedelta(seconds=-5), "-PT5S"),
        (dt.timedelta(milliseconds=1500), "PT1.5S"),
        (dt.timedelta(hours=25, seconds=1), "P1DT1H1S"),
    ],
)
def test_duration(value: dt.timedelta, text: str) -> None:
    assert duration(value) == text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_lose_nothing(value: Decimal) -> None:
    spelled = plain(value)
    assert Decimal(repr(spelled) if isinstance(spelled, float) else spelled) == value
