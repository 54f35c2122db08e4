"""One line a finding: `path:line:column: CODE message (hint)`."""

from __future__ import annotations

from daggen.diagnostics.model import Diagnostic
from daggen.diagnostics.reporters import Report


def render(report: Report) -> str:
    """Give one line a diagnostic."""
    return "\n".join(_line(found) for found in report.diagnostics)


def _line(found: Diagnostic) -> str:
    place = f"{found.span}: " if found.span else ""
    hint = f" ({found.hint})" if found.hint else ""
    line = " ".join(f"{place}{found.code} {found.message}{hint}".split())
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
