"""Reads one task group: its arguments, its mapping, or the template that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from daggen.diagnostics.codes.keys import WRONG_TYPE
from daggen.diagnostics.codes.tasks import BAD_MAPPING, CONFLICTING_KEYS, NO_TASKS
from daggen.specs.model.context import Context, shown
from daggen.specs.model.default_args import DEFAULT_ARGS, hint_of_tasks
from daggen.specs.model.keys import Key, read_keys, report_unknown
from daggen.specs.model.mapping import MAPPING_KEYS, read_mapping
from daggen.specs.model.names import Names, references
from daggen.specs.model.objects import read_value
from daggen.specs.model.outline import Place
from daggen.specs.model.spec import GroupSpec, Mapped
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
    *MAPPING_KEYS,
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
            mapping=self._mapping(place),
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

    def _mapping(self, place: Place) -> Mapped:
        reference = references(self.names, place.parent, self.context, mapping=True)
        context = replace(self.context, reference=reference)
        mapping = read_mapping(
            place.raw,
            place.path,
            context,
            lambda raw, path: {
                name: read_value(item, (*path, name), context) for name, item in raw.items()
            },
            {},
        )
        if mapping.expand_kwargs is not None:
            self.context.report(
                BAD_MAPPING,
                (*place.path, "expand_kwargs"),
                "a group takes expand, not expand_kwargs",
                at_key=True,
            )
        if mapping and any(_is_mapped(group) for group in place.around()):
            self.context.report(
                BAD_MAPPING, place.path, "a mapped group holds no mapped group", at_key=True
            )
        return mapping

    def _check_content(self, place: Place) -> None:
        outline = self.names.outline
        inside = [other for other in outline.places if other.parent is place]
        if "template" in place.raw and inside:
            self.context.report(
                CONFLICTING_KEYS,
                inside[0].key_path,
                f'"{place.label}" is made by a template and has tasks of its own',
                hint="put them in a group around it",
                at_key=True,
            )
        elif "template" not in place.raw and not inside:
            self.context.report(
                NO_TASKS,
                place.key_path,
                f'the group "{place.label}" has no tasks',
                at_key=True,
                severity=self.context.doubtful,
            )


def _is_mapped(place: Place) -> bool:
    return "expand" in place.raw or "expand_kwargs" in place.raw


def in_mapped_group(place: Place) -> Place | None:
    """Give the mapped group around a task or group, if there is one."""
    return next((group for group in place.around() if _is_mapped(group)), None)
