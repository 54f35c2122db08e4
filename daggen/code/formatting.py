"""Formatting Python as black does, with errors as values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class NotFormatted:
    """Why a text could not be formatted: black's own words."""

    reason: str


def format_python(source: str, line_length: int = 100) -> str | NotFormatted:
    """Format a Python file exactly as `black --line-length N` does, whatever Python runs daggen."""
    import black
    from black.parsing import InvalidInput

    try:
        return black.format_str(source, mode=_mode(line_length))
    except (InvalidInput, ValueError, RecursionError) as error:
        return NotFormatted(str(error) or type(error).__name__)


@lru_cache(maxsize=8)
def _mode(line_length: int) -> Any:
    from black.mode import Mode, TargetVersion

    versions = {TargetVersion.PY310, TargetVersion.PY311, TargetVersion.PY312}
    return Mode(line_length=line_length, target_versions=versions)
