"""Which timetable Airflow makes of a schedule, where that follows from the schedule alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from daggen.code.graph import Call, Unknown, Value
from daggen.code.presets import CRON_PRESETS

_CRON = ("CronTriggerTimetable", "CronDataIntervalTimetable")
_DELTA = ("DeltaTriggerTimetable", "DeltaDataIntervalTimetable")
_ASSET = ("AssetTriggeredTimetable", "DatasetTriggeredTimetable")


@dataclass(frozen=True)
class Expected:
    """The classes a timetable may have, on any version of Airflow, and what it must hold."""

    kinds: tuple[str, ...]
    details: Mapping[str, Any] = field(default_factory=dict)


def expected_timetable(schedule: Value) -> Expected | None:
    """Tell what Airflow makes of a schedule; None where reading the file cannot tell."""
    if schedule is None:
        return Expected(("NullTimetable",))
    if schedule == "@once":
        return Expected(("OnceTimetable",))
    if schedule == "@continuous":
        return Expected(("ContinuousTimetable",))
    if isinstance(schedule, str):
        return Expected(_CRON, {"expression": CRON_PRESETS.get(schedule, schedule)})
    if isinstance(schedule, Unknown):
        return None
    if isinstance(schedule, Call):
        return _of_call(schedule)
    return Expected(_ASSET) if isinstance(schedule, list | tuple) else None


def _of_call(schedule: Call) -> Expected | None:
    name = schedule.function.rpartition(".")[2]
    if schedule.function == "datetime.timedelta":
        return Expected(_DELTA)
    if name in ("Asset", "AssetAlias", "AssetAll", "AssetAny", "Dataset", "or_", "and_"):
        return Expected(_ASSET)
    return Expected((name,)) if name.endswith("Timetable") else None
