"""Mapped groups as Python: the function that Airflow wants for them, and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from daggen.specs.model.borders import tasks_of_mapped_groups
from daggen.specs.model.spec import DagSpec, GroupSpec, Mapped
from daggen.writing.names import Variables
from daggen.writing.order import groups_around
from daggen.writing.sharing import uses
from daggen.writing.values import ValueWriter, call

_INDENT = "    "


def _returned_tasks(spec: DagSpec) -> dict[str, list[str]]:
    """Give the tasks of each mapped group whose output is used outside of it, by their ids."""
    mapped, around = tasks_of_mapped_groups(spec), groups_around(spec)
    used = {
        task_id
        for task_id, group in uses(spec)
        if task_id in mapped and mapped[task_id] not in (group, *around.get(group or "", ()))
    }
    returned: dict[str, list[str]] = {}
    for task in spec.tasks:
        if task.task_id in used:
            returned.setdefault(mapped[task.task_id], []).append(task.task_id)
    return returned


@dataclass(frozen=True)
class MappedGroupWriter:
    """Writes the mapped groups of one DAG."""

    spec: DagSpec
    values: ValueWriter
    variables: Variables

    @cached_property
    def _returned(self) -> Mapping[str, list[str]]:
        return _returned_tasks(self.spec)

    @cached_property
    def _around(self) -> Mapping[str, list[str]]:
        return groups_around(self.spec)

    @cached_property
    def _ends(self) -> frozenset[str]:
        stated = [edge for edge in self.spec.edges if not edge.implied]
        return frozenset(end for edge in stated for end in (edge.upstream, edge.downstream))

    def write(self, group: GroupSpec, decorator: str, body: str) -> str:
        """Write a group, the `decorator` of whose function and its indented `body` are given.

        Where tasks outside use what tasks inside return, the function returns these tasks, and
        they take the place of the group.
        """
        variable = self.variables[group.group_id]
        function = f"{variable}_group"
        returned = [self.variables[task_id] for task_id in self._returned.get(group.group_id, ())]
        if returned:
            blank = "\n" if "\n" in body else ""
            body += f"\n{blank}{_INDENT}return {', '.join(returned)}"
        return "\n".join(
            [
                f"@{decorator}",
                f"def {function}({', '.join(group.mapping.arguments)}):",
                body,
                "",
                f"{', '.join(returned) or variable} = {self._expand(function, group.mapping)}",
                *self._group_of_returned(group),
            ]
        )

    def _expand(self, function: str, mapping: Mapped) -> str:
        partial = self.values.keywords(mapping.partial)
        applied = call(f"{function}.partial", partial) if partial else function
        if mapping.expand_kwargs is not None:
            return call(f"{applied}.expand_kwargs", [self.values.write(mapping.expand_kwargs)])
        return call(f"{applied}.expand", self.values.keywords(mapping.expand))

    def _group_of_returned(self, group: GroupSpec) -> list[str]:
        """Bind the group too, where tasks have taken its place and stated edges name it."""
        returned = self._returned.get(group.group_id)
        if not returned or group.group_id not in self._ends:
            return []
        task = self.spec.task(returned[0])
        operator = ".operator" if task and task.decorator else ""
        around = self._around[returned[0]]
        outwards = ".parent_group" * (len(around) - around.index(group.group_id) - 1)
        variable = self.variables[group.group_id]
        return [f"{variable} = {self.variables[returned[0]]}{operator}.task_group{outwards}"]
