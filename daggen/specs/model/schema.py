"""The JSON Schema of a spec file, for editors: completion, hover, and red underlines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.specs.model.assets import CONDITION_SCHEMA
from daggen.specs.model.callbacks import CALLBACKS_SCHEMA
from daggen.specs.model.circuit_breaker import CIRCUIT_BREAKER_KEYS
from daggen.specs.model.dag_keys import DAG_GONE, DAG_KEYS, SPEC_KEYS
from daggen.specs.model.default_args import DEFAULT_ARGUMENTS
from daggen.specs.model.documentation import DOC_SCHEMA
from daggen.specs.model.durations import DURATION_SCHEMA
from daggen.specs.model.keys import Key
from daggen.specs.model.objects import MARKS
from daggen.specs.model.seconds import SECONDS_KEYS
from daggen.specs.model.shapes import EXPRESSION, NULL, closed, or_free, record, several
from daggen.specs.model.task_keys import (
    DURATION_ARGUMENTS,
    GROUP_KEYS,
    SENSOR_KEYS,
    TASK_KEYS,
)
from daggen.specs.model.wrappers import WRAPPER_SCHEMA

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NAME = {"type": "string"}
_LABELLED = record(
    "A task or group, and what the arrow says", {"task": _NAME, "label": _NAME}, required=["task"]
)
_NAMES = {"anyOf": [_NAME, _LABELLED, several({"anyOf": [_NAME, _LABELLED]})]}
_SECONDS = {"type": "number", "description": "A duration in seconds"}
_SECONDS_OF_TASKS = {
    key: _SECONDS for key, name in SECONDS_KEYS.items() if name in DEFAULT_ARGUMENTS
}

_DEFINITIONS: dict[str, Any] = {
    "expression": {"type": "string", "pattern": r"\$\{\{", "description": "${{ expression }}"},
    "object": {
        "type": "object",
        "description": "An object: __type__ names its class, __args__ and other keys its arguments",
        "anyOf": [{"required": [mark]} for mark in MARKS if mark != "__args__"],
    },
    "duration": DURATION_SCHEMA,
    "callbacks": CALLBACKS_SCHEMA,
    "doc": DOC_SCHEMA,
    "asset_condition": CONDITION_SCHEMA,
}

_MAPPING_KEYS: dict[str, Any] = {
    "expand": {
        "description": "One instance for each element: a list, a mapping, or task.output",
        "type": "object",
    },
    "expand_kwargs": {
        "description": "One instance for each mapping of arguments: a list, or task.output",
        "type": ["array", "string"],
    },
    "partial": {"description": "Arguments that all mapped instances share", "type": "object"},
}

_TASK_STRUCTURE: dict[str, Any] = {
    "task_id": {"type": "string", "description": "The name of the task, in a list of tasks"},
    "operator": {
        "type": "string",
        "description": "The operator or sensor: a dotted path, or a short name of the catalog",
    },
    "decorator": {
        "type": "string",
        "description": "A TaskFlow decorator, with python_callable: task, task.branch, …",
    },
    "python_callable": {"type": "string", "description": "A function, by its dotted path"},
    "op_args": {"type": ["array", "string"], "description": "Positional arguments of the function"},
    "op_kwargs": {"type": ["object", "string"], "description": "Arguments of the function by name"},
    "dependencies": {**_NAMES, "description": "The tasks and groups before this one"},
    "task_group_name": {"type": "string", "description": "The group the task is in"},
    **_MAPPING_KEYS,
    "run_if": {"description": "What must hold for the task to run", **WRAPPER_SCHEMA},
    "skip_if": {"description": "What lets the task be skipped", **WRAPPER_SCHEMA},
    "result": {"type": "boolean", "description": "Whether the task gives the DAG's result"},
    "setup": {"type": "boolean", "description": "Whether the task is a setup"},
    "teardown": {
        "description": "Whether the task is a teardown, or of which setups",
        "anyOf": [
            {"type": "boolean"},
            _NAME,
            several(_NAME),
            record(
                "The setups, and whether a failure here fails the run",
                {
                    "setups": {"anyOf": [_NAME, several(_NAME)]},
                    "on_failure_fail_dagrun": {"type": "boolean"},
                },
            ),
        ],
    },
}

_GROUP_STRUCTURE: dict[str, Any] = {
    "group_name": {"type": "string", "description": "The name of the group, in a list of groups"},
    "group_id": {"type": "string", "description": "The name of the group, in a list of groups"},
    "parent_group_name": {"type": "string", "description": "The group around this one"},
    "dependencies": {**_NAMES, "description": "The tasks and groups before this one"},
    "template": {"type": "string", "description": "A group template that makes the tasks"},
    "with": {"type": ["object", "string"], "description": "The parameters of the template"},
    "default_args": {"$ref": "#/$defs/default_args"},
    "tasks": {"$ref": "#/$defs/tasks"},
    "task_groups": {"$ref": "#/$defs/task_groups"},
    **_MAPPING_KEYS,
    "arguments": {
        "type": "array",
        "items": _NAME,
        "description": "What the mappings of expand_kwargs hold, where a task gives them",
    },
}

_SPEC_STRUCTURE: dict[str, Any] = {
    "template": {"type": "string", "description": "The template that makes the DAG"},
    "with": {"type": ["object", "string"], "description": "The parameters of the template"},
    "foreach": {
        "type": "object",
        "description": "Names for ${{ }}, each with a list of values, {source: …} or {file: …}; "
        "one DAG is made for each combination",
        "properties": {
            "exclude": {"type": "array", "description": "Combinations to leave out"},
        },
    },
    "default_args": {"$ref": "#/$defs/default_args"},
    "tasks": {"$ref": "#/$defs/tasks"},
    "task_groups": {"$ref": "#/$defs/task_groups"},
}


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a spec file.

    Wherever no text is expected, `${{ … }}` and objects by `__type__` are allowed too. What a
    template wants under `with` is not in it.
    """
    group = closed({**_properties(GROUP_KEYS), **_GROUP_STRUCTURE})
    dag_keys = {name: key for name, key in DAG_KEYS.items() if name not in DAG_GONE}
    return {
        "$schema": DIALECT,
        "title": "daggen spec",
        **closed(
            {
                **_properties({**dag_keys, **SPEC_KEYS}),
                "dagrun_timeout_sec": _SECONDS,
                **_SPEC_STRUCTURE,
            }
        ),
        "required": ["dag_id"],
        "$defs": {
            **_DEFINITIONS,
            "default_args": {
                "type": ["object", "string"],
                "description": "Arguments of every task that does not set them itself",
                "properties": {**_properties(DEFAULT_ARGUMENTS), **_SECONDS_OF_TASKS},
            },
            "task": _task(),
            "tasks": _entries("task", "Tasks by id, or a list of tasks with task_id"),
            "task_group": group,
            "task_groups": _entries("task_group", "Groups by name, or a list with group_name"),
        },
    }


