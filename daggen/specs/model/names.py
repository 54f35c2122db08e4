"""Finds the task or group that a name in a spec means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.tasks import UNKNOWN_DEPENDENCY
from daggen.specs.document import Path
from daggen.specs.model.context import Context
from daggen.specs.model.outline import Outline, Place
from daggen.specs.model.values import GroupArgument, Output, Value

_KEY = r"""(?:\[(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)")\])?"""
_PLUS = re.compile(rf"\+(?P<name>[A-Za-z_][\w.-]*){_KEY}")
_OUTPUT = re.compile(rf"(?P<name>[\w.-]+)\.output{_KEY}")
_XCOM_ARG = re.compile(rf"X[cC]om[aA]rg\((?P<name>[\w.-]+)\){_KEY}")


@dataclass(frozen=True)
class NotFound:
    """A name that means nothing, or several things: what to say of it."""

    message: str
    hint: str


@dataclass(frozen=True)
class Names:
    """The names of a DAG's tasks and groups."""

    outline: Outline

    def find(self, name: str, scope: Place | None) -> Place | NotFound:
        """Find what a name means, seen from inside the group `scope`.

        The nearest group around wins, then the id, then the only one of that name anywhere.
        """
        places = self.outline.places
        for prefix in _prefixes(scope):
            if found := next((p for p in places if p.dotted == prefix + name), None):
                return found
        if found := next((p for p in places if p.id == name), None):
            return found
        matches = [p for p in places if p.dotted.endswith(f".{name}")]
        if len(matches) == 1:
            return matches[0]
        if matches:
            options = ", ".join(place.dotted for place in matches)
            return NotFound(f'"{name}" may be any of {options}', "write the group before it")
        return NotFound(f'there is no task or group "{name}"', self._nearest(name))

    def _nearest(self, name: str) -> str:
        labels = {place.label for place in self.outline.places}
        dotted = {place.dotted for place in self.outline.places}
        if "." in name:
            head = name.rpartition(".")[0]
            if any(p.dotted == head and "template" in p.raw for p in self.outline.groups):
                return f'the tasks of "{head}" come from its template: depend on the group'
        return suggest(name, dotted | labels)

    def is_task_like(self, name: str) -> str:
        """Give the hint for a name that is nearly that of a task, "" for other texts."""
        return suggest(name, {place.label for place in self.outline.tasks})


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
    arguments = _group_arguments(scope)

    def read(text: str, path: Path) -> Value | None:
        match = next((m for form in forms if (m := form.fullmatch(text))), None)
        if match is None:
            return None
        name = match["name"]
        if match.re is _PLUS and name in arguments:
            return GroupArgument(name)
        found = names.find(name, scope)
        if isinstance(found, Place) and not found.is_group:
            key = match["single"] or match["double"]
            return Output(found.id, key)
        hint = names.is_task_like(name)
        if isinstance(found, NotFound) and (match.re is not _PLUS or hint):
            context.report(UNKNOWN_DEPENDENCY, path, found.message, hint=hint or found.hint)
        return None

    return read


def _group_arguments(scope: Place | None) -> set[str]:
    around = [scope, *scope.around()] if scope else []
    return {
        name
        for group in around
        for key in ("expand", "partial")
        if group and isinstance(group.raw.get(key), dict)
        for name in group.raw[key]
    }
