"""Decorated tasks: which of their arguments are the function's, by its signature.

dag-factory imports the function and looks; here its source is read, where it is on the
`python_path`. Of other functions, specs tell by the names of the arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.callbacks import TASK_CALLBACKS
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.duration import parse_duration
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
_PLAIN = (
    "airflow.decorators.task",
    "airflow.sdk.task",
    "airflow.sdk.definitions.decorators.task",
    "airflow.providers.standard.decorators.python.python_task",
)
"""The decorators of a plain Python task, whose arguments are known."""
_OF_DECORATOR = frozenset(
    "decorator dependencies task_group_name task_id python_callable expand partial op_args "
    "op_kwargs templates_dict show_return_value_in_logs setup teardown".split()
)
_OF_DAGFACTORY = ("task_id", "dag", "task_group")


def parameters_of(dotted: str, notes: Notes) -> list[str]:
    """Give the positional parameters of a function; none where its source is not known."""
    found = notes.signature_of(dotted)
    return [each.arg for each in (*found.posonlyargs, *found.args)] if found else []


def translate_call(task: Node, entries: dict[str, Node], notes: Notes) -> None:
    """Part what a decorated task gives its function from what its decorator takes."""
    function = entries.get("python_callable")
    dotted = function.value if function and isinstance(function.value, str) else ""
    signature = notes.signature_of(dotted)
    parameters = parameters_of(dotted, notes)
    for name in set(parameters) & set(_OF_DAGFACTORY):
        message = f'dag-factory gives the parameter "{name}" of {dotted} what is its own'
        notes.tell(codes.MEANT, task, message, hint="rename the parameter", at_key=True)
    given = [name for name in parameters if name in entries and name not in _OF_DAGFACTORY]
    if signature is not None:
        _tell_by_keyword(signature, entries, dotted, notes)
        _tell_further(signature, entries, dotted, notes)
    if _is_filled(entries, "expand") and not _is_filled(entries, "partial"):
        _drop_beside_expand(given, entries, notes)
    elif not {"op_args", "op_kwargs", "expand"} & set(entries):
        _keep_from_task(given, task, entries)


def _tell_by_keyword(
    signature: ast.arguments, entries: dict[str, Node], dotted: str, notes: Notes
) -> None:
    """Tell of what a function takes only by keyword: to dag-factory it is not the function's."""
    for parameter in signature.kwonlyargs:
        name = parameter.arg
        if name in entries and name in _OF_TASKS:
            message = f'dag-factory gives "{name}" to the task: to {dotted} it is keyword-only'
            hint = f"here {dotted} gets it; rename the parameter"
            notes.tell(codes.MEANT, entries[name], message, hint=hint, at_key=True)
        elif name in entries:
            message = f'dag-factory fails on "{name}", which is keyword-only in {dotted}'
            notes.tell(codes.REPAIRED, entries[name], message, at_key=True)


def _tell_further(
    signature: ast.arguments, entries: dict[str, Node], dotted: str, notes: Notes
) -> None:
    """Tell of what a function would take besides its parameters: dag-factory fails on it."""
    named = {each.arg for each in (*signature.posonlyargs, *signature.args, *signature.kwonlyargs)}
    for name in ("op_args", "op_kwargs"):
        if name in entries and name not in named:
            message = f'dag-factory fails on "{name}" of a decorated task'
            hint = "write the arguments of the function beside the others"
            notes.tell(codes.REPAIRED, entries[name], message, hint=hint, at_key=True)
    decorator = entries.get("decorator")
    if signature.kwarg is None or decorator is None or decorator.value not in _PLAIN:
        return
    known = named | _OF_TASKS | _OF_DECORATOR
    for name in (name for name in entries if name not in known):
        message = f'dag-factory fails on "{name}", which {dotted} takes only as one of **kwargs'
        notes.tell(codes.REPAIRED, entries[name], message, at_key=True)


def _drop_beside_expand(given: Collection[str], entries: dict[str, Node], notes: Notes) -> None:
    for name in given:
        lost = entries.pop(name)
        message = f'beside expand, dag-factory does not give "{name}" to the function'
        hint = "write it under partial"
        notes.tell(codes.LOST, lost, message, hint=hint, at_key=True)


def _keep_from_task(given: Collection[str], task: Node, entries: dict[str, Node]) -> None:
    """Name as the function's what specs would read as arguments of the task."""
    call = {name: _read(name, entries.pop(name)) for name in given if name in _OF_TASKS}
    if call:
        entries["op_kwargs"] = task.of(call)


def _read(name: str, node: Node) -> Node:
    """Give an argument as what dag-factory makes of it before it looks at the function."""
    if name in ("execution_date_fn", *TASK_CALLBACKS) and isinstance(node.value, str):
        return node.of({"__ref__": node.value})
    if name in ("inlets", "outlets") and isinstance(node.value, list):
        return node.of([_asset(item) for item in node.value])
    if name != "execution_delta" or not isinstance(node.value, str):
        return node
    try:
        seconds = int(parse_duration(node.value).total_seconds())
    except ValueError:
        return node
    return node.of({"__type__": "datetime.timedelta", "seconds": seconds})


def _asset(item: Node) -> Node:
    if not isinstance(item.value, str):
        return item
    return item.of({"__type__": "airflow.sdk.Asset", "__args__": [item.value]})


def _is_filled(entries: dict[str, Node], name: str) -> bool:
    return name in entries and bool(entries[name].value)
