"""What `daggen verify` finds: import errors, warnings, differences, and files slow to parse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from daggen.airflow.verify.compare import differences
from daggen.airflow.verify.load import Loaded
from daggen.code.reader import read_dags
from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import verify as codes

SLOW_FACTOR = 5
"""A file is an outlier when it takes this many times the median of all files..."""
SLOW_MILLISECONDS = 500
"""... and at least this long."""

SpecLine = Callable[[Path, int], Span | None]
"""Gives the place in a spec or template that a line of a generated file comes from."""


def verify(
    loaded: Sequence[Loaded], name_of: Callable[[Path], str], spec_line: SpecLine
) -> list[Diagnostic]:
    """Report what is wrong with files that Airflow loaded.

    `name_of` names a file in messages, `spec_line` finds the cause of an import error.
    """
    found: list[Diagnostic] = []
    for file in loaded:
        found += _errors(file, name_of(file.path), spec_line)
        text = [codes.IMPORT_WARNING.at(Span(name_of(file.path)), w) for w in file.warnings]
        found += text
        if not file.errors:
            found += _compare(file, name_of(file.path))
    return [*found, *_slow(loaded, name_of)]


def _errors(file: Loaded, name: str, spec_line: SpecLine) -> Iterator[Diagnostic]:
    for error in file.errors:
        line = _line_of(error, file.path)
        cause = spec_line(file.path, line)
        related = [(cause, "which comes from here")] if cause else []
        last = [text for text in error.strip().splitlines() if text.strip()][-1].strip()
        yield codes.IMPORT_ERROR.at(Span(name, line), last, related=related)


def _line_of(traceback: str, path: Path) -> int:
    """Give the line of the file that a traceback goes through last."""
    pattern = rf'File "[^"]*{re.escape(path.name)}", line (\d+)'
    lines = re.findall(pattern, traceback)
    return int(lines[-1]) if lines else 1


def _compare(file: Loaded, name: str) -> Iterator[Diagnostic]:
    for graph in read_dags(file.path.read_text(encoding="utf-8"), name):
        if graph.dag_id not in file.dags:
            message = f'Airflow does not find the DAG "{graph.dag_id}" in this file'
            yield codes.NOT_LOADED.at(Span(name, graph.line or 1), message)
            continue
        for message, line in differences(graph, file.dags[graph.dag_id]):
            yield codes.DIFFERENT.at(Span(name, line or 1), f"{graph.dag_id}: {message}")


def _slow(loaded: Sequence[Loaded], name_of: Callable[[Path], str]) -> Iterator[Diagnostic]:
    if len(loaded) < 3:
        return
    usual = median(file.milliseconds for file in loaded)
    for file in loaded[1:]:
        if file.milliseconds > max(SLOW_MILLISECONDS, SLOW_FACTOR * usual):
            message = f"parsing takes {file.milliseconds:.0f} ms, the median is {usual:.0f} ms"
            yield codes.SLOW.at(Span(name_of(file.path)), message)
