"""How diagnostics are shown: one small module a format, and a line here to register it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
    _lines: dict[Path, list[str]] = field(default_factory=dict, repr=False, compare=False)

    def line(self, span: Span) -> str | None:
        """Give the line that a span begins in, or None when it cannot be read."""
        if self.root is None:
            return None
        path = self.root / span.path
        if path not in self._lines:
            self._lines[path] = _read_lines(path)
        lines = self._lines[path]
        return lines[span.line - 1].rstrip("\r") if span.line <= len(lines) else None


def render(report: Report, output_format: str) -> str:
    """Write a report in one of `FORMATS`, without a final newline; "" when there is nothing."""
    module = import_module(f"daggen.diagnostics.reporters.{output_format}")
    write: Callable[[Report], str] = module.render
    return write(report)


def _read_lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.removeprefix("\ufeff").split("\n")
