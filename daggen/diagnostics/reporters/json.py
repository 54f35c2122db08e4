"""The format for programs; its shape is a contract (`version` changes when it does)."""

from __future__ import annotations

import json
from typing import Any

from daggen.diagnostics.model import Diagnostic
from daggen.diagnostics.reporters import Report


def render(report: Report) -> str:
    """Give one JSON object with the files and the diagnostics."""
    document = {
        "version": 1,
        "files": [
            {"path": f.path, "status": f.status, "dag_ids": list(f.dag_ids), "spec": f.spec}
            for f in report.files
        ],
        "diagnostics": [_entry(found) for found in report.diagnostics],
    }
    return json.dumps(document, indent=2, ensure_ascii=True)


def _entry(found: Diagnostic) -> dict[str, Any]:
    span = found.span
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "path": span.path if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line or span.line if span else None,
        "end_column": span.end_column or span.column if span else None,
        "hint": found.hint,
    }
