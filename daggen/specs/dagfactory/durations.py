"""Durations as dag-factory reads them: one unit, and nothing behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.duration import parse_duration
from daggen.specs.model.context import shown

_UNIT = re.compile(r"(?P<amount>\d+)\s+(?P<unit>hour|minute|second|day)", re.IGNORECASE)
_REST = re.compile(r"s?\s*", re.IGNORECASE)


def first_unit(text: str) -> tuple[timedelta, bool] | None:
    """Read the one unit that dag-factory sees in `1 days 2 hours`; tell whether more is said."""
    match = _UNIT.match(text)
    if match is None:
        return None
    delta = timedelta(**{f"{match['unit'].lower()}s": int(match["amount"])})
    return delta, not _REST.fullmatch(text, match.end())


def read_delta(node: Node, notes: Notes) -> Node:
    """Give a duration such as `1 days`; dag-factory takes nothing but a text."""
    if node.value is None:
        return node
    if not isinstance(node.value, str):
        return _repaired(node, notes)
    found = first_unit(node.value)
    if found is None:
        _tell_form(node, notes)
        return node
    delta, more = found
    if not more:
        return node.of(node.value.lower())
    tell_rest(node, notes)
    return node.of(f"{int(delta.total_seconds())}s")


def _tell_form(node: Node, notes: Notes) -> None:
    """Tell of a duration as specs have them, which dag-factory does not read."""
    try:
        seconds = parse_duration(node.value).total_seconds()
    except ValueError:
        return
    message = f'dag-factory fails on "{node.value}" as a duration'
    notes.tell(codes.REPAIRED, node, message, hint=f"write {seconds:g} seconds")


def _repaired(node: Node, notes: Notes) -> Node:
    is_number = isinstance(node.value, int | float)
    message = "dag-factory takes only a text such as 1 hour here"
    hint = f"write {node.value} seconds" if is_number else ""
    notes.tell(codes.REPAIRED, node, message, hint=hint)
    return node.of(f"{node.value}s") if is_number else node


def tell_plain_durations(entries: Mapping[str, Node], notes: Notes) -> None:
    """Tell of durations of tasks that are no timedelta: of most, Airflow takes seconds."""
    for name in ("execution_timeout", "retry_delay", "max_retry_delay", "poke_interval"):
        said = entries.get(name)
        kinds: tuple[type, ...] = (int, float, str) if name == "execution_timeout" else (str,)
        if said is None or not isinstance(said.value, kinds):
            continue
        try:
            seconds = parse_duration(said.value).total_seconds()
        except ValueError:
            continue
        message = f"dag-factory fails on {shown(said.value)} as {name}"
        hint = f"write {{__type__: datetime.timedelta, seconds: {seconds:g}}}"
        notes.tell(codes.REPAIRED, said, message, hint=hint)


def tell_rest(node: Node, notes: Notes) -> None:
    """Tell of what stands behind the first unit."""
    match = _UNIT.match(node.value)
    seen = match[0] if match else ""
    message = f'dag-factory sees only "{seen}" in "{node.value}"'
    notes.tell(codes.FIRST_UNIT_ONLY, node, message, hint="write one unit")
