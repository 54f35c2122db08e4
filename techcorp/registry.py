"""The table in which TechCorp declares its pipelines: `pipeline_configurations`.

`python -m techcorp.registry [URL]` makes the table and fills it; without a URL it does so in
`TECHCORP_REGISTRY_URL`, or in the embedded default. Then `daggen pull pipelines` reads it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

DEFAULT_URL = "sqlite:///.techcorp/registry.db"
"""The embedded default, relative to the working directory: the root of the checkout."""

Row = dict[str, Any]

METADATA = sa.MetaData()
PIPELINES = sa.Table(
    "pipeline_configurations",
    METADATA,
    sa.Column("pipeline_name", sa.String(200), primary_key=True),
    sa.Column("source_system", sa.String(50), nullable=False),
    sa.Column("target_table", sa.String(200), nullable=False),
    sa.Column("schedule_interval", sa.String(100)),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("config_json", sa.Text().with_variant(sa.JSON(), "postgresql")),
)


def pipelines() -> list[Row]:
    """Give the pipelines that TechCorp starts with; one is retired."""
    unique = [{"rule": "unique", "column": "id"}]
    return [
        _pipeline(
            "billing",
            ("postgres", "invoices", "billing"),
            "@daily",
            {"owner": "finance", "retries": 3, "rules": unique},
        ),
        _pipeline("web_traffic", ("api", "page_views", "web_traffic"), "@hourly", {"owner": "web"}),
        _pipeline(
            "rücksendungen",
            ("api", "refunds", "returns"),
            "30 4 * * *",
            {"description": "Rücksendungen, für die Buchhaltung", "rules": unique},
        ),
        _pipeline("stock_levels", ("sftp", "inventory", "stock"), "0 */6 * * *", {"retries": 1}),
        _pipeline("vendors", ("sftp", "vendors", "vendor_list"), None, None),
        _pipeline("legacy_export", ("postgres", "orders", "legacy"), "@daily", {}, active=False),
    ]


def _pipeline(
    name: str,
    flow: tuple[str, str, str],
    schedule: str | None,
    config: Row | None,
    *,
    active: bool = True,
) -> Row:
    """Make a row; `flow` is the source system, the entity read there, and the target table."""
    source, entity, target = flow
    return {
        "pipeline_name": name,
        "source_system": source,
        "target_table": target,
        "schedule_interval": schedule,
        "is_active": active,
        "config_json": None if config is None else {"entity": entity, **config},
    }


def create(url: str, rows: Iterable[Row]) -> None:
    """Make the table anew in any database SQLAlchemy reaches, and insert `rows`."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    try:
        METADATA.drop_all(engine)
        METADATA.create_all(engine)
        save(engine, rows)
    finally:
        engine.dispose()


def save(engine: sa.Engine, rows: Iterable[Row]) -> None:
    """Insert rows, or replace those with the same name."""
    native = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        for row in rows:
            config = row["config_json"]
            value = config if native or config is None else json.dumps(config, ensure_ascii=False)
            same = PIPELINES.c.pipeline_name == row["pipeline_name"]
            connection.execute(sa.delete(PIPELINES).where(same))
            stored = sa.null() if value is None else value
            connection.execute(sa.insert(PIPELINES).values({**row, "config_json": stored}))


def main(arguments: list[str]) -> None:
    """Make and fill the table."""
    url = arguments[0] if arguments else os.environ.get("TECHCORP_REGISTRY_URL", DEFAULT_URL)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    create(url, pipelines())


if __name__ == "__main__":
    main(sys.argv[1:])
