"""The way back from a generated line to the template's line that it came from."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache

from daggen.diagnostics import Diagnostic, Span
from daggen.templates.marks import LineTable


class Rendered:
    """What a template rendered to: Python whose references are still placeholders.

    `text` is to be resolved by the `Scope` it was rendered with, and formatted. `template_line`
    answers for lines of `text`, `locate` for lines of the file that was made of it.
    `diagnostics` are warnings.
    """

    def __init__(self, text: str, table: LineTable, paths: tuple[str, ...]) -> None:
        self.text = text
        self.diagnostics: list[Diagnostic] = []
        self._table = table
        self._paths = paths

    def template_line(self, line: int) -> Span | None:
        """Give the template's line that a line of `text` (from 1) comes from."""
        origin = self._table.origin(line)
        return Span(self._paths[origin[0]], origin[1]) if origin else None

    def locate(self, final: str) -> Callable[[int], Span | None]:
        """Give a function from lines of the final file to lines of templates.

        `final` is `text` with its names resolved and formatted: the same statements, imports
        apart. Lines of imports have no place in a template.
        """

        @cache
        def table() -> tuple[list[int], dict[int, int]]:
            first: dict[int, int] = {}
            for line, before in sorted(_line_pairs(self.text, final)):
                first.setdefault(line, before)
            return list(first), first

        def template_line(line: int) -> Span | None:
            lines, before = table()
            index = bisect_right(lines, line) - 1
            return self.template_line(before[lines[index]]) if index >= 0 else None

        return template_line


def _line_pairs(text: str, final: str) -> Iterator[tuple[int, int]]:
    """Walk both syntax trees side by side and yield (line of final, line of text)."""
    for ours, theirs in zip(_statements(text), _statements(final), strict=False):
        for before, after in zip(ast.walk(ours), ast.walk(theirs), strict=False):
            if hasattr(before, "lineno") and hasattr(after, "lineno"):
                yield after.lineno, before.lineno


def _statements(source: str) -> list[ast.stmt]:
    body = ast.parse(source).body
    return [node for node in body if not isinstance(node, ast.Import | ast.ImportFrom)]
