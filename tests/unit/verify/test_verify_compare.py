"""What was read against what Airflow made of it: every kind of difference, and no false one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from daggen.airflow.verify.compare import differences
from daggen.code.reader import read_file

SOURCE = """\
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup

with DAG("d", schedule="@daily", default_args={"retries": 2}):
    start = EmptyOperator(task_id="start")
    with TaskGroup("outer"):
        with TaskGroup("inner"):
            work = BashOperator.partial(
                task_id="work",
                pool="warehouse",
            ).expand(bash_command=["a", "b"])
    end = EmptyOperator(task_id="end", trigger_rule="all_done", retries=0)
    start >> work >> end
"""


def _task(operator: str, **more: Any) -> dict[str, Any]:
    usual = {
        "operator": operator,
        "downstream": [],
        "group": None,
        "trigger_rule": "all_success",
        "pool": "default_pool",
        "retries": 2,
        "mapped": False,
    }
    return {**usual, **more}


WORK = "outer.inner.work"
REAL: dict[str, Any] = {
    "timetable": {
        "__type": "airflow.timetables.trigger.CronTriggerTimetable",
        "__var": {"expression": "0 0 * * *", "timezone": "UTC"},
    },
    "tasks": {
        "start": _task("EmptyOperator", downstream=[WORK]),
        WORK: _task(
            "BashOperator", downstream=["end"], group="outer.inner", pool="warehouse", mapped=True
        ),
        "end": _task("EmptyOperator", trigger_rule="all_done", retries=0),
    },
    "groups": {"outer": None, "outer.inner": "outer"},
}


def found(source: str, real: dict[str, Any]) -> list[tuple[str, int]]:
    (graph,) = read_file(source, "d.py").dags
    return list(differences(graph, real))


def test_equal_dags_have_no_difference() -> None:
    assert found(SOURCE, REAL) == []


def _set(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(real: dict[str, Any]) -> None:
        *parents, last = path
        for key in parents:
            real = real[key]
        real[last] = to

    return change


def _drop_task(real: dict[str, Any]) -> None:
    del real["tasks"]["end"]
    real["tasks"][WORK]["downstream"] = []


CHANGES: list[tuple[Callable[[dict[str, Any]], None], list[tuple[str, int]]]] = [
    (
        _set("tasks", "extra", to=_task("EmptyOperator")),
        [('task "extra" is in Airflow\'s DAG but not in the file', 5)],
    ),
    (
        _drop_task,
        [
            ('task "end" is not in Airflow\'s DAG', 13),
            (f"the dependency {WORK} → end is not in Airflow's DAG", 5),
        ],
    ),
    (
        _set("tasks", "start", "downstream", to=["end", WORK]),
        [("the dependency start → end is in Airflow's DAG but not in the file", 5)],
    ),
    (
        _set("groups", "policy", to=None),
        [('group "policy" is in Airflow\'s DAG but not in the file', 5)],
    ),
    (
        _set("groups", "outer.inner", to=None),
        [('group "outer.inner" is in group "outer", in Airflow in no group', 8)],
    ),
    (
        _set("tasks", "start", "group", to="outer"),
        [('task "start" is in no group, in Airflow in group "outer"', 6)],
    ),
    (
        _set("tasks", "start", "operator", to="BashOperator"),
        [('task "start": EmptyOperator, in Airflow BashOperator', 6)],
    ),
    (
        _set("tasks", WORK, "mapped", to=False),
        [(f'task "{WORK}" is not mapped in Airflow', 9)],
    ),
    (
        _set("tasks", "start", "mapped", to=True),
        [('task "start" is mapped in Airflow', 6)],
    ),
    (
        _set("tasks", WORK, "pool", to="slow"),
        [(f"task \"{WORK}\": pool 'warehouse', in Airflow 'slow'", 11)],
    ),
    (
        _set("tasks", "start", "pool", to="slow"),
        [("task \"start\": pool 'default_pool', in Airflow 'slow'", 6)],
    ),
    (
        _set("tasks", "start", "retries", to=5),
        [('task "start": retries 2, in Airflow 5', 6)],
    ),
    (
        _set("tasks", "end", "trigger_rule", to="always"),
        [("task \"end\": trigger_rule 'all_done', in Airflow 'always'", 13)],
    ),
    (
        _set("timetable", "__var", "expression", to="0 1 * * *"),
        [("schedule: expression '0 0 * * *', in Airflow '0 1 * * *'", 5)],
    ),
    (
        _set("timetable", to={"__type": "airflow.timetables.simple.NullTimetable", "__var": {}}),
        [
            ("schedule: expression '0 0 * * *', in Airflow None", 5),
            (
                "schedule: CronTriggerTimetable or CronDataIntervalTimetable,"
                " in Airflow NullTimetable",
                5,
            ),
        ],
    ),
]


@pytest.mark.parametrize(("change", "told"), CHANGES, ids=[told[0][0] for _, told in CHANGES])
def test_each_difference_is_told_with_its_line(
    change: Callable[[dict[str, Any]], None], told: list[tuple[str, int]]
) -> None:
    real = copy.deepcopy(REAL)
    change(real)
    assert found(SOURCE, real) == told


def test_airflows_own_retries_are_none() -> None:
    source = SOURCE.replace(', default_args={"retries": 2}', "")
    assert ('task "start": retries 0, in Airflow 2', 6) in found(source, REAL)


def test_retries_may_be_text() -> None:
    assert found(SOURCE.replace('"retries": 2', '"retries": "2"'), REAL) == []


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        # Tasks in a loop that nobody can follow: there may be more, and so may be edges.
        (
            '    start = EmptyOperator(task_id="start")',
            '    for n in len(__import__("os").environ) * [0]:\n'
            '        EmptyOperator(task_id="extra")\n'
            '    start = EmptyOperator(task_id="start")',
            _set("tasks", "extra", to=_task("EmptyOperator")),
        ),
        # A value that only running tells.
        (
            'pool="warehouse"',
            'pool=__import__("os").environ["POOL"]',
            _set("tasks", WORK, "pool", to="any"),
        ),
        (
            'schedule="@daily"',
            'schedule=__import__("os").environ["CRON"]',
            _set("timetable", "__var", "expression", to="0 1 * * *"),
        ),
        (
            'default_args={"retries": 2}',
            'default_args=__import__("json").loads("{}")',
            _set("tasks", "start", "retries", to=7),
        ),
    ],
)
def test_what_reading_cannot_tell_is_no_difference(
    before: str, after: str, change: Callable[[dict[str, Any]], None]
) -> None:
    real = copy.deepcopy(REAL)
    change(real)
    assert before in SOURCE
    assert found(SOURCE.replace(before, after), real) == []
