"""Paths of Airflow's names on each targeted version."""

import pytest

from daggen.code import airflow_names
from daggen.code.airflow_names import available, canonical, current_path


@pytest.mark.parametrize(
    ("dotted", "airflow", "expected"),
    [
        ("airflow.sdk.DAG", (2, 11), "airflow.DAG"),
        ("airflow.sdk.DAG", (3, 0), "airflow.sdk.DAG"),
        ("airflow.models.dag.DAG", (3, 3), "airflow.sdk.DAG"),
        ("airflow.utils.task_group.TaskGroup", (3, 3), "airflow.sdk.TaskGroup"),
        ("airflow.sdk.TaskGroup", (2, 11), "airflow.utils.task_group.TaskGroup"),
        ("airflow.sdk.BaseHook", (3, 0), "airflow.hooks.base.BaseHook"),
        ("airflow.hooks.base.BaseHook", (3, 1), "airflow.sdk.BaseHook"),
        ("airflow.sdk.Asset", (2, 11), "airflow.datasets.Dataset"),
        ("airflow.datasets.Dataset", (3, 3), "airflow.sdk.Asset"),
        (
            "airflow.sdk.AssetOrTimeSchedule",
            (3, 1),
            "airflow.timetables.assets.AssetOrTimeSchedule",
        ),
        (
            "airflow.sdk.CronTriggerTimetable",
            (3, 1),
            "airflow.timetables.trigger.CronTriggerTimetable",
        ),
        (
            "airflow.exceptions.AirflowSkipException",
            (3, 2),
            "airflow.sdk.exceptions.AirflowSkipException",
        ),
        (
            "airflow.operators.bash.BashOperator",
            (2, 11),
            "airflow.providers.standard.operators.bash.BashOperator",
        ),
        (
            "airflow.operators.dummy.DummyOperator",
            (3, 3),
            "airflow.providers.standard.operators.empty.EmptyOperator",
        ),
        ("airflow.operators.python.get_current_context", (3, 3), "airflow.sdk.get_current_context"),
        ("techcorp.etl.extract_data", (3, 3), "techcorp.etl.extract_data"),
    ],
)
def test_current_path(dotted: str, airflow: tuple[int, int], expected: str) -> None:
    assert current_path(dotted, airflow) == expected


@pytest.mark.parametrize(
    ("dotted", "airflow", "expected"),
    [
        ("airflow.sdk.DAG", (2, 11), True),
        ("airflow.sdk.DeadlineAlert", (3, 0), False),
        ("airflow.sdk.DeadlineAlert", (3, 1), True),
        ("airflow.sdk.result", (3, 2), False),
        ("airflow.providers.standard.operators.hitl.HITLOperator", (2, 11), False),
        ("airflow.sdk.SomethingNew", (2, 11), False),
        ("techcorp.etl.extract_data", (2, 11), True),
    ],
)
def test_available(dotted: str, airflow: tuple[int, int], expected: bool) -> None:
    assert available(dotted, airflow) is expected


def test_canonical_names_are_fixed_points() -> None:
    for name in airflow_names._HISTORY:
        assert canonical(name) == name
        for airflow in ((2, 11), (3, 0), (3, 1), (3, 2), (3, 3)):
            assert canonical(current_path(name, airflow)) == name
