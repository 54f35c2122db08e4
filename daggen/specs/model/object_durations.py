"""The arguments of Airflow's own classes that are durations, in objects by `__type__`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from daggen.specs.document import Path
from daggen.specs.model.context import Context
from daggen.specs.model.offsets import read_offset
from daggen.specs.model.values import Value

_PACKAGES = ("airflow.sdk.", "airflow.timetables.")
_ARGUMENTS: Mapping[str, Mapping[str, int | None]] = {
    "CronPartitionTimetable": {"run_offset": None, "run_immediately": None},
    "CronTriggerTimetable": {"interval": None, "run_immediately": None},
    "DeadlineAlert": {"interval": 1},
    "DeltaDataIntervalTimetable": {"delta": 0},
    "DeltaTriggerTimetable": {"delta": 0, "interval": None},
    "MultipleCronTriggerTimetable": {"interval": None, "run_immediately": None},
    "RetryDecision": {"retry_delay": 1},
    "RetryRule": {"retry_delay": 2},
}
"""Their names, by class, and their places among positional arguments (None: by name only)."""
_OTHER_TYPES = frozenset({"run_immediately", "run_offset"})
"""Those that take other plain values than durations as well, so that a number is a number."""


def read_durations(
    name: str, args: list[Value], kwargs: dict[str, Value], path: Path, context: Context
) -> None:
    """Turn the texts, seconds and mappings among the arguments of a class into `timedelta`.

    What is no duration is reported, and `INVALID` in its place.
    """
    of_class = _ARGUMENTS.get(name.rpartition(".")[2], {}) if name.startswith(_PACKAGES) else {}
    for argument, place in of_class.items():
        if argument in kwargs and _is_read(argument, kwargs[argument]):
            kwargs[argument] = read_offset(kwargs[argument], (*path, argument), context)
        elif place is not None and place < len(args) and _is_read(argument, args[place]):
            args[place] = read_offset(args[place], (*path, "__args__", place), context)


def _is_read(argument: str, value: Value) -> bool:
    if argument in _OTHER_TYPES:
        return isinstance(value, str)
    return isinstance(value, str | int | float | Mapping) and not isinstance(value, timedelta)
