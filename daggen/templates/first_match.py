"""Lists of which the first item that holds decides: items that are never reached, or that overlap.

A schema says `x-daggen: {first_match: KIND}` of a parameter that is such a list. What an item's
condition looks like is the kind's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

from daggen.diagnostics import Diagnostic
from daggen.diagnostics.codes.branches import OVERLAPPING_PATHS, UNREACHABLE_PATH
from daggen.specs.document import Locations, Path
from daggen.templates import conditions

Item = Mapping[str, Any]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Kind(Protocol):
    """Compares the conditions of items. Where it cannot know, it says no."""

    def covered(self, item: Item, earlier: Sequence[Item]) -> bool:
        """Tell whether one of the earlier items holds whenever this one does."""

    def overlap(self, item: Item, other: Item) -> bool:
        """Tell whether both may hold."""


def check_first_match(
    schema: Mapping[str, Any], parameters: Mapping[str, Any], locations: Locations, at: Path
) -> Iterator[Diagnostic]:
    """Check every parameter whose schema says `first_match`; the parameters are valid otherwise."""
    for name, inner in schema.get("properties", {}).items():
        own = inner.get("x-daggen") if isinstance(inner, Mapping) else None
        kind = KINDS.get(own.get("first_match", "")) if isinstance(own, Mapping) else None
        if kind is not None and name in parameters:
            yield from _check(kind, parameters[name], locations, (*at, name))


def _check(
    kind: Kind, items: Sequence[Item], locations: Locations, at: Path
) -> Iterator[Diagnostic]:
    reached: list[int] = []
    for index, item in enumerate(items):
        span = locations.value((*at, index))
        earlier = items[:index]
        if kind.covered(item, earlier):
            message = f"{_name(item, index)} can never be taken"
            hint = "what comes before it takes all of its cases" if earlier else ""
            yield UNREACHABLE_PATH.at(span, message, hint=hint or "its condition never holds")
            continue
        for before in reached:
            other = items[before]
            if kind.overlap(item, other) and not kind.covered(other, [item]):
                message = f"{_name(other, before)} and {_name(item, index)} hold at the same time"
                related = [(locations.value((*at, before)), "this one comes first and is taken")]
                hint = "narrow one of them, or put the special case first"
                yield OVERLAPPING_PATHS.at(span, message, hint=hint, related=related)
        reached.append(index)


def _name(item: Item, index: int) -> str:
    return f'"{item["task_id"]}"' if "task_id" in item else f"item {index + 1}"


class _Thresholds:
    """`over: {record_count: 1000}`: holds when one of the limits is exceeded."""

    def covered(self, item: Item, earlier: Sequence[Item]) -> bool:
        return all(
            any(name in other["over"] and other["over"][name] <= limit for other in earlier)
            for name, limit in item["over"].items()
        )

    def overlap(self, item: Item, other: Item) -> bool:
        return True


@dataclass(frozen=True)
class _Cases:
    """Conditions that hold in a finite set of cases."""

    cases: Callable[[Item], frozenset[Any]]

    def covered(self, item: Item, earlier: Sequence[Item]) -> bool:
        taken: frozenset[Any] = frozenset().union(*map(self.cases, earlier))
        return self.cases(item) <= taken

    def overlap(self, item: Item, other: Item) -> bool:
        return bool(self.cases(item) & self.cases(other))


def _moments(item: Item) -> frozenset[Any]:
    """Give the hours of the week at which `at: {weekdays, hours}` holds."""
    at = item["at"]
    hours = at.get("hours", {"from": 0, "until": 24})
    start, end = hours["from"], hours["until"]
    inside = set(range(start, end)) if start < end else {*range(start, 24), *range(end)}
    return frozenset(product(at.get("weekdays", WEEKDAYS), inside))


def _statuses(item: Item) -> frozenset[Any]:
    return frozenset(item["statuses"])


class _Conditions:
    """`when: [{field, is, value}]`: holds when all of the tests do."""

    def covered(self, item: Item, earlier: Sequence[Item]) -> bool:
        tests = item["when"]
        return conditions.contradicts(tests) or any(
            conditions.implies(tests, other["when"]) for other in earlier
        )

    def overlap(self, item: Item, other: Item) -> bool:
        return not conditions.contradicts([*item["when"], *other["when"]])


KINDS: Mapping[str, Kind] = {
    "conditions": _Conditions(),
    "moments": _Cases(_moments),
    "statuses": _Cases(_statuses),
    "thresholds": _Thresholds(),
}
