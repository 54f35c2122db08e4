"""The circuit breaker in real Airflow: its states, its Variables, and instances that race."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

RECOVERY = timedelta(minutes=5)
PATIENCE = 600
"""Seconds after which a process is given up: it is stuck, and not only slow."""


class Clock:
    """The breaker's idea of now, which a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Service:
    """A system that tasks call; it counts the calls and fails when told to."""

    def __init__(self) -> None:
        self.healthy = True
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if not self.healthy:
            raise ConnectionError("the service is down")
        return "answer"


@pytest.fixture
def module(runtime_package: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    from daggen_runtime import circuit_breaker

    monkeypatch.setattr(circuit_breaker, "SETTLE_SECONDS", 0.01)
    return circuit_breaker


@pytest.fixture
def clock(module: Any, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "_now", clock)
    return clock


@pytest.fixture
def run(
    module: Any, run_dag: Any, request: pytest.FixtureRequest
) -> Callable[..., tuple[str, int]]:
    """Run a task behind the circuit; returns its state and the number of tries."""
    from airflow.sdk import DAG

    def outcome(service: Service, circuit: str, **arguments: Any) -> tuple[str, int]:
        with DAG(f"breaker_{circuit}", schedule=None) as dag:
            module.CircuitBreakerOperator(
                task_id="call",
                circuit=circuit,
                failure_threshold=2,
                recovery_timeout=RECOVERY,
                python_callable=service,
                **arguments,
            )
        (instance,) = run_dag(dag, logical_date=None).get_task_instances()
        return str(instance.state), instance.try_number

    return outcome


def stored(circuit: str) -> dict[str, Any]:
    from airflow.models import Variable

    return dict(json.loads(Variable.get(f"circuit_breaker.{circuit}")))


def test_all_states_in_runs_of_a_dag(run: Any, clock: Clock) -> None:
    service = Service()
    assert run(service, "states") == ("success", 1)

    service.healthy = False
    assert run(service, "states") == ("failed", 1)
    assert (stored("states")["state"], stored("states")["failures"]) == ("closed", 1)
    assert run(service, "states") == ("failed", 1)
    assert stored("states")["state"] == "open"
    assert stored("states")["opened_at"] == "2026-01-01T00:00:00+00:00"

    calls = service.calls
    assert run(service, "states", retries=3) == ("failed", 1), "an open circuit uses no retries"
    assert run(service, "states", when_open="skip") == ("skipped", 1)
    assert service.calls == calls, "an open circuit does not call"

    clock.forward(RECOVERY.total_seconds())
    assert run(service, "states") == ("failed", 1)
    assert service.calls == calls + 1, "half-open: one probe"
    assert stored("states")["state"] == "open"
    assert stored("states")["opened_at"] == "2026-01-01T00:05:00+00:00"

    service.healthy = True
    clock.forward(RECOVERY.total_seconds() - 1)
    assert run(service, "states") == ("failed", 1), "not yet"
    clock.forward(1)
    assert run(service, "states") == ("success", 1)
    assert stored("states") == {
        "state": "closed",
        "failures": 0,
        "opened_at": None,
        "probe": None,
        "probe_until": None,
    }


def test_a_success_forgets_earlier_failures(run: Any, clock: Clock) -> None:
    service = Service()
    for _ in range(3):
        service.healthy = False
        run(service, "alternating")
        service.healthy = True
        assert run(service, "alternating") == ("success", 1)
    assert stored("alternating")["state"] == "closed"


def test_without_a_name_a_task_has_its_own_circuit(module: Any, run_dag: Any, clock: Clock) -> None:
    from airflow.sdk import DAG

    service = Service()
    service.healthy = False
    with DAG("breaker_own", schedule=None) as dag:
        module.CircuitBreakerOperator(task_id="call", python_callable=service)
    run_dag(dag, logical_date=None)
    assert stored("breaker_own.call")["failures"] == 1


def test_skipping_and_deferring_are_no_failures(module: Any, clock: Clock) -> None:
    from airflow.sdk.exceptions import (
        AirflowRescheduleException,
        AirflowSkipException,
        TaskDeferred,
    )

    breaker = in_memory(module)("quiet", failure_threshold=1)
    for harmless in (
        AirflowSkipException(),
        AirflowRescheduleException(clock.now),
        TaskDeferred(trigger=None, method_name="x"),
    ):
        with pytest.raises(type(harmless)):
            breaker.call(raising(harmless), "me")
    assert breaker.state() == module.State()


def test_a_branch_that_was_chosen_is_a_success(module: Any, run_states: Any, clock: Clock) -> None:
    from airflow.models import Variable
    from airflow.providers.standard.operators.empty import EmptyOperator
    from airflow.providers.standard.operators.python import BranchPythonOperator
    from airflow.sdk import DAG

    class GuardedBranch(module.CircuitBreakerMixin, BranchPythonOperator):  # type: ignore[misc]
        """BranchPythonOperator behind a circuit."""

    Variable.set("circuit_breaker.branch", json.dumps({"state": "closed", "failures": 1}))
    with DAG("breaker_branch", schedule=None) as dag:
        choose = GuardedBranch(
            task_id="choose", circuit="branch", failure_threshold=2, python_callable=lambda: "left"
        )
        choose >> [EmptyOperator(task_id="left"), EmptyOperator(task_id="right")]
    assert run_states(dag, logical_date=None) == {
        "choose": "success",
        "left": "success",
        "right": "skipped",
    }
    assert (stored("branch")["state"], stored("branch")["failures"]) == ("closed", 0)


def test_any_operator_can_be_put_behind_a_circuit(module: Any, run_dag: Any, clock: Clock) -> None:
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.sdk import DAG

    class GuardedBashOperator(module.CircuitBreakerMixin, BashOperator):  # type: ignore[misc]
        """BashOperator behind a circuit."""

    with DAG("breaker_bash", schedule=None) as dag:
        GuardedBashOperator(
            task_id="call", bash_command="exit 1", circuit="bash", failure_threshold=1
        )
    run_dag(dag, logical_date=None)
    assert stored("bash")["state"] == "open"


def test_a_late_result_of_an_old_call_changes_nothing(module: Any, clock: Clock) -> None:
    breaker = in_memory(module)("late", failure_threshold=1, recovery_timeout=RECOVERY)
    breaker.enter("slow")
    breaker.failed("other")
    opened = breaker.state()
    breaker.succeeded("slow")
    breaker.failed("slow")
    assert breaker.state() == opened


def test_a_state_that_is_not_legible_counts_as_closed(module: Any) -> None:
    breaker = in_memory(module)("edited")
    for nonsense in ("{", "[]", '{"colour": "red"}'):
        breaker._set("circuit_breaker.edited", nonsense)
        assert breaker.call(lambda: "done", "me") == "done"


def test_what_cannot_be_noted_changes_no_outcome(module: Any) -> None:
    class ReadOnly(in_memory(module)):  # type: ignore[misc]
        def _set(self, key: str, value: str) -> None:
            raise PermissionError(key)

    breaker = ReadOnly("mute", failure_threshold=2)
    assert breaker.call(lambda: "done", "me") == "done"
    with pytest.raises(ConnectionError):
        breaker.call(raising(ConnectionError()), "me")


def test_a_probe_that_never_answers_is_replaced(module: Any, clock: Clock) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    breaker = in_memory(module)(
        "lost", failure_threshold=1, recovery_timeout=RECOVERY, probe_timeout=timedelta(seconds=60)
    )
    breaker.failed("first")
    clock.forward(RECOVERY.total_seconds())
    breaker.enter("lost probe")
    clock.forward(59)
    with pytest.raises(AirflowFailException, match="half_open"):
        breaker.enter("second")
    clock.forward(1)
    breaker.enter("second")
    assert breaker.state().probe == "second"
    breaker.enter("second")


def test_many_instances_that_fail_together_are_all_counted(module: Any) -> None:
    breaker = in_memory(module)("crowd", failure_threshold=100)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(breaker.failed, [f"instance {index}" for index in range(12)]))
    assert breaker.state().failures == 12


