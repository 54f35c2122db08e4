"""Whether a changed input can reach the DAGs that were there before.

A row more in a table makes a DAG more and leaves the others alone; a pool with more slots
changes no DAG. Knowing this keeps the causes in a plan exact.
"""

from __future__ import annotations

import csv
import io
import json
import posixpath
from collections import Counter
from typing import Any

import yaml


def reaches_existing_dags(path: str, before: str, after: str) -> bool:
    """Tell whether a change of an input's text can change a DAG, beyond adding or removing one.

    When in doubt, for example when a text cannot be read, it can.
    """
    try:
        old, new = _parsed(path, before), _parsed(path, after)
    except (ValueError, yaml.YAMLError, csv.Error, RecursionError):
        return True
    if old == new:
        return False
    if isinstance(old, list) and isinstance(new, list):
        return not _rows_come_or_go(old, new)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return True
    if posixpath.basename(path).startswith("_pools."):
        return _without(old, "pools") != _without(new, "pools")
    if "rows" in old and "rows" in new:
        return _without(old, "rows") != _without(new, "rows") or not _rows_come_or_go(
            old["rows"], new["rows"]
        )
    same = _without(old, "foreach") == _without(new, "foreach")
    return not same or not _only_rows_come_or_go(old.get("foreach"), new.get("foreach"))


def _parsed(path: str, text: str) -> Any:
    """Read a file as data without giving values types: only equality matters here."""
    if path.endswith(".csv"):
        head, *rows = csv.reader(io.StringIO(text))
        return [dict(zip(head, row, strict=False)) for row in rows]
    if path.endswith(".json"):
        return json.loads(text)
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds strings only


def _without(data: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != key}


def _only_rows_come_or_go(old: Any, new: Any) -> bool:
    if not isinstance(old, dict) or not isinstance(new, dict) or old.keys() != new.keys():
        return False
    return all(old[key] == new[key] or _rows_come_or_go(old[key], new[key]) for key in old)


def _rows_come_or_go(old: Any, new: Any) -> bool:
    """Tell whether one list has all rows of the other: no row was edited."""
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    was, now = _counted(old), _counted(new)
    return was <= now or now <= was


def _counted(rows: list[Any]) -> Counter[str]:
    return Counter(json.dumps(row, sort_keys=True) for row in rows)
