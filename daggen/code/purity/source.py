"""Places in a Python source, counted in characters as editors do."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from daggen.diagnostics import Span


@dataclass(slots=True)
class SourceFile:
    """A Python source under its path."""

    path: str
    text: str
    _lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._lines = self.text.splitlines(keepends=True)

    def span(self, node: ast.AST) -> Span:
        """Give the place of a node; one that spans lines is given by its start."""
        line = getattr(node, "lineno", 1)
        column = self._column(line, getattr(node, "col_offset", 0))
        if getattr(node, "end_lineno", None) != line:
            return Span(self.path, line, column)
        end_column = self._column(line, getattr(node, "end_col_offset", 0))
        return Span(self.path, line, column, line, end_column)

    def _column(self, line: int, offset: int) -> int:
        """Turn the parser's offset, in bytes of UTF-8 from 0, into a column from 1."""
        if line > len(self._lines):
            return offset + 1
        return len(self._lines[line - 1].encode()[:offset].decode(errors="ignore")) + 1
