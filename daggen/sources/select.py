"""Sees that a query is one SELECT, by parsing it."""

from __future__ import annotations

from sqlglot import Dialect, exp, parse
from sqlglot.errors import SqlglotError

from daggen.diagnostics.codes.source import NOT_A_SELECT
from daggen.sources.base import SourceError

_DIALECTS = {"postgresql": "postgres", "mariadb": "mysql", "mssql": "tsql", "awsathena": "athena"}
_STARTS = frozenset(("SELECT", "WITH", "(", "VALUES", "TABLE"))
_WRITES = (
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
    exp.Into,
    exp.Lock,
    exp.Create,
    exp.Drop,
    exp.Alter,
    exp.Command,
)
_HINT = "a query is one SELECT, or WITH ... SELECT"


def check_select(query: str, dialect: str) -> None:
    """Refuse a query that is no single SELECT; `dialect` is SQLAlchemy's name of the database.

    Raises SourceError. What a called function does cannot be seen here: the database's own
    read-only transaction, and a role that may only read, are the stronger walls.
    """
    name = _DIALECTS.get(dialect, dialect)
    known = name if Dialect.get(name) else None
    try:
        tokens = Dialect.get_or_raise(known).tokenize(query)
        first = tokens[0].text.upper() if tokens else ""
        statements = parse(query, dialect=known) if first in _STARTS else []
    except (SqlglotError, RecursionError):
        raise _refused("the query cannot be understood as SQL") from None
    if len(statements) != 1:
        what = "has several statements" if statements else "is no SELECT"
        raise _refused(f"the query {what}")
    statement = statements[0]
    if not isinstance(statement, exp.Query | exp.Values):
        raise _refused("the query is no SELECT")
    if found := next(statement.find_all(*_WRITES), None):
        raise _refused(f"the query is not only a SELECT: it has {_word(found)}")


def _word(found: exp.Expression) -> str:
    words = {exp.Into: "INTO", exp.Lock: "FOR UPDATE or FOR SHARE"}
    return words.get(type(found), type(found).__name__.upper())


def _refused(message: str) -> SourceError:
    return SourceError(message, rule=NOT_A_SELECT, hint=_HINT)
