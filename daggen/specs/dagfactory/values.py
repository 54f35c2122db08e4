"""Values of a DAG that specs would read in another way than dag-factory does."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath

from daggen.diagnostics.codes import dagfactory as codes
from daggen.diagnostics.codes.keys import WRONG_TYPE
from daggen.specs.dagfactory.callables import tell_in_class
from daggen.specs.dagfactory.environment import ROOT
from daggen.specs.dagfactory.nodes import Node, plain
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.model.objects import is_dotted
from daggen.specs.model.params import is_param_schema


def imported_macros(macros: Node, notes: Notes) -> Node:
    """Let texts inside nested macros be dotted paths too."""
    if not macros.is_mapping or macros.is_object:
        return macros
    inner = {}
    for name, item in macros.value.items():
        tell_in_class(item, notes)
        if isinstance(item.value, str) and not is_dotted(item.value):
            message = f'dag-factory fails on "{item.value}", which it would import'
            notes.tell(codes.REPAIRED, item, message, hint="here it is a text")
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


def _plain_param(param: Node) -> Node:
    """Keep a mapping that a spec would read as the schema of a param what it is: a default."""
    if not is_param_schema(plain(param)):
        return param
    return param.of({"__type__": "airflow.sdk.Param", "__args__": [param]})


def plain_params(params: Node, notes: Notes) -> Node:
    """Give the params of a DAG or of tasks, which are values and no schemas."""
    if not params.is_mapping or params.is_object:
        return params
    return params.of({name: _checked(item, notes) for name, item in params.value.items()})


def _checked(param: Node, notes: Notes) -> Node:
    if not isinstance(param.value, date):
        return _plain_param(param)
    message = "a param cannot be a date: Airflow refuses it"
    notes.tell(WRONG_TYPE, param, message, hint=f'quote it: "{param.value.isoformat()}"')
    return param.of(param.value.isoformat())


def check_searchpath(said: Node, notes: Notes) -> None:
    """Report relative paths, which dag-factory refuses: they are of Airflow's machine."""
    for item in said.value if isinstance(said.value, list) else [said]:
        text = item.value if isinstance(item.value, str) else "/"
        if not text.startswith(ROOT) and not PurePosixPath(text).is_absolute():
            message = f'dag-factory takes no relative path here: "{text}"'
            hint = f"write $CONFIG_ROOT_DIR/{text}, or where Airflow has the folder"
            notes.tell(WRONG_TYPE, item, message, hint=hint)
