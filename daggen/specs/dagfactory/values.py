"""Values of a DAG that specs would read in another way than dag-factory does."""

from __future__ import annotations

from daggen.specs.dagfactory.nodes import Node, plain
from daggen.specs.model.params import is_param_schema


def imported_macros(macros: Node) -> Node:
    """Let texts inside nested macros be dotted paths too."""
    if not macros.is_mapping or macros.is_object:
        return macros
    inner = {}
    for name, item in macros.value.items():
        if item.is_mapping and not item.is_object:
            inner[name] = _nested_macros(item)
        else:
            inner[name] = item
    return macros.of(inner)


def _nested_macros(node: Node) -> Node:
    inner = {}
    for name, item in node.value.items():
        if isinstance(item.value, str):
            inner[name] = item.of({"__ref__": item.value})
        else:
            inner[name] = _nested_macros(item) if item.is_mapping and not item.is_object else item
    return node.of(inner)


def plain_param(param: Node) -> Node:
    """Keep a mapping that a spec would read as the schema of a param what it is: a default."""
    if not is_param_schema(plain(param)):
        return param
    return param.of({"__type__": "airflow.sdk.Param", "__args__": [param]})
