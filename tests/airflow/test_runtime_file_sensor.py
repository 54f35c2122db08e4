"""ValidatedFileSensor in real Airflow: too small, too old, absent, right; in its three modes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

CONTENT = "id,name\n1,Ada\n2,Grace\n"
RULES: dict[str, Any] = {
    "min_file_size": len(CONTENT),
    "max_age": timedelta(hours=1),
    "min_rows": 2,
    "pattern": r"orders_\d+\.csv",
}


def absent(path: Path) -> None:
    pass


def right(path: Path) -> None:
    path.write_text(CONTENT, encoding="utf-8")


def too_small(path: Path) -> None:
    path.write_text(CONTENT[:-1], encoding="utf-8")


def too_old(path: Path) -> None:
    right(path)
    os.utime(path, (time.time() - 3700,) * 2)


def too_few_rows(path: Path) -> None:
    path.write_text("id,name\n1," + "A" * 50 + "\n", encoding="utf-8")


def wrong_name(path: Path) -> None:
    right(path.with_name("orders_x.csv"))


def not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe" * 50)


STATES: dict[Callable[[Path], None], bool] = {
    absent: False,
    right: True,
    too_small: False,
    too_old: False,
    too_few_rows: False,
    wrong_name: False,
    not_text: False,
}


@pytest.fixture
def sensor(runtime_package: Any) -> Callable[..., Any]:
    from daggen_runtime.validated_file_sensor import ValidatedFileSensor

    def make(filepath: Path, **arguments: Any) -> Any:
        arguments = {"timeout": 0, "poke_interval": 1, **RULES, **arguments}
        return ValidatedFileSensor(task_id="wait", filepath=str(filepath), **arguments)

    return make


@pytest.fixture
def run(run_states: Any) -> Callable[[Any], str]:
    """Run an operator as the only task of a DAG and return the state it ends in."""

    def outcome(operator: Any) -> str:
        from airflow.sdk import DAG

        with DAG(f"sensor_{id(operator)}", schedule=None) as dag:
            dag.add_task(operator)
        return str(run_states(dag)["wait"])

    return outcome


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("recursive", [False, True])
def test_poke(state: Any, recursive: bool, tmp_path: Path, sensor: Any) -> None:
    path = tmp_path / "orders_1.csv"
    state(path)
    looked_at = tmp_path / "**" / "*.csv" if recursive else tmp_path / "*.csv"
    assert sensor(looked_at, recursive=recursive).poke({}) is STATES[state]


def test_a_directory_is_searched(tmp_path: Path, sensor: Any) -> None:
    (tmp_path / "in").mkdir()
    wait = sensor(tmp_path / "in")
    assert wait.poke({}) is False
    too_old(tmp_path / "in" / "orders_1.csv")
    assert wait.poke({}) is False
    right(tmp_path / "in" / "orders_2.csv")
    assert wait.poke({}) is True


@pytest.mark.parametrize("state", [absent, too_small, too_old, right], ids=lambda s: s.__name__)
@pytest.mark.parametrize("mode", ["poke", "reschedule"])
def test_a_run_succeeds_only_with_a_right_file(
    state: Any, mode: str, tmp_path: Path, sensor: Any, run: Any
) -> None:
    path = tmp_path / "orders_1.csv"
    state(path)
    assert run(sensor(path, mode=mode)) == ("success" if STATES[state] else "failed")


def test_a_relative_path_is_below_the_connection(
    tmp_path: Path, sensor: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_DROP", f"fs://?path={tmp_path}")
    right(tmp_path / "orders_1.csv")
    assert run(sensor(Path("orders_1.csv"), fs_conn_id="drop")) == "success"
    assert run(sensor(Path("orders_2.csv"), fs_conn_id="drop")) == "failed"


def test_deferred_it_waits_for_an_absent_file(tmp_path: Path, sensor: Any) -> None:
    from airflow.sdk.exceptions import TaskDeferred

    path = tmp_path / "orders_1.csv"
    with pytest.raises(TaskDeferred) as deferred:
        sensor(path, deferrable=True, timeout=60).execute({})
    assert deferred.value.trigger.serialize() == (
        "airflow.providers.standard.triggers.file.FileTrigger",
        {"filepath": str(path), "recursive": False, "poke_interval": 1},
    )


def test_deferred_it_pauses_while_a_file_is_not_valid(tmp_path: Path, sensor: Any) -> None:
    from airflow.sdk.exceptions import AirflowSensorTimeout, TaskDeferred

    path = tmp_path / "orders_1.csv"
    too_small(path)
    wait = sensor(path, deferrable=True, timeout=60)
    with pytest.raises(TaskDeferred) as first:
        wait.execute({})
    assert "TimeDeltaTrigger" in first.value.trigger.serialize()[0] or (
        "DateTimeTrigger" in first.value.trigger.serialize()[0]
    )
    with pytest.raises(TaskDeferred) as second:
        wait.execute_complete({}, event=True, **first.value.kwargs)
    assert second.value.kwargs == first.value.kwargs, "the deadline is that of the first deferral"
    with pytest.raises(AirflowSensorTimeout):
        wait.execute_complete({}, event=True, deadline=time.time() - 1)
    right(path)
    wait.execute_complete({}, event=True, **second.value.kwargs)


def test_a_deferrable_run_ends_when_the_file_becomes_valid(
    tmp_path: Path, sensor: Any, run: Any
) -> None:
    import threading

    path = tmp_path / "orders_1.csv"
    too_small(path)
    repair = threading.Timer(2, right, [path])
    repair.start()
    assert run(sensor(path, deferrable=True, timeout=60)) == "success"
    repair.join()
