"""Reads one task group: its arguments, its mapping, or the template that makes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daggen.diagnostics.codes.keys import WRONG_TYPE
from daggen.diagnostics.codes.tasks import CONFLICTING_KEYS, NO_TASKS
from daggen.specs.model.context import Context, shown
from daggen.specs.model.default_args import DEFAULT_ARGS, hint_of_tasks
from daggen.specs.model.keys import Key, read_keys, report_unknown
from daggen.specs.model.mapped_groups import GROUP_MAPPING_KEYS, read_group_mapping
from daggen.specs.model.names import Names
from daggen.specs.model.outline import Place
from daggen.specs.model.spec import GroupSpec
from daggen.specs.model.task_keys import GROUP_KEYS

GROUP_STRUCTURE = (
    "group_name",
    "group_id",
    "parent_group_name",
    "dependencies",
    "tasks",
    "task_groups",
    "template",
    "with",
    *GROUP_MAPPING_KEYS,
)
_KEYS: Mapping[str, Key] = {
    **GROUP_KEYS,
    "default_args": Key(DEFAULT_ARGS, "Arguments of every task of the group"),
}


@dataclass(frozen=True)
class GroupReader:
    """Reads the groups of one DAG."""

    names: Names
    context: Context

    def read(self, place: Place) -> GroupSpec:
        """Read a group; findings go to the context."""
        raw = place.raw
        for name in raw:
            if name not in _KEYS and name not in GROUP_STRUCTURE:
                known = (*_KEYS, *GROUP_STRUCTURE)
                path, hint = (*place.path, name), hint_of_tasks(name)
                report_unknown(name, known, path, self.context, "a task group", hint)
        said = {name: item for name, item in raw.items() if item is not None}
        arguments = read_keys(said, place.path, self.context, _KEYS, {})
        template = raw.get("template")
        if template is not None and not isinstance(template, str):
            self.context.report(
                WRONG_TYPE, (*place.path, "template"), f"expected a name, found {shown(template)}"
            )
            template = None
        self._check_content(place)
        return GroupSpec(
            group_id=place.id,
            label=place.label,
            path=place.path,
            parent=place.parent.id if place.parent else None,
            arguments=arguments,
            mapping=read_group_mapping(place, self.names, self.context),
            template=template,
            parameters=self._parameters(place),
        )

    def _parameters(self, place: Place) -> Mapping[str, Any]:
        said = place.raw.get("with")
        if said is None:
            return {}
        path = (*place.path, "with")
        if "template" not in place.raw:
            self.context.report(
                CONFLICTING_KEYS, path, '"with" goes only with a template', at_key=True
            )
        elif not isinstance(said, Mapping):
            self.context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(said)}")
        return said if isinstance(said, Mapping) else {}

    def _check_content(self, place: Place) -> None:
        inside = [other for other in self.names.outline.places if other.parent is place]
        if "template" in place.raw:
            self._check_templated(place, inside)
        elif not inside:
            self.context.report(
                NO_TASKS,
                place.key_path,
                f'the group "{place.label}" has no tasks',
                at_key=True,
                severity=self.context.doubtful,
            )

    def _check_templated(self, place: Place, inside: Sequence[Place]) -> None:
        mapped = next((key for key in GROUP_MAPPING_KEYS if key in place.raw), None)
        if mapped:
            self.context.report(
                CONFLICTING_KEYS,
                (*place.path, mapped),
                "tasks made by a template cannot see what their group is mapped over",
                hint="write the tasks of a mapped group out",
                at_key=True,
            )
        if inside:
            self.context.report(
                CONFLICTING_KEYS,
                inside[0].key_path,
                f'"{place.label}" is made by a template and has tasks of its own',
                hint="put them in a group around it",
                at_key=True,
            )
