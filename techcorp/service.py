"""TechCorp's HTTP service, on loopback: entities, health, monitored endpoints, deployed models.

`python -m techcorp.service` serves until it is stopped; `ensure_running()` starts one when a task
needs it, which leaves by itself after some minutes without a request.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
DEFAULT_PORT = 8765
IDLE_SECONDS = "300"


def base_url() -> str:
    """Return where the service is: `TECHCORP_API_URL`, else loopback at `TECHCORP_PORT` (8765)."""
    given = os.environ.get("TECHCORP_API_URL")
    return given.rstrip("/") if given else f"http://{HOST}:{port()}"


def port() -> int:
    """Return the port on loopback."""
    return int(os.environ.get("TECHCORP_PORT", DEFAULT_PORT))


def get_json(url: str, timeout: float = 10) -> Any:
    """GET a URL and decode its JSON; raises urllib.error.URLError (HTTPError for 4xx and 5xx)."""
    return send_json("GET", url, None, timeout)


def send_json(method: str, url: str, body: Any, timeout: float = 10) -> Any:
    """Send a request with a JSON body (None: without one) and decode the JSON answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked below
        url, data, {"Content-Type": "application/json"}, method=method
    )
    if request.type not in ("http", "https"):
        raise ValueError(f"not an HTTP address: {url}")
    with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310
        return json.load(response)


def ensure_running() -> str:
    """Return the service's address, after starting it in the background if nothing answers.

    Safe to call from several tasks at once: only one process can bind the port, and the command
    returns when it is bound. Raises RuntimeError if something else holds the port.
    """
    url = base_url()
    if "TECHCORP_API_URL" in os.environ or _answers(url):
        return url
    log.info("Starting the TechCorp service on %s", url)
    package_root = str(Path(__file__).parent.parent)
    search_path = os.pathsep.join(filter(None, [package_root, os.environ.get("PYTHONPATH")]))
    started = subprocess.run(  # noqa: S603 - our own module, no shell
        [sys.executable, "-m", "techcorp.service", "--background", "--idle-exit", IDLE_SECONDS],
        env={**os.environ, "PYTHONPATH": search_path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if not _answers(url):
        raise RuntimeError(f"no TechCorp service on {url}: {started.stderr.strip()}")
    return url


def _answers(url: str) -> bool:
    try:
        return bool(get_json(f"{url}/health", timeout=2)["service"] == "techcorp")
    except urllib.error.HTTPError as error:
        with error:
            return error.headers.get("Server", "").startswith("TechCorp")
    except (OSError, KeyError, TypeError, ValueError):
        return False


if __name__ == "__main__":
    from techcorp.server import main

    main()
