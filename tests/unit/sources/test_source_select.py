"""A query is one SELECT."""

from __future__ import annotations

import pytest

from daggen.sources.base import SourceError
from daggen.sources.select import check_select


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1",
        "select a.*, b::text, c->>'x' from a join b using (id) where d like '%;%' -- ; drop",
        "WITH x AS (SELECT 1 AS n) SELECT * FROM x",
        "(SELECT 1) UNION ALL SELECT 2;",
        "VALUES (1, 2)",
        "/* DELETE FROM t; */ SELECT 'DELETE FROM t'",
        "SELECT $$; DELETE FROM t$$",
        "SELECT * FROM t WHERE x = 'it''s; DROP TABLE t'",
        'SELECT "delete" FROM "update"',
    ],
)
def test_selects(query: str) -> None:
    check_select(query, "postgresql")


@pytest.mark.parametrize(
    "query",
    [
        "",
        ";",
        "-- nothing",
        "SELECT 1; SELECT 2",
        "SELECT 1; COMMIT; DELETE FROM t",
        "DELETE FROM t",
        "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x",
        "SELECT * INTO u FROM t",
        "SELECT * FROM t FOR SHARE",
        "CREATE TABLE t AS SELECT 1",
        "EXPLAIN ANALYZE DELETE FROM t",
        "CALL p()",
        "SET x = 1",
        "DO $$ BEGIN DELETE FROM t; END $$",
        "SELECT (",
        "(" * 2000,
    ],
)
def test_anything_else(query: str) -> None:
    with pytest.raises(SourceError) as caught:
        check_select(query, "postgresql")
    assert caught.value.rule.code == "DG708"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("dialect", ["sqlite", "mysql", "mariadb", "mssql", "oracle", "nosuch"])
def test_dialects(dialect: str) -> None:
    check_select("SELECT a FROM t WHERE b = 'x'", dialect)
    with pytest.raises(SourceError):
        check_select("DROP TABLE t", dialect)
