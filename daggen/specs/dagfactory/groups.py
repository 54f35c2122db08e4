"""Task groups: a flat mapping or list, nested by `parent_group_name`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from daggen.diagnostics.codes import dagfactory as codes
from daggen.diagnostics.codes.keys import WRONG_TYPE
from daggen.specs.dagfactory.default_args import translate_group_default_args
from daggen.specs.dagfactory.dependencies import translate_dependencies
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.model.context import shown

_OF_TASKS = ("operator", "task_group_name")
_OWN_NAMES = {"tasks": "task_id", "task_groups": "group_name"}


def named_entries(node: Node | None, kind: str) -> Iterator[tuple[str, Node]]:
    """Give the names and entries of `tasks` or `task_groups`, mapping or list."""
    if node is None:
        return
    if isinstance(node.value, list):
        for item in node.value:
            name = item.get(_OWN_NAMES[kind])
            if name is not None:
                yield str(name.value), item
    elif node.is_mapping:
        for key, item in node.value.items():
            yield str(key), item


def each_entry(node: Node, kind: str, change: Callable[[str, Node], Node]) -> Node:
    """Change each entry of `tasks` or `task_groups`; an entry of a list may lack its name."""
    if node.is_mapping:
        return node.of({key: change(str(key), item) for key, item in node.value.items()})
    if not isinstance(node.value, list):
        return node
    own = _OWN_NAMES[kind]
    names = [str(name.value) if (name := item.get(own)) else "" for item in node.value]
    return node.of([change(name, item) for name, item in zip(names, node.value, strict=True)])


def rename_entries(node: Node, kind: str, notes: Notes) -> Node:
    """Let the key of a mapping be the name, whatever the entry says itself, as dag-factory does."""
    if not node.is_mapping:
        return node
    entries = {}
    for key, item in node.value.items():
        inner = dict(item.items())
        tell_unquoted(key, item, notes)
        for own in ("task_id",) if kind == "tasks" else ("group_name", "group_id"):
            said = inner.pop(own, None)
            if said is not None and said.value != key:
                message = f'the key "{key}" is the name; this one has no effect'
                notes.tell(codes.LOST, said, message, at_key=True)
        entries[str(key)] = item.of(inner) if item.is_mapping else item
    return node.of(entries)


def tell_unquoted(name: object, item: Node, notes: Notes) -> None:
    """Tell of the name of a DAG, group or task that YAML reads as something else than a text."""
    if isinstance(name, bool) or name is None:
        message = f"expected a name, found {shown(name)}"
        notes.tell(WRONG_TYPE, item, message, hint="quote it", at_key=True)
    elif not isinstance(name, str):
        message = f"dag-factory fails on the number {name} as a name"
        notes.tell(codes.REPAIRED, item, message, hint=f'quote it: "{name}"', at_key=True)


def translate_group(group: Node, spec_zone: str, names: Collection[str], notes: Notes) -> Node:
    """Give a group as a spec says it."""
    if not group.is_mapping:
        return group.of({}) if group.value is None else group
    entries: dict[str, Node] = dict(group.value)
    defaults = entries.get("default_args")
    if defaults is not None and defaults.is_mapping:
        entries["default_args"] = translate_group_default_args(defaults, spec_zone, notes)
    translate_dependencies(entries, names, notes)
    for name in ("parent_group_name", "default_args"):
        if name in entries and not entries[name].value:
            del entries[name]
    for name in _OF_TASKS:
        if (lost := entries.pop(name, None)) is not None:
            message = f'a group has no "{name}"'
            notes.tell(codes.LOST, lost, message, hint="remove it", at_key=True)
    return group.of(entries)
