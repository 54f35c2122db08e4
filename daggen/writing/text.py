"""Indenting Python statements whose strings span lines: the strings must stay as they are."""

from __future__ import annotations

import io
import tokenize

INDENT = "    "


def indent(statement: str, depth: int = 1) -> str:
    """Indent a statement by `depth` levels, but not the lines inside its strings."""
    if not depth:
        return statement
    inside = _lines_inside_strings(statement)
    lines = statement.split("\n")
    return "\n".join(
        line if number in inside or not line.strip() else INDENT * depth + line
        for number, line in enumerate(lines, start=1)
    )


def _lines_inside_strings(statement: str) -> set[int]:
    """Give the numbers of the lines that begin inside a string."""
    if '"""' not in statement and "'''" not in statement:
        return set()
    inside: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(statement).readline):
        if token.type == tokenize.STRING:
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    return inside
