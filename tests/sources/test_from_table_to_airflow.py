"""The tutorial's table becomes DAGs: pull, render, and Airflow loads each; a changed row, its file.

The project is TechCorp's own: its templates, its spec `specs/sources/pipelines.yaml` and its
configuration, with several hundred rows instead of the handful that are committed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from daggen.config import load_project
from daggen.sources.pull import PullMode, pull_sources
from techcorp import registry


def pipelines(count: int) -> list[dict[str, Any]]:
    """Give many rows as the registry has them: JSON, NULL, Unicode, and one that is inactive."""
    rows = []
    for number in range(count):
        config = {"entity": "orders", "owner": "tëam", "retries": number % 4}
        rows.append(
            {
                "pipeline_name": f"flow_{number:03}" + ("_größe_表" if number % 50 == 0 else ""),
                "source_system": ("postgres", "api", "sftp")[number % 3],
                "target_table": f"table_{number}",
                "schedule_interval": None if number % 10 == 3 else f"{number % 60} 4 * * *",
                "is_active": number != 7,
                "config_json": None if number % 5 == 1 else config,
            }
        )
    return rows


class Fleet:
    """A copy of TechCorp's project around one of its specs, and the environment it runs in."""

    def __init__(self, root: Path, repository: Path, spec: str) -> None:
        self.root = root
        self.environ: dict[str, str] = {}
        self.rows: list[dict[str, Any]] = []
        self.url = ""
        for name in ("templates", "techcorp"):
            shutil.copytree(repository / name, root / name)
        (root / "specs" / "sources").mkdir(parents=True)
        for name in ("specs/_defaults.yaml", f"specs/sources/{spec}", "pyproject.toml"):
            shutil.copy(repository / name, root / name)

    def declare(self, url: str, count: int) -> None:
        """Make and fill the table of pipelines."""
        self.url = url
        self.rows = pipelines(count)
        registry.create(url, self.rows)

    def daggen(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "daggen", *arguments],
            cwd=self.root,
            env={**os.environ, **self.environ},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def execute(self, *statements: str) -> None:
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    def files(self) -> dict[str, bytes]:
        output = self.root / "generated_dags"
        return {
            path.relative_to(output).as_posix(): path.read_bytes()
            for path in output.rglob("*")
            if path.is_file()
        }


@pytest.fixture(params=["sqlite", "postgres"])
def fleet(request: pytest.FixtureRequest, tmp_path: Path, repository: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path, repository, "pipelines.yaml")
    if request.param == "sqlite":
        (tmp_path / ".techcorp").mkdir()
        fleet.declare(f"sqlite:///{tmp_path}/.techcorp/registry.db", 40)
        yield fleet
        return
    server = request.getfixturevalue("postgres")
    fleet.declare(server.url(login="postgres"), 300)
    server.run("GRANT SELECT ON pipeline_configurations TO app")
    login = f"app:{quote(server.secret, safe='')}"
    fleet.environ = {"TECHCORP_REGISTRY_URL": server.url(login=login)}
    yield fleet
    server.run("DROP TABLE pipeline_configurations")


