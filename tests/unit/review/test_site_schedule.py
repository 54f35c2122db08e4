"""When DAGs run, in words and in times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from daggen.code.graph import Call, DagGraph, Ref, Value
from daggen.review.site.schedule import read_schedule

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
LATER = MONDAY + timedelta(days=400)


def dag(schedule: Value, **arguments: Value) -> DagGraph:
    return DagGraph("d", arguments={"schedule": schedule, **arguments})


def start(year: int, month: int, day: int, zone: str = "UTC") -> Call:
    return Call("pendulum.datetime", (year, month, day), {"tz": zone})


def asset(name: str) -> Call:
    return Call("airflow.sdk.Asset", (name,))


def delta(**parts: Value) -> Call:
    return Call("datetime.timedelta", (), parts)


def times(state: DagGraph, count: int = 3) -> list[str]:
    runs = read_schedule(state).runs(MONDAY, LATER)
    return [time.strftime("%m-%d %H:%M") for time in islice(runs, count)]


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (None, "only by hand or by another DAG"),
        ("@once", "once"),
        ("@daily", "At 00:00"),
        ("*/15 6-8 * * 1-5", "Every 15 minutes, between 06:00 and 08:59, Monday through Friday"),
        (delta(hours=2), "every 2 hours"),
        (delta(days=1), "every day"),
        (delta(minutes=90), "every 90 minutes"),
        ([asset("a"), asset("b")], "when a and b is updated"),
        (Call("operator.or_", (asset("a"), asset("b"))), "when (a or b) is updated"),
        (
            Call(
                "airflow.sdk.AssetOrTimeSchedule",
                (),
                {
                    "timetable": Call(
                        "airflow.sdk.CronTriggerTimetable", ("0 1 * * *",), {"timezone": "UTC"}
                    ),
                    "assets": [asset("a")],
                },
            ),
            "At 01:00, and when a is updated",
        ),
        (Call("company.Lunar", (3,)), "Lunar(3)"),
        ("not a cron", "not a cron"),
    ],
)
def test_a_schedule_in_words(schedule: Value, words: str) -> None:
    assert read_schedule(dag(schedule)).words == words


def test_the_next_runs_of_a_cron() -> None:
    assert times(dag("@daily")) == ["03-02 00:00", "03-03 00:00", "03-04 00:00"]
    assert times(dag("30 6 * * 5")) == ["03-06 06:30", "03-13 06:30", "03-20 06:30"]


def test_a_cron_is_in_the_time_zone_of_the_start() -> None:
    state = dag("30 6 * * *", start_date=start(2026, 1, 1, "Europe/Berlin"))
    assert read_schedule(state).words == "At 06:30 (Europe/Berlin)"
    runs = list(read_schedule(state).runs(datetime(2026, 3, 28, tzinfo=UTC), LATER))[:3]
    assert [time.strftime("%m-%d %H:%M") for time in runs] == [
        "03-28 05:30",
        "03-29 04:30",
        "03-30 04:30",
    ]


def test_the_start_date_may_stand_in_default_args() -> None:
    state = dag("@daily", default_args={"start_date": start(2026, 3, 5)})
    assert times(state, 1) == ["03-05 00:00"]


def test_no_run_before_the_start_or_after_the_end() -> None:
    state = dag("@daily", start_date=start(2026, 3, 4), end_date=start(2026, 3, 5))
    assert times(state) == ["03-04 00:00", "03-05 00:00"]


def test_intervals_count_from_the_start() -> None:
    state = dag(
        delta(hours=5),
        start_date=Call(
            "datetime.datetime", (2026, 3, 1), {"tzinfo": Ref("datetime.timezone.utc")}
        ),
    )
    assert times(state) == ["03-02 01:00", "03-02 06:00", "03-02 11:00"]


def test_several_crons_are_told_in_order_without_repeats() -> None:
    timetable = Call(
        "airflow.timetables.trigger.MultipleCronTriggerTimetable",
        ("0 6 * * *", "0 */6 * * *"),
        {"timezone": "UTC"},
    )
    assert times(dag(timetable), 4) == ["03-02 00:00", "03-02 06:00", "03-02 12:00", "03-02 18:00"]


@pytest.mark.parametrize("schedule", [None, "@once", "@continuous", "nonsense", delta(days=0)])
def test_what_no_calendar_knows_has_no_runs(schedule: Value) -> None:
    assert times(dag(schedule)) == []
