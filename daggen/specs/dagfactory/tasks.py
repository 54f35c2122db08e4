"""Tasks: dag-factory's own keys become arguments that operators have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.arguments import (
    tell_http_check,
    translate_http_body,
    translate_objects,
    translate_storage,
    translate_variables,
)
from daggen.specs.dagfactory.build_order import BuildOrder
from daggen.specs.dagfactory.callables import named_callable, refuse_lambda, tell_in_class
from daggen.specs.dagfactory.callbacks import translate_callbacks
from daggen.specs.dagfactory.dates import task_date
from daggen.specs.dagfactory.dependencies import translate_dependencies
from daggen.specs.dagfactory.durations import read_delta, tell_plain_durations
from daggen.specs.dagfactory.former import translate_former
from daggen.specs.dagfactory.mapping import translate_mapping
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.dagfactory.references import (
    literal,
    mapped_value,
    partial_value,
    taskflow_mapped_value,
    taskflow_partial_value,
    taskflow_value,
)
from daggen.specs.dagfactory.taskflow import parameters_of, translate_call
from daggen.specs.model.objects import is_dotted
from daggen.specs.model.task_keys import CALLABLE_ARGUMENTS

_STRUCTURE = ("task_id", "operator", "decorator", "dependencies", "task_group_name")
_TEXTS = sorted(
    (CALLABLE_ARGUMENTS - {"python_callable", "execution_date_fn"})
    | {"success", "failure", "selector", "pre_execute", "post_execute"}
)
_CHECKS = (
    ("success_check", "success"),
    ("failure_check", "failure"),
    ("response_check", "response_check"),
)


ReadValue = Callable[[Node, Mapping[str, Node], Notes], Node]


@dataclass(frozen=True)
class TaskTranslator:
    """Translates the tasks of one DAG: `tasks` and `groups` are what is in it, by name."""

    notes: Notes
    tasks: Mapping[str, Node]
    groups: Mapping[str, Node]
    timezone: str

    @cached_property
    def _order(self) -> BuildOrder:
        return BuildOrder(self.tasks, self.groups)

    def translate(self, name: str, task: Node) -> Node:
        """Give a task as a spec says it."""
        if not task.is_mapping:
            return task
        entries: dict[str, Node] = dict(task.value)
        for system in ("parent_group_name", "dag"):
            entries.pop(system, None)
        translate_former(entries, self.notes)
        self._tell_paths(entries)
        self._drop_group(entries)
        self._translate_dependencies(name, entries)
        self._translate_functions(entries)
        self._translate_times(entries)
        operator = str(entries["operator"].value) if "operator" in entries else ""
        translate_http_body(entries, operator, self.notes)
        translate_variables(entries, operator, self.notes)
        translate_storage(entries, self.notes)
        translate_objects(entries, operator, self.notes)
        translate_mapping(entries, self.notes, is_decorated=not operator)
        if not operator:
            translate_call(task, entries, self.notes)
        tell_plain_durations(entries, self.notes)
        translated = task.of(self._values(entries, is_decorated=not operator))
        self._order.tell_missing(name, translated, self.notes)
        return translated

    def _tell_paths(self, entries: dict[str, Node]) -> None:
        """Tell of operators and decorators that dag-factory cannot import."""
        for said in (entries.get("operator"), entries.get("decorator")):
            path = said.value if said else None
            if said is None or not isinstance(path, str):
                continue
            message, hint = f'dag-factory cannot import "{path}"', "write the dotted path"
            if "." not in path:
                self.notes.tell(codes.REPAIRED, said, message, hint=hint)
            elif ".task." in f".{path}" and not path.startswith("airflow.providers."):
                message += ": it takes the last part for a name in a module"
                self.notes.tell(codes.REPAIRED, said, message)

    def _drop_group(self, entries: dict[str, Node]) -> None:
        group = entries.get("task_group_name")
        if group is None or (self.groups and group.value):
            return
        del entries["task_group_name"]
        if group.value:
            message = f'there are no task_groups, so the task is not in "{group.value}"'
            hint = "define the group under task_groups"
            self.notes.tell(codes.LOST, group, message, hint=hint)

    def _translate_dependencies(self, name: str, entries: dict[str, Node]) -> None:
        translate_dependencies(entries, {*self.tasks, *self.groups}, self.notes)
        if name in self.groups and (lost := entries.pop("dependencies", None)):
            message = f'a group is called "{name}" too, and its dependencies are taken'
            hint = "give one of them another name"
            self.notes.tell(codes.LOST, lost, message, hint=hint, at_key=True)

    def _translate_functions(self, entries: dict[str, Node]) -> None:
        notes = self.notes
        named_callable(entries, "python_callable", "python_callable", notes)
        named_callable(entries, "execution_date_fn", "execution_date_fn", notes)
        for name in ("python_callable", "execution_date_fn"):
            tell_in_class(entries.get(name), notes)
        translate_callbacks(entries, notes, needed=True)
        self._tell_texts(entries)
        tell_http_check(entries, notes)
        for prefix, target in _CHECKS:
            if f"{prefix}_name" in entries:
                entries.pop(f"{prefix}_lambda", None)
            named_callable(entries, prefix, target, notes, reference=True)
            refuse_lambda(entries, prefix, notes)

    def _tell_texts(self, entries: dict[str, Node]) -> None:
        """Tell of functions whose path dag-factory passes on as a text."""
        partial = entries.get("partial")
        inner = {**(partial.items() if partial else {}), **entries}
        for name in _TEXTS:
            said = inner.get(name)
            if said is not None and is_dotted(said.value):
                message = f'"{said.value}" is a text to dag-factory, not the function'
                hint = f"write {name}_name and {name}_file" if name == "response_check" else ""
                self.notes.tell(codes.MEANT, said, message, hint=hint)

    def _translate_times(self, entries: dict[str, Node]) -> None:
        if "execution_delta" in entries:
            entries["execution_delta"] = read_delta(entries["execution_delta"], self.notes)
        for name in ("start_date", "end_date"):
            if name in entries and name not in self._parameters(entries):
                entries[name] = task_date(entries[name], self.timezone, self.notes)

    def _parameters(self, entries: Mapping[str, Node]) -> Collection[str]:
        """Give the parameters of the function of a decorated task, as far as they are known."""
        function = entries.get("python_callable") if "operator" not in entries else None
        return parameters_of(str(function.value), self.notes) if function else ()

    def _values(self, entries: Mapping[str, Node], *, is_decorated: bool) -> dict[str, Any]:
        """Escape what is no reference here and would be one in a spec."""
        top = taskflow_value if is_decorated else literal
        expand = taskflow_mapped_value if is_decorated else mapped_value
        partial = taskflow_partial_value if is_decorated else partial_value
        values: dict[str, Any] = {}
        for name, item in entries.items():
            if name in _STRUCTURE:
                values[name] = item
            elif name == "op_kwargs" and is_decorated and item.is_mapping:
                values[name] = self._each(item, top)
            elif name in ("expand", "partial") and item.is_mapping:
                values[name] = self._each(item, expand if name == "expand" else partial)
            else:
                values[name] = top(item, self.tasks, self.notes)
        return values

    def _each(self, mapping: Node, read: ReadValue) -> Node:
        inner = {key: read(i, self.tasks, self.notes) for key, i in mapping.value.items()}
        return mapping.of(inner)
