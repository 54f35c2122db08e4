"""A real Airflow for the tests of this directory: a home, a database, and its own warnings."""

from __future__ import annotations

import copy
import gc
import os
import socket
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

# Airflow and its dependencies use things that they themselves declare obsolete; ours must not.
AIRFLOW_WARNINGS = (
    "ignore::DeprecationWarning",
    "ignore::PendingDeprecationWarning",
    "ignore::ResourceWarning",
    "ignore::sqlalchemy.exc.SAWarning",
    "ignore:The `airflow.utils.operator_helpers.determine_kwargs` attribute is deprecated",
    "ignore:Using `httpx` with `starlette.testclient`",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Airflow's own warnings pass in the tests of this directory."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            for warning in AIRFLOW_WARNINGS:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(scope="session", autouse=True)
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make an Airflow home with a migrated SQLite database, before anything imports Airflow."""
    assert "airflow" not in sys.modules, "a test module imports airflow outside of its functions"
    home = tmp_path_factory.mktemp("airflow_home")
    settings = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "TECHCORP_HOME": str(home / "techcorp"),
    }
    before = dict(os.environ)
    os.environ.update(settings)
    (home / "dags").mkdir()
    subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True
    )
    yield home
    with warnings.catch_warnings(action="ignore"):
        gc.collect()  # what Airflow has left open is closed here, not after the last test
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def runtime_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Make daggen's runtime modules importable as the generated DAGs see them: daggen_runtime."""
    import daggen.runtime

    package = tmp_path_factory.mktemp("output")
    (package / "daggen_runtime").symlink_to(Path(next(iter(daggen.runtime.__path__))))
    sys.path.insert(0, str(package))
    yield package
    sys.path.remove(str(package))


@pytest.fixture(scope="session")
def run_dag(airflow_home: Path) -> Any:
    """Run a DAG by `dag.test()` and return the run; its DAG need not be in the DAGs folder."""

    def run(dag: Any, **arguments: Any) -> Any:
        from airflow.dag_processing.bundles.manager import DagBundlesManager
        from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

        DagBundlesManager().sync_bundles_to_db()
        bag = DagBag(str(airflow_home / "dags"))
        bag.bag_dag(dag)
        sync_bag_to_db(bag, "dags-folder", None)
        return dag.test(**arguments)

    return run


def states(dag_run: Any) -> dict[str, str]:
    """Return the state of each task instance of a run, by task id (and index where mapped)."""
    found = {}
    for ti in dag_run.get_task_instances():
        name = ti.task_id if ti.map_index < 0 else f"{ti.task_id}[{ti.map_index}]"
        found[name] = str(ti.state)
    return found


@pytest.fixture(scope="session")
def run_states(run_dag: Any) -> Any:
    """Run a DAG by `dag.test()` and return the state of each of its tasks."""
    return lambda dag, **arguments: states(run_dag(dag, **arguments))


@pytest.fixture(scope="session")
def run_once(run_states: Any) -> Any:
    """Run a DAG, from now on without retries, and return the state of each of its tasks."""
    return lambda dag, **arguments: run_states(failing_at_once(dag), **arguments)


@pytest.fixture(scope="session")
def fleet_directory() -> Path:
    """The directory of TechCorp's generated DAGs."""
    return Path(__file__).parents[2] / "generated_dags"


@pytest.fixture(scope="session")
def techcorp(airflow_home: Path) -> Path:
    """TechCorp's embedded systems: their home, and a port of this session's own."""
    from techcorp.connections import environment

    with socket.create_server(("127.0.0.1", 0)) as probe:
        os.environ["TECHCORP_PORT"] = str(probe.getsockname()[1])
    os.environ.update(environment())
    return Path(os.environ["TECHCORP_HOME"])


@pytest.fixture
def warehouse(techcorp: Path) -> Any:
    """Ask TechCorp's warehouse a query."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(techcorp / "warehouse.db")) as connection:
            return connection.execute(sql).fetchall()

    return rows


@pytest.fixture(scope="session")
def bag(airflow_home: Path, fleet_directory: Path) -> Any:
    """All DAGs of the fleet, as Airflow's DAG processor loads them."""
    from airflow.dag_processing.dagbag import DagBag

    sys.path.insert(0, str(fleet_directory))
    return DagBag(str(fleet_directory), collect_dags=True)


@pytest.fixture
def run(bag: Any, techcorp: Path, run_states: Any) -> Any:
    """Run a DAG of the fleet, started by hand without a logical date unless one is given."""

    def outcome(dag_id: str, **arguments: Any) -> dict[str, str]:
        arguments = {"logical_date": None, **arguments}
        return dict(run_states(without_retries(bag.dags[dag_id]), **arguments))

    return outcome


@pytest.fixture
def variant(bag: Any, fleet_directory: Path, techcorp: Path) -> Any:
    """Load a file of the fleet with some of its text changed, as a DAG of its own."""

    def load(path: str, changes: dict[str, str] | None = None) -> Any:
        source = (fleet_directory / path).read_text(encoding="utf-8")
        service = f"http://127.0.0.1:{os.environ['TECHCORP_PORT']}"
        for before, after in {"http://127.0.0.1:8765": service, **(changes or {})}.items():
            assert before in source or before.startswith("http:"), before
            source = source.replace(before, after)
        names: dict[str, Any] = {"__name__": "variant"}
        code = compile(source, str(fleet_directory / path), "exec")
        exec(code, names)  # noqa: S102 - our own generated file
        return without_retries(names["dag"])

    return load


def without_retries(dag: Any) -> Any:
    """Give a copy of a DAG whose tasks fail at once."""
    return failing_at_once(copy.deepcopy(dag))


def failing_at_once(dag: Any) -> Any:
    """Let the tasks of a DAG fail at once: `dag.test()` waits out every retry delay.

    A copy of a decorated task that is mapped does not run: Airflow compares by identity.
    """
    for task in dag.tasks:
        operator = task.partial_kwargs if task.is_mapped else vars(task)
        operator["retries"] = 0
    return dag
