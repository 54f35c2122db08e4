"""Invisible marks that the engine writes into its output, and reads and removes at the end.

They are private-use characters: a value can never contain one, since literals escape what is
unprintable, and a template that holds one is refused. They tell which line of which template a
rendered line comes from, where a name was put together, and where pieces of templates meet.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from daggen.code.names import is_identifier
from daggen.code.scope import PLACEHOLDER

JOINT = "\ue000"
NAME = "\ue001"
_FIRST_TEMPLATE = 0xF0000
_FIRST_LINE = 0x100000
_MOST = 0xFFFD

PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_LINE_MARK = re.compile("([\U000f0000-\U000fffff])([\U00100000-\U0010ffff])")
_WORD = "A-Za-z0-9_\x80-\ud7ff\uf900-\U000effff"
_JOINED = re.compile(f"[{_WORD}\"'][\ue000\ue001]*\ue000[\ue000\ue001]*[{_WORD}\"']")
_NAMED = re.compile(f"[{_WORD}\ue001]*\ue001[{_WORD}\ue001]*")


class JoinedWrongly(Exception):
    """Pieces of rendered text touch and mean something else together; `line` counts from 1."""

    def __init__(self, message: str, hint: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line


def line_mark(template: int, line: int) -> str:
    """Give the mark of a template's line; templates are known by their number."""
    return chr(_FIRST_TEMPLATE + min(template, _MOST)) + chr(_FIRST_LINE + min(line, _MOST))


def mark_lines(data: str, template: int, line: int) -> str:
    """Mark each line that ends in `data`, a piece of template text that begins in `line`."""
    pieces = data.split("\n")
    marked = [
        piece + ("" if piece.endswith("\\") else line_mark(template, line + index)) + "\n"
        for index, piece in enumerate(pieces[:-1])
    ]
    return "".join([*marked, pieces[-1]])


def without_marks(text: str) -> str:
    """Give the text alone."""
    return PRIVATE.sub("", text)


def mark_every_line(text: str) -> str:
    """Give a marked text with a mark on each line, that of a hole on all that the hole wrote."""
    table = read_marks(text)
    lines = without_marks(text).split("\n")
    origins = [table.origin(number) for number in range(1, len(lines) + 1)]
    return "\n".join(
        line + (line_mark(*origin) if origin and not line.endswith("\\") else "")
        for line, origin in zip(lines, origins, strict=True)
    )


@dataclass(frozen=True, slots=True)
class LineTable:
    """Which template and line the lines of a rendered text come from, where that is known.

    With `exact`, lines without a mark come from no template.
    """

    lines: Sequence[int]
    origins: Sequence[tuple[int, int]]
    exact: bool = False

    def origin(self, line: int) -> tuple[int, int] | None:
        """Give (template, line) for a rendered line; what a hole wrote belongs to the hole's."""
        index = bisect_left(self.lines, line)
        if self.exact and self.lines[index : index + 1] != (line,):
            return None
        return self.origins[min(index, len(self.origins) - 1)] if self.origins else None


def read_marks(text: str) -> LineTable:
    """Read the marks of lines out of a marked text."""
    lines: list[int] = []
    origins: list[tuple[int, int]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if match := _LINE_MARK.search(line):
            lines.append(number)
            origins.append((ord(match[1]) - _FIRST_TEMPLATE, ord(match[2]) - _FIRST_LINE))
    return LineTable(tuple(lines), tuple(origins))


def check_marks(text: str) -> None:
    """Check the names that were put together, and the places where templates meet.

    Raises JoinedWrongly at the first that is wrong.
    """
    for match in _NAMED.finditer(text):
        name = match[0].replace(NAME, "")
        if not is_identifier(name) or PLACEHOLDER.fullmatch(name):
            raise JoinedWrongly(
                f'"{name}" is not a name that Python accepts here',
                "a name has letters, digits and _, and does not begin with a digit",
                _line(text, match.start()),
            )
    if joined := _JOINED.search(text):
        raise JoinedWrongly(
            "the text of a block or an included file touches the text beside it",
            "put the tag on a line of its own",
            _line(text, joined.start()),
        )


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
