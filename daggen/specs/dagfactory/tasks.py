"""Tasks: dag-factory's own keys become arguments that operators have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.arguments import (
    translate_http_body,
    translate_storage,
    translate_variables,
)
from daggen.specs.dagfactory.callables import named_callable, refuse_lambda
from daggen.specs.dagfactory.callbacks import translate_callbacks
from daggen.specs.dagfactory.dates import in_zone, read_date, read_delta
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.dagfactory.references import literal, mapped_value, taskflow_value

_STRUCTURE = ("task_id", "operator", "decorator", "dependencies", "task_group_name")
_CHECKS = (
    ("success_check", "success"),
    ("failure_check", "failure"),
    ("response_check", "response_check"),
)


@dataclass(frozen=True)
class TaskTranslator:
    """Translates the tasks of one DAG: `names`, of which those in `shared` name a group too."""

    notes: Notes
    names: Collection[str]
    shared: Collection[str]
    has_groups: bool
    timezone: str

    def translate(self, name: str, task: Node) -> Node:
        """Give a task as a spec says it."""
        if not task.is_mapping:
            return task
        entries: dict[str, Node] = dict(task.value)
        entries.pop("parent_group_name", None)
        self._drop_group(entries)
        self._translate_dependencies(name, entries)
        self._translate_functions(entries)
        self._translate_times(entries)
        operator = str(entries["operator"].value) if "operator" in entries else ""
        translate_http_body(entries, operator, self.notes)
        translate_variables(entries, operator, self.notes)
        translate_storage(entries, self.notes)
        self._translate_mapping(entries, is_decorated=not operator)
        return task.of(self._values(entries, is_decorated=not operator))

    def _drop_group(self, entries: dict[str, Node]) -> None:
        group = entries.get("task_group_name")
        if group is None or (self.has_groups and group.value):
            return
        del entries["task_group_name"]
        if group.value:
            message = f'there are no task_groups, so the task is not in "{group.value}"'
            hint = "define the group under task_groups"
            self.notes.tell(codes.LOST, group, message, hint=hint)

    def _translate_dependencies(self, name: str, entries: dict[str, Node]) -> None:
        said = entries.get("dependencies")
        if said is None:
            return
        if name in self.shared or not said.value:
            del entries["dependencies"]
        if name in self.shared and said.value:
            message = f'a group is called "{name}" too, and its dependencies are taken'
            hint = "give one of them another name"
            self.notes.tell(codes.LOST, said, message, hint=hint, at_key=True)

    def _translate_functions(self, entries: dict[str, Node]) -> None:
        notes = self.notes
        named_callable(entries, "python_callable", "python_callable", notes)
        named_callable(entries, "execution_date_fn", "execution_date_fn", notes)
        translate_callbacks(entries, notes)
        for prefix, target in _CHECKS:
            if f"{prefix}_name" in entries:
                entries.pop(f"{prefix}_lambda", None)
            named_callable(entries, prefix, target, notes, reference=True)
            refuse_lambda(entries, prefix, notes)

    def _translate_times(self, entries: dict[str, Node]) -> None:
        if "execution_delta" in entries:
            entries["execution_delta"] = read_delta(entries["execution_delta"], self.notes)
        for name in ("start_date", "end_date"):
            if name in entries:
                date = read_date(entries[name], "UTC", self.notes)
                entries[name] = in_zone(date, "UTC", self.timezone)

    def _translate_mapping(self, entries: dict[str, Node], *, is_decorated: bool) -> None:
        """Repair what dag-factory loses or fails on around `expand` and `partial`."""
        partial = entries.get("partial")
        expand = entries.get("expand")
        if expand is not None and not expand.value:
            del entries["expand"]
        if partial is None or not partial.is_mapping:
            return
        if "expand" not in entries:
            del entries["partial"]
            self._without_expand(entries, partial, is_decorated=is_decorated)
            return
        for name in partial.value:
            if name in entries and not is_decorated:
                message = f'"{name}" is given in partial too, which wins'
                lost = entries.pop(name)
                self.notes.tell(codes.LOST, lost, message, hint="remove one", at_key=True)

    def _without_expand(
        self, entries: dict[str, Node], partial: Node, *, is_decorated: bool
    ) -> None:
        if is_decorated:
            message = "without expand, dag-factory passes on nothing of partial"
            hint = "write these arguments beside the others"
            self.notes.tell(codes.LOST, partial, message, hint=hint, at_key=True)
            return
        message = "dag-factory fails on partial without expand; these are plain arguments"
        self.notes.tell(codes.REPAIRED, partial, message, at_key=True)
        entries |= partial.value

    def _values(self, entries: Mapping[str, Node], *, is_decorated: bool) -> dict[str, Any]:
        """Escape what is no reference here and would be one in a spec."""
        top = taskflow_value if is_decorated else literal
        inner = taskflow_value if is_decorated else mapped_value
        values: dict[str, Any] = {}
        for name, item in entries.items():
            if name in _STRUCTURE:
                values[name] = item
            elif name in ("expand", "partial") and item.is_mapping:
                read = inner if name == "expand" else top
                inside = {k: read(v, self.names, self.notes) for k, v in item.value.items()}
                values[name] = item.of(inside)
            else:
                values[name] = top(item, self.names, self.notes)
        return values
