"""Decorated tasks: which of their arguments are the function's, by its signature.

dag-factory imports the function and looks; here its source is read, where it is on the
`python_path`. Of other functions, specs tell by the names of the arguments.
"""

from __future__ import annotations

from collections.abc import Collection

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.model.seconds import SECONDS_KEYS
from daggen.specs.model.task_keys import (
    CALLABLE_ARGUMENTS,
    DURATION_ARGUMENTS,
    SENSOR_KEYS,
    TASK_GONE,
    TASK_KEYS,
)

_OF_TASKS = frozenset({*TASK_KEYS, *SENSOR_KEYS, *TASK_GONE, *SECONDS_KEYS, *DURATION_ARGUMENTS})
_OF_TASKS |= frozenset(CALLABLE_ARGUMENTS)
"""Arguments that specs read by the type that operators want."""
_OF_DAGFACTORY = ("task_id", "dag", "task_group")


def translate_call(task: Node, entries: dict[str, Node], notes: Notes) -> None:
    """Part what a decorated task gives its function from what its decorator takes."""
    function = entries.get("python_callable")
    dotted = function.value if function and isinstance(function.value, str) else ""
    parameters = notes.parameters_of(dotted)
    for name in set(parameters) & set(_OF_DAGFACTORY):
        message = f'dag-factory gives the parameter "{name}" of {dotted} what is its own'
        notes.tell(codes.MEANT, task, message, hint="rename the parameter", at_key=True)
    given = [name for name in parameters if name in entries and name not in _OF_DAGFACTORY]
    if _is_filled(entries, "expand") and not _is_filled(entries, "partial"):
        _drop_beside_expand(given, entries, notes)
    elif not {"op_args", "op_kwargs", "expand"} & set(entries):
        _keep_from_task(given, task, entries)


def _drop_beside_expand(given: Collection[str], entries: dict[str, Node], notes: Notes) -> None:
    for name in given:
        lost = entries.pop(name)
        message = f'beside expand, dag-factory does not give "{name}" to the function'
        hint = "write it under partial"
        notes.tell(codes.LOST, lost, message, hint=hint, at_key=True)


def _keep_from_task(given: Collection[str], task: Node, entries: dict[str, Node]) -> None:
    """Name as the function's what specs would read as arguments of the task."""
    call = {name: entries.pop(name) for name in given if name in _OF_TASKS}
    if call:
        entries["op_kwargs"] = task.of(call)


def _is_filled(entries: dict[str, Node], name: str) -> bool:
    return name in entries and bool(entries[name].value)
