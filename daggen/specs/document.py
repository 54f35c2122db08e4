"""A document that was read: plain data, and where each piece of it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from daggen.diagnostics import Span

Path = tuple[str | int, ...]
"""The way to a value inside a document: mapping keys and list indexes, from the top."""


@dataclass(frozen=True)
class Locations:
    """Where keys and values stand, by their path in the document.

    Values that came from several files (defaults, a spec) keep the place they came from, so
    `span.path` also answers where a value was set.
    """

    root: Span
    keys: Mapping[Path, Span] = field(default_factory=dict)
    values: Mapping[Path, Span] = field(default_factory=dict)

    def value(self, path: Path) -> Span:
        """Give the place of the value at `path`, or of the nearest value around it."""
        for length in range(len(path), 0, -1):
            if span := self.values.get(path[:length]):
                return span
        return self.root

    def key(self, path: Path) -> Span:
        """Give the place of the key that leads to `path`; of the value where there is no key."""
        return self.keys.get(path) or self.value(path)

    def below(self, prefix: Path) -> Locations:
        """Give the same places as seen from the value at `prefix`."""
        size = len(prefix)
        return Locations(
            root=self.value(prefix),
            keys={path[size:]: span for path, span in self.keys.items() if path[:size] == prefix},
            values={
                path[size:]: span for path, span in self.values.items() if path[:size] == prefix
            },
        )

    def elements(self, prefix: Path, count: int) -> list[Locations]:
        """Give `below` for each element of the list at `prefix`, in one pass over the places."""
        size = len(prefix)
        keys: list[dict[Path, Span]] = [{} for _ in range(count)]
        values: list[dict[Path, Span]] = [{} for _ in range(count)]
        for places, into in ((self.keys, keys), (self.values, values)):
            for path, span in places.items():
                index = path[size] if path[:size] == prefix and len(path) > size else None
                if isinstance(index, int):
                    into[index][path[size + 1 :]] = span
        return [Locations(values[i].get((), self.root), keys[i], values[i]) for i in range(count)]


@dataclass(frozen=True)
class Document:
    """A file's data (dict, list, str, int, float, bool, None) and its `Locations`."""

    path: str
    data: Any
    locations: Locations


@dataclass(frozen=True)
class ResolvedSpec:
    """One DAG to be: a spec with its defaults merged, its `foreach` and `${{ }}` resolved.

    `source` is the spec's path relative to the project's root; `data` has Airflow's keys and
    `template`, `with`, `tasks`, `task_groups`; `row` names the loop values it was made from,
    and `row_spans` says where each of these stands. A `tolerant` one comes from a file of another
    tool that Airflow has taken so far: what only looks like a mistake is a warning there.
    """

    source: str
    data: Mapping[str, Any]
    locations: Locations
    row: Mapping[str, Any] = field(default_factory=dict)
    row_spans: Mapping[str, Span] = field(default_factory=dict)
    tolerant: bool = False
