"""The outline of a written-out DAG: its tasks and groups, where they stand, what they are called.

Built before any value is read, since values and dependencies name tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import ILLEGAL_ID, WRONG_TYPE
from daggen.diagnostics.codes.tasks import (
    CONFLICTING_KEYS,
    DUPLICATE_ID,
    MISSING_KEY,
    UNKNOWN_GROUP,
)
from daggen.specs.document import Path
from daggen.specs.expressions import hint_of_braces
from daggen.specs.model.context import Context, shown

_TASK_ID = re.compile(r"[\w.-]+")
_GROUP_ID = re.compile(r"[\w-]+")
_LONGEST = 250


@dataclass(eq=False)
class Place:
    """A task or a group: the name it was given, its raw mapping, and the group around it."""

    label: str
    path: Path
    raw: Mapping[Any, Any]
    is_group: bool
    parent: Place | None = None
    key_path: Path = ()
    alias: str = ""
    """Another name that it says it has, which was reported; it may be meant by this name too."""

    @property
    def parent_key(self) -> str:
        """The key under which a place names the group it is in."""
        return "parent_group_name" if self.is_group else "task_group_name"

    @property
    def named_parent(self) -> Any:
        """The name of the group that a place says it is in, None if it says none."""
        return self.raw.get(self.parent_key)

    @property
    def dotted(self) -> str:
        """The names of the groups around it and its own, whatever prefix_group_id says."""
        return f"{self.parent.dotted}.{self.label}" if self.parent else self.label

    @property
    def id(self) -> str:
        """The id as Airflow makes it: prefixed unless the group says `prefix_group_id: false`."""
        around = self.parent
        if around is None or around.raw.get("prefix_group_id") is False:
            return self.label
        return f"{around.id}.{self.label}"

    def around(self) -> Iterator[Place]:
        """Give the groups around, from the innermost."""
        place = self.parent
        while place is not None:
            yield place
            place = place.parent


@dataclass
class Outline:
    """The tasks and groups of a spec, in the order of the spec."""

    tasks: list[Place] = field(default_factory=list)
    groups: list[Place] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        """All tasks and groups."""
        return [*self.groups, *self.tasks]


def read_outline(data: Mapping[Any, Any], context: Context) -> Outline:
    """Collect tasks and groups, find the group each is in, and check their ids."""
    outline = Outline()
    _collect(data, (), None, outline, context)
    waiting = [place for place in outline.places if place.named_parent is not None]
    while joined := [place for place in waiting if _joins(place, outline)]:
        waiting = [place for place in waiting if place not in joined]
    for place in waiting:
        _report_group(place, outline, context)
    _check_ids(outline, context)
    return outline


def _collect(
    raw: Mapping[Any, Any], path: Path, parent: Place | None, outline: Outline, context: Context
) -> None:
    for place in _entries(raw.get("tasks"), (*path, "tasks"), "task_id", context):
        place.parent = parent
        outline.tasks.append(place)
    for place in _entries(raw.get("task_groups"), (*path, "task_groups"), "group_name", context):
        place.parent = parent
        outline.groups.append(place)
        _collect(place.raw, place.path, place, outline, context)


def _entries(raw: Any, path: Path, name_key: str, context: Context) -> Iterator[Place]:
    """Give the entries of a mapping by id, or of a list whose items say their id."""
    if raw is None:
        return
    if isinstance(raw, Mapping):
        yield from _mapping_entries(raw, path, name_key, context)
    elif isinstance(raw, list):
        yield from _list_entries(raw, path, name_key, context)
    else:
        context.report(
            WRONG_TYPE, path, f"expected a mapping by {name_key} or a list, found {shown(raw)}"
        )


def _mapping_entries(
    raw: Mapping[Any, Any], path: Path, name_key: str, context: Context
) -> Iterator[Place]:
    is_group = name_key == "group_name"
    for name, item in raw.items():
        place = (*path, name)
        if is_group and item is None:
            item = {}
        if not isinstance(item, Mapping):
            context.report(WRONG_TYPE, place, f"expected a mapping, found {shown(item)}")
            continue
        keys = (name_key, "group_id") if is_group else (name_key,)
        said = next((key for key in keys if key in item), None)
        if said is None:
            yield Place(_label(name, place, context), place, item, is_group, key_path=place)
            continue
        label, key = _label(item[said], (*place, said), context), str(name)
        alias = label if label != key else ""
        if alias and isinstance(item[said], str):
            _report_alias(key, said, alias, place, context)
        yield Place(key, place, item, is_group, key_path=place, alias=alias)


def _report_alias(key: str, said: str, alias: str, path: Path, context: Context) -> None:
    """Report an entry of a mapping whose own name is not the key it stands under."""
    kind = "task" if said == "task_id" else "group"
    message = f'the key of this {kind} is "{key}", and its {said} is "{alias}"'
    hint = f'the key is the name: remove {said}, or write "{alias}" as the key'
    context.report(CONFLICTING_KEYS, (*path, said), message, hint=hint)


def _list_entries(raw: list[Any], path: Path, name_key: str, context: Context) -> Iterator[Place]:
    is_group = name_key == "group_name"
    for index, item in enumerate(raw):
        place = (*path, index)
        if not isinstance(item, Mapping):
            context.report(WRONG_TYPE, place, f"expected a mapping, found {shown(item)}")
            continue
        key = "group_id" if is_group and "group_id" in item else name_key
        if key not in item:
            context.report(MISSING_KEY, place, f"this item has no {name_key}")
            continue
        label = _label(item[key], (*place, key), context)
        yield Place(label, place, item, is_group, key_path=(*place, key))


def _label(name: Any, path: Path, context: Context) -> str:
    """Give the name of a task or group; one that is no text is reported, and made one."""
    if isinstance(name, str):
        return name
    hint = f'quote it: "{shown(name)}"' if isinstance(name, int | float) else ""
    message = f"expected a text, found {shown(name)}"
    context.report(WRONG_TYPE, path, message, hint=hint, at_key=path[-1] == name)
    return "unnamed" if isinstance(name, list | dict) else str(name)


def _joins(place: Place, outline: Outline) -> bool:
    """Put a place into the group it names, if that is one group and not inside the place."""
    found = _named_groups(place, outline)
    if len(found) != 1 or place in (found[0], *found[0].around()):
        return False
    place.parent = found[0]
    return True


def _named_groups(place: Place, outline: Outline) -> list[Place]:
    """Give the groups that a place may mean: that of the whole name, else those of the label."""
    name, groups = place.named_parent, outline.groups
    return [group for group in groups if group.dotted == name] or [
        group for group in groups if group.label == name
    ]


def _report_group(place: Place, outline: Outline, context: Context) -> None:
    found = _named_groups(place, outline)
    name = shown(place.named_parent)
    if not isinstance(place.named_parent, str):
        context.report(
            WRONG_TYPE, (*place.path, place.parent_key), f"expected a name, found {name}"
        )
        return
    if not found:
        known = [group.dotted for group in outline.groups if group is not place]
        message, hint = f"there is no group {name}", suggest(place.named_parent, known)
    elif len(found) == 1:
        message, hint = f'the group "{place.label}" would be inside itself', ""
    else:
        several = ", ".join(group.dotted for group in found)
        message, hint = f"{name} may be any of {several}", "write the groups around it too"
    context.report(UNKNOWN_GROUP, (*place.path, place.parent_key), message, hint=hint)


def _check_ids(outline: Outline, context: Context) -> None:
    seen: dict[str, Place] = {}
    for place in outline.places:
        check_id(place.id, place.key_path, context, place.label, is_group=place.is_group)
        if other := seen.get(place.id):
            _report_duplicate(place, other, context)
        seen.setdefault(place.id, place)


def _report_duplicate(place: Place, other: Place, context: Context) -> None:
    kinds = ["group" if each.is_group else "task" for each in (place, other)]
    context.report(
        DUPLICATE_ID,
        place.key_path,
        f'the {kinds[0]} "{place.id}" has the id of another {kinds[1]}',
        at_key=True,
        related=[(context.locations.key(other.key_path), f"the {kinds[1]} of the same id")],
    )


def check_id(
    full: str, path: Path, context: Context, label: str, *, is_group: bool = False
) -> None:
    """Report an id that Airflow refuses: `label` as written, `full` with its prefixes."""
    pattern = _GROUP_ID if is_group else _TASK_ID
    allowed = "letters, digits, _ and -" if is_group else "letters, digits, _, - and ."
    if not pattern.fullmatch(label):
        fixed = re.sub(r"[^\w-]+" if is_group else r"[^\w.-]+", "_", label).strip("_.")
        context.report(
            ILLEGAL_ID,
            path,
            f"{shown(label)} is no legal id: only {allowed}",
            hint=hint_of_braces(label) or (f'write "{fixed}"' if fixed else ""),
            at_key=True,
        )
    elif len(full) > _LONGEST:
        context.report(
            ILLEGAL_ID,
            path,
            f"this id has {len(full)} characters; Airflow takes {_LONGEST}",
            at_key=True,
        )
