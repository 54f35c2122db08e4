"""How diagnostics are shown: one small module a format, and a line here to register it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from daggen.diagnostics.model import Diagnostic, Span

FORMATS = ("text", "concise", "json", "github", "sarif")


@dataclass(frozen=True)
class FileStatus:
    """A generated file, as the json report lists it."""

    path: str
    status: str
    dag_ids: tuple[str, ...] = ()
    spec: str = ""


@dataclass(frozen=True)
class Report:
    """What a run has to say: its findings, its files, and where to read quoted source lines."""

    diagnostics: Sequence[Diagnostic]
    files: Sequence[FileStatus] = ()
    root: Path | None = None
    color: bool = False


def render(report: Report, output_format: str) -> str:
    """Write a report in one of `FORMATS`, without a final newline; "" when there is nothing."""
    module = import_module(f"daggen.diagnostics.reporters.{output_format}")
    write: Callable[[Report], str] = module.render
    return write(report)


@cache
def _lines(path: Path) -> tuple[str, ...]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return tuple(text.removeprefix("\ufeff").split("\n"))


def source_line(report: Report, span: Span) -> str | None:
    """Give the line that a span begins in, or None when it cannot be read."""
    lines = _lines(report.root / span.path) if report.root else ()
    return lines[span.line - 1].rstrip("\r") if span.line <= len(lines) else None
