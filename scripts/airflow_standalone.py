"""A whole Airflow on TechCorp's fleet: scheduler, DAG processor, triggerer and API server.

It runs on SQLite with the LocalExecutor, in a home of its own, and is reached on loopback only:
nobody logs in, everybody is an admin.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from airflow_api import AirflowApi, wait_until
from processes import running

ROOT = Path(__file__).resolve().parent.parent
FLEET = ROOT / "generated_dags"
PROGRAMS = Path(sys.executable).parent
LOG = "standalone.log"

Environment = dict[str, str]


@dataclass(frozen=True)
class Airflow:
    """A running Airflow: what can be asked of it, and the process at its root."""

    api: AirflowApi
    process: subprocess.Popen[bytes]


class CannotStart(Exception):
    """Airflow, or what the fleet needs beside it, does not start; the message says why."""


@contextmanager
def open_airflow(
    home: Path, port: int, schedule: bool = True, also: Path | None = None
) -> Iterator[Airflow]:
    """Start an Airflow, give it once it is healthy, and stop it and all its processes at the end.

    The embedded systems of TechCorp run beside it, at `TECHCORP_PORT` (8765), with their data in
    the same home. Without `schedule`, DAGs run only when they are triggered. `also` is a folder of
    further DAGs. Raises CannotStart, or TimeoutError after some minutes.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    environment = _environment(home, port, schedule)
    if also is not None:
        environment |= _bundles(FLEET, also.resolve())
    service_port = int(environment["TECHCORP_PORT"])
    _require_free(port, "Airflow; choose another: make airflow PORT=8081")
    _require_free(service_port, "TechCorp's service; one that a task started leaves in 5 minutes")
    with ExitStack() as programs:
        service = [sys.executable, "-m", "techcorp.service"]
        programs.enter_context(running(service, environment, home, home / "techcorp.log"))
        wait_until(lambda: not _is_free(service_port), lambda: "no TechCorp service", pause=0.1)
        _airflow(environment, home, "db", "migrate")
        _airflow(environment, home, "pools", "import", str(FLEET / "pools.json"))
        api = AirflowApi(port)
        standalone = [str(PROGRAMS / "airflow"), "standalone"]
        process = programs.enter_context(running(standalone, environment, home, home / LOG))
        _wait_until_healthy(api, process, home / LOG)
        yield Airflow(api, process)


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _environment(home: Path, port: int, schedule: bool) -> Environment:
    """Build the environment of every process: nothing of another Airflow's, all of this one's."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AIRFLOW") and name != "PYTHONDONTWRITEBYTECODE"
    }
    paths = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    environment = {
        **inherited,
        "PATH": os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": os.pathsep.join(paths),
        "TECHCORP_HOME": str(home / "techcorp"),
        "TECHCORP_PORT": os.environ.get("TECHCORP_PORT", "8765"),
        **_settings(home, port),
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": str(schedule),
    }
    return {**environment, **_connections(environment)}


def _settings(home: Path, port: int) -> Environment:
    """Configure Airflow for a laptop: one machine, few processes, only loopback."""
    url = f"http://127.0.0.1:{port}"
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(FLEET),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
    }


def _bundles(*folders: Path) -> Environment:
    """Let Airflow read DAGs from several folders, each of them a bundle."""
    local = "airflow.dag_processing.bundles.local.LocalDagBundle"
    bundles = [
        {"name": folder.name, "classpath": local, "kwargs": {"path": str(folder)}}
        for folder in folders
    ]
    return {"AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles)}


def _connections(environment: Environment) -> Environment:
    """Ask TechCorp by which connections Airflow finds its systems, placed by this environment."""
    program = "import json, techcorp.connections as c; print(json.dumps(c.environment()))"
    run = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.PIPE
    )
    return dict(json.loads(run.stdout))


def _airflow(environment: Environment, home: Path, *arguments: str) -> None:
    run = subprocess.run(  # noqa: S603 - a fixed command
        [str(PROGRAMS / "airflow"), *arguments],
        env=environment,
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if run.returncode:
        said = "\n".join((run.stdout + run.stderr).splitlines()[-20:])
        raise CannotStart(f"airflow {' '.join(arguments)} ended with {run.returncode}:\n{said}")


def _wait_until_healthy(api: AirflowApi, process: subprocess.Popen[bytes], log: Path) -> None:
    wait_until(
        lambda: process.poll() is not None or api.is_healthy(),
        lambda: f"Airflow is not healthy yet; see {log}",
    )
    if process.poll() is not None:
        raise CannotStart(f"airflow standalone ended with {process.returncode}; see {log}")


def _require_free(port: int, wanted_by: str) -> None:
    if not _is_free(port):
        raise CannotStart(f"port {port} is in use, and wanted by {wanted_by}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
