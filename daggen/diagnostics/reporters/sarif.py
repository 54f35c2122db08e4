"""SARIF 2.1.0, which code-scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import quote

from daggen import __version__
from daggen.diagnostics.model import Diagnostic, Severity, Span
from daggen.diagnostics.registry import rules
from daggen.diagnostics.reporters import Report

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report) -> str:
    """Give one SARIF log with a single run."""
    used = sorted({found.code for found in report.diagnostics})
    driver = {
        "name": "daggen",
        "version": __version__,
        "rules": [_rule(code) for code in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, used.index(found.code)) for found in report.diagnostics],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2, ensure_ascii=True)


def _rule(code: str) -> dict[str, Any]:
    rule = rules()[code]
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.explanation, "markdown": rule.explanation},
    }


def _result(found: Diagnostic, rule_index: int) -> dict[str, Any]:
    text = f"{found.message} ({found.hint})" if found.hint else found.message
    return {
        "ruleId": found.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[found.severity],
        "message": {"text": text},
        "locations": [_location(found.span)] if found.span else [],
        "relatedLocations": [
            {**_location(span), "id": number, "message": {"text": note}}
            for number, (span, note) in enumerate(found.related)
        ],
    }


def _location(span: Span) -> dict[str, Any]:
    region = {"startLine": span.line, "startColumn": span.column}
    if span.end_line:
        region |= {"endLine": span.end_line, "endColumn": span.end_column}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(os.fsencode(span.path)), "uriBaseId": "%SRCROOT%"},
            "region": region,
        }
    }
