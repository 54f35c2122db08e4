"""Alerts for `on_failure_callback`, `on_retry_callback` and `on_success_callback`.

An alert says which DAG, task, run and try it is about, what the error was and where the log is. It
goes out through an Airflow connection. One that cannot be sent is logged and fails nothing.
"""

from __future__ import annotations

import html
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from airflow.providers.common.compat.sdk import BaseNotifier

LONGEST_ERROR = 1000
TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Message:
    """What an alert says. At the level of a DAG there is no task, try or log."""

    event: str
    dag_id: str
    run_id: str
    task_id: str = ""
    try_number: int = 0
    log_url: str = ""
    error: str = ""

    @classmethod
    def of(cls, context: Any) -> Message:
        """Read the message out of a callback's context, of a task or of a DAG."""
        run, ti = context.get("dag_run"), context.get("ti") or context.get("task_instance")
        error = context.get("exception")
        if "reason" in context:  # Airflow gives it to the callbacks of DAGs only
            ti, error = None, context["reason"]
        state = getattr(ti or run, "state", None)
        return cls(
            event=str(getattr(state, "value", state) or "alert"),
            dag_id=context["dag"].dag_id,
            run_id=run.run_id if run else context.get("run_id", ""),
            task_id=_task_of(ti) if ti else "",
            try_number=ti.try_number if ti else 0,
            log_url=getattr(ti, "log_url", "") or "",
            error=_shorten(repr(error) if isinstance(error, BaseException) else str(error or "")),
        )

    @property
    def title(self) -> str:
        """Say in one line what happened to what."""
        return f"{self.event}: {self.dag_id}{'.' if self.task_id else ''}{self.task_id}"

    @property
    def lines(self) -> list[str]:
        """Say everything that is known, one fact a line."""
        facts = {
            "DAG": self.dag_id,
            "Task": self.task_id,
            "Run": self.run_id,
            "Try": str(self.try_number or ""),
            "Error": self.error,
            "Log": self.log_url,
        }
        return [self.title, *(f"{name}: {value}" for name, value in facts.items() if value)]


class Alert(BaseNotifier):
    """Base of all alerts: builds the message, and keeps a failure to send it from spreading."""

    def notify(self, context: Any) -> None:
        """Send the message for a callback's context; logs the reason if that is not possible."""
        try:
            self.send(Message.of(context))
        except Exception:
            self.log.exception("Could not send %r", self)

    @abstractmethod
    def send(self, message: Message) -> None:
        """Hand the message to a channel; may raise anything."""

    def __repr__(self) -> str:
        """Show the alert as it was written: Airflow keeps this text in the serialized DAG."""
        given = {name: getattr(self, name) for name in self.shown}
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in given.items())})"

    shown: Sequence[str] = ()


class SlackAlert(Alert):
    """Post to the Slack incoming webhook of a connection."""

    shown = ("slack_webhook_conn_id",)

    def __init__(self, slack_webhook_conn_id: str = "slack_default") -> None:
        super().__init__()
        self.slack_webhook_conn_id = slack_webhook_conn_id

    def send(self, message: Message) -> None:
        """Post the message; nothing in it is read as Slack's markup."""
        from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook

        hook = SlackWebhookHook(
            slack_webhook_conn_id=self.slack_webhook_conn_id, timeout=TIMEOUT_SECONDS
        )
        hook.send(text=html.escape("\n".join(message.lines), quote=False))


class HttpAlert(Alert):
    """POST the message as JSON to an endpoint of an HTTP connection."""

    shown = ("http_conn_id", "endpoint")

    def __init__(self, http_conn_id: str = "http_default", endpoint: str = "") -> None:
        super().__init__()
        self.http_conn_id = http_conn_id
        self.endpoint = endpoint

    def send(self, message: Message) -> None:
        """POST the message's fields; an answer of 4xx or 5xx is a failure."""
        from airflow.providers.http.hooks.http import HttpHook

        HttpHook(method="POST", http_conn_id=self.http_conn_id).run(
            self.endpoint, json=vars(message), extra_options={"timeout": TIMEOUT_SECONDS}
        )


class EmailAlert(Alert):
    """Send an email through an SMTP connection."""

    shown = ("to", "smtp_conn_id")

    def __init__(self, to: str | Sequence[str], smtp_conn_id: str = "smtp_default") -> None:
        super().__init__()
        self.to = [to] if isinstance(to, str) else list(to)
        self.smtp_conn_id = smtp_conn_id

    def send(self, message: Message) -> None:
        """Send the message; the sender is the connection's `from_email`."""
        from airflow.providers.smtp.hooks.smtp import SmtpHook

        with SmtpHook(smtp_conn_id=self.smtp_conn_id) as hook:
            hook.send_email_smtp(
                to=self.to,
                subject=" ".join(message.title.split()),
                html_content="<br>\n".join(html.escape(line) for line in message.lines),
            )


def _task_of(ti: Any) -> str:
    mapped = getattr(ti, "map_index", -1)
    return f"{ti.task_id}[{mapped}]" if mapped is not None and mapped >= 0 else str(ti.task_id)


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_ERROR else f"{text[:LONGEST_ERROR]} …"
