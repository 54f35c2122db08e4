"""Parsing Python source, with one kind of error for whatever is wrong with it."""

from __future__ import annotations

import ast


def parse_python(source: str, path: str) -> ast.Module:
    """Parse a file; `path` is used only to name it. Raises SyntaxError and nothing else."""
    try:
        return ast.parse(source, filename=path)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(f"cannot be parsed: {error}") from error
