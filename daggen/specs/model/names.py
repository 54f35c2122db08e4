"""Finds the task or group that a name in a spec means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daggen.diagnostics import suggest
from daggen.specs.model.outline import Outline, Place


@dataclass(frozen=True)
class NotFound:
    """A name that means nothing, or several things: what to say of it."""

    message: str
    hint: str


class Names:
    """The names of a DAG's tasks and groups."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self._by_dotted: dict[str, Place] = {}
        self._by_id: dict[str, Place] = {}
        self._by_suffix: dict[str, list[Place]] = {}
        for place in outline.places:
            dotted = place.dotted
            self._by_dotted.setdefault(dotted, place)
            self._by_id.setdefault(place.id, place)
            for suffix in _suffixes(dotted):
                self._by_suffix.setdefault(suffix, []).append(place)
        for place in outline.places:
            if place.alias:
                self._by_id.setdefault(place.alias, place)

    def find(self, name: str, scope: Place | None) -> Place | NotFound:
        """Find what a name means, seen from inside the group `scope`.

        The nearest group around wins, then the id, then the only one of that name anywhere. A
        name that begins with a dot is read from the top of the DAG.
        """
        if name.startswith("."):
            top = self._by_dotted.get(name[1:]) or self._by_id.get(name[1:])
            return top or NotFound(f'there is no task or group "{name[1:]}"', self._nearest(name))
        for prefix in _prefixes(scope):
            if found := self._by_dotted.get(prefix + name):
                return found
        if found := self._by_id.get(name):
            return found
        matches = self._by_suffix.get(name, [])
        if len(matches) == 1:
            return matches[0]
        if matches:
            options = ", ".join(place.dotted for place in matches)
            return NotFound(f'"{name}" may be any of {options}', "write the group before it")
        return NotFound(f'there is no task or group "{name}"', self._nearest(name))

    def _nearest(self, name: str) -> str:
        group = self._by_dotted.get(name.rpartition(".")[0])
        if group and "template" in group.raw:
            return f'the tasks of "{group.dotted}" come from its template: depend on the group'
        labels = {place.label for place in self.outline.places}
        return suggest(name, labels | self._by_dotted.keys())

    def nearest_task(self, name: str) -> str:
        """Give the hint for a name that is nearly that of a task, "" for other texts."""
        return suggest(name, {place.label for place in self.outline.tasks})


def _suffixes(dotted: str) -> list[str]:
    parts = dotted.split(".")
    return [".".join(parts[start:]) for start in range(1, len(parts))]


def _prefixes(scope: Place | None) -> Sequence[str]:
    around = [scope, *scope.around()] if scope else []
    return [*(f"{group.dotted}." for group in around if group), ""]


def group_arguments(raw: Mapping[Any, Any]) -> list[str]:
    """Give the names of the arguments of a mapped group, from the group as it is written."""
    names = [*_names(raw.get("partial")), *_names(raw.get("expand"))]
    mappings = raw.get("expand_kwargs")
    if "arguments" in raw:
        names += _names(raw["arguments"])
    elif isinstance(mappings, list):
        names += [name for each in mappings for name in _names(each)]
    return list(dict.fromkeys(names))


def _names(said: Any) -> list[str]:
    names = said if isinstance(said, dict | list) else ()
    return [name for name in names if isinstance(name, str)]
