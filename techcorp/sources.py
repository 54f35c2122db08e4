"""Where rows come from: a database table, a paged HTTP API, CSV files in a drop directory."""

from __future__ import annotations

import csv
import hashlib
import io
import sqlite3
import tempfile
import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from techcorp import sample, service
from techcorp.database import Database, connect, insert
from techcorp.home import directory, home, replace_file

Row = dict[str, Any]
Config = Mapping[str, Any]


def read(source_type: str, source_config: Config, entity: str) -> list[Row]:
    """Read an entity's rows from a source: `postgres`, `api` or `sftp`.

    Raises ValueError for another type of source.
    """
    try:
        reader = READERS[source_type]
    except KeyError:
        raise ValueError(f"unknown source {source_type!r}; known: {', '.join(READERS)}") from None
    return reader(source_config, entity)


def from_database(config: Config, entity: str) -> list[Row]:
    """Read a table (`table`, default: the entity) through the connection `conn_id`."""
    with connect(config.get("conn_id"), crm_file()) as database:
        table = database.name(config.get("table", entity))
        return database.rows(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 - a checked name


def from_api(config: Config, entity: str) -> list[Row]:
    """Read all pages of `path` (default: /v1/ENTITY) at `base_url`, or at the loopback service."""
    base = config.get("base_url") or service.ensure_running()
    path = config.get("path", f"/v1/{entity}")
    rows: list[Row] = []
    page: int | None = 1
    while page is not None:
        query = urllib.parse.urlencode({"page": page, "page_size": config.get("page_size", 100)})
        answer = service.get_json(f"{base}{path}?{query}", timeout=config.get("timeout", 10))
        rows.extend(answer["rows"])
        page = answer["next_page"]
    return rows


def from_drop(config: Config, entity: str) -> list[Row]:
    """Read the CSV files of a drop directory, in order of name; empty cells are None.

    Raises FileNotFoundError if no file matches `pattern`.
    """
    folder = Path(config["directory"]) if "directory" in config else drop_directory(entity)
    pattern = config.get("pattern", "*.csv")
    files = sorted(folder.glob(pattern))
    if not files:
        raise FileNotFoundError(f"no file {pattern} in {folder}")
    return [row for path in files for row in read_csv(path)]


READERS: dict[str, Callable[[Config, str], list[Row]]] = {
    "postgres": from_database,
    "api": from_api,
    "sftp": from_drop,
}


def read_csv(path: Path) -> list[Row]:
    """Read a CSV file with a header; empty cells are None."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            {name: value if value != "" else None for name, value in row.items()}
            for row in csv.DictReader(stream)
        ]


def crm_file() -> Path:
    """Return the embedded source database, filled with the sample entities when first asked for.

    Its name tells which sample data it holds, so that new ones are not looked for in an old file.
    """
    version = hashlib.sha256(Path(sample.__file__).read_bytes()).hexdigest()[:12]
    path = home() / f"crm_{version}.db"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=home()) as scratch:
            _fill(Path(scratch) / "crm.db").replace(path)
    return path


def drop_directory(entity: str) -> Path:
    """Return the embedded drop directory of an entity, with its sample file in it."""
    folder = directory("drop", entity)
    path = folder / f"{entity}.csv"
    if not path.exists():
        write_csv(path, sample.rows(entity))
    return folder


def write_csv(path: Path, rows: list[Row]) -> Path:
    """Write rows as a CSV file with a header, in one step; None is an empty cell."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return replace_file(path, buffer.getvalue())


def _fill(path: Path) -> Path:
    connection = sqlite3.connect(path)
    database = Database(connection, embedded=True)
    for entity in sample.ENTITIES:
        insert(database, entity, sample.rows(entity))
    connection.commit()
    connection.close()
    return path
