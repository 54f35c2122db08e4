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
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

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
    """A copy of TechCorp's project around one spec, and the database it is pulled from."""

    def __init__(self, root: Path, url: str, environ: dict[str, str], count: int) -> None:
        self.root = root
        self.url = url
        self.environ = environ
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
    for name in ("templates", "techcorp"):
        shutil.copytree(repository / name, tmp_path / name)
    (tmp_path / "specs" / "sources").mkdir(parents=True)
    for name in ("_defaults.yaml", "sources/pipelines.yaml"):
        shutil.copy(repository / "specs" / name, tmp_path / "specs" / name)
    config = (repository / "pyproject.toml").read_text(encoding="utf-8")
    assert tomllib.loads(config)["tool"]["daggen"]["sources"]["pipelines"]["type"] == "sql"
    (tmp_path / "pyproject.toml").write_text(config, encoding="utf-8")
    if request.param == "sqlite":
        (tmp_path / ".techcorp").mkdir()
        url = f"sqlite:///{tmp_path}/.techcorp/registry.db"
        yield Fleet(tmp_path, url, {}, 40)
        return
    server = request.getfixturevalue("postgres")
    url = server.url(login="postgres")
    login = f"app:{quote(server.secret, safe='')}"
    fleet = Fleet(tmp_path, url, {"TECHCORP_REGISTRY_URL": server.url(login=login)}, 300)
    server.run("GRANT SELECT ON pipeline_configurations TO app")
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
