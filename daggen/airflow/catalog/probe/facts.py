"""What annotations leave out, hide behind an alias, or get wrong, written down by hand."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from typing import Any

from .annotations import Shape

_CALLBACK = Shape(frozenset({"callable", "list", "None"}))
_DICT = Shape(frozenset({"dict", "None"}))
_OF_AIRFLOW = {"default_args": _DICT, "access_control": _DICT}

_ALSO_TAKEN: Mapping[tuple[str, str], Shape] = {
    ("BranchSQLOperator", "follow_task_ids_if_true"): Shape(frozenset({"str"})),
    ("BranchSQLOperator", "follow_task_ids_if_false"): Shape(frozenset({"str"})),
    ("CloudVisionCreateProductOperator", "product"): Shape(frozenset({"dict"})),
    ("DatabricksRunNowOperator", "job_id"): Shape(frozenset({"int"})),
    ("DatabricksRunNowDeferrableOperator", "job_id"): Shape(frozenset({"int"})),
    ("HiveToMySqlOperator", "mysql_preoperator"): Shape(frozenset({"list"})),
    ("SqlSensor", "parameters"): Shape(frozenset({"list"})),
}
"""What an argument of a class (and of those derived from it) takes beside its annotation."""

_INSTEAD: Mapping[tuple[str, str], Shape] = {
    ("DockerSwarmOperator", "logging_driver"): Shape(
        frozenset({"enum", "None"}), ("json-file", "gelf")
    ),
}
"""What an argument takes whose annotation is wrong."""


def shape_in_fact(cls: type, name: str, shape: Shape) -> Shape:
    """Give what an argument of a class takes, of which its annotation tells `shape`."""
    if name.startswith("on_") and name.endswith("_callback"):
        return _CALLBACK
    if shape.is_any:
        return _OF_AIRFLOW.get(name, shape)
    for each in cls.__mro__:
        key = (each.__name__, name)
        shape = _INSTEAD.get(key, shape | _ALSO_TAKEN.get(key, Shape(frozenset())))
    return shape


def add_facts(core: Mapping[str, Mapping[str, Any]]) -> None:
    """Write down what Airflow's code says of its base classes and their annotations do not."""
    rules = importlib.import_module("airflow.utils.trigger_rule").TriggerRule
    weights = importlib.import_module("airflow.utils.weight_rule").WeightRule
    operator = core["airflow.sdk.BaseOperator"]["arguments"]
    sensor = core["airflow.sdk.BaseSensorOperator"]["arguments"]
    operator["trigger_rule"].update(type="enum", choices=[each.value for each in rules])
    operator["weight_rule"].update(type="enum|object", choices=[each.value for each in weights])
    sensor["mode"].update(type="enum", choices=["poke", "reschedule"])
    if importlib.util.find_spec("airflow.sdk") is not None:
        operator["sla"]["ignored"] = True
        core["airflow.sdk.DAG"]["arguments"]["sla_miss_callback"]["ignored"] = True
