"""Schedules in all their forms: cron, presets, durations, assets, timetables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daggen.code.airflow_names import canonical
from daggen.code.cron import CRON_WORDS, is_cron
from daggen.code.presets import CRON_PRESETS
from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import BAD_SCHEDULE
from daggen.specs.document import Path
from daggen.specs.duration import parse_duration
from daggen.specs.model.assets import CONDITION_SCHEMAS, is_condition, read_condition
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.dates import TIMEZONE
from daggen.specs.model.durations import DELTA_SCHEMA, DURATION, DURATION_TEXTS
from daggen.specs.model.objects import is_marked, read_value
from daggen.specs.model.offsets import DELTA_UNITS, read_delta_mapping, read_duration
from daggen.specs.model.scalars import BOOL, Kind, either
from daggen.specs.model.shapes import ASSET_CONDITION, NULL, OBJECT, record, several
from daggen.specs.model.values import Build, Combine, Value, is_object

PRESETS = ("@once", "@continuous", *CRON_PRESETS)
CRON_TRIGGER = "airflow.sdk.CronTriggerTimetable"
ASSET_OR_TIME = "airflow.sdk.AssetOrTimeSchedule"
_PARTITIONED = "airflow.sdk.PartitionedAssetTimetable"
_TIMETABLE_KEYS = ("cron", "timezone", "interval", "run_immediately", "timetable", "assets")
_RUN_IMMEDIATELY = either(BOOL, DURATION, bool)
_MOMENTS = ("datetime.datetime", "datetime.date", "pendulum.datetime")
_FORMS = 'write a cron expression, a preset such as "@daily", a duration, assets, or null'


def _read_schedule(raw: Any, path: Path, context: Context) -> Value:
    if raw is None:
        return None
    if isinstance(raw, str):
        return _from_text(raw, path, context)
    if isinstance(raw, list):
        return _from_list(raw, path, context)
    if isinstance(raw, Mapping):
        return _from_mapping(raw, path, context)
    return context.report(BAD_SCHEDULE, path, f"{shown(raw)} is no schedule", hint=_FORMS)


def _from_text(raw: str, path: Path, context: Context) -> Value:
    if raw in PRESETS or is_cron(raw):
        return raw
    try:
        return parse_duration(raw)
    except ValueError:
        pass
    hint = suggest(raw, (*PRESETS, *CRON_WORDS)) or _FORMS
    if raw.strip().lower() in ("none", "null", "~", ""):
        hint = "write null, without quotes, for a DAG without a schedule"
    elif len(raw.split()) == 6:
        hint = "a cron expression has five fields; Airflow has no seconds"
    elif "://" in raw:
        hint = f'for a schedule by assets write a list: ["{raw}"]'
    return context.report(
        BAD_SCHEDULE, path, f"{shown(raw)} is no cron expression, preset or duration", hint=hint
    )


def _from_list(raw: list[Any], path: Path, context: Context) -> Value:
    if not raw:
        return context.report(
            BAD_SCHEDULE, path, "a list of no assets is no schedule", hint="write null"
        )
    items = [read_condition(item, (*path, i), context) for i, item in enumerate(raw)]
    return INVALID if INVALID in items else items


def _from_mapping(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    if is_condition(raw):
        return read_condition(raw, path, context)
    if is_marked(raw):
        return _from_object(raw, path, context)
    if "cron" in raw or "timetable" in raw:
        return _from_timetable(raw, path, context)
    if raw and all(unit in DELTA_UNITS for unit in raw):
        return read_delta_mapping(raw, path, context)
    known = ("any", "all", "cron", "timezone", "timetable", "assets", "__type__", *DELTA_UNITS)
    odd = next((key for key in raw if key not in known), None)
    if odd is None:
        return context.report(BAD_SCHEDULE, path, "this mapping is no schedule", hint=_FORMS)
    return context.report(
        BAD_SCHEDULE,
        (*path, odd),
        f"{shown(odd)} is no key of a schedule",
        hint=suggest(odd, known) or _FORMS,
        at_key=True,
    )


def _from_object(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    """Read a timetable by `__type__`; its `assets` may be URIs or a condition, as elsewhere."""
    assets = raw.get("assets")
    if not is_condition(assets) and not isinstance(assets, list):
        return _not_a_moment(read_value(raw, path, context), path, context)
    condition = _read_assets(assets, (*path, "assets"), context)
    rest = {key: item for key, item in raw.items() if key != "assets"}
    built = read_value(rest, path, context)
    if not isinstance(built, Build) or condition is INVALID:
        return INVALID
    if isinstance(condition, list) and canonical(built.type) == _PARTITIONED:
        condition = _all_of(condition)
    read = {**built.kwargs, "assets": condition}
    return replace(built, kwargs={name: read[name] for name in raw if name in read})


def _all_of(assets: list[Value]) -> Value:
    """Join assets by `&`, for a timetable that takes a condition only (as of Airflow 3.3.2)."""
    return assets[0] if len(assets) == 1 else Combine("&", tuple(assets))


def _read_assets(raw: Any, path: Path, context: Context) -> Value:
    read = _from_list if isinstance(raw, list) else read_condition
    return read(raw, path, context)


def _not_a_moment(value: Value, path: Path, context: Context) -> Value:
    if isinstance(value, Build) and value.type in _MOMENTS:
        message, hint = "a schedule is no point in time", "a DAG that runs once has @once"
        return context.report(BAD_SCHEDULE, path, message, hint=hint)
    return value


def _from_timetable(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    """Read `{cron, timezone}` or `{timetable}`; with `assets`, whichever comes first."""
    for key in raw:
        if key not in _TIMETABLE_KEYS:
            return context.report_key(BAD_SCHEDULE, (*path, key), "a timetable", _TIMETABLE_KEYS)
    timetable = _timetable(raw, path, context)
    if "assets" not in raw:
        return timetable
    condition = _read_assets(raw["assets"], (*path, "assets"), context)
    if INVALID in (timetable, condition):
        return INVALID
    return Build(ASSET_OR_TIME, (), {"timetable": timetable, "assets": condition})


def _read_timetable(raw: Any, path: Path, context: Context) -> Value:
    value = read_value(raw, path, context)
    if value is INVALID or is_object(value):
        return value
    beside = isinstance(raw, Mapping) and "cron" in raw
    hint = "write cron and timezone beside assets" if beside else "name its class: __type__"
    message = f"expected a timetable, found {shown(raw)}"
    return context.report(BAD_SCHEDULE, path, message, hint=hint)


def _timetable(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    if "cron" not in raw:
        return _read_timetable(raw["timetable"], (*path, "timetable"), context)
    if not (isinstance(raw["cron"], str) and is_cron(raw["cron"])):
        return context.report(
            BAD_SCHEDULE, (*path, "cron"), f"{shown(raw['cron'])} is no cron expression"
        )
    zone = context.timezone
    if "timezone" in raw:
        zone = TIMEZONE.read(raw["timezone"], (*path, "timezone"), context)
    kwargs = {"timezone": zone}
    if "interval" in raw:
        kwargs["interval"] = read_duration(raw["interval"], (*path, "interval"), context)
    if "run_immediately" in raw:
        place = (*path, "run_immediately")
        kwargs["run_immediately"] = _RUN_IMMEDIATELY.read(raw["run_immediately"], place, context)
    return INVALID if INVALID in kwargs.values() else Build(CRON_TRIGGER, (raw["cron"],), kwargs)


_ASSETS = {"anyOf": [ASSET_CONDITION, several(ASSET_CONDITION)]}
_CRON = {"type": "string", "examples": ["0 6 * * *", "@daily"]}
_ZONE = {"type": "string", "examples": ["UTC", "Europe/Berlin"]}

SCHEDULE = Kind(
    _read_schedule,
    {
        "anyOf": [
            NULL,
            {"enum": [*PRESETS, *CRON_WORDS], "description": "A preset"},
            {
                "type": "string",
                "pattern": r"^\s*\S+(\s+\S+){4}\s*$",
                "description": "Cron: minute, hour, day, month, weekday",
                "examples": ["30 6 * * 1-5"],
            },
            *DURATION_TEXTS,
            DELTA_SCHEMA,
            several(ASSET_CONDITION, "Assets: the DAG runs when all were updated"),
            *CONDITION_SCHEMAS,
            record(
                "Cron in a timezone; with assets, whichever comes first",
                {
                    "cron": _CRON,
                    "timezone": _ZONE,
                    "interval": DURATION.schema,
                    "run_immediately": _RUN_IMMEDIATELY.schema,
                    "assets": _ASSETS,
                },
                required=["cron"],
            ),
            record(
                "A timetable by __type__; with assets, whichever comes first",
                {"timetable": OBJECT, "assets": _ASSETS},
                required=["timetable"],
            ),
        ]
    },
)