def test_of_many_instances_exactly_one_probes(module: Any) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    breaker = in_memory(module)("probe", failure_threshold=1, recovery_timeout=timedelta(0))
    breaker.failed("first")
    breaker.probe_timeout = RECOVERY
    together = threading.Barrier(12)

    def enter(owner: str) -> int:
        together.wait()
        try:
            breaker.enter(owner)
        except AirflowFailException:
            return 0
        return 1

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(enter, [f"instance {index}" for index in range(12)])) == 1


RACE = """
import pathlib, sys, time
sys.path.insert(0, sys.argv[1])
from airflow.sdk import DAG
from daggen_runtime.circuit_breaker import CircuitBreakerOperator

me, meeting = sys.argv[2], pathlib.Path(sys.argv[3])

def call():
    (meeting / f"called_{me}").touch()
    while not (count("left_*") or count("called_*") == 2):
        time.sleep(0.01)

def count(pattern):
    return len(list(meeting.glob(pattern)))

def meet():
    (meeting / f"ready_{me}").touch()
    while count("ready_*") < 2:
        time.sleep(0.01)

class Racer(CircuitBreakerOperator):
    def execute(self, context):
        meet()
        try:
            return super().execute(context)
        finally:
            (meeting / f"left_{me}").touch()

with DAG("race_" + me, schedule=None) as dag:
    Racer(task_id="call", circuit="race", when_open="skip", python_callable=call)

from airflow.dag_processing.bundles.manager import DagBundlesManager
from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

DagBundlesManager().sync_bundles_to_db()
bag = DagBag(str(meeting))
bag.bag_dag(dag)
sync_bag_to_db(bag, "dags-folder", None)
(instance,) = dag.test(logical_date=None).get_task_instances()
print("state:", instance.state)
"""


def test_two_processes_race_for_the_probe_over_the_metadata_database(
    runtime_package: Path, airflow_home: Path, tmp_path: Path
) -> None:
    from airflow.models import Variable

    opened = {"state": "open", "failures": 5, "opened_at": "2026-01-01T00:00:00+00:00"}
    Variable.set("circuit_breaker.race", json.dumps(opened))
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(runtime_package), name, str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("left", "right")
    ]
    outputs = [racer.communicate(timeout=PATIENCE) for racer in racers]
    ends = sorted(
        line for out, _ in outputs for line in out.splitlines() if line.startswith("state:")
    )
    assert ends == ["state: skipped", "state: success"], outputs
    assert len(list(tmp_path.glob("called_*"))) == 1
    assert stored("race")["state"] == "closed"


def in_memory(module: Any) -> Any:
    """Make the breaker's class with Variables in memory, as slow as a real round trip."""
    store: dict[str, str] = {}

    class InMemory(module.CircuitBreaker):  # type: ignore[misc]
        def _get(self, key: str) -> str | None:
            time.sleep(0.0005)
            return store.get(key)

        def _set(self, key: str, value: str) -> None:
            time.sleep(0.0005)
            store[key] = value

    return InMemory


def raising(error: BaseException) -> Callable[[], None]:
    def function() -> None:
        raise error

    return function


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"failure_threshold": 0}, "at least 1"), ({"when_open": "wait"}, "'wait'")],
)
def test_wrong_arguments(module: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        module.CircuitBreaker("x", **arguments)
