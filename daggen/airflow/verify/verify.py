"""What `daggen verify` finds: import errors, warnings, differences, and files slow to parse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from daggen.airflow.verify.compare import differences
from daggen.airflow.verify.load import Loaded
from daggen.code.graph import DagGraph
from daggen.code.reader import read_file
from daggen.code.source import read_source
from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import verify as codes

SLOW_FACTOR = 5
"""A file is an outlier when it takes this many times the median of all files..."""
SLOW_MILLISECONDS = 500
"""... and at least this long."""

MOST_LINES = 4
"""How much of an exception is told; some go on for a page."""

_FRAME = re.compile(r'  File ".*", line \d+')

SpecLine = Callable[[Path, int], Span | None]
"""Gives the place in a spec or template that a line of a generated file comes from."""


def verify(
    loaded: Sequence[Loaded], name_of: Callable[[Path], str], spec_line: SpecLine
) -> list[Diagnostic]:
    """Report what is wrong with files that Airflow loaded.

    `name_of` names a file in messages, `spec_line` finds the cause of an error or a warning.
    """
    found: list[Diagnostic] = []
    for file in loaded:
        name = name_of(file.path)
        found += _errors(file, name, spec_line)
        found += (_warning(text, file.path, name, spec_line) for text in file.warnings)
        if not file.errors:
            found += _compare(file, name)
    return [*found, *_slow(loaded, name_of)]


def _errors(file: Loaded, name: str, spec_line: SpecLine) -> Iterator[Diagnostic]:
    for error in file.errors:
        line = line_of(error, file.path)
        related = _cause(file.path, line, spec_line)
        yield codes.IMPORT_ERROR.at(Span(name, line), words_of(error), related=related)


def _warning(text: str, path: Path, name: str, spec_line: SpecLine) -> Diagnostic:
    """Report a warning that is told as `LINE: CATEGORY: MESSAGE`."""
    line, _, message = text.partition(": ")
    if not line.isdecimal():
        return codes.IMPORT_WARNING.at(Span(name), text)
    related = _cause(path, int(line), spec_line)
    return codes.IMPORT_WARNING.at(Span(name, int(line)), message, related=related)


def _cause(path: Path, line: int, spec_line: SpecLine) -> list[tuple[Span, str]]:
    cause = spec_line(path, line)
    return [(cause, "which comes from here")] if cause else []


def words_of(traceback: str) -> str:
    """Give the exception that a traceback ends with, its first lines on one."""
    lines = [line for line in traceback.splitlines() if line.strip()]
    frames = [number for number, line in enumerate(lines) if _FRAME.match(line)]
    last = lines[frames[-1] + 1 :] if frames else lines
    while len(last) > 1 and last[0].startswith(" "):
        last = last[1:]
    told = [" ".join(line.split()) for line in last[:MOST_LINES]]
    return " ".join(told) + (" …" if len(last) > MOST_LINES else "")


def line_of(traceback: str, path: Path) -> int:
    """Give the line of a file that a traceback goes through last; the first one if none."""
    lines = re.findall(rf'File "{re.escape(str(path))}", line (\d+)', traceback)
    return int(lines[-1]) if lines else 1


def _compare(file: Loaded, name: str) -> Iterator[Diagnostic]:
    try:
        read = read_file(read_source(file.path), name)
    except SyntaxError as error:
        message = f"daggen cannot read what this Airflow loads: {error.msg}"
        yield codes.NOT_COMPARED.at(Span(name, error.lineno or 1), message)
        return
    named = {dag.dag_id: dag for dag in read.dags if not _doubted(dag, "dag_id")}
    for dag_id, graph in named.items():
        if dag_id in file.dags:
            for message, line in differences(graph, file.dags[dag_id]):
                yield codes.DIFFERENT.at(Span(name, line or 1), f"{dag_id}: {message}")
        elif not any(doubt.part == "dags" for doubt in read.doubts):
            message = f'Airflow does not find the DAG "{dag_id}" in this file'
            yield codes.NOT_LOADED.at(Span(name, graph.line or 1), message)
    unread = sorted(file.dags.keys() - named.keys())
    certain = not read.doubts and len(named) == len(read.dags)
    for dag_id in unread:
        if certain:
            message = f'Airflow finds the DAG "{dag_id}", which is not in the file'
            yield codes.DIFFERENT.at(Span(name), message)
        else:
            message = f'the DAG "{dag_id}" cannot be read without running the file'
            yield codes.NOT_COMPARED.at(Span(name), message)


def _doubted(graph: DagGraph, part: str) -> bool:
    return any(doubt.part == part for doubt in graph.doubts)


def _slow(loaded: Sequence[Loaded], name_of: Callable[[Path], str]) -> Iterator[Diagnostic]:
    """Find outliers; of one or two files none can be told from the others."""
    if len(loaded) < 3:
        return
    usual = median(file.milliseconds for file in loaded)
    for file in loaded:
        if file.milliseconds > max(SLOW_MILLISECONDS, SLOW_FACTOR * usual):
            message = f"parsing takes {file.milliseconds:.0f} ms, the median is {usual:.0f} ms"
            yield codes.SLOW.at(Span(name_of(file.path)), message)