def _task() -> dict[str, Any]:
    """Give the schema of a task.

    What a decorated function is called with may have any name, and an operator that is no sensor
    may have an argument of a sensor's name: of those only the description is given.
    """
    durations = _described(DURATION_ARGUMENTS)
    arguments = {**_properties(TASK_KEYS), **_SECONDS_OF_TASKS, **durations}
    is_sensor = {"properties": {"operator": {"pattern": "Sensor"}}, "required": ["operator"]}
    return {
        "type": "object",
        "properties": {**_TASK_STRUCTURE, "circuit_breaker": _circuit_breaker()},
        "allOf": [
            _either(
                {"required": ["decorator"]}, _described({**TASK_KEYS, **SENSOR_KEYS}), arguments
            ),
            _either(is_sensor, _properties(SENSOR_KEYS), _described(SENSOR_KEYS)),
        ],
    }


def _either(
    condition: Mapping[str, Any], holds: Mapping[str, Any], fails: Mapping[str, Any]
) -> dict[str, Any]:
    return {"if": condition, "then": {"properties": holds}, "else": {"properties": fails}}


def _described(keys: Mapping[str, Key]) -> dict[str, Any]:
    return {name: {"description": key.doc} for name, key in keys.items()}


def _circuit_breaker() -> dict[str, Any]:
    settings = closed(_properties(CIRCUIT_BREAKER_KEYS))
    return {
        "description": "The circuit breaker the operator is behind: true, or its settings",
        "anyOf": [{"type": "boolean"}, settings, EXPRESSION, NULL],
    }


def _properties(keys: Mapping[str, Key]) -> dict[str, Any]:
    return {name: _property(key) for name, key in keys.items()}


def _property(key: Key) -> dict[str, Any]:
    doc = key.doc if key.since <= (2, 11) else f"{key.doc} (Airflow {key.since[0]}.{key.since[1]})"
    return {"description": doc, **or_free(key.kind.schema)}


def _entries(name: str, description: str) -> dict[str, Any]:
    reference = {"$ref": f"#/$defs/{name}"}
    return {
        "description": description,
        "anyOf": [
            {"type": "object", "additionalProperties": {"anyOf": [reference, NULL]}},
            {"type": "array", "items": reference},
            EXPRESSION,
        ],
    }
