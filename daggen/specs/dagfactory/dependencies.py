"""`dependencies` of tasks and groups: a list of names, or what dag-factory takes for one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes


def translate_dependencies(entries: dict[str, Node], names: Collection[str], notes: Notes) -> None:
    """Give `dependencies` as a list; `names` are those of all tasks and groups."""
    said = entries.get("dependencies")
    if said is None:
        return
    if not said.value:
        del entries["dependencies"]
    elif isinstance(said.value, list):
        entries["dependencies"] = said.of([_name(item, names, notes) for item in said.value])
    elif said.is_mapping:
        entries["dependencies"] = said.of([said.of(str(name)) for name in said.value])
    else:
        entries["dependencies"] = said.of(_of_text(said, names, notes))


def _of_text(said: Node, names: Collection[str], notes: Notes) -> list[Any]:
    text = str(said.value)
    if text not in names and set(text) <= set(names):
        message = f'dag-factory takes each letter of "{text}" for a name'
        notes.tell(codes.LOST, said, message, hint=f"write [{', '.join(text)}]")
        return list(text)
    if len(text) > 1:
        message = "dag-factory takes each letter of a text for a name"
        notes.tell(codes.REPAIRED, said, message, hint=f"write [{text}]")
    return [text]


def _bare(item: Node, names: Collection[str], notes: Notes) -> Node:
    """Give a name; the groups before it, which Airflow puts there, are none to dag-factory."""
    bare = str(item.value).rpartition(".")[2]
    if item.value not in names and bare in names:
        message = f'dag-factory finds no task "{item.value}": it wants the name alone'
        notes.tell(codes.REPAIRED, item, message, hint=f"write [{bare}]")
    return item


def _name(item: Node, names: Collection[str], notes: Notes) -> Node:
    """Give a name, also one that YAML reads as a number."""
    if isinstance(item.value, str):
        return _bare(item, names, notes)
    if str(item.value) not in names:
        return item
    message = f"dag-factory finds no task by the number {item.value}"
    notes.tell(codes.REPAIRED, item, message, hint=f'quote it: "{item.value}"')
    return item.of(str(item.value))
