"""Reads a file of rows: CSV, JSON, YAML or Parquet, for `foreach` and for sources of type file."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from daggen.diagnostics import Diagnostic, Span, suggest
from daggen.diagnostics.codes.source import FILE_ROWS, SOURCE_EXTRA
from daggen.project import Project
from daggen.sources.values import plain
from daggen.specs.document import Document, Locations
from daggen.specs.document import Path as DataPath
from daggen.specs.yaml import read_yaml

MAX_BYTES = 64 * 1024 * 1024

_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True)
class Rows:
    """Rows of data and where each stands. `texts` says that all their values are text (CSV)."""

    rows: tuple[Mapping[str, Any], ...]
    places: tuple[Locations, ...]
    columns: tuple[str, ...] = ()
    texts: bool = False

    @property
    def spans(self) -> tuple[Span, ...]:
        """Give the place of each row."""
        return tuple(place.root for place in self.places)


Result = tuple[Rows | None, list[Diagnostic]]


def read_rows(path: Path, project: Project) -> Result:
    """Read the rows of a file whose format its suffix names; None if they cannot be read.

    Values of CSV files are text. Messages name the file relative to the project's root.
    """
    return read_rows_in(path, project.root)


def read_rows_in(path: Path, root: Path) -> Result:
    """Read the rows of a file; messages name it relative to the directory `root`."""
    name = Path(os.path.relpath(path, root)).as_posix()
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        hint = suggest(path.suffix, READERS) or f"one of {', '.join(READERS)}"
        return None, [FILE_ROWS.at(Span(name), f'cannot read rows from "{name}"', hint=hint)]
    try:
        if path.stat().st_size > MAX_BYTES:
            message = f"{name} has more than {MAX_BYTES} bytes"
            return None, [FILE_ROWS.at(Span(name), message)]
        return reader(path, name, root)
    except OSError as error:
        message = f"cannot read {name}: {error.strerror or type(error).__name__}"
        return None, [FILE_ROWS.at(Span(name), message)]


def rows_of(document: Document, path: tuple[str, ...] = ()) -> Result:
    """Take the list of mappings at `path` of a document as rows."""
    data: Any = document.data
    for key in path:
        data = data[key]
    if not isinstance(data, list):
        message = f"a list of rows was expected, not {_kind(data)}"
        return None, [FILE_ROWS.at(document.locations.value(path), message)]
    places = document.locations.elements(path, len(data))
    wrong = [
        FILE_ROWS.at(place.root, f"a row is a mapping of columns to values, not {_kind(row)}")
        for row, place in zip(data, places, strict=True)
        if not isinstance(row, dict) or not all(isinstance(key, str) for key in row)
    ]
    return (None, wrong) if wrong else (Rows(tuple(data), tuple(places)), [])


def _kind(value: object) -> str:
    if isinstance(value, dict):
        texts = all(isinstance(key, str) for key in value)
        return "a mapping" if texts else "a mapping with keys that are no text"
    names = {type(None): "nothing", str: "a text", bool: "true or false", list: "a list"}
    return names.get(type(value), "a number")


def _read_yaml(path: Path, name: str, root: Path) -> Result:
    document, diagnostics = read_yaml(path, root)
    if document is None or diagnostics:
        return None, diagnostics
    return rows_of(document)


def _read_csv(path: Path, name: str, root: Path) -> Result:
    text, problem = _text(path, name)
    if problem:
        return None, [problem]
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return _csv_rows(reader, name)
    except csv.Error as error:
        return None, [FILE_ROWS.at(Span(name, reader.line_num), f"no valid CSV: {error}")]


def _csv_rows(reader: Any, name: str) -> Result:
    header: list[str] = next(reader, [])
    problems = [FILE_ROWS.at(Span(name), message) for message in _header_problems(header)]
    rows, places, line = [], [], reader.line_num + 1
    for cells in reader:
        span, line = Span(name, line), reader.line_num + 1
        if not cells:
            continue
        if len(cells) != len(header):
            cell = "cell" if len(cells) == 1 else "cells"
            message = f"{len(cells)} {cell} where the header has {len(header)}"
            hint = "quote cells that hold the delimiter" if len(cells) > len(header) else ""
            problems.append(FILE_ROWS.at(span, message, hint=hint))
            continue
        rows.append(dict(zip(header, cells, strict=True)))
        places.append(Locations(span))
    if problems:
        return None, problems
    return Rows(tuple(rows), tuple(places), tuple(header), texts=True), []


def _header_problems(header: list[str]) -> Iterator[str]:
    if not header:
        yield "the file has no header line"
    if any(not column.strip() for column in header):
        yield "a column has no name"
    for column in sorted({column for column in header if header.count(column) > 1}):
        yield f'the column "{column}" stands twice'


def _read_json(path: Path, name: str, root: Path) -> Result:
    text, problem = _text(path, name)
    if problem:
        return None, [problem]
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        span = Span(name, error.lineno, error.colno)
        return None, [FILE_ROWS.at(span, f"no valid JSON: {error.msg}")]
    except (ValueError, RecursionError) as error:
        return None, [FILE_ROWS.at(Span(name), f"no valid JSON: {error}")]
    starts = _element_starts(text) if isinstance(data, list) else []
    values: dict[DataPath, Span] = {
        (index,): span for index, span in enumerate(_spans(text, name, starts))
    }
    return rows_of(Document(name, data, Locations(Span(name), values=values)))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not allowed")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise ValueError(f'the key "{key}" stands twice in one object')
        result[key] = value
    return result


def _element_starts(text: str) -> list[int]:
    """Give the offsets at which the elements of a JSON document's top list start."""
    starts, depth, index, expecting = [], 0, 0, False
    while index < len(text):
        character = text[index]
        if expecting and depth == 1 and character not in " \t\r\n]":
            starts.append(index)
            expecting = False
        if character == '"':
            string = _JSON_STRING.match(text, index)
            index = string.end() if string else len(text)
            continue
        depth += (character in "[{") - (character in "]}")
        expecting = expecting or (depth == 1 and character in "[,")
        index += 1
    return starts


def _spans(text: str, name: str, offsets: list[int]) -> Iterator[Span]:
    line, begin, position = 1, 0, 0
    for offset in offsets:
        line += text.count("\n", position, offset)
        begin = text.rfind("\n", 0, offset) + 1
        position = offset
        yield Span(name, line, offset - begin + 1)


def _read_parquet(path: Path, name: str, root: Path) -> Result:
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        message = f"{name}: Parquet files are read with pyarrow, which is not installed"
        hint = 'pip install "daggen[parquet]"'
        return None, [SOURCE_EXTRA.at(Span(name), message, hint=hint)]
    try:
        table = parquet.read_table(path)
        rows = tuple({key: plain(cell) for key, cell in row.items()} for row in table.to_pylist())
    except (OSError, ValueError) as error:
        return None, [FILE_ROWS.at(Span(name), f"no valid Parquet: {_first_line(error)}")]
    return Rows(rows, (Locations(Span(name)),) * len(rows), tuple(table.column_names)), []


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _text(path: Path, name: str) -> tuple[str, Diagnostic | None]:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        return "", FILE_ROWS.at(Span(name, line), message, hint="save the file as UTF-8")


READERS: Mapping[str, Callable[[Path, str, Path], Result]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".json": _read_json,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".parquet": _read_parquet,
}
"""The formats by suffix."""
