"""A circuit breaker for tasks: stop calling a system that keeps failing, and try it again later.

A circuit is *closed* while calls succeed. After `failure_threshold` failures in a row it *opens*:
tasks fail (or are skipped) at once, without calling and without using up their retries. When
`recovery_timeout` has passed it is *half-open*: exactly one task instance, the probe, makes the
call. If that succeeds the circuit closes, otherwise it opens for another `recovery_timeout`.

The state of a circuit is the Airflow Variable `circuit_breaker.NAME`, so it outlives task
instances and tasks, DAGs and workers can share it. Variables cannot be changed conditionally;
changes are therefore made under a lease, the Variable `circuit_breaker.NAME.lease`, taken with
Fischer's algorithm: write your name, wait, go on if it still is yours. This holds as long as
writing a Variable takes less than `SETTLE_SECONDS`, and the clocks of the workers differ by less
than the timeouts. Beyond that, a failure may be counted twice or not at all, or two probes start.
"""

from __future__ import annotations

import inspect
import json
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from airflow.providers.common.compat.sdk import (
    AirflowFailException,
    AirflowSkipException,
    AirflowTaskTimeout,
    BaseOperator,
    Variable,
)
from airflow.providers.standard.operators.python import PythonOperator

log = logging.getLogger(__name__)

SETTLE_SECONDS = 0.5
LEASE_TIME = timedelta(seconds=30)
# The keyword of Airflow 3, and that of Airflow 2: each fails in the other.
_ABSENT: dict[str, Any] = (
    {"default": None}
    if "default" in inspect.signature(Variable.get).parameters
    else {"default_var": None}
)

# What operators raise to tell Airflow something. By name: which there are depends on its version.
_SUCCESSES = frozenset({"DownstreamTasksSkipped"})
_NO_OUTCOMES = frozenset(
    {"AirflowSkipException", "AirflowRescheduleException", "DagRunTriggerException"}
)


@dataclass(frozen=True)
class State:
    """What a circuit remembers. Times are UTC in ISO format; `probe` names the instance probing."""

    state: Literal["closed", "open", "half_open"] = "closed"
    failures: int = 0
    opened_at: str | None = None
    probe: str | None = None
    probe_until: str | None = None


