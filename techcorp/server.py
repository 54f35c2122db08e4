"""The HTTP server behind `techcorp.service`: the standard library's, one thread a request."""

from __future__ import annotations

import argparse
import json
import os
import re
import threading
import time
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from techcorp import sample
from techcorp.home import directory, replace_file
from techcorp.scoring import score
from techcorp.service import HOST, port

Answer = tuple[int, Any]


class NotFound(Exception):
    """The address names nothing that the service has."""


class Service(ThreadingHTTPServer):
    """The server and its state: its health, the alerts it received, when it was last asked."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, Handler)
        self.health: dict[str, Any] = {"code": 200, "status": "healthy"}
        self.alerts: list[Any] = []
        self.last_request = time.monotonic()

    def stop_when_idle(self, seconds: float) -> None:
        """Shut down once nobody has asked anything for so many seconds; runs in its own thread."""

        def watch() -> None:
            while time.monotonic() - self.last_request < seconds:
                time.sleep(min(1.0, seconds))
            self.shutdown()

        threading.Thread(target=watch, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    """Finds the route of a request and answers in JSON."""

    server: Service
    server_version = "TechCorp/1"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a GET request."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a POST request."""
        self._answer()

    def do_PUT(self) -> None:
        """Answer a PUT request."""
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the service runs in the background of a task."""

    def _answer(self) -> None:
        self.server.last_request = time.monotonic()
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "null")
            status, answer = route(self.server, self.command, address.path, query, body)
        except NotFound as error:
            status, answer = 404, {"error": str(error)}
        except (ValueError, TypeError, KeyError) as error:
            status, answer = 400, {"error": repr(error)}
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def route(server: Service, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
    """Call the function that `ROUTES` has for a method and path; raises NotFound."""
    for wanted, pattern, function in ROUTES:
        match = re.fullmatch(pattern, path)
        if match and wanted == method:
            return function(server, match.groupdict(), query, body)
    raise NotFound(f"nothing at {method} {path}")


def get_health(server: Service, _: dict[str, str], query: dict[str, str], body: Any) -> Answer:
    """Report the health: `healthy`, unless somebody has set it otherwise."""
    health = server.health
    return health["code"], {"service": "techcorp", "status": health["status"]}


def put_health(server: Service, _: dict[str, str], query: dict[str, str], body: Any) -> Answer:
    """Set the status (and HTTP code) that `get_health` reports: a rehearsal of a bad day."""
    server.health = {"code": int(body.get("code", 200)), "status": str(body["status"])}
    return 200, server.health


def get_rows(_: Service, names: dict[str, str], query: dict[str, str], body: Any) -> Answer:
    """Serve one page of an entity's rows, and the number of the next page or null."""
    if names["entity"] not in sample.ENTITIES:
        raise NotFound(f"no entity {names['entity']!r}")
    page, size = int(query.get("page", 1)), int(query.get("page_size", 100))
    if page < 1 or not 1 <= size <= 1000:
        raise ValueError("page counts from 1; page_size is 1 to 1000")
    rows = sample.rows(names["entity"])
    more = page * size < len(rows)
    return 200, {
        "rows": rows[(page - 1) * size : page * size],
        "next_page": page + 1 if more else None,
        "total": len(rows),
    }


def get_endpoints(_: Service, names: dict[str, str], query: dict[str, str], body: Any) -> Answer:
    """List the endpoints to be monitored, as the tutorial's registry does."""
    base = f"http://{HOST}:{port()}"
    return 200, {
        "endpoints": [
            {"name": "health", "url": f"{base}/health", "schedule": "*/5 * * * *"},
            {"name": "orders", "url": f"{base}/v1/orders", "timeout": 10},
            {"name": "customers", "url": f"{base}/v1/customers", "timeout": 10},
            {"name": "absent", "url": f"{base}/v1/absent", "expected_status": 404},
        ]
    }


def post_alert(server: Service, _: dict[str, str], query: dict[str, str], body: Any) -> Answer:
    """Receive an alert, as Slack's webhooks and the team's pager do."""
    server.alerts.append(body)
    return 200, "ok"


def get_alerts(server: Service, _: dict[str, str], query: dict[str, str], body: Any) -> Answer:
    """List the alerts received so far."""
    return 200, {"alerts": server.alerts}


def put_model(_: Service, names: dict[str, str], query: dict[str, str], body: Any) -> Answer:
    """Deploy a model: its coefficients as JSON. It survives a restart of the service."""
    score(body, [[0.0] * len(body["features"])])
    replace_file(directory("deployed") / f"{names['model']}.json", json.dumps(body))
    return 200, {"model": names["model"], "version": body["version"]}


def post_predict(_: Service, names: dict[str, str], query: dict[str, str], body: Any) -> Answer:
    """Score rows with a deployed model."""
    path = directory("deployed") / f"{names['model']}.json"
    if not path.exists():
        raise NotFound(f"no model {names['model']!r} is deployed")
    model = json.loads(path.read_text(encoding="utf-8"))
    return 200, {"version": model["version"], "scores": score(model, body["rows"])}


Route = Callable[[Service, dict[str, str], dict[str, str], Any], Answer]
ROUTES: tuple[tuple[str, str, Route], ...] = (
    ("GET", r"/health", get_health),
    ("PUT", r"/health", put_health),
    ("GET", r"/endpoints", get_endpoints),
    ("GET", r"/v1/(?P<entity>\w+)", get_rows),
    ("POST", r"/alerts", post_alert),
    ("GET", r"/alerts", get_alerts),
    ("PUT", r"/models/(?P<model>\w+)", put_model),
    ("POST", r"/models/(?P<model>\w+)/predict", post_predict),
)


def main() -> None:
    """Serve on loopback: until stopped, or with `--idle-exit` until nobody asks any more."""
    parser = argparse.ArgumentParser(prog="python -m techcorp.service")
    parser.add_argument("--port", type=int, default=port())
    parser.add_argument("--idle-exit", type=float, metavar="SECONDS")
    parser.add_argument("--background", action="store_true", help="return once the port is bound")
    options = parser.parse_args()
    with Service((HOST, options.port)) as server:
        if options.background:
            leave_foreground()
        if options.idle_exit:
            server.stop_when_idle(options.idle_exit)
        server.serve_forever()


def leave_foreground() -> None:
    """Let the command return while its child goes on, in a session and with streams of its own."""
    if os.fork():
        os._exit(0)
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
