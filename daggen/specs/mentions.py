"""Where inside a value a name is mentioned, or one of its arguments is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from daggen.diagnostics import Span
from daggen.specs.document import Locations, Path


def mention(
    data: Any,
    path: Path,
    locations: Locations,
    words: Sequence[str],
    same: Callable[[Any, str], bool],
) -> Span | None:
    """Find the key `words[0]` beside the name `words[-1]`, or that name itself, below `path`.

    With one word it is the name. `same` tells whether a value of the spec is that name.
    """
    for around, value in _containers(data, path):
        for step, each in value.items() if isinstance(value, dict) else enumerate(value):
            if not same(each, words[-1]):
                continue
            if isinstance(value, dict) and len(words) > 1 and words[0] in value:
                return locations.key((*around, words[0]))
            return locations.value((*around, step))
    return None


def at(data: Any, path: Path) -> Any:
    """Give the value at a path; None where there is none."""
    for step in path:
        try:
            data = data[step]
        except (IndexError, KeyError, TypeError):
            return None
    return data


def _containers(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Give all mappings and lists in a value with their paths, the outer ones first."""
    if not isinstance(value, dict | list):
        return
    yield path, value
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _containers(inner, (*path, step))
