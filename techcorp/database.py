"""Databases behind one small face: an Airflow connection, or an embedded SQLite file instead."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

Row = dict[str, Any]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
_PARAMETER = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)")


class Database:
    """A DB-API connection with named parameters (`:name`), which both SQLite and psycopg2 get."""

    def __init__(self, connection: Any, *, embedded: bool) -> None:
        self._connection = connection
        self.embedded = embedded

    def begin(self) -> None:
        """Begin to write: on SQLite, so that no other process changes tables meanwhile."""
        if self.embedded:
            self._connection.execute("BEGIN IMMEDIATE")

    def execute(self, sql: str, parameters: Row | None = None) -> Any:
        """Run one statement and return its cursor."""
        cursor = self._connection.cursor()
        cursor.execute(self._native(sql), parameters or {})
        return cursor

    def execute_many(self, sql: str, rows: Iterable[Row]) -> None:
        """Run one statement for each row of parameters."""
        self._connection.cursor().executemany(self._native(sql), list(rows))

    def rows(self, sql: str, parameters: Row | None = None) -> list[Row]:
        """Run a query and return its rows by column name."""
        cursor = self.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def value(self, sql: str, parameters: Row | None = None) -> Any:
        """Run a query and return the first column of its first row; None if there is no row."""
        first = self.execute(sql, parameters).fetchone()
        return None if first is None else first[0]

    def columns(self, table: str) -> list[str]:
        """List a table's columns; a table that does not exist has none."""
        if self.embedded:
            return [row["name"] for row in self.rows(f"PRAGMA table_info({self.name(table)})")]
        *schema, bare = table.split(".")
        found = self.rows(
            "SELECT column_name AS name FROM information_schema.columns"
            " WHERE table_name = :table AND table_schema = COALESCE(:schema, current_schema())"
            " ORDER BY ordinal_position",
            {"table": bare, "schema": schema[0] if schema else None},
        )
        return [row["name"] for row in found]

    def name(self, table: str) -> str:
        """Check and quote a table's name; SQLite has no schemas, so `public.x` is `x` there."""
        if not _NAME.fullmatch(table):
            raise ValueError(f"not a table name: {table!r}")
        parts = table.split(".")
        return quote(parts[-1]) if self.embedded else ".".join(quote(part) for part in parts)

    def _native(self, sql: str) -> str:
        return sql if self.embedded else _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))


def quote(identifier: str) -> str:
    """Quote an identifier as SQL does."""
    return '"' + identifier.replace('"', '""') + '"'


@contextmanager
def connect(conn_id: str | None, default: Path) -> Iterator[Database]:
    """Open the database of an Airflow connection, or the SQLite file `default` if there is none.

    Commits on the way out, rolls back on an error, and closes in both cases.
    """
    hook = airflow_hook(conn_id) if conn_id else None
    connection = hook.get_conn() if hook else sqlite3.connect(default, timeout=30)
    try:
        yield Database(connection, embedded=isinstance(connection, sqlite3.Connection))
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.close()


def airflow_hook(conn_id: str) -> Any:
    """Return the hook of an Airflow connection; None if no such connection is configured."""
    try:
        from airflow.providers.common.compat.sdk import AirflowNotFoundException, BaseHook
    except ImportError:
        log.info("Airflow is not installed: %s stands for the embedded default.", conn_id)
        return None
    try:
        return BaseHook.get_hook(conn_id)
    except AirflowNotFoundException:
        log.info("No connection %r: using the embedded default.", conn_id)
        return None


def insert(database: Database, table: str, rows: Sequence[Row]) -> None:
    """Insert rows, making the table and adding columns as the rows need them."""
    if not rows:
        return
    columns = list(dict.fromkeys(name for row in rows for name in row))
    _fit(database, table, columns, rows)
    names = ", ".join(quote(column) for column in columns)
    values = ", ".join(f":p{index}" for index in range(len(columns)))
    database.execute_many(
        f"INSERT INTO {database.name(table)} ({names}) VALUES ({values})",  # noqa: S608
        ({f"p{index}": row.get(column) for index, column in enumerate(columns)} for row in rows),
    )


def _fit(database: Database, table: str, columns: list[str], rows: Sequence[Row]) -> None:
    declared = [f"{quote(column)} {_sql_type(column, rows)}" for column in columns]
    database.execute(f"CREATE TABLE IF NOT EXISTS {database.name(table)} ({', '.join(declared)})")
    present = set(database.columns(table))
    for column, declaration in zip(columns, declared, strict=True):
        if column not in present:
            database.execute(f"ALTER TABLE {database.name(table)} ADD COLUMN {declaration}")


def _sql_type(column: str, rows: Sequence[Row]) -> str:
    kinds = {type(row[column]) for row in rows if row.get(column) is not None}
    if kinds == {int}:
        return "BIGINT"
    return "DOUBLE PRECISION" if kinds and kinds <= {int, float} else "TEXT"
