"""Reads what a group is mapped over, and the arguments by which its tasks see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daggen.code.names import is_identifier
from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import WRONG_TYPE
from daggen.diagnostics.codes.tasks import BAD_MAPPING, CONFLICTING_KEYS
from daggen.specs.document import Path
from daggen.specs.model.context import Context, shown
from daggen.specs.model.mapping import MAPPING_KEYS, read_mapping
from daggen.specs.model.names import Names, group_arguments
from daggen.specs.model.objects import read_value
from daggen.specs.model.outline import Place
from daggen.specs.model.references import passed_on, references
from daggen.specs.model.spec import Mapped
from daggen.specs.model.values import Value

GROUP_MAPPING_KEYS = (*MAPPING_KEYS, "arguments")


def read_group_mapping(place: Place, names: Names, context: Context) -> Mapped:
    """Read what a group is mapped over, and the names by which its tasks see it."""
    reference = references(names, place.parent, context, passed_on(place), mapping=True)
    context = replace(context, reference=reference)
    mapping = read_mapping(
        place.raw,
        place.path,
        context,
        lambda raw, path: {
            name: read_value(item, (*path, name), context) for name, item in raw.items()
        },
        {},
    )
    if mapping and any(_is_mapped(group) for group in place.around()):
        context.report(BAD_MAPPING, place.path, "a mapped group holds no mapped group", at_key=True)
    _check_arguments(place, mapping, context)
    return replace(mapping, arguments=tuple(group_arguments(place.raw))) if mapping else mapping


def _check_arguments(place: Place, mapping: Mapped, context: Context) -> None:
    """Report arguments that no function can have, and mappings that leave one out."""
    for key in ("expand", "partial", "arguments"):
        said = place.raw.get(key)
        for index, name in enumerate(said if isinstance(said, dict | list) else ()):
            _check_name(
                name, (*place.path, key, name if isinstance(said, dict) else index), context
            )
    if "arguments" in place.raw:
        _check_listed(place, mapping, context)
    elif mapping.expand_kwargs is not None and not isinstance(mapping.expand_kwargs, list):
        context.report(
            BAD_MAPPING,
            (*place.path, "expand_kwargs"),
            "what the mappings hold is known only when the DAG runs",
            hint="name it beside expand_kwargs, as in arguments: [path, size]",
            at_key=True,
        )
    if isinstance(mapping.expand_kwargs, list):
        _check_mappings(place, mapping.expand_kwargs, mapping.partial, context)


def _check_listed(place: Place, mapping: Mapped, context: Context) -> None:
    path, said = (*place.path, "arguments"), place.raw["arguments"]
    if not isinstance(said, list):
        context.report(WRONG_TYPE, path, f"expected a list of names, found {shown(said)}")
    elif mapping.expand_kwargs is None:
        context.report(BAD_MAPPING, path, '"arguments" goes only with expand_kwargs', at_key=True)
    for index, name in enumerate(said if isinstance(said, list) else ()):
        if name in mapping.partial:
            context.report(CONFLICTING_KEYS, (*path, index), f'"{name}" is in partial too')


def _check_name(name: Any, path: Path, context: Context) -> None:
    if isinstance(name, str) and is_identifier(name):
        return
    context.report(
        BAD_MAPPING,
        path,
        f"an argument of a group is a Python name, not {shown(name)}",
        at_key=path[-1] == name,
    )


def _check_mappings(
    place: Place, mappings: list[Any], partial: Mapping[str, Value], context: Context
) -> None:
    """Report a mapping that lacks an argument, or has one that the group does not take."""
    arguments = [name for name in group_arguments(place.raw) if name not in partial]
    for index, said in enumerate(mappings):
        path = (*place.path, "expand_kwargs", index)
        for name in said:
            if name in partial:
                message = f'"{name}" is in partial too'
                context.report(CONFLICTING_KEYS, (*path, name), message, at_key=True)
            elif name not in arguments:
                message = f"the group takes no argument {shown(name)}"
                hint = suggest(str(name), arguments)
                context.report(BAD_MAPPING, (*path, name), message, hint=hint, at_key=True)
        for name in arguments:
            if name not in said:
                context.report(BAD_MAPPING, path, f'this mapping has no "{name}"', hint="add it")


def in_mapped_group(place: Place) -> Place | None:
    """Give the mapped group around a task or group, if there is one."""
    return next((group for group in place.around() if _is_mapped(group)), None)


def _is_mapped(place: Place) -> bool:
    return "expand" in place.raw or "expand_kwargs" in place.raw
