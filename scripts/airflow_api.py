"""What scripts and tests ask of a running Airflow, through its REST API."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

COMPONENTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")
PATIENCE = 300.0

_loopback = build_opener(ProxyHandler({}))


class AirflowApi:
    """The API of an Airflow on loopback in which everybody is an admin."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._token = ""

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """Send a request below /api/v2 and decode its JSON; raises urllib.error.HTTPError."""
        if not self._token:
            self._token = str(self._send("/auth/token", "GET", None)["access_token"])
        return self._send(f"/api/v2/{path}", method, body)

    def is_healthy(self) -> bool:
        """Tell whether every component has reported itself alive, and tasks would be answered."""
        try:
            health = self._send("/api/v2/monitor/health", "GET", None)
            self._send("/execution/health", "GET", None)
        except (URLError, OSError, ValueError):
            return False
        return all(health[name]["status"] == "healthy" for name in COMPONENTS)

    def wait_for_dag(self, dag_id: str) -> None:
        """Wait until the DAG processor has read a DAG; raises TimeoutError."""
        path = f"dags?dag_id_pattern={quote(dag_id)}"
        wait_until(
            lambda: any(dag["dag_id"] == dag_id for dag in self.ask(path)["dags"]),
            lambda: f"Airflow has not read {dag_id}: {self.ask('importErrors')}",
        )

    def trigger(self, dag_id: str) -> str:
        """Start a run without a logical date, unpause its DAG, and return the run's id."""
        self.wait_for_dag(dag_id)
        run = self.ask(f"dags/{dag_id}/dagRuns", "POST", {"logical_date": None})
        self.ask(f"dags/{dag_id}", "PATCH", {"is_paused": False})
        return str(run["dag_run_id"])

    def wait_for_run(self, dag_id: str, run_id: str) -> str:
        """Wait until a run has ended, or a task of it will be tried again, and return its state.

        The state is the run's, or "up_for_retry". Raises TimeoutError with the tasks' states.
        """
        states: list[str] = []

        def over() -> bool:
            run = self.ask(f"dags/{dag_id}/dagRuns/{quote(run_id)}")["state"]
            tasks = [task["state"] for task in self.task_instances(dag_id, run_id)]
            states[:] = [state for state in (run, *tasks) if state]
            return run in ("success", "failed") or "up_for_retry" in states

        wait_until(over, lambda: f"{dag_id} has not ended: {self._told(dag_id, run_id)}")
        return "up_for_retry" if "up_for_retry" in states else states[0]

    def task_instances(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Return the task instances of a run, with their states, pools and dates (ISO 8601)."""
        path = f"dags/{dag_id}/dagRuns/{quote(run_id)}/taskInstances?limit=1000"
        return list(self.ask(path)["task_instances"])

    def _told(self, dag_id: str, run_id: str) -> dict[str, str]:
        tasks = self.task_instances(dag_id, run_id)
        return {task["task_id"]: task["state"] for task in tasks}

    def _send(self, path: str, method: str, body: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, headers, method=method)  # noqa: S310 - http
        with _loopback.open(request, timeout=60) as answer:
            return json.load(answer)


def wait_until(
    done: Callable[[], bool],
    complaint: Callable[[], str],
    seconds: float = PATIENCE,
    pause: float = 1.0,
) -> None:
    """Ask again and again until the answer is yes; raises TimeoutError with the complaint."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(complaint())
        time.sleep(pause)
