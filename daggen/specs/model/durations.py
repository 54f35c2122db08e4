"""Kinds of durations: `5m`, ISO 8601, seconds, or a mapping of `timedelta`'s arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from daggen.specs.document import Path
from daggen.specs.model import shapes
from daggen.specs.model.context import INVALID, Context
from daggen.specs.model.offsets import DELTA_UNITS, read_duration, read_offset
from daggen.specs.model.scalars import of
from daggen.specs.model.shapes import Schema, record
from daggen.specs.model.values import Value


def _read_seconds(raw: Any, path: Path, context: Context) -> Value:
    """Read what Airflow takes as seconds or as a duration: numbers stay numbers."""
    value = read_duration(raw, path, context)
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    return raw if is_number and value is not INVALID else value


DELTA_SCHEMA: Schema = record(
    "A duration by its units", {unit: {"type": "number"} for unit in DELTA_UNITS}
)
DURATION_TEXTS: Sequence[Schema] = (
    {
        "type": "string",
        "pattern": r"^\s*(\d+(\.\d+)?\s*[a-z]+\s*)+$",
        "examples": ["5m", "2h30m", "1d"],
    },
    {"type": "string", "pattern": r"^P[\dTWDHMS.,]+$", "examples": ["PT5M"]},
)
DURATION_SCHEMA: Schema = {
    "anyOf": [
        *DURATION_TEXTS,
        {"type": "number", "description": "A duration in seconds"},
        DELTA_SCHEMA,
    ]
}

DURATION = of(read_duration, shapes.DURATION)
OFFSET = of(read_offset, shapes.DURATION)
SECONDS = of(_read_seconds, shapes.DURATION)
