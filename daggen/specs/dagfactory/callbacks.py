"""Callbacks: `_name` and `_file` become dotted paths; the other forms are those of specs."""

from __future__ import annotations

import ast

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.callables import named_callable, tell_in_class
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.model.callbacks import is_notifier

TASK_CALLBACKS = (
    "on_execute_callback",
    "on_success_callback",
    "on_failure_callback",
    "on_retry_callback",
    "on_skipped_callback",
)


def translate_callbacks(entries: dict[str, Node], notes: Notes, *, needed: bool = False) -> None:
    """Replace callbacks given by name and file, in the entries of a DAG, group or task.

    Of a task both are `needed`; elsewhere Airflow ignores a name or a file that stands alone.
    """
    for name in TASK_CALLBACKS:
        named_callable(entries, name, name, notes, needed=needed)
        said = entries.get(name)
        if said is not None and (isinstance(said.value, list) or said.get("__type__")):
            kind = (
                "a list of callbacks" if isinstance(said.value, list) else "a callback by __type__"
            )
            message = f"dag-factory 1.1.0 fails on {kind}"
            notes.tell(codes.REPAIRED, said, message, at_key=True)
        elif said is not None:
            _tell_function(said, notes)


def _tell_function(said: Node, notes: Notes) -> None:
    """Tell of a class in the place of a function, and of a function in a class."""
    function = said.get("callback") if said.is_mapping else said
    tell_in_class(function, notes)
    path = function.value if function else None
    if function is None or not isinstance(path, str) or not is_notifier(path):
        return
    if not said.is_mapping:
        message = f'dag-factory gives the class "{path}" itself, and Airflow calls that'
        hint = f"here it is an object: write {{callback: {path}}}"
        notes.tell(codes.MEANT, function, message, hint=hint)
        return
    found = notes.class_of(path)
    if found is not None and not found.bases and "notify" not in _methods(found):
        message = f'dag-factory makes a partial of "{path}", which has no method notify'
        notes.tell(codes.MEANT, function, message, hint="here it is an object")


def _methods(found: ast.ClassDef) -> set[str]:
    return {each.name for each in found.body if isinstance(each, ast.FunctionDef)}
