"""Moving Python text to another indentation without touching what stands in its strings."""

from __future__ import annotations

import re
from collections.abc import Callable

_TOKENS = re.compile(
    r"""\#[^\n]*
    |(?P<quotes>\"{3}|'{3})(?:\\.|(?!(?P=quotes)).)*(?P=quotes)
    |\"(?:\\.|[^\"\\\n])*\"
    |'(?:\\.|[^'\\\n])*'""",
    re.VERBOSE | re.DOTALL,
)


def indent(text: str, prefix: str) -> str:
    """Put `prefix` before every line but the first, blank lines and lines inside strings."""
    if not prefix or "\n" not in text:
        return text
    inside = _lines_inside_strings(text)
    first, *rest = text.split("\n")
    return "\n".join(
        [first]
        + [
            prefix + line if line.strip() and number not in inside else line
            for number, line in enumerate(rest, 1)
        ]
    )


def dedent(text: str, is_blank: Callable[[str], bool] = lambda line: not line.strip()) -> str:
    """Move text to the left edge: its first line ends up at column 0, the others follow.

    Blank lines before and after are dropped; `is_blank` tells which lines are.
    """
    lines = text.split("\n")
    while lines and is_blank(lines[-1]):
        lines.pop()
    while lines and is_blank(lines[0]):
        del lines[0]
    margin = len(lines[0]) - len(lines[0].lstrip(" \t")) if lines else 0
    if not margin:
        return "\n".join(lines)
    inside = _lines_inside_strings("\n".join(lines))
    return "\n".join(
        line if number in inside else _without_margin(line, margin)
        for number, line in enumerate(lines)
    )


def _without_margin(line: str, margin: int) -> str:
    own = len(line) - len(line.lstrip(" \t"))
    return line[min(margin, own) :]


def _lines_inside_strings(text: str) -> set[int]:
    """Give the numbers (from 0) of the lines that begin inside a string."""
    inside: set[int] = set()
    for match in _TOKENS.finditer(text):
        size = match[0].count("\n")
        if size:
            first = text.count("\n", 0, match.start())
            inside.update(range(first + 1, first + size + 1))
    return inside
