"""Alerts in real Airflow: what a server receives, and what happens when there is no server."""

from __future__ import annotations

import email
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.policy import default as email_policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

NASTY = "<b>{{ 7 * 7 }} & *bold*</b>"


class Inbox(ThreadingHTTPServer):
    """An HTTP server that keeps the JSON it is sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), InboxHandler)
        self.received: list[tuple[str, Any]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.status = 200


class InboxHandler(BaseHTTPRequestHandler):
    server: Inbox

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:
        pass


class MailBox(socketserver.ThreadingTCPServer):
    """An SMTP server that keeps the messages it is sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailHandler)
        self.received: list[Any] = []


class MailHandler(socketserver.StreamRequestHandler):
    server: MailBox

    def handle(self) -> None:
        self.say("220 ready")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                message = email.message_from_bytes(b"".join(lines), policy=email_policy)
                self.server.received.append(message)
            elif command == b"QUIT":
                self.say("221 bye")
                return
            self.say("250 ok")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def serving(server: Any) -> Iterator[Any]:
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    yield from serving(Inbox())


@pytest.fixture
def mailbox() -> Iterator[MailBox]:
    yield from serving(MailBox())


@pytest.fixture
def alerts(runtime_package: Any) -> Any:
    from daggen_runtime import alerts

    return alerts


@pytest.fixture
def run(run_states: Any) -> Callable[..., dict[str, str]]:
    """Run a DAG of one task that fails (or not) with the given callbacks."""

    def outcome(dag_id: str, fails: bool = True, **callbacks: Any) -> dict[str, str]:
        from airflow.providers.standard.operators.python import PythonOperator
        from airflow.sdk import DAG

        def work() -> None:
            if fails:
                raise RuntimeError(NASTY)

        with DAG(dag_id, schedule=None, default_args=callbacks) as dag:
            PythonOperator(task_id="work", python_callable=work)
        return dict(run_states(dag, logical_date=None))

    return outcome


def test_a_failure_reaches_slack(
    alerts: Any, run: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://airflow.example")
    connection = {"conn_type": "slackwebhook", "password": f"{inbox.url}/services/T0/B0/x"}
    monkeypatch.setenv("AIRFLOW_CONN_TEAM_SLACK", json.dumps(connection))

    states = run("alert_slack", on_failure_callback=alerts.SlackAlert("team_slack"))

    assert states == {"work": "failed"}
    ((path, body),) = inbox.received
    assert path == "/services/T0/B0/x"
    lines = body["text"].splitlines()
    assert lines[:3] == ["failed: alert_slack.work", "DAG: alert_slack", "Task: work"]
    assert lines[3].startswith("Run: manual__")
    assert lines[4] == "Try: 1"
    assert lines[5] == "Error: RuntimeError('&lt;b&gt;{{ 7 * 7 }} &amp; *bold*&lt;/b&gt;')"
    assert lines[6].startswith("Log: http://airflow.example/dags/alert_slack/runs/manual__")


def test_failure_and_retry_and_success_reach_an_http_endpoint(
    alerts: Any, run: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_PAGER", inbox.url)
    alert = alerts.HttpAlert("pager", "/events")

    callbacks = {"on_failure_callback": alert, "on_retry_callback": alert}
    run("alert_http", retries=1, retry_delay=timedelta(0), **callbacks)
    run("alert_http", fails=False, on_success_callback=alert)

    assert {path for path, _ in inbox.received} == {"/events"}
    seen = [(body["event"], body["try_number"], body["error"]) for _, body in inbox.received]
    error = f"RuntimeError({NASTY!r})"
    assert seen == [("up_for_retry", 1, error), ("failed", 2, error), ("success", 1, "")]
    assert inbox.received[0][1]["dag_id"] == "alert_http"
    assert inbox.received[0][1]["task_id"] == "work"


def test_a_failure_reaches_a_mailbox(
    alerts: Any, run: Any, mailbox: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = {
        "conn_type": "smtp",
        "host": "127.0.0.1",
        "port": mailbox.server_address[1],
        "extra": {"disable_ssl": True, "disable_tls": True, "from_email": "airflow@example.com"},
    }
    monkeypatch.setenv("AIRFLOW_CONN_TEAM_MAIL", json.dumps(connection))
    run("alert_mail", on_failure_callback=alerts.EmailAlert("ops@example.com", "team_mail"))

    (message,) = mailbox.received
    assert message["To"] == "ops@example.com"
    assert message["From"] == "airflow@example.com"
    assert message["Subject"] == "failed: alert_mail.work"
    (part,) = message.iter_parts()
    assert "Error: RuntimeError(&#x27;&lt;b&gt;{{ 7 * 7 }} &amp;" in part.get_content()


@pytest.mark.parametrize("channel", ["SlackAlert", "HttpAlert"])
@pytest.mark.parametrize("trouble", ["no server", "no connection", "server error"])
def test_an_alert_that_fails_fails_nothing(
    channel: str,
    trouble: str,
    alerts: Any,
    run: Any,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inbox.status = 500
    url = inbox.url if trouble == "server error" else "http://127.0.0.1:1"
    slack = {"conn_type": "slackwebhook", "password": f"{url}/x"}
    if trouble != "no connection":
        value = json.dumps(slack) if channel == "SlackAlert" else url
        monkeypatch.setenv("AIRFLOW_CONN_BROKEN", value)
    alert = getattr(alerts, channel)("broken")

    alert.notify({"dag": type("Dag", (), {"dag_id": "x"})})
    states = run("alert_broken", fails=False, on_success_callback=alert)

    assert states == {"work": "success"}
    assert bool(inbox.received) == (trouble == "server error")


def test_the_callback_of_a_dag_knows_the_reason(alerts: Any) -> None:
    run = type("Run", (), {"run_id": "r1", "state": "failed"})
    context = {"dag": type("Dag", (), {"dag_id": "x"}), "dag_run": run, "reason": "task_failure"}
    assert alerts.Message.of(context).lines == [
        "failed: x",
        "DAG: x",
        "Run: r1",
        "Error: task_failure",
    ]


def test_a_long_error_is_cut(alerts: Any) -> None:
    context = {"dag": type("Dag", (), {"dag_id": "x"}), "exception": RuntimeError("y" * 5000)}
    assert len(alerts.Message.of(context).error) == alerts.LONGEST_ERROR + 2


def test_the_serialized_dag_is_the_same_each_time(alerts: Any) -> None:
    from airflow.sdk import DAG
    from airflow.serialization.serialized_objects import DagSerialization

    def serialized() -> str:
        alert = alerts.SlackAlert("team_slack")
        dag = DAG("alert_stable", schedule=None, default_args={"on_failure_callback": alert})
        return json.dumps(DagSerialization.to_dict(dag), sort_keys=True)

    assert serialized() == serialized()
    assert " at 0x" not in serialized()
