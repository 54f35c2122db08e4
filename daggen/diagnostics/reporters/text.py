"""The format for people: the finding, its place, the line it stands in, and a caret."""

from __future__ import annotations

import unicodedata

from daggen.diagnostics.model import Diagnostic, Severity, Span
from daggen.diagnostics.reporters import Report

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_TAB_WIDTH = 4
_MAX_LINE = 200


def render(report: Report) -> str:
    """Give one block of lines a diagnostic, a blank line between two."""
    return "\n\n".join(_block(found, report) for found in report.diagnostics)


def _block(found: Diagnostic, report: Report) -> str:
    label = _paint(f"{found.severity}[{found.code}]", _COLORS[found.severity], report)
    lines = [f"{label}: {_one_line(found.message)}"]
    quoted = False
    if found.span:
        lines.append(f"  {_paint('-->', '34', report)} {_one_line(str(found.span))}")
        if (source := report.line(found.span)) is not None and source.strip():
            lines += _quote(found, found.span, source, report)
            quoted = True
    if found.hint and not quoted:
        lines.append(f"  {_paint('=', '34', report)} {_one_line(found.hint)}")
    for span, note in found.related:
        lines.append(f"  {_paint('=', '34', report)} {_one_line(f'{note}: {span}')}")
    return "\n".join(lines)


def _quote(found: Diagnostic, span: Span, source: str, report: Report) -> list[str]:
    gutter = " " * len(str(span.line))
    bar = _paint("|", "34", report)
    before, marked = _split(span, source)
    shown = _printable(source)
    caret = " " * _width(before) + "^" * max(1, _width(marked))
    if _width(shown) > _MAX_LINE:
        shown, caret = _window(shown, len(_printable(before)), caret)
    note = f"{caret} {_one_line(found.hint)}".rstrip()
    return [
        f" {gutter} {bar}",
        f" {_paint(str(span.line), '34', report)} {bar} {shown}",
        f" {gutter} {bar} {_paint(note, _COLORS[found.severity], report)}",
    ]


def _split(span: Span, source: str) -> tuple[str, str]:
    """Give the text before a span's first column, and the text it marks in its first line."""
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else start + 1
    if span.end_line > span.line:
        end = len(source.rstrip())
    return source[:start], source[start : max(end, start)]


def _window(shown: str, start: int, caret: str) -> tuple[str, str]:
    """Cut a very long line to the part around its caret."""
    left = max(0, start - _MAX_LINE // 2)
    mark = caret.lstrip(" ")[: _MAX_LINE // 2]
    cut = shown[left : left + _MAX_LINE]
    return f"…{cut}…", " " * (_width(shown[left:start]) + 1) + mark


def _printable(text: str) -> str:
    """Make tabs as wide as the caret line counts them, and control characters visible."""
    text = text.replace("\t", " " * _TAB_WIDTH)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _width(text: str) -> int:
    """Count the terminal cells of a text: wide characters take two, combining ones none."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
        for c in _printable(text)
    )


def _one_line(text: str) -> str:
    return " ".join(_printable(line) for line in text.splitlines())


def _paint(text: str, color: str, report: Report) -> str:
    return f"\x1b[1;{color}m{text}\x1b[0m" if report.color else text
