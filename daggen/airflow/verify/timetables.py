"""Which timetable Airflow makes of a schedule, where that follows from the schedule alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
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


def expected_timetable(arguments: Mapping[str, Value]) -> Expected | None:
    """Tell what Airflow makes of a DAG's arguments; None where reading the file cannot tell.

    A DAG that does not name its schedule has none, and is daily in Airflow 2.
    """
    if "schedule_interval" in arguments or "timetable" in arguments:
        return None
    if "schedule" not in arguments:
        return Expected(("NullTimetable", "DeltaDataIntervalTimetable"))
    return _of_schedule(arguments["schedule"])


def _of_schedule(schedule: Value) -> Expected | None:
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
        return Expected(_DELTA, _delta(schedule))
    if name in ("Asset", "AssetAlias", "AssetAll", "AssetAny", "Dataset", "or_", "and_"):
        return Expected(_ASSET)
    if not name.endswith("Timetable"):
        return None
    given = [*schedule.args, schedule.kwargs.get("cron"), schedule.kwargs.get("delta")]
    first = next((value for value in given if value is not None), None)
    if name in _CRON and isinstance(first, str):
        return Expected((name,), {"expression": CRON_PRESETS.get(first, first)})
    return Expected((name,), _delta(first) if name in _DELTA else {})


def _delta(value: Value) -> Mapping[str, float]:
    """Give the seconds of a `timedelta(...)` whose arguments are numbers, as Airflow keeps them."""
    if not isinstance(value, Call) or value.function != "datetime.timedelta":
        return {}
    numbers = [*value.args, *value.kwargs.values()]
    if not all(isinstance(number, int | float) for number in numbers):
        return {}
    return {"delta": timedelta(*value.args, **value.kwargs).total_seconds()}  # type: ignore[arg-type]
