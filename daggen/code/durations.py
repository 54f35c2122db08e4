"""Durations as Python, in the units a person would choose."""

from __future__ import annotations

from datetime import timedelta

from daggen.code.scope import Scope


def write_timedelta(value: timedelta, scope: Scope) -> str:
    """Write a duration as the construction of a `timedelta`: 90 s is 1 minute and 30 seconds."""
    arguments = ", ".join(f"{unit}={amount}" for unit, amount in _units(value))
    return f"{scope.ref('datetime.timedelta').text}({arguments or '0'})"


def _units(value: timedelta) -> list[tuple[str, str]]:
    if value < timedelta(0):
        return [(unit, f"-{amount}") for unit, amount in _units(-value)]
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    amounts = {
        "days": value.days,
        "hours": hours,
        "minutes": minutes,
        "seconds": seconds,
        "microseconds": value.microseconds,
    }
    return [(unit, str(amount)) for unit, amount in amounts.items() if amount]
