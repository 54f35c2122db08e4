"""What is done with orders: measuring a batch, processing it, reviewing single orders."""

from __future__ import annotations

import json
import logging
from typing import Any

from techcorp import sources, warehouse
from techcorp.batch import Batch, DagRun, Row
from techcorp.home import replace_file

log = logging.getLogger(__name__)

Summary = dict[str, Any]


def check_data_volume(entity: str, scale: int | str = 1) -> Summary:
    """Measure an entity: its number of records and their size in megabytes.

    `scale` multiplies both, to rehearse how a run behaves on a day with so many times the data.
    """
    rows = sources.read("postgres", {"conn_id": "crm"}, entity)
    size = sum(len(json.dumps(row)) for row in rows) * int(scale)
    return {"record_count": len(rows) * int(scale), "size_mb": round(size / 1e6, 6)}


def process_dataset(entity: str, chunk_rows: int, dag_run: DagRun | None = None) -> Summary:
    """Sum up an entity's amounts, chunk by chunk, into the warehouse table ENTITY_totals."""
    rows = sources.read("postgres", {"conn_id": "crm"}, entity)
    chunks = [rows[start : start + chunk_rows] for start in range(0, len(rows), chunk_rows)]
    totals = [
        {"chunk": index, "records": len(chunk), "amount": _total(chunk)}
        for index, chunk in enumerate(chunks)
    ]
    warehouse.load("sqlite", {}, f"{entity}_totals", Batch.of(dag_run).key, totals)
    return {"chunks": len(chunks), "rows": len(rows)}


def largest_order(country: str = "DE", minimum: float | str = 0) -> Summary:
    """Return the order with the largest amount, with its customer's country, for a review.

    `minimum` stands in for the amount when it is larger: a rehearsal of an unusual order.
    """
    rows = sources.read("postgres", {"conn_id": "crm"}, "orders")
    order = max(rows, key=lambda row: (float(row["amount"]), row["id"]))
    amount = max(float(order["amount"]), float(minimum))
    return {
        "order_id": order["id"],
        "amount": amount,
        "status": order["status"],
        "country": country,
    }


def review(outcome: str, dag_run: DagRun | None = None) -> Summary:
    """Note in the warehouse table `reviews` which way this run's review went."""
    key = Batch.of(dag_run).key
    warehouse.load("sqlite", {}, "reviews", key, [{"outcome": outcome}])
    return {"outcome": outcome, "batch": key}


def list_partitions(entity: str, partitions: int) -> list[dict[str, Any]]:
    """Cut an entity into parts for mapped tasks: the keyword arguments of each part."""
    return [{"entity": entity, "part": part, "parts": partitions} for part in range(partitions)]


def process_partition(entity: str, part: int, parts: int, dag_run: DagRun | None = None) -> Summary:
    """Sum up the amounts of one part of an entity's rows; the parts are told apart by id."""
    rows = sources.read("postgres", {"conn_id": "crm"}, entity)
    mine = [row for row in rows if row["id"] % parts == part]
    result = {"part": part, "rows": len(mine), "amount": _total(mine)}
    replace_file(Batch.of(dag_run).file(entity, f"part_{part}.json"), json.dumps(result))
    return result


def combine_partitions(
    entity: str, parts: int, table: str, dag_run: DagRun | None = None
) -> Summary:
    """Gather what the tasks of the parts found into a table of the warehouse."""
    batch = Batch.of(dag_run)
    files = [batch.file(entity, f"part_{part}.json") for part in range(parts)]
    found = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    warehouse.load("sqlite", {}, table, batch.key, found)
    return {"parts": len(found), "rows": sum(part["rows"] for part in found)}


def _total(rows: list[Row]) -> float:
    return round(sum(float(row["amount"]) for row in rows), 2)
