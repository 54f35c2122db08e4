"""Sources of type `sql`: a table or a query of any database that SQLAlchemy reaches."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import Field, model_validator
from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from daggen.diagnostics.codes.source import (
    BAD_ANSWER,
    QUERY_FAILED,
    SOURCE_DENIED,
    SOURCE_EXTRA,
    SOURCE_OPTION,
    SOURCE_UNREACHABLE,
)
from daggen.sources.base import Budget, Reading, Request, SourceError, SourceOptions, SourceType
from daggen.sources.select import check_select

_BATCH = 200
_DENIED = ("authentication failed", "access denied", "password", "permission denied for database")
_READ_ONLY = {
    "postgresql": (
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET TRANSACTION READ ONLY",
        "SET statement_timeout = {milliseconds}",
    ),
    "mysql": ("SET SESSION TRANSACTION READ ONLY",),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY",),
}
"""What makes a connection of each database read-only, and bounds a statement's time."""


class SqlOptions(SourceOptions):
    """`query`, or `table` with `where`; `url` is SQLAlchemy's, and may name secrets."""

    url: str = Field(min_length=1)
    query: str | None = None
    table: str | None = None
    where: str | None = None

    @model_validator(mode="after")
    def _reads_one_thing(self) -> SqlOptions:
        if (self.query is None) == (self.table is None):
            raise ValueError('give "query" or "table"')
        if self.where is not None and self.table is None:
            raise ValueError('"where" goes with "table"; a query has its own')
        return self


def _read(request: Request[SqlOptions]) -> Reading:
    url = _url(request)
    engine = _engine(url, request)
    statement = _statement(request.options, engine)
    check_select(statement, engine.dialect.name)
    with _connected(engine) as connection:
        try:
            _make_read_only(connection, request.options)
            return _rows(connection, statement, request.options)
        except SQLAlchemyError as error:
            raise _query_error(error, request.options) from None
        finally:
            connection.rollback()


def _url(request: Request[SqlOptions]) -> URL:
    text = request.secrets.resolve_url(request.options.url)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        message = "the url is none that SQLAlchemy understands"
        hint = "such as postgresql+psycopg://user:${env:NAME}@host/database, or sqlite:///file.db"
        raise SourceError(message, rule=SOURCE_OPTION, hint=hint) from None
    request.secrets.remember(str(url.password or ""))
    return url


def _engine(url: URL, request: Request[SqlOptions]) -> Engine:
    arguments: dict[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        arguments["creator"] = _sqlite(url, request)
    elif url.get_backend_name() in _READ_ONLY:
        arguments["connect_args"] = {"connect_timeout": max(1, round(request.options.timeout))}
    try:
        engine = create_engine(url, **arguments)
    except NoSuchModuleError:
        message = f'SQLAlchemy knows no database "{url.drivername}"'
        raise SourceError(message, rule=SOURCE_EXTRA, hint="install its dialect") from None
    except ModuleNotFoundError as error:
        message = f'the driver "{error.name}" of this url is not installed'
        raise SourceError(message, rule=SOURCE_EXTRA, hint=f"pip install {error.name}") from None
    if engine.dialect.is_async:
        message = f'the driver "{engine.dialect.driver}" is asynchronous'
        raise SourceError(message, rule=SOURCE_OPTION, hint="name another, such as psycopg")
    return engine


def _sqlite(url: URL, request: Request[SqlOptions]) -> Any:
    """Open the file read-only; without this, SQLite would create a missing one."""
    path = request.root / (url.database or "")
    if not path.is_file():
        message = f"there is no SQLite database {_shown(path, request.root)}"
        raise SourceError(message, rule=SOURCE_UNREACHABLE, hint="check the url's path")
    seconds = request.options.timeout

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=seconds)
        connection.execute("PRAGMA query_only = ON")
        deadline = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
        return connection

    return connect


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _statement(options: SqlOptions, engine: Engine) -> str:
    if options.query is not None:
        return options.query
    quoted = engine.dialect.identifier_preparer.quote_identifier
    wanted = dict.fromkeys((*options.identity, *options.order_by, *options.columns))
    columns = ", ".join(map(quoted, wanted)) if options.columns else "*"
    table = ".".join(map(quoted, str(options.table).split(".")))
    where = f"\nWHERE {options.where}" if options.where else ""
    return f"SELECT {columns}\nFROM {table}{where}"


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except (SQLAlchemyError, sqlite3.Error) as error:
        message = _own_words(error)
        denied = any(word in message.lower() for word in _DENIED)
        rule = SOURCE_DENIED if denied else SOURCE_UNREACHABLE
        raise SourceError(f"cannot connect: {message}", rule=rule) from None
    try:
        yield connection
    finally:
        connection.close()
        engine.dispose()


def _make_read_only(connection: Connection, options: SqlOptions) -> None:
    for command in _READ_ONLY.get(connection.dialect.name, ()):
        connection.exec_driver_sql(command.format(milliseconds=round(options.timeout * 1000)))


def _rows(connection: Connection, statement: str, options: SqlOptions) -> Reading:
    """Stream the rows, so that a table of any size costs no more than the bounds allow."""
    streaming = connection.execution_options(
        stream_results=True, yield_per=_BATCH, no_parameters=True
    )
    with streaming.exec_driver_sql(statement) as result:
        columns = tuple(result.keys())
        for name in columns:
            if columns.count(name) > 1:
                message = f'the query has two columns "{name}"'
                raise SourceError(message, rule=BAD_ANSWER, hint="name them with AS")
        budget, rows = Budget(options), []
        for values in result:
            budget.spend(values)
            rows.append(dict(zip(columns, values, strict=True)))
    return Reading(tuple(rows), columns)


def _query_error(error: SQLAlchemyError, options: SqlOptions) -> SourceError:
    words = _own_words(error)
    hint = ""
    if "statement timeout" in words or words == "interrupted":
        hint = f"it ran longer than {options.timeout:g} s (timeout)"
    return SourceError(f"the query failed: {words}", rule=QUERY_FAILED, hint=hint)


def _own_words(error: Exception) -> str:
    """Give the first line of what the driver says, without SQLAlchemy's additions."""
    original = error.orig if isinstance(error, DBAPIError) else error
    text = str(original).strip()
    return text.partition("\n")[0].strip() or type(original).__name__


SOURCE = SourceType(
    "sql",
    SqlOptions,
    _read,
    origin=("query", "table", "where"),
    secret_options=frozenset(("url",)),
)
"""Sources of type `sql`."""
