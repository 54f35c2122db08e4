"""One DAG of a dag-factory file, with its defaults, becomes the data of a spec."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import PurePosixPath

from daggen.diagnostics import Severity, suggest
from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.callables import find_file, hint_for_missing, named_callable
from daggen.specs.dagfactory.callbacks import TASK_CALLBACKS, translate_callbacks
from daggen.specs.dagfactory.dates import read_date
from daggen.specs.dagfactory.default_args import translate_default_args
from daggen.specs.dagfactory.former import former_hint
from daggen.specs.dagfactory.groups import (
    each_entry,
    named_entries,
    rename_entries,
    translate_group,
)
from daggen.specs.dagfactory.nodes import Node, node_of
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.dagfactory.schedule import translate_schedule
from daggen.specs.dagfactory.tasks import TaskTranslator
from daggen.specs.dagfactory.values import check_searchpath, imported_macros, plain_params
from daggen.specs.dagfactory.walk import (
    tell_failing_edges,
    with_drawn_edges,
    with_full_names,
    without_empty_groups,
)
from daggen.specs.model.dag_keys import DAG_KEYS

PASSED_ON = (
    "dag_display_name",
    "description",
    "schedule",
    "start_date",
    "end_date",
    "timezone",
    "catchup",
    "max_active_runs",
    "max_active_tasks",
    "dagrun_timeout",
    "default_args",
    "params",
    "tags",
    "doc_md",
    "access_control",
    "is_paused_upon_creation",
    "template_searchpath",
    "render_template_as_native_obj",
    "user_defined_macros",
    "on_success_callback",
    "on_failure_callback",
    "task_groups",
    "tasks",
)
"""The keys that dag-factory passes on to Airflow, in the order in which specs have them."""

_OF_AIRFLOW_2 = ("sla_miss_callback", "default_view", "orientation")
_FOREIGN = (
    "concurrency",
    "schedule_interval",
    "timetable",
    "doc_md_file_path",
    "doc_md_python_callable_name",
    "doc_md_python_callable_file",
    "doc_md_python_arguments",
)


def translate_dag(dag_id: str, merged: Node, notes: Notes) -> Node:
    """Give the data of a spec for a DAG whose defaults are merged already."""
    return _DagTranslator(dag_id, merged, notes).run()


class _DagTranslator:
    def __init__(self, dag_id: str, merged: Node, notes: Notes) -> None:
        self.dag_id = dag_id
        self.node = merged
        self.notes = notes
        self.entries: dict[str, Node] = dict(merged.value)
        zone = merged.get("timezone")
        self.timezone = str(zone.value) if zone else "UTC"
        if zone and self.timezone.upper() == "UTC":
            self.timezone = "UTC"
            self.entries["timezone"] = zone.of("UTC")

    def run(self) -> Node:
        """Translate the arguments, then groups and tasks."""
        self._rename()
        self._translate_callbacks()
        self._translate_dates()
        self._translate_docs()
        self._translate_values()
        self._translate_content()
        said = {name: self.entries.pop(name) for name in self._passed_on() if name in self.entries}
        self._tell_dropped()
        dag_id = Node(self.dag_id, self.node.at_key, self.node.key)
        return self.node.of({"dag_id": dag_id, **said})

    def _passed_on(self) -> tuple[str, ...]:
        return PASSED_ON if self.notes.project.airflow >= (3, 0) else (*PASSED_ON, *_OF_AIRFLOW_2)

    def _rename(self) -> None:
        """Give today's names to keys that dag-factory takes or took under others."""
        entries, notes = self.entries, self.notes
        if old := entries.pop("concurrency", None):
            both = "max_active_tasks" in entries
            message = '"concurrency" is max_active_tasks' + (", and wins over it" if both else "")
            alone = "remove it" if old.value is None else f"write max_active_tasks: {old.value}"
            hint = "write one of them" if both else alone
            notes.tell(codes.DEPRECATED_KEY, old, message, hint=hint, at_key=True)
            entries["max_active_tasks"] = old
        for name in ("schedule_interval", "timetable"):
            old = entries.pop(name, None)
            if old is None or old.value is None:
                continue
            message = f'dag-factory fails on "{name}" with Airflow 3'
            hint = "remove it: schedule wins" if "schedule" in entries else "write schedule"
            notes.tell(codes.REPAIRED, old, message, hint=hint, at_key=True)
            entries.setdefault("schedule", old)
        if "schedule" not in entries and notes.project.airflow < (3, 0):
            entries["schedule"] = node_of("1d", self.node.span)

    def _translate_callbacks(self) -> None:
        translate_callbacks(self.entries, self.notes)
        named_callable(
            self.entries, "sla_miss_callback", "sla_miss_callback", self.notes, needed=False
        )

    def _translate_dates(self) -> None:
        for name in ("start_date", "end_date"):
            if name in self.entries:
                self.entries[name] = read_date(self.entries[name], self.timezone, self.notes)
        defaults = self.entries.get("default_args", node_of({}, self.node.span))
        spec_zone = self.timezone if self._has_dates() else "UTC"
        self.entries["default_args"] = translate_default_args(defaults, spec_zone, self.notes)
        if not self.entries["default_args"].value:
            del self.entries["default_args"]
        if "timezone" in self.entries and not self._has_dates():
            zone = self.entries.pop("timezone")
            message = "without a start_date or end_date of the DAG, timezone does nothing"
            own = defaults.get("timezone")
            hint = f"the dates of default_args are in {own.value if own else 'UTC'}"
            self.notes.tell(codes.LOST, zone, message, hint=hint, at_key=True)

    def _has_dates(self) -> bool:
        found = (self.entries.get(name) for name in ("start_date", "end_date"))
        return any(node is not None and node.value is not None for node in found)

    def _translate_docs(self) -> None:
        path = self.entries.pop("doc_md_file_path", None)
        name = self.entries.pop("doc_md_python_callable_name", None)
        file = self.entries.pop("doc_md_python_callable_file", None)
        self.entries.pop("doc_md_python_arguments", None)
        if name and file:
            message = "dag-factory calls this function while it loads the file"
            hint = "write its result as doc_md, or in a file named by doc_md_file_path"
            self.notes.tell(codes.CODE_IN_VALUE, name, message, hint=hint, at_key=True)
        if path is not None and path.value:
            self._read_docs(path)

    def _read_docs(self, path: Node) -> None:
        found = find_file(path, self.notes)
        if found is None:
            message, hint = "there is no such file in the project", hint_for_missing(
                path, self.notes
            )
            self.notes.tell(codes.MISSING_FILE, path, message, hint=hint)
            return
        self.notes.read(found)
        beside = self.notes.project.root / PurePosixPath(path.span.path).parent
        relative = PurePosixPath(os.path.relpath(found, beside)).as_posix()
        self.entries["doc_md"] = path.of({"file": relative})

    def _translate_values(self) -> None:
        entries = self.entries
        if "schedule" in entries:
            entries["schedule"] = translate_schedule(entries["schedule"], self.notes)
        tags = entries.get("tags")
        if tags is not None and isinstance(tags.value, str):
            self._repair("tags", f"write [{tags.value}]")
            entries["tags"] = tags.of([tags])
        if (macros := entries.get("user_defined_macros")) is not None:
            entries["user_defined_macros"] = imported_macros(macros, self.notes)
        if (params := entries.get("params")) is not None:
            entries["params"] = plain_params(params, self.notes)
        if (paths := entries.get("template_searchpath")) is not None:
            check_searchpath(paths, self.notes)

        if "catchup" in entries and entries["catchup"].value is None:
            entries["catchup"] = entries["catchup"].of(False)

        timeout = entries.get("dagrun_timeout")
        if timeout is not None and isinstance(timeout.value, int | float | str):
            self._repair("dagrun_timeout", "write {__type__: datetime.timedelta, seconds: ...}")

    def _repair(self, name: str, hint: str) -> None:
        message = f'dag-factory fails on this value of "{name}"'
        self.notes.tell(codes.REPAIRED, self.entries[name], message, hint=hint)

    def _translate_content(self) -> None:
        groups = self.entries.get("task_groups")
        tasks = self.entries.get("tasks")
        by_name = dict(named_entries(tasks, "tasks"))
        group_names = dict(named_entries(groups, "task_groups"))
        if groups is not None:
            self._translate_groups(groups, {*by_name, *group_names})
        translator = TaskTranslator(self.notes, by_name, group_names, self.timezone)
        if tasks is None or not tasks.value:
            message = f'"{self.dag_id}" has no tasks'
            self.notes.tell(codes.LOST, self.node, message, at_key=True, severity=Severity.INFO)
            self.entries["tasks"] = node_of({}, self.node.span)
        else:
            tasks = rename_entries(tasks, "tasks", self.notes)
            self.entries["tasks"] = each_entry(tasks, "tasks", translator.translate)
            self._draw_edges()

    def _draw_edges(self) -> None:
        """Let dependencies at groups be what they are to dag-factory."""
        tasks = self.entries["tasks"]
        groups = self.entries.get("task_groups", node_of({}, self.node.span))
        if groups.value:
            tasks, groups = without_empty_groups(tasks, groups)
            tell_failing_edges(tasks, groups, self.notes)
            tasks = with_drawn_edges(tasks, groups, self.notes)
        tasks, groups = with_full_names(tasks, groups)
        self.entries |= {"tasks": tasks} | ({"task_groups": groups} if groups.value else {})

    def _translate_groups(self, groups: Node, names: Collection[str]) -> None:
        if not groups.value:
            del self.entries["task_groups"]
            return
        groups = rename_entries(groups, "task_groups", self.notes)
        self.entries["task_groups"] = each_entry(
            groups,
            "task_groups",
            lambda _, group: translate_group(group, self.timezone, names, self.notes),
        )

    def _tell_dropped(self) -> None:
        for name, lost in self.entries.items():
            if lost.value is None or (name == "dag_id" and lost.value == self.dag_id):
                continue
            message = f'dag-factory drops "{name}" without a word'
            hint = self._hint(str(name), lost)
            self.notes.tell(codes.DROPPED_KEY, lost, message, hint=hint, at_key=True)

    def _hint(self, name: str, lost: Node) -> str:
        """Say what to do about a key that is dropped."""
        if name.startswith(TASK_CALLBACKS):
            return "only tasks have it: write it under default_args"
        if name == "dag_id":
            return f'the DAG is called "{self.dag_id}", by the key above'
        if former := former_hint(name, lost.value):
            return former
        if name in DAG_KEYS and name not in _OF_AIRFLOW_2:
            return 'a native spec has this key: see "daggen import dag-factory"'
        return "" if name == "vars" else suggest(name, (*PASSED_ON, *_FOREIGN))