LOAD = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1], collect_dags=True)
print(json.dumps({"dags": sorted(bag.dags), "errors": bag.import_errors}))
"""


def loaded(fleet: Fleet, home: Path) -> list[str]:
    """Load the rendered files in a real Airflow; give the ids of its DAGs."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOAD, str(fleet.root / "generated_dags")],
        env={
            **os.environ,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
            "PYTHONPATH": str(fleet.root),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["errors"] == {}
    return list(found["dags"])


def test_each_row_is_a_dag_and_each_change_its_file(
    fleet: Fleet, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fleet.daggen("pull", "pipelines")
    fleet.daggen("render")
    active = sorted(f"db_driven_{row['pipeline_name']}" for row in fleet.rows if row["is_active"])
    assert loaded(fleet, tmp_path_factory.mktemp("airflow")) == active
    fleet.daggen("pull", "pipelines", "--check")
    fleet.daggen("render", "--check")

    before = fleet.files()
    fleet.execute(
        "UPDATE pipeline_configurations SET schedule_interval = '@weekly'"
        " WHERE pipeline_name = 'flow_010'",
        "UPDATE pipeline_configurations SET is_active = false WHERE pipeline_name = 'flow_020'",
        "UPDATE pipeline_configurations SET is_active = true WHERE pipeline_name = 'flow_007'",
        "INSERT INTO pipeline_configurations"
        " VALUES ('flow_new', 'api', 'table_new', NULL, true, NULL)",
    )
    told = fleet.daggen("pull", "pipelines", "--check", "--output-format", "concise", status=1)
    for sentence in (
        'row "flow_010" changed: schedule_interval "10 4 * * *" → "@weekly"',
        'row "flow_020" was removed',
        'row "flow_007" was added',
        'row "flow_new" was added',
    ):
        assert sentence in told
    assert len(told.splitlines()) == 4
    assert fleet.files() == before

    fleet.daggen("pull", "pipelines")
    fleet.daggen("render")
    after = fleet.files()
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    rows = ("flow_007", "flow_010", "flow_020", "flow_new")
    assert changed == {f"sources/db_driven_{row}.py" for row in rows}


def test_each_endpoint_is_a_monitor(
    service: Any, tmp_path: Path, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    listed = [
        {"name": f"endpoint_{number}", "url": f"https://api.example/{number}"}
        for number in range(10)
    ]
    tag = ['"1"']

    @service.on("/endpoints")
    def answer(handler: Any) -> None:
        if handler.headers.get("If-None-Match") == tag[0]:
            handler.reply(304, b"", ETag=tag[0])
        else:
            handler.reply(200, json.dumps({"endpoints": listed}).encode(), ETag=tag[0])

    fleet = Fleet(tmp_path, repository, "endpoints.yaml")
    fleet.environ = {"TECHCORP_API_URL": service.url}
    fleet.daggen("pull", "endpoints")
    fleet.daggen("render")
    names = sorted(f"api_monitor_{row['name']}" for row in listed)
    assert loaded(fleet, tmp_path_factory.mktemp("airflow")) == names
    fleet.daggen("pull", "endpoints", "--check")

    before = fleet.files()
    listed[3]["expected_status"] = 404  # type: ignore[assignment]
    del listed[5]
    tag[0] = '"2"'
    told = fleet.daggen("pull", "endpoints", "--check", "--output-format", "concise", status=1)
    assert 'row "endpoint_3" changed: expected_status (none) → 404' in told
    assert 'row "endpoint_5" was removed' in told
    fleet.daggen("pull", "endpoints")
    fleet.daggen("render")
    after = fleet.files()
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed == {f"sources/api_monitor_endpoint_{number}.py" for number in (3, 5)}


def test_the_committed_snapshots_are_those_of_techcorp(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from techcorp.server import Service

    for name in ("TECHCORP_PORT", "TECHCORP_API_URL"):
        monkeypatch.delenv(name, raising=False)
    url = f"sqlite:///{tmp_path}/registry.db"
    registry.create(url, registry.pipelines())
    server = Service(("127.0.0.1", 0))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    environ = {
        "TECHCORP_REGISTRY_URL": url,
        "TECHCORP_API_URL": f"http://127.0.0.1:{server.server_port}",
    }
    project = load_project(repository / "pyproject.toml")
    result = pull_sources(project, [], PullMode.CHECK, environ)
    server.shutdown()
    server.server_close()
    assert (result.exit_code, result.diagnostics) == (0, ())
    assert {drift.source for drift in result.drifts} == {"pipelines", "endpoints"}


@pytest.mark.parametrize("fleet", ["sqlite"], indirect=True)
def test_rendering_needs_no_network(fleet: Fleet) -> None:
    """The same bytes in a network namespace without interfaces, or where sockets are refused."""
    fleet.daggen("pull", "pipelines")
    fleet.daggen("render")
    first = fleet.files()
    shutil.rmtree(fleet.root / "generated_dags")
    fleet.environ = {}
    shutil.rmtree(fleet.root / ".techcorp", ignore_errors=True)
    guard = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise AssertionError('rendering opened a socket')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from daggen.cli import main\n"
        "sys.argv = ['daggen', 'render', '--no-cache']\n"
        "main()\n"
    )
    command = [sys.executable, "-c", guard]
    if cut_off():
        command = ["unshare", "--net", "--map-root-user", *command]
    subprocess.run(command, cwd=fleet.root, check=True, capture_output=True)
    assert fleet.files() == first


def cut_off() -> bool:
    """Tell whether this machine lets us make a network namespace."""
    if shutil.which("unshare") is None:
        return False
    done = subprocess.run(
        ["unshare", "--net", "--map-root-user", "true"], check=False, capture_output=True
    )
    return done.returncode == 0
