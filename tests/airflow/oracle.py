"""Describes DAGs of real Airflow as plain data, for comparing them field by field."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_DAG_FIELDS = (
    "access_control",
    "catchup",
    "dag_display_name",
    "dag_id",
    "dagrun_timeout",
    "default_args",
    "description",
    "end_date",
    "is_paused_upon_creation",
    "max_active_runs",
    "max_active_tasks",
    "on_failure_callback",
    "on_success_callback",
    "render_template_as_native_obj",
    "schedule",
    "start_date",
    "template_searchpath",
    "user_defined_macros",
)
_TASK_FIELDS = (
    "deferrable",
    "depends_on_past",
    "do_xcom_push",
    "end_date",
    "execution_timeout",
    "exponential_backoff",
    "max_retry_delay",
    "mode",
    "multiple_outputs",
    "owner",
    "poke_interval",
    "pool",
    "pool_slots",
    "priority_weight",
    "queue",
    "retries",
    "retry_delay",
    "retry_exponential_backoff",
    "soft_fail",
    "start_date",
    "task_display_name",
    "timeout",
    "trigger_rule",
    "wait_for_downstream",
    "weight_rule",
)
_NOT_OF_MAPPED = ("do_xcom_push", "multiple_outputs")
_CALLBACKS = tuple(
    f"on_{event}_callback" for event in ("execute", "failure", "retry", "skipped", "success")
)
_GROUP_SETS = (
    "downstream_group_ids",
    "downstream_task_ids",
    "upstream_group_ids",
    "upstream_task_ids",
)


def describe_dag(dag: Any) -> dict[str, Any]:
    """Describe a DAG: its arguments, its groups and its tasks, sorted by id."""
    from airflow.serialization.encoders import encode_timetable

    found = {name: describe(getattr(dag, name)) for name in _DAG_FIELDS}
    found["timetable"] = {
        "class": _path(type(dag.timetable)),
        "serialized": encode_timetable(dag.timetable),
    }
    found["params"] = _params(dag.params)
    found["tags"] = sorted(dag.tags)
    found["roots"] = sorted(task.task_id for task in dag.roots)
    found["leaves"] = sorted(task.task_id for task in dag.leaves)
    groups = dag.task_group.get_task_group_dict()
    found["task_groups"] = {name: _group(groups[name]) for name in groups if name is not None}
    found["tasks"] = [_task(task) for task in sorted(dag.tasks, key=lambda task: task.task_id)]
    return found


def _group(group: Any) -> dict[str, Any]:
    from airflow.sdk.definitions.taskgroup import MappedTaskGroup

    parent = group.task_group or group.parent_group
    return {
        **{name: sorted(map(str, getattr(group, name))) for name in _GROUP_SETS},
        "children": sorted(group.children),
        "default_args": describe(group.default_args),
        "mapped": isinstance(group, MappedTaskGroup),
        "parent": parent.group_id if parent else None,
        "prefix_group_id": group.prefix_group_id,
        "tooltip": group.tooltip,
    }


def _task(task: Any) -> dict[str, Any]:
    mapped = hasattr(task, "partial_kwargs")
    fields = [name for name in _TASK_FIELDS if not (mapped and name in _NOT_OF_MAPPED)]
    attrs = {name: describe(getattr(task, name, None)) for name in fields}
    found = {
        "attrs": {name: value for name, value in attrs.items() if value is not None},
        "callbacks": _callbacks(task),
        "downstream": sorted(task.downstream_task_ids),
        "mapped": mapped,
        "operator": _path(task.operator_class if mapped else type(task)),
        "task_group": getattr(task.task_group, "group_id", None),
        "task_id": task.task_id,
        "upstream": sorted(task.upstream_task_ids),
    }
    for name in ("inlets", "outlets"):
        if getattr(task, name):
            found[name] = describe(list(getattr(task, name)))
    if task.params:
        found["params"] = _params(task.params)
    return found | (_mapping(task) if mapped else _templates(task))


def _callbacks(task: Any) -> dict[str, Any]:
    found = {name: getattr(task, name) for name in _CALLBACKS}
    return {name: describe(list(value)) for name, value in found.items() if value}


def _templates(task: Any) -> dict[str, Any]:
    fields = {name: describe(getattr(task, name, None)) for name in task.template_fields}
    scalars = (str, int, float, bool, type(None))
    found: dict[str, Any] = {
        "template_fields": {n: v for n, v in fields.items() if n != "python_callable"},
        "template_fields_scalar": {n: v for n, v in fields.items() if isinstance(v, scalars)},
    }
    if getattr(task, "python_callable", None) is not None:
        found["python_callable"] = describe(task.python_callable)
    return found


def _mapping(task: Any) -> dict[str, Any]:
    names = ("python_callable", "op_args", "op_kwargs")
    said = task.partial_kwargs
    partial = {name: describe(said[name]) for name in names if name in said}
    found = {"expand_input": _expand_input(task.expand_input)}
    if hasattr(task, "op_kwargs_expand_input"):
        found["op_kwargs_expand_input"] = _expand_input(task.op_kwargs_expand_input)
        partial.pop("python_callable", None)
    return found | {"partial_kwargs": partial}


def _expand_input(expand_input: Any) -> dict[str, Any]:
    return {"type": type(expand_input).__name__, "value": describe(expand_input.value)}


def _params(params: Any) -> dict[str, Any]:
    found = {}
    for name in params:
        param = params.get_param(name)
        found[name] = {
            "description": param.description,
            "param": describe(param.value),
            "schema": describe(param.schema),
        }
    return found


def describe(value: Any) -> Any:
    """Describe a value of an argument: plain data as it is, objects by what they are made of."""
    if value is None or isinstance(value, str | int | float | bool):
        return str(value.value) if hasattr(value, "value") else value
    if isinstance(value, Mapping):
        return {str(key): describe(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [describe(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((describe(item) for item in value), key=str)
    if isinstance(value, timedelta):
        return {"timedelta_s": value.total_seconds()}
    if isinstance(value, datetime):
        return {"datetime": value.astimezone(UTC).isoformat(), "tz": "UTC"}
    return _describe_object(value)


def _describe_object(value: Any) -> Any:
    from airflow.sdk import Asset, XComArg
    from airflow.sdk.bases.notifier import BaseNotifier

    if isinstance(value, functools.partial):
        return {
            "partial": _path(value.func),
            "args": describe(value.args),
            "kwargs": describe(value.keywords),
        }
    if isinstance(value, BaseNotifier):
        attrs = {name: describe(item) for name, item in vars(value).items() if name[0] != "_"}
        return {"notifier": _path(type(value)), "attrs": attrs}
    if isinstance(value, Asset):
        return {"Asset": {"group": value.group, "name": value.name, "uri": value.uri}}
    if isinstance(value, XComArg):
        source: Any = value
        return {"kind": type(value).__name__, "xcom": source.operator.task_id, "key": source.key}
    if callable(value) and hasattr(value, "__qualname__"):
        return {"callable": _path(value)}
    return {"object": _path(type(value)), "str": str(value)}


def _path(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"
