"""Cron expressions, as Airflow reads them."""

from __future__ import annotations

from datetime import UTC, datetime

from croniter import CroniterBadDateError, croniter

from daggen.code.presets import CRON_PRESETS

CRON_WORDS = ("@midnight", "@annually")
"""What cron has besides Airflow's presets."""
_FIELDS = 5
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def is_cron(text: str) -> bool:
    """Tell whether Airflow takes a text as a cron expression of five fields."""
    if len(text.split()) != _FIELDS and text not in CRON_WORDS:
        return False
    return bool(croniter.is_valid(text))


def is_timetable_cron(text: str) -> bool:
    """Tell whether a cron timetable takes a text: a preset, or whatever croniter reads."""
    return text in CRON_PRESETS or bool(croniter.is_valid(text))


def never_fires(text: str) -> bool:
    """Tell whether a cron expression is readable and names a day that no year has."""
    if not is_cron(text):
        return False
    try:
        croniter(text, _ANY_DAY).get_next()
    except CroniterBadDateError:
        return True
    return False
