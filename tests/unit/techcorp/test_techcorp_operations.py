"""Orders and the platform's chores."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from techcorp import operations, orders, sample, sources


def table(home: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(home / "warehouse.db")
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


def test_volume_grows_with_the_scale() -> None:
    plain, scaled = orders.check_data_volume("orders"), orders.check_data_volume("orders", "2000")
    assert plain["record_count"] == 500
    assert scaled["record_count"] == 1_000_000
    assert scaled["size_mb"] == pytest.approx(plain["size_mb"] * 2000, rel=1e-3)


def test_totals_do_not_depend_on_the_chunks(run: Any, techcorp_home: Path) -> None:
    expected = round(sum(float(row["amount"]) for row in sample.rows("orders")), 2)
    for chunk, chunks in ((100, 5), (499, 2), (1000, 1)):
        assert orders.process_dataset("orders", chunk, run) == {"chunks": chunks, "rows": 500}
        ((total,),) = table(techcorp_home, "SELECT ROUND(SUM(amount), 2) FROM orders_totals")
        assert total == expected


def test_partitions_cover_every_row_once(run: Any, techcorp_home: Path) -> None:
    for part in orders.list_partitions("orders", 3):
        orders.process_partition(dag_run=run, **part)
    assert orders.combine_partitions("orders", 3, "orders_parts", run) == {"parts": 3, "rows": 500}
    assert table(techcorp_home, "SELECT SUM(rows) FROM orders_parts") == [(500,)]


def test_a_delivered_file_is_loaded(run: Any, techcorp_home: Path) -> None:
    path = operations.deliver_file("products", run)
    assert Path(path).name == "products_20260105T103000.csv"
    assert operations.read_delivery(path, "products", run) == {"rows": 80}
    assert table(techcorp_home, "SELECT COUNT(*) FROM products_delivered") == [(80,)]


def test_the_cache_answers_when_the_service_is_down(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert operations.use_cached_data("products") == {"rows": 0, "from": "cache"}
    assert operations.refresh_from_service("products") == {"rows": 80, "from": "service"}
    monkeypatch.setenv("TECHCORP_API_URL", "http://127.0.0.1:1")
    with pytest.raises(OSError, match="refused"):
        operations.refresh_from_service("products")
    assert operations.use_cached_data("products") == {"rows": 80, "from": "cache"}


def test_only_scratch_space_is_removed(run: Any, tmp_path: Path) -> None:
    scratch = operations.make_scratch(run)
    assert operations.export_report("vendors", scratch)["rows"] == 40
    operations.remove_scratch(scratch)
    assert not Path(scratch).exists()
    operations.remove_scratch(scratch)
    kept = sources.write_csv(tmp_path / "kept.csv", [{"a": 1}])
    with pytest.raises(ValueError, match="is not below"):
        operations.remove_scratch(str(kept.parent))
    assert kept.exists()
