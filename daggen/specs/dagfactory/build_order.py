"""The order in which dag-factory makes tasks: what it has not made yet, no other task can use.

It sorts the tasks by their dependencies; references do not count, and have to name a task that
was made before. Specs have no such order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.dagfactory.references import references_in


@dataclass(frozen=True)
class BuildOrder:
    """The tasks of a DAG as the file has them, by name, and its groups."""

    tasks: Mapping[str, Node]
    groups: Mapping[str, Node]

    def tell_missing(self, name: str, task: Node, notes: Notes) -> None:
        """Tell of references of a translated task on which dag-factory fails."""
        is_decorated = task.get("operator") is None
        for used, place in references_in(task):
            own = used if used in self.tasks else used.rpartition(".")[2]
            if is_decorated and own in self.tasks and str(place.value).endswith(".output"):
                message, hint = f'dag-factory fails on "{place.value}" here', f"write +{own}"
            else:
                is_told = is_decorated or str(place.value).startswith("+")
                message, hint = self._failure(used, own, name, is_told=is_told)
            if message:
                notes.tell(codes.REPAIRED, place, message, hint=hint)

    def _failure(self, used: str, own: str, name: str, *, is_told: bool) -> tuple[str, str]:
        """Say why a reference fails there, "" where it does not, and what to write."""
        if own not in self.tasks or own == name:
            return "", ""
        if self._made.get(own, 0) > self._made.get(name, 0):
            message = f'dag-factory makes "{name}" before "{own}", and fails on what it uses of it'
            return message, f"add {own} to the dependencies"
        if is_told:
            return "", ""
        if self.tasks[own].get("decorator"):
            return f'dag-factory fails on the output of "{own}", which is decorated', ""
        prefix = self._prefix(own)
        if used == own and prefix:
            message = f'dag-factory finds no task "{own}": it is in a group'
            return message, f"write {prefix}{own}.output"
        return "", ""

    def _prefix(self, task: str) -> str:
        """Give what the groups around a task put before its name."""
        prefix = ""
        said = self.tasks[task].get("task_group_name")
        seen: set[str] = set()
        while said is not None and str(said.value) in self.groups and str(said.value) not in seen:
            seen.add(str(said.value))
            group = self.groups[str(said.value)]
            own = group.get("prefix_group_id")
            if own is not None and own.value is False:
                break
            prefix = f"{said.value}.{prefix}"
            said = group.get("parent_group_name")
        return prefix

    @cached_property
    def _made(self) -> dict[str, int]:
        """Give the place of each task in the order; those in a circle come last."""
        waiting = {name: self._before(task) for name, task in self.tasks.items()}
        following: dict[str, list[str]] = {name: [] for name in self.tasks}
        for name, before in waiting.items():
            for each in before:
                following[each].append(name)
        ready = [name for name, before in waiting.items() if not before]
        for name in ready:
            for other in following[name]:
                waiting[other].discard(name)
                if not waiting[other]:
                    ready.append(other)
        return {name: place for place, name in enumerate(ready)}

    def _before(self, task: Node) -> set[str]:
        said = task.get("dependencies")
        items = said.value if said and isinstance(said.value, list) else []
        return {name for name in (str(item.value) for item in items) if name in self.tasks}
