"""Finds the task or group that a name in a spec means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.tasks import NO_REFERENCE, UNKNOWN_DEPENDENCY
from daggen.specs.document import Path
from daggen.specs.model.context import Context
from daggen.specs.model.outline import Outline, Place
from daggen.specs.model.values import GroupArgument, Output, Value

_KEY = r"""(?:\[(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)")\])?"""
_PLUS = re.compile(rf"\+(?P<name>\.?[A-Za-z_][\w.-]*){_KEY}")
_OUTPUT = re.compile(rf"(?P<name>[\w.-]+)\.output{_KEY}")
_XCOM_ARG = re.compile(rf"X[cC]om[aA]rg\((?P<name>[\w.-]+)\){_KEY}")


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


def references(
    names: Names, scope: Place | None, context: Context, *, mapping: bool = False
) -> Callable[[str, Path], Value | None]:
    """Make the reader of references for values inside the group `scope`.

    `+task` and `+task['key']` are references everywhere, `task.output` and `XcomArg(task)` only
    where tasks are mapped. In a mapped group, `+name` of an argument is that argument.
    """
    forms = (_PLUS, _OUTPUT, _XCOM_ARG) if mapping else (_PLUS,)
    arguments = _arguments_around(scope)

    def read(text: str, path: Path) -> Value | None:
        match = next((m for form in forms if (m := form.fullmatch(text))), None)
        if match is None:
            _report_like(text, path, names, scope, context)
            return None
        name = match["name"]
        if match.re is _PLUS and name in arguments:
            return GroupArgument(name)
        found = names.find(name, scope)
        if isinstance(found, Place) and not found.is_group:
            key = match["single"] or match["double"]
            return Output(found.id, key)
        hint = names.nearest_task(name) or suggest(name, arguments)
        if isinstance(found, NotFound) and (match.re is not _PLUS or hint):
            return context.report(UNKNOWN_DEPENDENCY, path, found.message, hint=hint or found.hint)
        return None

    return read


def _report_like(
    text: str, path: Path, names: Names, scope: Place | None, context: Context
) -> None:
    """Warn of `task.output` where it is only a text."""
    match = _OUTPUT.fullmatch(text) or _XCOM_ARG.fullmatch(text)
    found = names.find(match["name"], scope) if match else None
    if match and isinstance(found, Place) and not found.is_group:
        key = match["single"] or match["double"]
        written = f"+{match['name']}" + (f"['{key}']" if key else "")
        message = f'"{text}" is only a text here, not what "{match["name"]}" returns'
        context.report(NO_REFERENCE, path, message, hint=f"write {written}")


def _arguments_around(scope: Place | None) -> set[str]:
    around = [scope, *scope.around()] if scope else []
    return {name for group in around if group for name in group_arguments(group.raw)}


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
