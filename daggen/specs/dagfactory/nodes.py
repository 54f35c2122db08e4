"""Data that remembers its places: the form in which dag-factory's files are merged and rewritten.

A `Node` is replaced, never changed, so that one block of defaults can be part of many DAGs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from daggen.diagnostics import Span
from daggen.specs.document import Locations, Path

FORMS_OF_SPECS = ("__ref__", "__zip__")
"""Forms that dag-factory does not have: to it they are plain keys."""
MARKS = ("__type__", "__and__", "__or__", "__join__", "__ref__")


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place; `key` is the place of the key that leads to it, if there is one.

    `value` is a scalar, a date, a list of nodes, or a mapping of keys to nodes.
    """

    value: Any
    span: Span
    key: Span | None = None

    @property
    def is_mapping(self) -> bool:
        """Tell whether this is a mapping."""
        return isinstance(self.value, dict)

    @property
    def is_object(self) -> bool:
        """Tell whether this is a mapping that dag-factory makes an object of when it loads."""
        return self.is_mapping and any(mark in self.value for mark in MARKS)

    @property
    def at_key(self) -> Span:
        """Give the place of the key, or of the value where there is no key."""
        return self.key or self.span

    def get(self, name: str) -> Node | None:
        """Give an entry of a mapping that is there and not null."""
        found = self.value.get(name) if self.is_mapping else None
        return found if found is not None and found.value is not None else None

    def items(self) -> Mapping[Any, Node]:
        """Give the entries of a mapping; none for another value."""
        return self.value if self.is_mapping else {}

    def of(self, value: Any) -> Node:
        """Give another value in the same place; raw lists and mappings become nodes."""
        return replace(self, value=node_of(value, self.span).value)


def node_of(value: Any, span: Span) -> Node:
    """Make a node of raw data, all of it in one place; nodes inside keep their own."""
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        return Node({key: node_of(item, span) for key, item in value.items()}, span)
    if isinstance(value, list):
        return Node([node_of(item, span) for item in value], span)
    return Node(value, span)


def plain(node: Node) -> Any:
    """Give the data without its places."""
    if node.is_mapping:
        return {key: plain(item) for key, item in node.value.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return _written(node.value)


def flatten(root: Node) -> tuple[Any, Locations]:
    """Give the data, and its places by path."""
    keys: dict[Path, Span] = {}
    values: dict[Path, Span] = {}
    for path, node in _walk(root, ()):
        values[path] = node.span
        if node.key is not None:
            keys[path] = node.key
    return plain(root), Locations(root.span, keys, values)


def texts(node: Node, keys: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Node]]:
    """Give every text below a node, with the way to it."""
    for path, inner in _walk(node, keys):
        if isinstance(inner.value, str):
            yield path, inner


def _walk(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    yield path, node
    if node.is_mapping:
        for key, item in node.value.items():
            yield from _walk(item, (*path, key))
    elif isinstance(node.value, list):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index))


def _written(value: Any) -> Any:
    """Say a date as the object that dag-factory passes on; other scalars are what they are."""
    if isinstance(value, datetime):
        parts = [value.year, value.month, value.day, value.hour, value.minute, value.second]
        said: dict[str, Any] = {"__type__": "datetime.datetime", "__args__": parts}
        if value.microsecond:
            said["microsecond"] = value.microsecond
        offset = value.utcoffset()
        if offset is not None:
            delta = {"__type__": "datetime.timedelta", "seconds": int(offset.total_seconds())}
            said["tzinfo"] = {"__type__": "datetime.timezone", "__args__": [delta]}
        return said
    if isinstance(value, date):
        return {"__type__": "datetime.date", "__args__": [value.year, value.month, value.day]}
    return value