class CircuitBreaker:
    """The circuit `name`: asks and tells its state in Airflow Variables.

    `probe_timeout` is how long a probe may take before another instance takes its place; by
    default as long as `recovery_timeout`.
    """

    def __init__(
        self,
        name: str,
        *,
        failure_threshold: int = 5,
        recovery_timeout: timedelta = timedelta(minutes=5),
        probe_timeout: timedelta | None = None,
        when_open: Literal["fail", "skip"] = "fail",
    ) -> None:
        if failure_threshold < 1:
            raise ValueError("failure_threshold must be at least 1")
        if when_open not in ("fail", "skip"):
            raise ValueError(f'when_open is "fail" or "skip", not {when_open!r}')
        self.name = name
        self.failure_threshold = failure_threshold
        self.recovery_timeout = recovery_timeout
        self.probe_timeout = probe_timeout or recovery_timeout
        self.when_open = when_open

    def call(self, function: Callable[[], Any], owner: str) -> Any:
        """Call a function if the circuit lets it pass, and note how that went.

        Raises AirflowFailException or AirflowSkipException (`when_open`) if it does not pass.
        Skipping, deferring and rescheduling are no failures; choosing a branch is a success.
        """
        self.enter(owner)
        try:
            result = function()
        except (Exception, AirflowTaskTimeout) as error:
            if outcome := self._outcome(error):
                self._note(outcome, owner)
            raise
        self._note(self.succeeded, owner)
        return result

    def enter(self, owner: str) -> None:
        """Let the caller pass, as the probe if need be; raises what `when_open` says otherwise."""
        state = self.state()
        if state.state == "closed" or state.probe == owner:
            return
        if self._may_probe(state):
            with self._lease(owner):
                state = self.state()
                if state.state == "closed":
                    return
                if self._may_probe(state):
                    until = _now() + self.probe_timeout
                    self._change(state="half_open", probe=owner, probe_until=until.isoformat())
                    return
        refusal = AirflowSkipException if self.when_open == "skip" else AirflowFailException
        raise refusal(f"Circuit {self.name!r} is {state.state} since {state.opened_at}: not called")

    def failed(self, owner: str) -> None:
        """Note a failure: open the circuit at the threshold, or if it was the probe's."""
        with self._lease(owner):
            state = self.state()
            failures = state.failures + 1
            if state.probe == owner or (
                state.state == "closed" and failures >= self.failure_threshold
            ):
                log.warning("Circuit %r opens after %d failures", self.name, failures)
                opened_at = _now().isoformat()
                self._write(State(state="open", failures=failures, opened_at=opened_at))
            elif state.state == "closed":
                self._change(failures=failures)

    def succeeded(self, owner: str) -> None:
        """Note a success: close the circuit if it was the probe's, forget earlier failures."""
        state = self.state()
        if state == State() or (state.state != "closed" and state.probe != owner):
            return
        with self._lease(owner):
            state = self.state()
            if state.state == "closed" or state.probe == owner:
                self._write(State())

    def state(self) -> State:
        """Read the circuit's state; one that nobody has written, or not legibly, is closed."""
        stored = self._get(self._key)
        try:
            return State(**json.loads(stored)) if stored else State()
        except (TypeError, ValueError):
            log.warning("The Variable %s is not legible: the circuit counts as closed", self._key)
            return State()

    def _outcome(self, error: BaseException) -> Callable[[str], None] | None:
        """Tell what an error says of the call; None where the call has no outcome yet."""
        names = {kind.__name__ for kind in type(error).__mro__}
        if names & _SUCCESSES:
            return self.succeeded
        return None if names & _NO_OUTCOMES else self.failed

    @staticmethod
    def _note(outcome: Callable[[str], None], owner: str) -> None:
        """Note an outcome; that this fails must change neither a result nor an error."""
        try:
            outcome(owner)
        except Exception:
            log.exception("Could not note the outcome of %s", owner)

    @property
    def _key(self) -> str:
        return f"circuit_breaker.{self.name}"

    def _may_probe(self, state: State) -> bool:
        if state.state == "open" and state.opened_at:
            return _now() >= datetime.fromisoformat(state.opened_at) + self.recovery_timeout
        if state.state == "half_open" and state.probe_until:
            return _now() >= datetime.fromisoformat(state.probe_until)
        return False

    def _change(self, **changes: Any) -> None:
        self._write(replace(self.state(), **changes))

    def _write(self, state: State) -> None:
        self._set(self._key, json.dumps(asdict(state)))

    @contextmanager
    def _lease(self, owner: str) -> Iterator[None]:
        """Hold the right to change the state; waits for others, whose leases end by themselves."""
        key = f"{self._key}.lease"
        while True:
            if self._is_free(self._get(key)):
                mine = json.dumps({"owner": owner, "until": (_now() + LEASE_TIME).isoformat()})
                self._set(key, mine)
                time.sleep(SETTLE_SECONDS)
                if self._get(key) == mine:
                    break
            time.sleep(random.uniform(0, SETTLE_SECONDS))  # noqa: S311 - only spreads the load
        try:
            yield
        finally:
            if self._get(key) == mine:
                self._set(key, "")

    @staticmethod
    def _is_free(lease: str | None) -> bool:
        return not lease or _now() >= datetime.fromisoformat(json.loads(lease)["until"])

    def _get(self, key: str) -> str | None:
        value = Variable.get(key, **_ABSENT)
        return None if value is None else str(value)

    def _set(self, key: str, value: str) -> None:
        Variable.set(key, value)


class CircuitBreakerMixin(BaseOperator):
    """Puts an operator's work behind a circuit; mix it into any operator class, before it.

    `circuit` names the circuit; by default the task has one of its own. Tasks that call the same
    system share its circuit by naming it.
    """

    def __init__(
        self,
        *,
        circuit: str | None = None,
        failure_threshold: int = 5,
        recovery_timeout: timedelta = timedelta(minutes=5),
        probe_timeout: timedelta | None = None,
        when_open: Literal["fail", "skip"] = "fail",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.circuit = circuit
        self.failure_threshold = failure_threshold
        self.recovery_timeout = recovery_timeout
        self.probe_timeout = probe_timeout
        self.when_open = when_open

    def execute(self, context: Any) -> Any:
        """Do the operator's work if the circuit lets it pass."""
        work: Any = super()
        return self._breaker().call(lambda: work.execute(context), _owner(context))

    def resume_execution(self, next_method: str, next_kwargs: Any, context: Any) -> Any:
        """Go on after a deferral: the same call still, so its end counts."""
        work: Any = super()
        return self._breaker().call(
            lambda: work.resume_execution(next_method, next_kwargs, context), _owner(context)
        )

    def _breaker(self) -> CircuitBreaker:
        return CircuitBreaker(
            self.circuit or f"{self.dag_id}.{self.task_id}",
            failure_threshold=self.failure_threshold,
            recovery_timeout=self.recovery_timeout,
            probe_timeout=self.probe_timeout,
            when_open=self.when_open,
        )


class CircuitBreakerOperator(CircuitBreakerMixin, PythonOperator):
    """Call a Python function behind a circuit breaker: PythonOperator with a circuit."""


def _owner(context: Any) -> str:
    """Name a try of a task instance; it keeps the name when it is deferred and resumed."""
    ti = context["ti"]
    return f"{ti.dag_id}.{ti.task_id}.{ti.run_id}.{ti.map_index}.{ti.try_number}"


def _now() -> datetime:
    return datetime.now(timezone.utc)  # noqa: UP017 - Airflow 2.11 runs on Python 3.9 too
