"""Chores of the platform: files in the drop, the loopback service, scratch space, cached data."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

from techcorp import sample, service, sources, warehouse
from techcorp.batch import Batch, DagRun
from techcorp.home import directory

log = logging.getLogger(__name__)

Summary = dict[str, Any]


def deliver_file(entity: str, dag_run: DagRun | None = None) -> str:
    """Deliver this run's CSV file of an entity, as a partner would; returns its path."""
    batch = Batch.of(dag_run)
    path = directory("deliveries", entity) / f"{entity}_{batch.date:%Y%m%dT%H%M%S}.csv"
    sources.write_csv(path, sample.rows(entity))
    return str(path)


def read_delivery(path: str, entity: str, dag_run: DagRun | None = None) -> Summary:
    """Load a delivered CSV file into the warehouse table of its entity."""
    rows = sources.read_csv(Path(path))
    warehouse.load("sqlite", {}, f"{entity}_delivered", Batch.of(dag_run).key, rows)
    return {"rows": len(rows)}


def start_service() -> str:
    """Make sure that the loopback service runs; returns its address."""
    return service.ensure_running()


def make_scratch(dag_run: DagRun | None = None) -> str:
    """Make this run's scratch directory; `remove_scratch` is its teardown."""
    batch = Batch.of(dag_run)
    return str(directory("scratch", batch.dag_id, batch.run_id))


def remove_scratch(path: str) -> None:
    """Remove a scratch directory with all that is in it; one outside is left alone."""
    root = directory("scratch")
    if not Path(path).resolve().is_relative_to(root.resolve()):
        raise ValueError(f"{path} is not below {root}")
    shutil.rmtree(path, ignore_errors=True)


def export_report(entity: str, scratch: str) -> Summary:
    """Write an entity's report into the scratch directory."""
    rows = sample.rows(entity)
    path = sources.write_csv(Path(scratch) / f"{entity}.csv", rows)
    return {"rows": len(rows), "bytes": path.stat().st_size}


def refresh_from_service(entity: str) -> Summary:
    """Read an entity from the live service and keep a copy for the days when it is down."""
    rows = sources.read("api", {}, entity)
    sources.write_csv(directory("cache") / f"{entity}.csv", rows)
    return {"rows": len(rows), "from": "service"}


def use_cached_data(entity: str) -> Summary:
    """Use the copy that the last good day left; none is zero rows."""
    path = directory("cache") / f"{entity}.csv"
    return {"rows": len(sources.read_csv(path)) if path.exists() else 0, "from": "cache"}
