"""The five steps, alone and one after another."""

from __future__ import annotations

import dataclasses
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from techcorp import etl, sample
from techcorp import warehouse as warehouse_module
from techcorp.database import Database, insert
from techcorp.quality import QualityError
from techcorp.warehouse import ValidationError

SOURCES = {
    "postgres": {"conn_id": "crm", "table": "public.customers"},
    "api": {"path": "/v1/customers", "page_size": 33},
    "sftp": {"pattern": "*.csv"},
}
RULES = [
    {"rule": "min_rows", "value": 100},
    {"rule": "unique", "column": "id"},
    {"rule": "not_null", "column": "email", "tolerance": 0.05},
]
STEPS = [
    {"op": "strip", "columns": ["name"]},
    {"op": "lowercase", "columns": ["email"]},
    {"op": "cast", "columns": {"id": "int"}},
    {"op": "rename", "columns": {"id": "customer_id"}},
]
TARGET = {"table": "customers"}


def run_all(run: Any, source: str = "postgres", target: dict[str, Any] | None = None) -> Any:
    target = target or TARGET
    etl.extract_data(source, SOURCES[source], "customers", run)
    etl.validate_data_quality("customers", RULES, run)
    etl.transform_data("customers", STEPS, run)
    etl.load_data("sqlite", target, "customers", run)
    queries = ["SELECT COUNT(*) = 195 FROM customers WHERE batch = :batch"]
    return etl.validate_load("customers", queries, run)


def warehouse(home: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(home / "warehouse.db")
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


@pytest.mark.parametrize("source", SOURCES)
def test_rows_arrive_from_each_source(
    source: str, run: Any, service: str, techcorp_home: Path
) -> None:
    assert run_all(run, source) == {"rows": 195, "checks": 2}

    rows = warehouse(techcorp_home, "SELECT customer_id, name, email, batch FROM customers")
    assert len(rows) == 195
    first = sample.rows("customers")[0]
    assert rows[0] == (
        1,
        first["name"].strip(),
        first["email"].lower(),
        "2026-01-05T10:30:00+00:00",
    )


def test_the_same_run_twice_loads_once(run: Any, techcorp_home: Path) -> None:
    run_all(run)
    run_all(run)
    assert warehouse(techcorp_home, "SELECT COUNT(*) FROM customers") == [(195,)]


def test_the_next_run_adds_its_own_batch(run: Any, techcorp_home: Path) -> None:
    run_all(run)
    following = dataclasses.replace(
        run, run_id="scheduled__2", logical_date=datetime(2026, 1, 6, tzinfo=UTC)
    )
    run_all(following)
    batches = warehouse(
        techcorp_home, "SELECT batch, COUNT(*) FROM customers GROUP BY 1 ORDER BY 1"
    )
    assert batches == [("2026-01-05T10:30:00+00:00", 195), ("2026-01-06T00:00:00+00:00", 195)]


def test_a_key_keeps_each_record_once(run: Any, techcorp_home: Path) -> None:
    target = {"table": "customers", "key": "customer_id"}
    run_all(run, target=target)
    run_all(dataclasses.replace(run, logical_date=datetime(2026, 1, 6, tzinfo=UTC)), target=target)
    batches = warehouse(techcorp_home, "SELECT batch, COUNT(*) FROM customers GROUP BY 1")
    assert batches == [("2026-01-06T00:00:00+00:00", 195)]


def test_batches_that_load_together_all_arrive(
    techcorp_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several find that there is no table, then that it lacks a column: only one may add it."""
    fast = Database.columns

    def slow_while_absent(self: Database, table: str) -> list[str]:
        found = fast(self, table)
        time.sleep(0 if "added" in found else 0.1)
        return found

    def load(index: int) -> None:
        rows = [{"id": row, "added": row} for row in range(20)]
        warehouse_module.load("sqlite", {}, "crowded", f"batch {index}", rows)

    monkeypatch.setattr(Database, "columns", slow_while_absent)
    with ThreadPoolExecutor(4) as pool:
        together = pool.map(load, range(4))
        with warehouse_module.target({}) as database:
            insert(database, "crowded", [{"id": 0, "batch": "first"}])
        list(together)
    counted = warehouse(techcorp_home, "SELECT COUNT(*), COUNT(DISTINCT batch) FROM crowded")
    assert counted == [(81, 5)]


def test_rejected_rows_are_kept_with_their_reason(run: Any) -> None:
    etl.extract_data("postgres", SOURCES["postgres"], "customers", run)
    summary = etl.validate_data_quality("customers", RULES, run)
    assert (summary["rows"], summary["rejected"]) == (195, 5)
    rejected = Path(summary["path"]).with_name("rejected.jsonl").read_text(encoding="utf-8")
    assert rejected.count('"broken_rules": ["not_null(email)"]') == 5


def test_too_many_bad_rows_refuse_the_batch(run: Any) -> None:
    etl.extract_data("postgres", SOURCES["postgres"], "customers", run)
    with pytest.raises(QualityError, match=r"not_null\(email\): broken by 5 of 200 rows"):
        etl.validate_data_quality("customers", [{"rule": "not_null", "column": "email"}], run)


def test_validation_names_every_failed_check(run: Any, techcorp_home: Path) -> None:
    run_all(run)
    connection = sqlite3.connect(techcorp_home / "warehouse.db")
    connection.execute("DELETE FROM customers WHERE customer_id = 1")
    connection.commit()
    connection.close()
    with pytest.raises(ValidationError) as caught:
        etl.validate_load("customers", ["SELECT COUNT(*) > 999 FROM customers"], run)
    assert str(caught.value) == (
        "194 rows in customers, 195 were loaded; 'SELECT COUNT(*) > 999 FROM customers' gives 0"
    )


def test_xcom_holds_counts_and_paths_only(run: Any) -> None:
    summary = etl.extract_data("postgres", SOURCES["postgres"], "customers", run)
    assert summary.keys() == {"rows", "path"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda run: etl.extract_data("ftp", {}, "customers", run), "unknown source 'ftp'"),
        (
            lambda run: etl.validate_data_quality("customers", [{"rule": "odd"}], run),
            "unknown rule {'rule': 'odd'}",
        ),
        (
            lambda run: etl.transform_data("customers", [{"op": "odd"}], run),
            "unknown op {'op': 'odd'}",
        ),
        (
            lambda run: etl.load_data("tape", TARGET, "customers", run),
            "unknown target 'tape'",
        ),
        (
            lambda run: etl.load_data("sqlite", {"table": "a; b"}, "customers", run),
            "not a table name: 'a; b'",
        ),
    ],
)
def test_what_does_not_exist_is_named(run: Any, call: Any, message: str) -> None:
    run_all(run)
    with pytest.raises(ValueError, match=message.replace("{", r"\{")):
        call(run)
