"""Environment variables in a file's text: replaced from configuration, never from this machine.

dag-factory replaces `$X` and `${X}` everywhere in a file by what the loading machine has set. Here
the values are the `vars` of the chosen environment, so that every machine renders the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from daggen.diagnostics import Span

ROOT_VARIABLE = "CONFIG_ROOT_DIR"
ROOT = "\ue000CONFIG_ROOT_DIR\ue001"
"""Stands for the directory of the specs, whose path on this machine may not reach the output."""

_VARIABLE = re.compile(r"\$(?:(?P<bare>\w+)|\{(?P<braced>[^}]*)\})", re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True)
class ExpandedText:
    """A text with its variables replaced, which knows where each character stood before."""

    path: str
    text: str
    _starts: list[int] = field(default_factory=lambda: [0])
    _shifts: list[int] = field(default_factory=lambda: [0])
    _lines: list[int] = field(default_factory=list)

    def span(self, start: int, end: int | None = None) -> Span:
        """Give the place in the file of a stretch of the expanded text."""
        line, column = self._place(start)
        if end is None:
            return Span(self.path, line, column)
        end_line, end_column = self._place(end)
        return Span(self.path, line, column, end_line, end_column)

    def _place(self, offset: int) -> tuple[int, int]:
        piece = bisect_right(self._starts, offset) - 1
        limit = self._starts[piece + 1] if piece + 1 < len(self._starts) else None
        before = offset + self._shifts[piece]
        if limit is not None:
            before = min(before, limit + self._shifts[piece + 1])
        line = bisect_right(self._lines, before)
        return line, before - self._lines[line - 1] + 1


def expand(path: str, text: str, variables: Mapping[str, Any]) -> ExpandedText:
    """Replace the variables that have a value; others stay as written, as dag-factory leaves them.

    `CONFIG_ROOT_DIR`, if it is not among the variables, becomes the mark `ROOT`.
    """
    values = {ROOT_VARIABLE: ROOT, **{name: str(value) for name, value in variables.items()}}
    parts: list[str] = []
    starts, shifts = [0], [0]
    size, last = 0, 0
    for match in _VARIABLE.finditer(text):
        value = values.get(match["bare"] or match["braced"])
        if value is None:
            continue
        parts += [text[last : match.start()], value]
        size += match.start() - last
        starts += [size, size + len(value)]
        shifts += [match.start() - size, match.end() - size - len(value)]
        size += len(value)
        last = match.end()
    lines = [0, *(match.end() for match in re.finditer(r"\r\n|[\n\r]", text))]
    return ExpandedText(path, "".join([*parts, text[last:]]), starts, shifts, lines)


def variables_in(text: str) -> list[str]:
    """Give the names of the variables that a text still has."""
    names = [match["bare"] or match["braced"] for match in _VARIABLE.finditer(text)]
    return [name for name in names if name and _NAME.fullmatch(name)]
