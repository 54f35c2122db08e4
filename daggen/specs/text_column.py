"""Where the lines of a text begin in a YAML file, for those that stand there as they read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def text_column(event: Any, lines: Sequence[str]) -> int:
    """Give the column, from 1, at which the lines of a scalar's text begin in a YAML file.

    `event` is the parser's event of the scalar, `lines` are those of the file. It is 0 where the
    text was folded, or holds escapes: then its characters are not those of the file.
    """
    start, end = event.start_mark, event.end_mark
    if event.style == "|":
        return _of_block(event.value, lines[start.line + 1 :])
    quotes = 2 if event.style in ("'", '"') else 0
    if event.style == ">" or start.line != end.line:
        return 0
    as_it_reads = end.column - start.column == len(event.value) + quotes
    return start.column + 1 + quotes // 2 if as_it_reads else 0


def _of_block(text: str, lines: Sequence[str]) -> int:
    """Give the column of a block of lines that ends where its indentation does."""
    for line, written in zip(text.split("\n"), lines, strict=False):
        if line.strip():
            as_it_reads = written.rstrip("\r").endswith(line)
            return written.rfind(line) + 1 if as_it_reads else 0
    return 0
