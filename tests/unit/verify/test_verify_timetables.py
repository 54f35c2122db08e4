"""Which timetable follows from a schedule as it stands in a file."""

from __future__ import annotations

from typing import Any

import pytest

from daggen.airflow.verify.timetables import Expected, expected_timetable
from daggen.code.reader import read_file

CRON = ("CronTriggerTimetable", "CronDataIntervalTimetable")
DELTA = ("DeltaTriggerTimetable", "DeltaDataIntervalTimetable")
ASSET = ("AssetTriggeredTimetable", "DatasetTriggeredTimetable")


def expected(arguments: str) -> Expected | None:
    source = f"""
import os
from datetime import timedelta
from airflow.sdk import (
    DAG, Asset, AssetOrTimeSchedule, CronTriggerTimetable, DeltaTriggerTimetable,
    MultipleCronTriggerTimetable,
)
with DAG("d", {arguments}):
    pass
"""
    (graph,) = read_file(source, "d.py").dags
    return expected_timetable(graph.arguments)


@pytest.mark.parametrize(
    ("schedule", "kinds", "details"),
    [
        ("None", ("NullTimetable",), {}),
        ('"@once"', ("OnceTimetable",), {}),
        ('"@continuous"', ("ContinuousTimetable",), {}),
        ('"@hourly"', CRON, {"expression": "0 * * * *"}),
        ('"5 4 * * *"', CRON, {"expression": "5 4 * * *"}),
        ("timedelta(minutes=5)", DELTA, {"delta": 300.0}),
        ("timedelta(1)", DELTA, {"delta": 86400.0}),
        ('timedelta(minutes=int(os.environ["M"]))', DELTA, {}),
        ('[Asset("a")]', ASSET, {}),
        ('Asset("a") | Asset("b")', ASSET, {}),
        (
            'CronTriggerTimetable("@daily", timezone="UTC")',
            CRON[:1],
            {"expression": "0 0 * * *"},
        ),
        (
            'CronTriggerTimetable(timezone="UTC", cron="1 2 * * *")',
            CRON[:1],
            {"expression": "1 2 * * *"},
        ),
        ("DeltaTriggerTimetable(timedelta(hours=1))", DELTA[:1], {"delta": 3600.0}),
        (
            'MultipleCronTriggerTimetable("@daily", "@hourly", timezone="UTC")',
            ("MultipleCronTriggerTimetable",),
            {},
        ),
    ],
)
def test_a_schedule_has_its_timetable(
    schedule: str, kinds: tuple[str, ...], details: dict[str, Any]
) -> None:
    assert expected(f"schedule={schedule}") == Expected(kinds, details)


@pytest.mark.parametrize(
    "arguments",
    ['schedule=os.environ["CRON"]', "schedule=make()", 'schedule_interval="@daily"'],
)
def test_what_cannot_be_told_is_left_open(arguments: str) -> None:
    assert expected(arguments) is None


def test_no_schedule_is_none_or_in_airflow_2_a_day() -> None:
    assert expected("catchup=False") == Expected(("NullTimetable", "DeltaDataIntervalTimetable"))
