"""Transformations: data such as `{op: lowercase, columns: [email]}`, applied one after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Step = Mapping[str, Any]


def apply(rows: Sequence[Row], steps: Sequence[Step]) -> list[Row]:
    """Apply every step to all rows; raises ValueError for a step that does not exist."""
    result = [dict(row) for row in rows]
    for step in steps:
        if step.get("op") not in OPERATIONS:
            raise ValueError(f"unknown op {dict(step)}; known: {', '.join(OPERATIONS)}")
        result = OPERATIONS[step["op"]](step, result)
    return result


Operation = Callable[[Step, list[Row]], list[Row]]


def _text(change: Callable[[str], str]) -> Operation:
    def run(step: Step, rows: list[Row]) -> list[Row]:
        wanted = set(step["columns"])
        return [
            {
                name: change(value) if name in wanted and isinstance(value, str) else value
                for name, value in row.items()
            }
            for row in rows
        ]

    return run


def _rename(step: Step, rows: list[Row]) -> list[Row]:
    names = step["columns"]
    return [{names.get(name, name): value for name, value in row.items()} for row in rows]


def _cast(step: Step, rows: list[Row]) -> list[Row]:
    kinds = {name: TYPES[kind] for name, kind in step["columns"].items()}
    return [
        {
            name: kinds[name](value) if name in kinds and value is not None else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _drop(step: Step, rows: list[Row]) -> list[Row]:
    dropped = set(step["columns"])
    return [{k: v for k, v in row.items() if k not in dropped} for row in rows]


def _keep(step: Step, rows: list[Row]) -> list[Row]:
    return [{name: row.get(name) for name in step["columns"]} for row in rows]


def _fill(step: Step, rows: list[Row]) -> list[Row]:
    defaults = step["columns"]
    missing = (
        {name: default for name, default in defaults.items() if row.get(name) is None}
        for row in rows
    )
    return [row | absent for row, absent in zip(rows, missing, strict=True)]


def _multiply(step: Step, rows: list[Row]) -> list[Row]:
    left, right, target = step["left"], step["right"], step["into"]
    return [row | {target: round(float(row[left]) * float(row[right]), 2)} for row in rows]


def _deduplicate(step: Step, rows: list[Row]) -> list[Row]:
    last = {tuple(row.get(name) for name in step["columns"]): row for row in rows}
    return list(last.values())


TYPES: dict[str, Callable[[Any], Any]] = {"int": int, "float": float, "str": str}
OPERATIONS: dict[str, Operation] = {
    "strip": _text(str.strip),
    "lowercase": _text(str.lower),
    "uppercase": _text(str.upper),
    "rename": _rename,
    "cast": _cast,
    "drop": _drop,
    "keep": _keep,
    "fill": _fill,
    "multiply": _multiply,
    "deduplicate": _deduplicate,
}
