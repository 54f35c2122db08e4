"""`foreach`: the rows one spec is made into DAGs from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import expansion as codes
from daggen.specs.document import Document, Locations

KEY = "foreach"
EXCLUDE = "exclude"
MAX_COMBINATIONS = 100_000
"""The most DAGs that one spec may make, before `exclude` leaves any out."""


@dataclass(frozen=True)
class Row:
    """One value of a loop's name, and where it and its parts stand."""

    value: Any
    locations: Locations


@dataclass(frozen=True)
class Combination:
    """One turn of the loops: a row for each name; a spec without `foreach` has one empty turn."""

    rows: Mapping[str, Row] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, Any]:
        """Give the values by loop name, as expressions see them."""
        return {name: row.value for name, row in self.rows.items()}


ReadRows = Callable[[str, str, Span], tuple[list[Row], list[Diagnostic]]]
"""Reads rows that stand outside the spec: called with "file" or "source", its name, its place."""


def combinations(spec: Document, read: ReadRows) -> tuple[list[Combination], list[Diagnostic]]:
    """Give the turns of a spec's loops, in the order of its lists, without the excluded ones."""
    if KEY not in spec.data:
        return [Combination()], []
    loops, found = spec.data[KEY], []
    if not isinstance(loops, dict) or not set(loops) - {EXCLUDE}:
        span = spec.locations.value((KEY,))
        return [], [codes.BAD_FOREACH.at(span, "foreach takes a mapping of names to rows")]
    rows: dict[str, list[Row]] = {}
    for name in loops:
        if name != EXCLUDE:
            rows[name], problems = _rows(spec, name, read)
            found += problems
    if (size := prod(map(len, rows.values()))) > MAX_COMBINATIONS:
        span = spec.locations.key((KEY,))
        message = f"foreach makes {size} combinations; at most {MAX_COMBINATIONS} are allowed"
        return [], [*found, codes.BAD_FOREACH.at(span, message)]
    every = [Combination(dict(zip(rows, turn, strict=True))) for turn in product(*rows.values())]
    kept, problems = _exclude(spec, every)
    found += problems
    if not kept and not found:
        hint = "delete the spec to retire its DAGs"
        span = spec.locations.key((KEY,))
        found.append(codes.EMPTY_FOREACH.at(span, "foreach yields no row", hint=hint))
    return kept, found


def _rows(spec: Document, name: Any, read: ReadRows) -> tuple[list[Row], list[Diagnostic]]:
    path = (KEY, name)
    if not isinstance(name, str) or not name.isidentifier() or name == "vars":
        message = f'"{name}" cannot name a loop'
        hint = "a loop's name is an identifier other than vars"
        return [], [codes.BAD_FOREACH.at(spec.locations.key(path), message, hint=hint)]
    value, span = spec.data[KEY][name], spec.locations.value(path)
    if isinstance(value, list):
        places = spec.locations.elements(path, len(value))
        return [Row(item, place) for item, place in zip(value, places, strict=True)], []
    if isinstance(value, dict) and len(value) == 1:
        (kind, target), *_ = value.items()
        if kind in ("file", "source") and isinstance(target, str):
            return read(kind, target, spec.locations.value((*path, kind)))
    message = f"{name} takes a list of rows, {{file: NAME}} or {{source: NAME}}"
    return [], [codes.BAD_FOREACH.at(span, message)]


def _exclude(
    spec: Document, every: list[Combination]
) -> tuple[list[Combination], list[Diagnostic]]:
    entries = spec.data[KEY].get(EXCLUDE, [])
    if not isinstance(entries, list):
        span = spec.locations.value((KEY, EXCLUDE))
        return every, [codes.BAD_FOREACH.at(span, "exclude takes a list of combinations")]
    found = list(_check_exclude(spec, entries, every))
    return [turn for turn in every if not any(_matches(e, turn.names) for e in entries)], found


def _check_exclude(
    spec: Document, entries: list[Any], every: list[Combination]
) -> Iterator[Diagnostic]:
    names = set(spec.data[KEY]) - {EXCLUDE}
    for index, entry in enumerate(entries):
        span = spec.locations.value((KEY, EXCLUDE, index))
        if not isinstance(entry, dict) or not set(entry) <= names:
            yield codes.BAD_FOREACH.at(
                span, f"an entry of exclude is a mapping of {', '.join(sorted(names))}"
            )
        elif every and not any(_matches(entry, turn.names) for turn in every):
            yield codes.UNUSED_EXCLUDE.at(span, "this entry matches no combination")


def _matches(pattern: Any, value: Any) -> bool:
    """Tell whether `value` has everything that `pattern` names. true is not 1 here."""
    if isinstance(pattern, dict) and isinstance(value, Mapping):
        return all(key in value and _matches(inner, value[key]) for key, inner in pattern.items())
    return type(pattern) is type(value) and bool(pattern == value)
