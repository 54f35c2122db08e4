"""One real Airflow for the tests of this directory, run by the script that `make airflow` runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import processes
import pytest
from airflow_api import AirflowApi, wait_until
from airflow_standalone import free_port

SCRIPT = Path(__file__).parents[2] / "scripts/airflow"
CASES = Path(__file__).parents[1] / "cases"
OF_CASES = ("deadline", "deadlines", "human_in_the_loop")
PATIENCE = 400.0


@dataclass(frozen=True)
class Airflow:
    """A running Airflow on the fleet, its home, and where TechCorp's service is."""

    api: AirflowApi
    home: Path
    service: str
    cases: tuple[str, ...] = OF_CASES
    """The DAGs of cases that are there beside the fleet."""

    def run(self, *dag_ids: str) -> dict[str, list[dict[str, Any]]]:
        """Run DAGs side by side; each must succeed. Returns the task instances of each."""
        runs = {dag_id: self.api.trigger(dag_id) for dag_id in dag_ids}
        ended = {dag_id: self.api.wait_for_run(dag_id, run) for dag_id, run in runs.items()}
        tasks = {dag_id: self.api.task_instances(dag_id, run) for dag_id, run in runs.items()}
        assert set(ended.values()) == {"success"}, {
            dag_id: {task["task_id"]: task["state"] for task in instances}
            for dag_id, instances in tasks.items()
        }
        return tasks


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    """Start Airflow; at the end stop it as `kill` does, and look for what it has left behind."""
    home, printed = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("printed") / "log"
    cases = _cases(tmp_path_factory.mktemp("cases"))
    port, service_port = free_port(), free_port()
    with _script(home, port, service_port, printed, cases) as script:
        wait_until(
            lambda: "Airflow is ready" in printed.read_text() or script.poll() is not None,
            printed.read_text,
            PATIENCE,
        )
        assert script.poll() is None, printed.read_text()
        yield Airflow(AirflowApi(port), home, f"http://127.0.0.1:{service_port}")
        family = processes.family_of(script.pid)
        assert len(family) > 5
    assert script.returncode == 0, printed.read_text()
    assert printed.read_text().endswith("Airflow has stopped.\n")
    assert processes.alive(family) == set()


def _cases(folder: Path) -> Path:
    """Put the cases that only a whole Airflow can run into a folder, and what they import."""
    for case in OF_CASES:
        shutil.copy(CASES / "written" / case / f"expected/files/generated_dags/{case}.py", folder)
    shutil.copy(CASES / "shared/jobs.py", folder)
    return folder


@contextmanager
def _script(
    home: Path, port: int, service_port: int, printed: Path, cases: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the script, its output in a file; at the end ask it to stop, and wait until it has."""
    with printed.open("wb") as output:
        options = ["--home", home, "--port", str(port), "--no-schedule", "--also", cases]
        script = subprocess.Popen(
            [sys.executable, SCRIPT, *options],
            env={**os.environ, "TECHCORP_PORT": str(service_port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield script
    finally:
        script.send_signal(signal.SIGTERM)
        script.wait(PATIENCE)
