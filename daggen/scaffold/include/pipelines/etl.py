"""Five steps that move rows from a CSV file into SQLite. Replace them by your own.

Paths are relative to the directory that the environment variable PIPELINES_HOME names, or to the
project. Steps hand rows on through files, so they may run on any worker that shares the directory.
"""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from pathlib import Path
from typing import Any

HOME = Path(os.environ.get("PIPELINES_HOME", Path(__file__).parents[2]))


def extract_data(source_type: str, source_config: dict[str, Any], entity: str) -> int:
    """Read the source's rows and stage them."""
    if source_type != "csv":
        raise ValueError(f"no reader for sources of type {source_type}")
    with (HOME / source_config["path"]).open(newline="", encoding="utf-8") as stream:
        return _stage(entity, list(csv.DictReader(stream)))


def validate_data_quality(entity: str, quality_rules: list[dict[str, Any]]) -> int:
    """Fail when a row breaks a rule."""
    rows = _staged(entity)
    for rule in quality_rules:
        if rule["rule"] == "not_null" and not all(row[rule["column"]] for row in rows):
            raise ValueError(f"{entity}: {rule['column']} is empty in some row")
    return len(rows)


def transform_data(entity: str, transformations: list[dict[str, Any]]) -> int:
    """Strip white space; `transformations` is there for your own steps."""
    return _stage(entity, [{k: v.strip() for k, v in row.items()} for row in _staged(entity)])


def load_data(target_type: str, target_config: dict[str, Any], entity: str) -> int:
    """Replace the target table by the staged rows."""
    if target_type != "sqlite":
        raise ValueError(f"no writer for targets of type {target_type}")
    rows = _staged(entity)
    columns = ", ".join(f'"{name}"' for name in rows[0])
    holes = ", ".join("?" for _ in rows[0])
    with sqlite3.connect(HOME / target_config["path"]) as target:
        target.execute(f'DROP TABLE IF EXISTS "{entity}"')
        target.execute(f'CREATE TABLE "{entity}" ({columns})')
        insert = f'INSERT INTO "{entity}" VALUES ({holes})'  # noqa: S608 - the spec names it
        target.executemany(insert, [tuple(row.values()) for row in rows])
    return len(rows)


def validate_load(entity: str, validation_queries: list[str]) -> int:
    """Fail when a query does not give a true value."""
    with sqlite3.connect(HOME / "warehouse.db") as target:
        for query in validation_queries:
            if not target.execute(query).fetchone()[0]:
                raise ValueError(f"{entity}: {query} is not satisfied")
    return len(validation_queries)


def _file(entity: str) -> Path:
    return HOME / ".staging" / f"{entity}.json"


def _stage(entity: str, rows: list[dict[str, str]]) -> int:
    _file(entity).parent.mkdir(parents=True, exist_ok=True)
    _file(entity).write_text(json.dumps(rows), encoding="utf-8")
    return len(rows)


def _staged(entity: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(_file(entity).read_text(encoding="utf-8"))
    return rows
