"""TechCorp's functions run against real files, a real SQLite database and a real HTTP server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from techcorp.server import Service


@dataclass
class Run:
    """A DAG run, as far as tasks look at it."""

    dag_id: str = "etl_test"
    run_id: str = "manual__2026-01-05T00:00:00+00:00"
    logical_date: datetime | None = None
    run_after: datetime = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def techcorp_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TECHCORP_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def run() -> Run:
    return Run()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with Service(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv("TECHCORP_API_URL", url)
        yield url
        server.shutdown()
        thread.join()
