"""The absence of a value, on one side of a comparison."""

from __future__ import annotations

from enum import Enum
from typing import Final

from daggen.code.graph import Value


class Missing(Enum):
    """Stands where one side of a comparison has no value (None is a value)."""

    MISSING = "missing"

    def __repr__(self) -> str:
        """Name it as it is imported."""
        return "MISSING"


MISSING: Final = Missing.MISSING
MaybeValue = Value | Missing
