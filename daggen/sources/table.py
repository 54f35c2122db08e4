"""Shapes what a source gave into a snapshot's rows: columns, plain values, JSON, order, keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from daggen.diagnostics import Diagnostic, Rule, Severity, Span, suggest
from daggen.diagnostics.codes.source import ROW_KEY, ROW_VALUE, SECRET_IN_ROWS, SOURCE_OPTION
from daggen.project import SourceConfig
from daggen.sources.base import Reading, Row, SourceOptions
from daggen.sources.secrets import Secrets
from daggen.sources.values import NotPlainError, plain

Key = tuple[Any, ...]


def key_of(row: Row, options: SourceOptions) -> Key:
    """Give what identifies a row; a column that it lacks counts as null."""
    return tuple(row.get(column) for column in options.identity)


def key_text(key: Key) -> str:
    """Name a row in a message by its key."""
    return ", ".join(part if isinstance(part, str) else json.dumps(part) for part in key)


def sort_key(key: Key) -> tuple[tuple[int, Any], ...]:
    """Order keys the same everywhere: null, then numbers, then text by code points."""
    return tuple(_rank(part) for part in key)


def _rank(part: Any) -> tuple[int, Any]:
    if part is None:
        return (0, 0)
    if isinstance(part, bool | int | float):
        return (1, part)
    if isinstance(part, str):
        return (2, part)
    return (3, json.dumps(part, sort_keys=True))


class Table:
    """The rows of a reading on their way into a snapshot; `diagnostics` gather what is wrong."""

    def __init__(self, config: SourceConfig, options: SourceOptions, reading: Reading) -> None:
        self._config = config
        self._options = options
        self._columns = _column_order(options, reading)
        self.diagnostics: list[Diagnostic] = []
        self.rows: list[dict[str, Any]] = []
        self.spans: list[Span] = []
        self._know_columns(reading)
        if not self.diagnostics:
            self._fill(reading)

    def refuse(
        self,
        rule: Rule,
        index: int,
        message: str,
        *,
        hint: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Report a row: where it stands if it comes from a file, else where its source does.

        A row that holds a secret is reported at its source, so that no line of a file is quoted.
        """
        text = f'source "{self._config.name}", row {self.label(index)}: {message}'
        span = self._config.span if rule is SECRET_IN_ROWS else self.spans[index]
        found = rule.at(span, text, hint=hint, severity=severity)
        self.diagnostics.append(found)

    def label(self, index: int) -> str:
        """Name a row by its key, or by its position where it has none."""
        key = key_of(self.rows[index], self._options)
        return f"number {index + 1}" if any(part in (None, "") for part in key) else key_text(key)

    def keep(self, wanted: list[int]) -> None:
        """Drop all rows but those at the positions `wanted`."""
        self.rows = [self.rows[index] for index in wanted]
        self.spans = [self.spans[index] for index in wanted]

    def check_keys(self) -> None:
        """Report rows whose key is incomplete, or that share one."""
        first: dict[str, int] = {}
        for index, row in enumerate(self.rows):
            empty = [column for column in self._options.identity if row.get(column) in (None, "")]
            if empty:
                self.refuse(ROW_KEY, index, f'the key column "{empty[0]}" has no value')
                continue
            name = json.dumps(key_of(row, self._options), sort_keys=True)
            if name in first:
                self.refuse(ROW_KEY, index, "another row has the same key", hint="extend the key")
            first.setdefault(name, index)

    def check_secrets(self, secrets: Secrets) -> None:
        """Report rows that hold what must not be committed; their values are not shown."""
        for index, row in enumerate(self.rows):
            for column, value in row.items():
                name = next(filter(None, map(secrets.found_in, _texts({column: value}))), "")
                if name:
                    message = (
                        f'column "{column}" holds the value of the environment variable {name}'
                    )
                    hint = "leave the column out, or write what is no secret in the configuration"
                    self.refuse(SECRET_IN_ROWS, index, message, hint=hint)
            for path in self._options.secret_columns:
                if _holds(row, path.split(".")):
                    hint = "leave it out of the columns that are selected"
                    self.refuse(SECRET_IN_ROWS, index, f'column "{path}" is secret', hint=hint)
                    return

    def sorted(self) -> tuple[Row, ...]:
        """Give the rows in the order of a snapshot."""
        order, identity = self._options.order_by, self._options.identity

        def position(row: Row) -> tuple[tuple[int, Any], ...]:
            return sort_key(tuple(row.get(column) for column in (*order, *identity)))

        return tuple(sorted(self.rows, key=position))

    def _know_columns(self, reading: Reading) -> None:
        """Report columns that are named and cannot be there; objects of an API may lack some."""
        present = {column for row in reading.rows for column in row} | set(reading.columns)
        optional = () if reading.columns else ("columns", "json_columns")
        for option in ("columns", "json_columns", "key", "order_by"):
            for column in getattr(self._options, option) if present else ():
                if column not in present and option not in optional:
                    message = f'source "{self._config.name}" has no column "{column}" ({option})'
                    hint = suggest(column, present)
                    found = SOURCE_OPTION.at(self._config.span, message, hint=hint)
                    self.diagnostics.append(found)

    def _fill(self, reading: Reading) -> None:
        own_spans = reading.spans or (self._config.span,) * len(reading.rows)
        for raw, span in zip(reading.rows, own_spans, strict=True):
            self.spans.append(span)
            self.rows.append({})
            for column in self._columns:
                if column in raw:
                    self._set(len(self.rows) - 1, column, raw[column])

    def _set(self, index: int, column: str, value: Any) -> None:
        try:
            parsed = _parsed(value) if column in self._options.json_columns else value
            self.rows[index][column] = plain(parsed)
        except (NotPlainError, RecursionError) as error:
            self.refuse(ROW_VALUE, index, f'column "{column}" cannot be written: {error}')


def _column_order(options: SourceOptions, reading: Reading) -> list[str]:
    """Order columns as selected, or as the source does, or the key first and then by name."""
    if options.columns:
        extra = [name for name in options.identity if name not in options.columns]
        return [*extra, *options.columns]
    if reading.columns:
        return list(reading.columns)
    present = {column for row in reading.rows for column in row}
    key = [column for column in options.identity if column in present]
    return [*key, *sorted(present - set(key))]


def _parsed(value: Any) -> Any:
    if not isinstance(value, str | bytes):
        return value
    try:
        return json.loads(value, parse_constant=_no_constant) if value else None
    except RecursionError:
        raise NotPlainError("JSON nested too deep") from None
    except ValueError as error:
        place = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise NotPlainError(f"it is no valid JSON{place}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _texts(value: Any) -> Iterator[str]:
    """Give every text in plain data, keys of mappings as well."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _holds(value: Any, path: list[str]) -> bool:
    """Tell whether plain data has a value at a dotted path, through lists as well."""
    if not path:
        return value is not None
    if isinstance(value, list):
        return any(_holds(inner, path) for inner in value)
    return isinstance(value, dict) and path[0] in value and _holds(value[path[0]], path[1:])
