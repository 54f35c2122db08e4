"""The warehouse: tables that keep, for each batch, the rows that were loaded for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from techcorp.database import Database, connect, insert, quote
from techcorp.home import home

Row = dict[str, Any]
Config = Mapping[str, Any]
BATCH = "batch"
TARGET_TYPES = ("sqlite", "postgres")


class ValidationError(Exception):
    """What a load left in its table is not what was expected."""


def warehouse_file() -> Path:
    """Return the embedded warehouse, a SQLite database."""
    return home() / "warehouse.db"


def target(config: Config) -> AbstractContextManager[Database]:
    """Open the database of a `target_config`: its `conn_id`, or the embedded warehouse."""
    return connect(config.get("conn_id"), warehouse_file())


def load(target_type: str, config: Config, table: str, batch: str, rows: Sequence[Row]) -> None:
    """Put a batch into a table, in one transaction.

    Rows of the same batch are replaced. With `key` (a column), so are rows of older batches that
    have a key of this one: the table then holds each key once, as last seen.
    """
    if target_type not in TARGET_TYPES:
        raise ValueError(f"unknown target {target_type!r}; known: {', '.join(TARGET_TYPES)}")
    with target(config) as database:
        database.begin()
        if database.columns(table):
            _forget(database, table, BATCH, [batch])
            if key := config.get("key"):
                _forget(database, table, key, [row[key] for row in rows])
        insert(database, table, [{**row, BATCH: batch} for row in rows])


def validate(config: Config, table: str, batch: str, rows: int, queries: Sequence[str]) -> None:
    """Check the number of rows of a batch, and that each query gives a true value.

    Raises ValidationError with all checks that failed.
    """
    with target(config) as database:
        arrived = count(database, table, batch)
        failures = [] if arrived == rows else [f"{arrived} rows in {table}, {rows} were loaded"]
        for query in queries:
            value = database.value(query, {BATCH: batch})
            if not value:
                failures.append(f"{query!r} gives {value!r}")
    if failures:
        raise ValidationError("; ".join(failures))


def count(database: Database, table: str, batch: str) -> int:
    """Count the rows that a table holds for a batch; a table that does not exist holds none."""
    if not database.columns(table):
        return 0
    sql = f"SELECT COUNT(*) FROM {database.name(table)} WHERE {quote(BATCH)} = :batch"  # noqa: S608
    return int(database.value(sql, {BATCH: batch}))


def _forget(database: Database, table: str, column: str, values: Sequence[Any]) -> None:
    sql = f"DELETE FROM {database.name(table)} WHERE {quote(column)} = :value"  # noqa: S608
    database.execute_many(sql, ({"value": value} for value in values))
