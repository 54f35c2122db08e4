"""Pulling the tutorial's table from a real PostgreSQL and from SQLite."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from daggen.project import Project
from daggen.sources.pull import PullMode, PullResult, pull_sources
from daggen.sources.snapshot import read_snapshot
from techcorp import registry

MakeProject = Callable[[str], Project]

CONFIG = """
[sources.pipelines]
type = "sql"
url = "{url}"
table = "pipeline_configurations"
where = "is_active = true"
key = "pipeline_name"
columns = ["source_system", "target_table", "schedule_interval", "is_active", "config_json"]
json_columns = ["config_json"]

[sources.pipelines.row_schema]
required = ["pipeline_name", "source_system"]
properties.is_active.type = "boolean"
properties.source_system.enum = ["postgres", "api", "sftp"]
"""


def pipelines(count: int) -> list[dict[str, Any]]:
    """Several hundred pipelines: JSON, NULLs, Unicode; the last one is inactive."""
    rows = []
    for number in range(count):
        rows.append(
            {
                "pipeline_name": f"pipeline_{number:03}"
                + ("_größe_表" if number % 50 == 0 else ""),
                "source_system": ("postgres", "api", "sftp")[number % 3],
                "target_table": f"dw.table_{number}",
                "schedule_interval": (
                    None if number % 10 == 3 else f"{number % 60} {number // 60} * * *"
                ),
                "is_active": number < count - 1,
                "config_json": None if number % 7 == 1 else {"b": number, "a": ["é", None, 1.5]},
            }
        )
    return rows


class Database:
    """One of the two databases, with the tutorial's table, and how a project names it."""

    def __init__(self, url: str, configured: str, environ: dict[str, str]) -> None:
        self.url = url
        self.configured = configured
        self.environ = environ

    def fill(self, rows: list[dict[str, Any]]) -> None:
        registry.create(self.url, rows)

    def execute(self, *statements: str) -> None:
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(params=["sqlite", "psycopg", "psycopg2"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield Database(f"sqlite:///{tmp_path}/registry.db", "sqlite:///registry.db", {})
        return
    server = request.getfixturevalue("postgres")
    configured = server.url(request.param)
    database = Database(server.url(login="postgres"), configured, {"PW": server.secret})
    yield database
    server.run("DROP TABLE IF EXISTS pipeline_configurations")


def pull(project: Project, database: Database, mode: str = "write", **options: Any) -> PullResult:
    return pull_sources(project, [], PullMode(mode), database.environ, **options)


def snapshot(project: Project) -> bytes:
    return (project.specs / "_sources" / "pipelines.yaml").read_bytes()


@pytest.fixture
def project(make_project: MakeProject, database: Database, postgres: Any) -> Project:
    database.fill(pipelines(300))
    postgres.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO app")
    return make_project(CONFIG.format(url=database.configured))


def test_rows_arrive_as_the_table_has_them(project: Project, database: Database) -> None:
    result = pull(project, database)
    assert (result.exit_code, result.diagnostics) == (0, ())
    assert result.written == ("specs/_sources/pipelines.yaml",)
    rows, diagnostics = read_snapshot(project, "pipelines")
    assert diagnostics == []
    assert rows is not None
    wanted = [row for row in pipelines(300) if row["is_active"]]
    for row in wanted:
        if row["config_json"]:
            row["config_json"] = dict(sorted(row["config_json"].items()))
    assert list(rows.rows) == sorted(wanted, key=lambda row: row["pipeline_name"])


def test_every_database_gives_the_same_snapshot(
    project: Project, database: Database, tmp_path: Path, make_project: MakeProject
) -> None:
    pull(project, database)
    first = snapshot(project)
    other = Database(f"sqlite:///{tmp_path}/other.db", "sqlite:///other.db", {})
    other.fill(list(reversed(pipelines(300))))
    pull(make_project(CONFIG.format(url=other.configured)), other, allow_removals=True)
    assert snapshot(project) == first


def test_a_second_pull_changes_nothing(project: Project, database: Database) -> None:
    pull(project, database)
    before = snapshot(project)
    assert pull(project, database).written == ()
    assert pull(project, database, "check").exit_code == 0
    assert snapshot(project) == before


def test_check_tells_each_row_that_drifted(project: Project, database: Database) -> None:
    pull(project, database)
    before = snapshot(project)
    database.execute(
        "UPDATE pipeline_configurations SET schedule_interval = '@weekly', target_table = 'dw.new'"
        " WHERE pipeline_name = 'pipeline_002'",
        "UPDATE pipeline_configurations SET is_active = false WHERE pipeline_name = 'pipeline_005'",
        "INSERT INTO pipeline_configurations VALUES ('new', 'api', 'dw.n', NULL, true, NULL)",
    )
    result = pull(project, database, "check")
    assert result.exit_code == 1
    assert snapshot(project) == before
    messages = {found.message.partition(": ")[2]: found.span for found in result.diagnostics}
    changed = (
        'row "pipeline_002" changed: target_table dw.table_2 → dw.new,'
        ' schedule_interval "2 0 * * *" → "@weekly"'
    )
    assert set(messages) == {
        changed,
        'row "pipeline_005" was removed',
        'row "new" was added',
    }
    lines = before.decode().splitlines()
    assert lines[messages[changed].line - 1] == "- pipeline_name: pipeline_002"

    assert pull(project, database).exit_code == 0
    removed = [line for line in lines if line not in snapshot(project).decode().splitlines()]
    assert removed == [
        "  target_table: dw.table_2",
        '  schedule_interval: "2 0 * * *"',
        "- pipeline_name: pipeline_005",
        "  target_table: dw.table_5",
        '  schedule_interval: "5 0 * * *"',
        "    b: 5",
    ]


def test_an_empty_table_does_not_delete_the_fleet(project: Project, database: Database) -> None:
    pull(project, database)
    before = snapshot(project)
    database.execute("DELETE FROM pipeline_configurations")
    result = pull(project, database)
    assert [(found.code, found.hint) for found in result.diagnostics] == [
        ("DG716", 'if that is meant, run "daggen pull pipelines --allow-removals"')
    ]
    assert (
        "would remove 299 of 299 rows (100%; max_removed is 25%)" in result.diagnostics[0].message
    )
    assert (result.exit_code, snapshot(project)) == (1, before)
    assert pull(project, database, allow_removals=True).exit_code == 0
    assert b"rows: []" in snapshot(project)


def test_a_quarter_may_go_and_no_more(project: Project, database: Database) -> None:
    pull(project, database)
    limit = 299 // 4
    names = sorted(row["pipeline_name"] for row in pipelines(300) if row["is_active"])
    for name in names[:limit]:
        database.execute(
            f"DELETE FROM pipeline_configurations WHERE pipeline_name = '{name}'"  # noqa: S608
        )
    assert pull(project, database, "dry-run").exit_code == 0
    database.execute(
        f"DELETE FROM pipeline_configurations WHERE pipeline_name = '{names[limit]}'"  # noqa: S608
    )
    assert pull(project, database, "dry-run").exit_code == 1


def test_bad_rows_are_named_by_key_and_column(project: Project, database: Database) -> None:
    database.execute(
        "UPDATE pipeline_configurations SET source_system = 'ftp'"
        " WHERE pipeline_name = 'pipeline_002'"
    )
    result = pull(project, database)
    assert result.exit_code == 1
    assert [found.message for found in result.diagnostics] == [
        'source "pipelines", row pipeline_002: column "source_system":'
        " 'ftp' is not one of ['postgres', 'api', 'sftp']"
    ]
    assert not (project.specs / "_sources").exists()


def test_skipped_rows_are_reported(
    make_project: MakeProject, project: Project, database: Database
) -> None:
    config = CONFIG.replace("json_columns", 'on_invalid = "skip"\njson_columns')
    project = make_project(config.format(url=database.configured))
    database.execute(
        "UPDATE pipeline_configurations SET source_system = 'ftp'"
        " WHERE pipeline_name = 'pipeline_002'"
    )
    result = pull(project, database)
    assert (result.exit_code, len(result.drifts[0].added)) == (0, 298)
    assert [found.severity for found in result.diagnostics] == ["warning"]
    assert "row pipeline_002" in result.diagnostics[0].message
    assert b"pipeline_002\n" not in snapshot(project)


QUERIES = [
    "DELETE FROM pipeline_configurations",
    "UPDATE pipeline_configurations SET is_active = false RETURNING *",
    "WITH gone AS (DELETE FROM pipeline_configurations RETURNING *) SELECT * FROM gone",
    "SELECT 1 AS pipeline_name; DROP TABLE pipeline_configurations",
    "SELECT * INTO copy FROM pipeline_configurations",
    "SELECT * FROM pipeline_configurations FOR UPDATE",
    "DROP TABLE pipeline_configurations",
    "PRAGMA writable_schema = 1",
    "EXPLAIN ANALYZE DELETE FROM pipeline_configurations",
    "COPY pipeline_configurations TO PROGRAM 'cat'",
    "",
    "not sql (",
]


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_no_select_is_refused(
    make_project: MakeProject, project: Project, database: Database, query: str
) -> None:
    project = make_project(
        f'[sources.pipelines]\ntype = "sql"\nurl = "{database.configured}"\n'
        f'key = "pipeline_name"\nquery = """{query}"""\n'
    )
    result = pull(project, database)
    assert (result.exit_code, [found.code for found in result.diagnostics]) == (2, ["DG708"])


@pytest.mark.parametrize(
    "function",
    [
        "CREATE FUNCTION wipe() RETURNS text LANGUAGE sql VOLATILE AS"
        " 'DELETE FROM pipeline_configurations RETURNING pipeline_name'",
    ],
)
def test_the_transaction_is_read_only(
    make_project: MakeProject, postgres: Any, function: str
) -> None:
    """A function that writes looks like a SELECT; only the database can stop it."""
    registry.create(postgres.url(login="postgres"), pipelines(3))
    postgres.run(f"GRANT ALL ON pipeline_configurations TO app; {function}")
    url = postgres.url()
    project = make_project(
        f'[sources.p]\ntype = "sql"\nurl = "{url}"\nkey = "n"\nquery = "SELECT wipe() AS n"\n'
    )
    result = pull_sources(project, [], PullMode.WRITE, {"PW": postgres.secret})
    postgres.run("DROP FUNCTION wipe")
    assert [found.code for found in result.diagnostics] == ["DG709"]
    assert "read-only transaction" in result.diagnostics[0].message
    engine = sa.create_engine(postgres.url(login="postgres"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        assert (
            connection.execute(sa.select(sa.func.count()).select_from(registry.PIPELINES)).scalar()
            == 3
        )
    postgres.run("DROP TABLE pipeline_configurations")


def _failure(project: Project, environ: dict[str, str]) -> tuple[int, str, str]:
    result = pull_sources(project, [], PullMode.WRITE, environ)
    (found,) = result.diagnostics
    assert not (project.specs / "_sources").exists()
    return result.exit_code, found.code, found.message


def _sql(url: str, query: str, more: str = "") -> str:
    return f'[sources.p]\ntype = "sql"\nurl = "{url}"\nkey = "n"\nquery = "{query}"\n{more}'


def test_connection_refused(make_project: MakeProject) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"postgresql+psycopg://app:${{env:PW}}@127.0.0.1:{port}/db"
    status, code, message = _failure(make_project(_sql(url, "SELECT 1 AS n")), {"PW": "hunter2!"})
    assert (status, code) == (2, "DG706")
    assert "refused" in message
    assert "hunter2" not in message


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_wrong_password(make_project: MakeProject, postgres: Any, driver: str) -> None:
    project = make_project(_sql(postgres.url(driver), "SELECT 1 AS n"))
    status, code, message = _failure(project, {"PW": "wr0ng/secret"})
    assert (status, code) == (2, "DG707")
    assert 'authentication failed for user "app"' in message
    assert "wr0ng" not in message


def test_an_unset_variable(make_project: MakeProject, postgres: Any) -> None:
    project = make_project(_sql(postgres.url(), "SELECT 1 AS n"))
    assert _failure(project, {})[:2] == (2, "DG704")


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_what_the_database_says(make_project: MakeProject, postgres: Any, driver: str) -> None:
    environ = {"PW": postgres.secret}
    url = postgres.url(driver)

    def failure(query: str, more: str = "") -> tuple[int, str, str]:
        return _failure(make_project(_sql(url, query, more)), environ)

    status, code, message = failure("SELECT n FROM absent")
    assert (status, code) == (2, "DG709")
    assert 'relation "absent" does not exist' in message
    status, code, message = failure("SELECT pg_sleep(30) AS n", "timeout = 0.2")
    assert (status, code) == (2, "DG709")
    assert "timeout" in message
    status, code, message = failure("SELECT 1 AS n, 2 AS n")
    assert (status, code) == (2, "DG710")


def test_rows_beyond_the_bounds(make_project: MakeProject, postgres: Any) -> None:
    url = postgres.url()
    endless = "SELECT generate_series(1, 1000000000) AS n, repeat('x', 1000) AS t"
    for more, bound in (("max_rows = 5000", "5000 rows"), ("max_bytes = 50000", "50000 bytes")):
        project = make_project(_sql(url, endless, more))
        status, code, message = _failure(project, {"PW": postgres.secret})
        assert (status, code) == (1, "DG711")
        assert f"more than {bound}" in message


def test_sqlite_is_opened_read_only_and_never_made(
    make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project(_sql("sqlite:///absent.db", "SELECT 1 AS n"))
    status, code, message = _failure(project, {})
    assert (status, code) == (2, "DG706")
    assert "absent.db" in message
    assert not (tmp_path / "absent.db").exists()
    endless = (
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
        " SELECT count(n) AS n FROM c"
    )
    (tmp_path / "real.db").touch()
    project = make_project(_sql("sqlite:///real.db", endless, "timeout = 0.2"))
    assert _failure(project, {})[:2] == (2, "DG709")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("nosuch://x/y", "DG703"),
        ("oracle+oracledb://u@h/d", "DG703"),
        ("no url", "DG701"),
        ("postgresql+asyncpg://app@h/d", "DG701"),
        ("sqlite://", "DG706"),
        ("postgresql://app:hunter2@h/d", "DG705"),
    ],
)
def test_urls_that_cannot_be_used(make_project: MakeProject, url: str, code: str) -> None:
    status, found, message = _failure(make_project(_sql(url, "SELECT 1 AS n")), {})
    assert (status, found) == (2, code)
    assert "hunter2" not in message


def test_every_type_has_one_spelling(make_project: MakeProject, postgres: Any) -> None:
    query = (
        "SELECT 1 AS n, 10.50::numeric AS price, 3.00::numeric AS whole,"
        " 0.1234567890123456789::numeric AS exact, DATE '2026-01-02' AS day,"
        " TIMESTAMP '2026-01-02 03:04:05' AS local,"
        " TIMESTAMPTZ '2026-01-02 03:04:05+02' AS instant, INTERVAL '1 day 90 minutes' AS span,"
        " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS id, '\\\\x00ff'::bytea AS raw,"
        ' ARRAY[1, NULL] AS many, \'{\\"b\\": 1, \\"a\\": null}\'::jsonb AS doc, NULL AS nothing,'
        " true AS yes, TIME '03:04' AS clock"
    )
    for driver in ("psycopg", "psycopg2"):
        project = make_project(_sql(postgres.url(driver), query))
        result = pull_sources(project, [], PullMode.WRITE, {"PW": postgres.secret})
        assert result.diagnostics == ()
        rows, _ = read_snapshot(project, "p")
        assert rows is not None
        assert rows.rows[0] == {
            "n": 1,
            "price": 10.5,
            "whole": 3,
            "exact": "0.1234567890123456789",
            "day": "2026-01-02",
            "local": "2026-01-02T03:04:05",
            "instant": "2026-01-02T01:04:05Z",
            "span": "P1DT1H30M",
            "id": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "raw": "AP8=",
            "many": [1, None],
            "doc": {"a": None, "b": 1},
            "nothing": None,
            "yes": True,
            "clock": "03:04:00",
        }
