"""Sources of type `file`: a CSV, JSON, YAML or Parquet file becomes a snapshot."""

from __future__ import annotations

from pydantic import Field

from daggen.sources.base import Budget, Reading, Request, SourceError, SourceOptions, SourceType
from daggen.specs.rows import read_rows_in


class FileOptions(SourceOptions):
    """`path` is relative to the configuration."""

    path: str = Field(min_length=1)


def _read(request: Request[FileOptions]) -> Reading:
    rows, diagnostics = read_rows_in(request.root / request.options.path, request.root)
    if rows is None:
        raise SourceError(f"cannot read {request.options.path}", diagnostics=diagnostics)
    budget = Budget(request.options)
    for row in rows.rows:
        budget.spend(row.values())
    return Reading(rows.rows, rows.columns, texts=rows.texts, spans=rows.spans)


SOURCE = SourceType("file", FileOptions, _read, origin=("path",))
"""Sources of type `file`."""
