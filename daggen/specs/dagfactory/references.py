"""Which texts are references to a task: few for dag-factory, more for specs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from daggen.diagnostics import suggest
from daggen.diagnostics.codes import dagfactory as codes
from daggen.diagnostics.codes.tasks import UNKNOWN_DEPENDENCY
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.model.references import like_reference

_LIKE_REFERENCE = re.compile(r"""\+(?P<name>[A-Za-z_][\w.-]*)(?:\[(?:'[^']*'|"[^"]*")\])?""")
_REFERENCE = re.compile(r"""\+(?P<name>\w*)(\[['"].*['"]\])?""")
_OUTPUT = re.compile(r"""(?P<name>[\w.-]+)\.output|X[cC]om[aA]rg\((?P<called>[\w.-]+)\)""")
_OUTPUT_END = ".output"
_XCOM_ARG = re.compile(r"""XcomArg\(+(?P<name>.*?)\).*""")


def literal(node: Node, tasks: Mapping[str, Node], notes: Notes) -> Node:
    """Give a value in which nothing is a reference: what a spec would take for one is escaped."""
    if isinstance(node.value, list):
        return node.of([literal(item, tasks, notes) for item in node.value])
    if node.is_mapping:
        return node.of({key: literal(item, tasks, notes) for key, item in node.value.items()})
    if not isinstance(node.value, str):
        return node
    if not like_reference(node.value):
        return node
    if match := _LIKE_REFERENCE.fullmatch(node.value):
        _tell_text(node, match["name"], tasks, notes)
    return escaped(node)


def _tell_text(node: Node, name: str, tasks: Mapping[str, Node], notes: Notes) -> None:
    """Tell of a text that looks like what a task returns."""
    if name in tasks:
        message = f'"{node.value}" is a text to dag-factory, not what "{name}" returns'
        hint = "a native spec takes it for a reference"
        notes.tell(codes.NO_REFERENCE, node, message, hint=hint)


def references_in(task: Node) -> Iterator[tuple[str, Node]]:
    """Give the tasks that a translated task takes something of, and where it says so.

    What is no reference is escaped.
    """
    expand = task.get("expand")
    for mapping in (task, expand, task.get("partial")):
        for item in mapping.items().values() if mapping else ():
            text = item.value if isinstance(item.value, str) else ""
            if match := _LIKE_REFERENCE.fullmatch(text):
                yield match["name"], item
            elif mapping is expand and text.endswith(_OUTPUT_END):
                yield text.removesuffix(_OUTPUT_END), item


def escaped(node: Node) -> Node:
    """Say a text so that it is no reference, nor a part of it."""
    first, rest = node.value[:1], node.value[1:]
    if not rest.endswith(_OUTPUT_END):
        return node.of({"__join__": [first, rest]})
    stem = rest.removesuffix(_OUTPUT_END)
    return node.of({"__join__": [first, f"{stem}.", _OUTPUT_END[1:]]})


def taskflow_value(node: Node, tasks: Mapping[str, Node], notes: Notes) -> Node:
    """Give the argument of a decorated task, where `+task` is a reference at the top."""
    if isinstance(node.value, str) and (match := _REFERENCE.fullmatch(node.value)):
        return _reference(node, match["name"], tasks, notes)
    return literal(node, tasks, notes)


def _reference(node: Node, name: str, tasks: Mapping[str, Node], notes: Notes) -> Node:
    """Give a reference; one to no task is reported, since dag-factory fails on it."""
    if name not in tasks:
        hint = suggest(name, tasks) or "a text that begins with + means what a task returns"
        notes.tell(UNKNOWN_DEPENDENCY, node, f'there is no task "{name}"', hint=hint)
        return escaped(node)
    if tasks[name].get("operator"):
        _tell_operator(node, name, notes)
    return node if _LIKE_REFERENCE.fullmatch(node.value) else escaped(node)


def _tell_operator(node: Node, name: str, notes: Notes) -> None:
    """Tell of a reference to an operator: only decorated tasks give what they return."""
    if node.value != f"+{name}":
        message = f'dag-factory fails on a key of "{name}", which is an operator'
        notes.tell(codes.REPAIRED, node, message)
        return
    message = f'dag-factory gives the operator "{name}" itself, not what it returns'
    hint = f"here it is what {name} returns, and runs before: add it to the dependencies"
    notes.tell(codes.MEANT, node, message, hint=hint)


def mapped_value(node: Node, tasks: Mapping[str, Node], notes: Notes) -> Node:
    """Give what an operator is mapped over, where `task.output` and `XcomArg(task)` are one."""
    if not isinstance(node.value, str):
        return _mapped_literal(node, tasks, notes)
    called = _XCOM_ARG.fullmatch(node.value)
    if called:
        return node.of(f"{called['name']}.output")
    plus = _LIKE_REFERENCE.fullmatch(node.value)
    if plus and plus["name"] in tasks:
        message = f'dag-factory fails on "{node.value}" of an operator'
        hint = f"write {plus['name']}.output" if tasks[plus["name"]].get("operator") else ""
        notes.tell(codes.REPAIRED, node, message, hint=hint)
        return node
    if ".output" in node.value:
        task, _, rest = node.value.partition(".output")
        if rest:
            message = f'dag-factory maps over all that "{task}" returns: "{rest}" is lost'
            notes.tell(codes.LOST, node, message)
        return node.of(f"{task}.output")
    return literal(node, tasks, notes)


def _mapped_literal(node: Node, tasks: Mapping[str, Node], notes: Notes) -> Node:
    """Escape texts inside lists and mappings, which specs read as outputs of tasks there too."""
    if isinstance(node.value, list):
        return node.of([_mapped_literal(item, tasks, notes) for item in node.value])
    if node.is_mapping:
        items = node.value.items()
        return node.of({key: _mapped_literal(item, tasks, notes) for key, item in items})
    match = _OUTPUT.fullmatch(node.value) if isinstance(node.value, str) else None
    if match is None:
        return literal(node, tasks, notes)
    _tell_text(node, match["name"] or match["called"], tasks, notes)
    return escaped(node)


def partial_value(node: Node, tasks: Mapping[str, Node], notes: Notes) -> Node:
    """Give what mapped operators have in common, where nothing is a reference."""
    return _mapped_literal(node, tasks, notes)


def taskflow_partial_value(node: Node, tasks: Mapping[str, Node], notes: Notes) -> Node:
    """Give what mapped decorated tasks have in common, where `+task` is a reference."""
    if isinstance(node.value, str) and _REFERENCE.fullmatch(node.value):
        return taskflow_value(node, tasks, notes)
    return _mapped_literal(node, tasks, notes)


def taskflow_mapped_value(node: Node, tasks: Mapping[str, Node], notes: Notes) -> Node:
    """Give what a decorated task is mapped over; an output of a task is a mistake, but clear."""
    if not isinstance(node.value, str):
        return _mapped_literal(node, tasks, notes)
    called = _XCOM_ARG.fullmatch(node.value)
    if called:
        return node.of(f"{called['name']}{_OUTPUT_END}")
    return taskflow_value(node, tasks, notes)
