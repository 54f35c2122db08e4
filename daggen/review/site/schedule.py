"""When a DAG runs: its schedule in words, and the times of its next runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from heapq import merge
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daggen.code.graph import Call, DagGraph, Ref, Value
from daggen.code.presets import CRON_PRESETS
from daggen.review.texts import text
from daggen.review.values import timedelta_microseconds

_WORDS: Final = {"@once": "once", "@continuous": "again as soon as it ends"}
_ASSETS: Final = frozenset({"Asset", "Dataset", "AssetAlias", "DatasetAlias", "Model"})
_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a DAG runs: at `crons` (in `zone`), or every `every`; `words` tells it to people.

    Both are empty for what no calendar knows: assets, events, manual runs, own timetables.
    """

    words: str
    crons: tuple[str, ...] = ()
    every: timedelta | None = None
    zone: tzinfo = UTC
    start: datetime | None = None
    end: datetime | None = None

    def runs(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Yield the times in [first, last) at which a run starts, in UTC, in order."""
        begin = max(first, self.start) if self.start else first
        until = min(last, self.end + timedelta(microseconds=1)) if self.end else last
        each = (_cron_times(cron, self.zone, begin, until) for cron in self.crons)
        yield from (time for time, _ in groupby(merge(*each)))
        if self.every is not None:
            yield from self._steps(begin, until)

    def _steps(self, begin: datetime, until: datetime) -> Iterator[datetime]:
        every = self.every or timedelta(days=1)
        anchor = self.start or begin
        time = anchor + every * max(1, -(-(begin - anchor) // every))
        while time < until:
            yield time
            time += every


def _cron_times(cron: str, zone: tzinfo, begin: datetime, until: datetime) -> Iterator[datetime]:
    from croniter import CroniterError, croniter

    try:
        times = croniter(cron, begin.astimezone(zone) - timedelta(seconds=1))
        time = times.get_next(datetime).astimezone(UTC)
        while time < until:
            yield time
            time = times.get_next(datetime).astimezone(UTC)
    except CroniterError:
        return


def read_schedule(dag: DagGraph) -> Schedule:
    """Read a DAG's schedule, its time zone and its first and last day from its arguments."""
    defaults = dag.arguments.get("default_args")
    inherited = defaults if isinstance(defaults, dict) else {}
    start_value = dag.arguments.get("start_date", inherited.get("start_date"))
    start, zone = _moment(start_value)
    end, _ = _moment(dag.arguments.get("end_date", inherited.get("end_date")))
    value = dag.arguments.get("schedule", dag.arguments.get("timetable"))
    return _read(value, zone or UTC, start, end)


def _read(value: Value, zone: tzinfo, start: datetime | None, end: datetime | None) -> Schedule:
    if value is None:
        return Schedule("only by hand or by another DAG")
    if isinstance(value, str):
        return _read_text(value, zone, start, end)
    every = timedelta_microseconds(value)
    if every is not None:
        step = timedelta(microseconds=every)
        positive = step if step > timedelta(0) else None
        return Schedule(f"every {_duration(step)}", (), positive, zone, start, end)
    condition = asset_condition(value)
    if condition:
        return Schedule(f"when {condition} is updated", (), None, zone, start, end)
    if isinstance(value, Call):
        return _read_timetable(value, zone, start, end)
    return Schedule(text(value), (), None, zone, start, end)


def _read_text(value: str, zone: tzinfo, start: datetime | None, end: datetime | None) -> Schedule:
    if value in _WORDS:
        return Schedule(_WORDS[value], (), None, zone, start, end)
    cron = CRON_PRESETS.get(value, value)
    return Schedule(_cron_words((cron,), zone), (cron,), None, zone, start, end)


def _read_timetable(
    call: Call, zone: tzinfo, start: datetime | None, end: datetime | None
) -> Schedule:
    """Read Airflow's own timetables; others are told by their Python only."""
    name = call.function.rpartition(".")[2]
    zone = _zone(call.kwargs.get("timezone")) or zone
    first = call.args[0] if call.args else next(iter(call.kwargs.values()), None)
    if name == "AssetOrTimeSchedule":
        inner = _read(call.kwargs.get("timetable"), zone, start, end)
        condition = asset_condition(call.kwargs.get("assets")) or "an asset"
        words = f"{inner.words}, and when {condition} is updated"
        return Schedule(words, inner.crons, inner.every, inner.zone, start, end)
    if name in ("CronTriggerTimetable", "CronDataIntervalTimetable"):
        cron = call.kwargs.get("cron", first)
        return _read_text(cron, zone, start, end) if isinstance(cron, str) else _told(call)
    if name == "MultipleCronTriggerTimetable":
        crons = tuple(CRON_PRESETS.get(each, each) for each in call.args if isinstance(each, str))
        return Schedule(_cron_words(crons, zone), crons, None, zone, start, end)
    if name in ("DeltaTriggerTimetable", "DeltaDataIntervalTimetable"):
        return _read(call.kwargs.get("delta", first), zone, start, end)
    return _told(call)


def _told(call: Call) -> Schedule:
    return Schedule(text(call))


def asset_condition(value: Value) -> str:
    """Word assets and conditions on them: `s3://a and (s3://b or s3://c)`; "" if it is none."""
    if is_asset(value):
        return asset_name(value)
    if isinstance(value, list | tuple) and value:
        parts = [asset_condition(each) for each in value]
        return " and ".join(parts) if all(parts) else ""
    if isinstance(value, Call):
        name = value.function.rpartition(".")[2]
        words = {"or_": " or ", "AssetAny": " or ", "and_": " and ", "AssetAll": " and "}
        parts = [asset_condition(each) for each in value.args]
        if name in words and parts and all(parts):
            return f"({words[name].join(parts)})" if len(parts) > 1 else parts[0]
    return ""


def is_asset(value: Value) -> bool:
    """Tell whether a value is an asset (or a dataset, as Airflow 2 calls it)."""
    return isinstance(value, Call) and value.function.rpartition(".")[2] in _ASSETS


def asset_name(value: Value) -> str:
    """Name an asset: by its name, or by its URI."""
    if not isinstance(value, Call):
        return ""
    named = value.kwargs.get("name") or (value.args[0] if value.args else value.kwargs.get("uri"))
    return named if isinstance(named, str) else text(value)


def _cron_words(crons: tuple[str, ...], zone: tzinfo) -> str:
    from cron_descriptor import ExpressionDescriptor, Options
    from cron_descriptor.Exception import FormatError

    options = Options(use_24hour_time_format=True, locale_code="en_US")
    told = []
    for cron in crons:
        try:
            told.append(ExpressionDescriptor(cron, options).get_full_description())
        except (FormatError, IndexError, ValueError):
            told.append(cron)
    name = "" if zone is UTC else f" ({zone})"
    return " and ".join(told) + name


def _duration(length: timedelta) -> str:
    seconds = length.total_seconds()
    for unit, size in _UNITS:
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return unit if count == 1 else f"{count} {unit}s"
    return f"{seconds} seconds"


def _moment(value: Value) -> tuple[datetime | None, tzinfo | None]:
    """Read `datetime(2026, 1, 1, tzinfo=…)` and pendulum's; in UTC, with its time zone."""
    if not isinstance(value, Call) or value.function.rpartition(".")[2] != "datetime":
        return None, None
    zone = _zone(value.kwargs.get("tzinfo", value.kwargs.get("tz"))) or UTC
    numbers = [each for each in value.args if isinstance(each, int)]
    named = {k: v for k, v in value.kwargs.items() if isinstance(v, int)}
    try:
        return datetime(*numbers, **named, tzinfo=zone).astimezone(UTC), zone  # type: ignore[arg-type,misc]
    except (TypeError, ValueError, OverflowError):
        return None, zone


def _zone(value: Value) -> tzinfo | None:
    if isinstance(value, Ref):
        return UTC if value.dotted.lower().endswith("utc") else None
    if isinstance(value, Call) and value.args:
        return _zone(value.args[0])
    if not isinstance(value, str):
        return None
    try:
        return UTC if value.upper() == "UTC" else ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        return None
