"""Checks the objects that a DAG builds: what their classes are certain to refuse.

Dates and durations of the standard library are built here, of literal arguments only: they are
pure. Those of pendulum are built as the ones of the standard library that they derive from.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from daggen.code.cron import is_timetable_cron, never_fires
from daggen.code.finding import Finding
from daggen.code.graph import Call, DagGraph, Value
from daggen.code.references import calls
from daggen.code.timezones import is_timezone
from daggen.diagnostics import Rule
from daggen.diagnostics.codes.callables import REFUSED_OBJECT
from daggen.diagnostics.codes.keys import BAD_SCHEDULE, BAD_TIMEZONE

_Wrong = tuple[Rule, str, str, tuple[str, ...]]
"""The rule, the message, the hint, and the words to look for."""
_BUILT: Mapping[str, tuple[Callable[..., Any], int]] = {
    # how it is built here, and how many of the positional arguments that takes
    "datetime.date": (datetime.date, 3),
    "datetime.datetime": (datetime.datetime, 7),
    "datetime.time": (datetime.time, 4),
    "datetime.timedelta": (datetime.timedelta, 7),
    "pendulum.date": (datetime.date, 3),
    "pendulum.datetime": (datetime.datetime, 7),
    "pendulum.duration": (datetime.timedelta, 7),
    "pendulum.time": (datetime.time, 4),
}
_NOT_BUILT = frozenset({"fold", "months", "raise_on_unknown_times", "tz", "tzinfo", "years"})
"""Arguments that are left out when an object is tried."""
_NO_EVENT_TRIGGERS = frozenset(
    f"airflow.providers.{each}"
    for each in (
        "http.triggers.http.HttpSensorTrigger",
        "http.triggers.http.HttpTrigger",
        "sftp.triggers.sftp.SFTPTrigger",
        "standard.triggers.external_task.DagStateTrigger",
        "standard.triggers.external_task.WorkflowTrigger",
        "standard.triggers.file.FileTrigger",
        "standard.triggers.hitl.HITLTrigger",
        "standard.triggers.temporal.DateTimeTrigger",
        "standard.triggers.temporal.TimeDeltaTrigger",
    )
)
"""Triggers that only serve deferred tasks, as each was tried."""


def check_built(graph: DagGraph) -> Iterator[Finding]:
    """Check the objects in all arguments of a DAG, its groups and its tasks, and its schedule."""
    schedule = graph.arguments.get("schedule")
    if isinstance(schedule, str) and never_fires(schedule):
        yield _finding(_never(schedule), None, "schedule")
    for task_id, arguments in _places(graph):
        for argument, value in arguments.items():
            for call in calls(value):
                for wrong in _check(call):
                    yield _finding(wrong, task_id, argument)


def _finding(wrong: _Wrong, task_id: str | None, argument: str) -> Finding:
    rule, message, hint, words = wrong
    return Finding(rule, message, hint, task_id, argument, words)


def _places(graph: DagGraph) -> Iterator[tuple[str | None, Mapping[str, Value]]]:
    yield None, graph.arguments
    for group in graph.groups.values():
        yield group.group_id, {**group.arguments, **group.expand}
    for task in graph.tasks.values():
        yield task.task_id, {**task.arguments, **task.expand}


def _check(call: Call) -> Iterator[_Wrong]:
    name = call.function.rpartition(".")[2]
    if call.function in _BUILT:
        yield from _try(call)
    elif call.function.startswith(("airflow.sdk.", "airflow.timetables.")) and name in _OF_AIRFLOW:
        yield from _OF_AIRFLOW[name](call)


def _try(call: Call) -> Iterator[_Wrong]:
    """Build a date or a duration of the literal arguments, to hear what Python says of it."""
    build, places = _BUILT[call.function]
    args = call.args[:places]
    kwargs = {key: value for key, value in call.kwargs.items() if key not in _NOT_BUILT}
    if all(isinstance(each, int | float | str | None) for each in (*args, *kwargs.values())):
        try:
            build(*args, **kwargs)
        except (OverflowError, TypeError, ValueError) as error:
            if "argument" not in str(error):
                name = call.function.rpartition(".")[2]
                message = f"{name}() cannot be built: {error}"
                yield REFUSED_OBJECT, message, "", (call.function,)
    if call.function == "pendulum.datetime":
        zone = call.kwargs.get("tz", call.args[7] if len(call.args) > 7 else None)
        yield from _zone(zone, ("local", "utc"))


def _zone(zone: Value, also: Sequence[str] = ("utc",)) -> Iterator[_Wrong]:
    if isinstance(zone, str) and not is_timezone(zone) and zone.lower() not in also:
        message = f'"{zone}" is no timezone of the IANA database'
        yield BAD_TIMEZONE, message, 'name it as in "Europe/Berlin", or "UTC"', (zone,)


def _cron_timetable(call: Call) -> Iterator[_Wrong]:
    """Check a timetable of one cron expression and a timezone."""
    texts = call.args[:1] or [
        call.kwargs[key] for key in ("cron", "expression") if key in call.kwargs
    ]
    yield from _crons(texts)
    yield from _zone(call.kwargs.get("timezone", call.args[1] if len(call.args) > 1 else None))


def _several_crons(call: Call) -> Iterator[_Wrong]:
    yield from _crons(call.args)
    yield from _zone(call.kwargs.get("timezone"))


def _crons(texts: Sequence[Value]) -> Iterator[_Wrong]:
    for text in texts:
        if isinstance(text, str) and not is_timetable_cron(text):
            message = f'"{text}" is no cron expression'
            yield BAD_SCHEDULE, message, 'write five fields, as in "0 6 * * *"', (text,)
        elif isinstance(text, str) and never_fires(text):
            yield _never(text)


def _never(text: str) -> _Wrong:
    message = f'"{text}" never comes: no year has such a day'
    return BAD_SCHEDULE, message, "mend the day or the month", (text,)


def _watcher(call: Call) -> Iterator[_Wrong]:
    trigger = call.kwargs.get("trigger", call.args[1] if len(call.args) > 1 else None)
    if isinstance(trigger, Call) and trigger.function in _NO_EVENT_TRIGGERS:
        name = trigger.function.rpartition(".")[2]
        message = f"{name} is no trigger for watchers of assets"
        hint = "take one that derives from BaseEventTrigger"
        yield REFUSED_OBJECT, message, hint, (trigger.function,)


def _retry_rule(call: Call) -> Iterator[_Wrong]:
    action = call.kwargs.get("action", call.args[1] if len(call.args) > 1 else None)
    if isinstance(action, str):
        message = f'"{action}" is no RetryAction'
        hint = f"write {{__ref__: airflow.sdk.RetryAction.{_member(action)}}}"
        yield REFUSED_OBJECT, message, hint, (action,)


def _member(action: str) -> str:
    name = action.rpartition(".")[2].upper()
    return name if name in ("DEFAULT", "FAIL", "RETRY") else "RETRY"


_OF_AIRFLOW: Mapping[str, Callable[[Call], Iterator[_Wrong]]] = {
    "AssetWatcher": _watcher,
    "CronDataIntervalTimetable": _cron_timetable,
    "CronPartitionTimetable": _cron_timetable,
    "CronTriggerTimetable": _cron_timetable,
    "MultipleCronTriggerTimetable": _several_crons,
    "RetryRule": _retry_rule,
}
