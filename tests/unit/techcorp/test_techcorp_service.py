"""The loopback service: its routes, and how it is started on demand."""

from __future__ import annotations

import socket
import urllib.error
from typing import Any

import pytest

from techcorp import connections, sample, service

MODEL = {
    "version": 3,
    "features": ["x", "y"],
    "coefficients": [2.0, 0.0],
    "intercept": 0.0,
    "means": [1.0, 0.0],
    "scales": [2.0, 1.0],
}


def status_of(method: str, url: str, body: Any = None) -> int:
    with pytest.raises(urllib.error.HTTPError) as caught:
        service.send_json(method, url, body)
    with caught.value as error:
        return int(error.code)


@pytest.fixture(name="url")
def _url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("service"))


def test_pages_cover_all_rows_once(url: str) -> None:
    first = service.get_json(f"{url}/v1/products?page=1&page_size=60")
    last = service.get_json(f"{url}/v1/products?page=2&page_size=60")
    assert (first["next_page"], last["next_page"], first["total"]) == (2, None, 80)
    assert first["rows"] + last["rows"] == sample.rows("products")


def test_health_can_be_set(url: str) -> None:
    assert service.get_json(f"{url}/health")["status"] == "healthy"
    service.send_json("PUT", f"{url}/health", {"status": "degraded"})
    assert service.get_json(f"{url}/health")["status"] == "degraded"
    service.send_json("PUT", f"{url}/health", {"status": "down", "code": 503})
    assert status_of("GET", f"{url}/health") == 503


def test_a_deployed_model_scores_rows(url: str) -> None:
    assert status_of("POST", f"{url}/models/churn/predict", {"rows": []}) == 404
    service.send_json("PUT", f"{url}/models/churn", MODEL)
    answer = service.send_json("POST", f"{url}/models/churn/predict", {"rows": [[1, 5], [3, 5]]})
    assert answer["version"] == 3
    assert answer["scores"] == pytest.approx([0.5, 0.8807970779778823])


def test_alerts_are_kept(url: str) -> None:
    assert service.send_json("POST", f"{url}/alerts", {"event": "failed"}) == "ok"
    assert service.get_json(f"{url}/alerts") == {"alerts": [{"event": "failed"}]}


def test_connections_lead_to_the_embedded_systems(url: str) -> None:
    exported = connections.environment()
    assert exported["AIRFLOW_CONN_TECHCORP_API"] == url
    assert all(name.startswith("AIRFLOW_CONN_TECHCORP_") for name in exported)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/absent", None, 404),
        ("GET", "/nowhere", None, 404),
        ("GET", "/v1/orders?page=0", None, 400),
        ("GET", "/v1/orders?page_size=x", None, 400),
        ("PUT", "/models/bad", {"features": ["x"]}, 400),
    ],
)
def test_wrong_requests_are_answered(
    url: str, method: str, path: str, body: Any, status: int
) -> None:
    assert status_of(method, url + path, body) == status


def test_it_starts_on_demand_and_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TECHCORP_PORT", str(free_port()))
    monkeypatch.setattr(service, "IDLE_SECONDS", "5")
    url = service.ensure_running()
    assert service.get_json(f"{url}/v1/orders")["total"] == 500
    assert service.ensure_running() == url


def test_a_port_held_by_something_else_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        monkeypatch.setenv("TECHCORP_PORT", str(holder.getsockname()[1]))
        with pytest.raises(RuntimeError, match="no TechCorp service on"):
            service.ensure_running()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
