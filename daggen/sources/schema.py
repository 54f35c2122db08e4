"""Row schemas: what a source's rows must look like, as JSON Schema, and the types it gives text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry

from daggen.diagnostics import Diagnostic, Severity
from daggen.diagnostics.codes.source import ROW_INVALID, ROW_SCHEMA
from daggen.project import Project, SourceConfig
from daggen.sources.base import SourceOptions
from daggen.sources.table import Table
from daggen.specs.yaml import read_yaml

_LONGEST_VALUE = 160
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)

Schema = Mapping[str, Any]


def load_row_schema(
    project: Project, config: SourceConfig, options: SourceOptions
) -> tuple[Schema | None, list[Diagnostic]]:
    """Give the row schema of a source, inline or from its file; None if it has none."""
    schema: Any = options.row_schema
    span = config.span
    if isinstance(schema, str):
        path = project.root / schema
        document, diagnostics = read_yaml(path, project.root)
        if document is None or diagnostics:
            return None, diagnostics
        schema, span = document.data, document.locations.root
    if schema is None:
        return None, []
    problem = _schema_problem(schema)
    if problem:
        message = f'the row schema of source "{config.name}" is not valid: {problem}'
        return None, [ROW_SCHEMA.at(span, message)]
    return schema, []


def apply_types(table: Table, schema: Schema | None, *, texts: bool) -> None:
    """Give cells the types of their columns' schemas.

    Text becomes an integer, number or boolean only for sources that have nothing but text; an
    empty cell is then null. 0 and 1 become booleans for every source: SQLite has no other.
    """
    columns = schema.get("properties", {}) if schema else {}
    for row in table.rows:
        for column, value in row.items():
            types = _types(columns.get(column))
            if texts and isinstance(value, str):
                row[column] = _from_text(value, types)
            elif types & {"boolean"} and not types & {"integer", "number"} and value in (0, 1):
                row[column] = bool(value)


def check_rows(table: Table, schema: Schema | None, options: SourceOptions) -> None:
    """Report the rows that do not fit; with `on_invalid = "skip"` warn and leave them out."""
    if schema is None:
        return
    validator = Draft202012Validator(schema, registry=Registry())
    skip = options.on_invalid == "skip"
    kept = []
    for index, row in enumerate(table.rows):
        errors = sorted(validator.iter_errors(row), key=lambda error: list(map(str, error.path)))
        for error in errors:
            hint = "the row is left out" if skip else 'on_invalid = "skip" would leave it out'
            severity = Severity.WARNING if skip else Severity.ERROR
            table.refuse(ROW_INVALID, index, _problem(error), hint=hint, severity=severity)
        if not errors:
            kept.append(index)
    if skip:
        table.keep(kept)


def _schema_problem(schema: Any) -> str:
    if not isinstance(schema, dict):
        return "it is no mapping"
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return f"{error.json_path}: {_shortened(error.message)}"
    return ""


def _types(schema: Any) -> set[str]:
    """Give the types that a column's schema allows."""
    declared = schema.get("type", ()) if isinstance(schema, Mapping) else ()
    return {declared} if isinstance(declared, str) else set(declared)


def _from_text(value: str, types: set[str]) -> Any:
    if not types or "string" in types:
        return value
    if value == "":
        return None
    if "boolean" in types and value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    if types & {"integer", "number"} and _NUMBER.fullmatch(value):
        return _number(value, types)
    return value


def _number(value: str, types: set[str]) -> Any:
    if re.fullmatch(r"[-+]?\d+", value, re.ASCII) and len(value) <= 1000:
        return int(value)
    return float(value) if "number" in types else value


def _problem(error: ValidationError) -> str:
    """Word an error of jsonschema: the column, the way inside it, what is wrong."""
    if not error.path:
        missing = _missing(error)
        return f'column "{missing}" is missing' if missing else _shortened(error.message)
    column, *within = [str(part) for part in error.path]
    place = f'column "{column}"' + "".join(f", {part}" for part in within)
    return f"{place}: {_shortened(error.message)}"


def _missing(error: ValidationError) -> str:
    """Name the column that a row lacks, if that is the error."""
    required: Any = error.validator_value if error.validator == "required" else ()
    return next((name for name in required if error.message.startswith(repr(name))), "")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
