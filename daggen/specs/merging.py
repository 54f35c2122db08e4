"""Lays one document over another: mappings merge deeply, everything else is replaced."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from daggen.diagnostics import Span
from daggen.specs.document import Document, Locations, Path


def overlay(documents: Iterable[Document]) -> Document:
    """Merge documents, the later over the earlier; each value keeps the place it came from.

    The result has the name and root of the last one, which is the spec itself.
    """
    data: dict[Any, Any] = {}
    keys: dict[Path, Span] = {}
    values: dict[Path, Span] = {}
    last = Document("", data, Locations(Span("")))
    for last in documents:
        if isinstance(last.data, dict):
            _merge(data, last.data, last.locations, (), keys, values)
    return Document(last.path, data, Locations(last.locations.root, keys, values))


def _merge(
    into: dict[Any, Any],
    over: dict[Any, Any],
    places: Locations,
    path: Path,
    keys: dict[Path, Span],
    values: dict[Path, Span],
) -> None:
    for key, value in over.items():
        here = (*path, key)
        if isinstance(into.get(key), dict) and isinstance(value, dict):
            keys[here], values[here] = places.key(here), places.value(here)
            _merge(into[key], value, places, here, keys, values)
        else:
            _forget(here, keys, values)
            into[key] = _copy(value)
            _adopt(here, places, keys, values)


def _forget(path: Path, *maps: dict[Path, Span]) -> None:
    for places in maps:
        for old in [p for p in places if p[: len(path)] == path]:
            del places[old]


def _adopt(path: Path, places: Locations, keys: dict[Path, Span], values: dict[Path, Span]) -> None:
    size = len(path)
    keys |= {p: span for p, span in places.keys.items() if p[:size] == path}
    values |= {p: span for p, span in places.values.items() if p[:size] == path}


def _copy(value: Any) -> Any:
    """Copy nested lists and mappings, so that merging never changes a document that was read."""
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copy(inner) for inner in value]
    return value
