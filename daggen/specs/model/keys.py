"""A table of keys: what each takes, since which Airflow, and what became of the ones that left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import (
    KEY_TOO_NEW,
    RENAMED_KEY,
    UNKNOWN_KEY,
    WRONG_TYPE,
)
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.scalars import Kind
from daggen.specs.model.values import Value

Version = tuple[int, int]


@dataclass(frozen=True)
class Key:
    """One key: its kind, its description for editors, and the first Airflow that has it."""

    kind: Kind
    doc: str
    since: Version = (2, 11)
    nullable: bool = True
    """Whether Airflow takes None, which unsays what defaults say."""


@dataclass(frozen=True)
class Gone:
    """A key of former times: what to write instead, and the Airflow from which on it fails."""

    instead: str
    since: Version = (2, 0)


def read_keys(
    raw: Mapping[Any, Any],
    path: Path,
    context: Context,
    keys: Mapping[str, Key],
    gone: Mapping[str, Gone],
) -> dict[str, Value]:
    """Read the keys of a mapping that the table has; the others are `unknown_keys`' matter."""
    values: dict[str, Value] = {}
    for name, item in raw.items():
        key = keys.get(name)
        if former := gone_key(name, gone, context):
            report_gone(name, former, (*path, name), context)
        elif key is not None:
            values[name] = read_key(name, key, item, (*path, name), context)
    return {name: value for name, value in values.items() if value is not INVALID}


def read_key(name: str, key: Key, item: Any, path: Path, context: Context) -> Value:
    """Read the value of a key that the table has; null is None where Airflow takes that."""
    if key.since > context.airflow:
        report_too_new(name, key.since, path, context)
        return INVALID
    if item is not None:
        return key.kind.read(item, path, context)
    if key.nullable:
        return None
    message, hint = f'"{name}" cannot be null', "leave it out, or give it a value"
    return context.report(WRONG_TYPE, path, message, hint=hint)


def gone_key(name: Any, gone: Mapping[str, Gone], context: Context) -> Gone | None:
    """Give what became of a key, when the targeted Airflow no longer has it."""
    former = gone.get(name) if isinstance(name, str) else None
    return former if former and context.airflow >= former.since else None


def report_gone(name: str, former: Gone, path: Path, context: Context) -> None:
    """Report a key that left Airflow."""
    version = f"Airflow {former.since[0]}" if former.since >= (3, 0) else "today's Airflow"
    context.report(
        RENAMED_KEY, path, f'"{name}" is gone from {version}', hint=former.instead, at_key=True
    )


def report_too_new(name: str, since: Version, path: Path, context: Context) -> None:
    """Report a key that the targeted Airflow does not have yet."""
    context.report(
        KEY_TOO_NEW,
        path,
        f'"{name}" came with Airflow {since[0]}.{since[1]}, '
        f"the target is {context.airflow[0]}.{context.airflow[1]}",
        hint="remove it, or raise airflow in the configuration",
        at_key=True,
    )


def report_unknown(
    name: Any, known: Iterable[str], path: Path, context: Context, of: str, hint: str = ""
) -> None:
    """Report a key that nothing knows, with a hint, or the nearest one that is known."""
    context.report(
        UNKNOWN_KEY,
        path,
        f"unknown key {shown(name)} of {of}",
        hint=hint or suggest(name, known),
        at_key=True,
    )
