"""Workflow commands that GitHub Actions turns into annotations on the changed lines.

The syntax and its escaping are GitHub's: "Workflow commands for GitHub Actions",
https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from daggen.diagnostics.model import Diagnostic, Severity
from daggen.diagnostics.reporters import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """Give one workflow command a diagnostic."""
    return "\n".join(_command(found) for found in report.diagnostics)


def _command(found: Diagnostic) -> str:
    properties = {"title": found.code}
    if span := found.span:
        properties |= {"file": span.path, "line": str(span.line), "col": str(span.column)}
        if span.end_line:
            properties |= {"endLine": str(span.end_line), "endColumn": str(span.end_column)}
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    text = f"{found.message} ({found.hint})" if found.hint else found.message
    return f"::{_COMMANDS[found.severity]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
