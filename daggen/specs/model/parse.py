"""From a resolved spec to a `DagSpec`: every key read, every finding gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daggen.code.timezones import is_timezone
from daggen.diagnostics import Diagnostic
from daggen.diagnostics.codes.keys import (
    ILLEGAL_ID,
    WRONG_TYPE,
)
from daggen.diagnostics.codes.tasks import (
    CONFLICTING_KEYS,
    MISSING_KEY,
)
from daggen.project import Project
from daggen.specs.document import ResolvedSpec
from daggen.specs.model.checks import check_spec
from daggen.specs.model.context import Context, shown
from daggen.specs.model.dag_keys import DAG_GONE, DAG_KEYS, SPEC_KEYS, STRUCTURE_KEYS
from daggen.specs.model.default_args import hint_of_tasks
from daggen.specs.model.edges import EdgeReader, check_cycles, implied_edges, merge_edges
from daggen.specs.model.groups import GroupReader
from daggen.specs.model.keys import read_keys, report_unknown
from daggen.specs.model.knowledge import Knowledge
from daggen.specs.model.names import Names
from daggen.specs.model.outline import check_id, read_outline
from daggen.specs.model.seconds import expand_seconds
from daggen.specs.model.spec import DagSpec
from daggen.specs.model.tasks import TaskReader
from daggen.specs.model.values import Value

_KNOWN_BY_NAME = Knowledge()


def parse_spec(
    spec: ResolvedSpec, project: Project, knowledge: Knowledge = _KNOWN_BY_NAME
) -> tuple[DagSpec | None, list[Diagnostic]]:
    """Read a spec; gives None in place of the DAG when a finding is an error.

    `knowledge` tells of operators and functions; what it does not know is judged by its name.
    """
    dag, diagnostics = read_spec(spec, project, knowledge)
    if any(diagnostic.is_error for diagnostic in diagnostics):
        return None, diagnostics
    return dag, diagnostics


def read_spec(
    spec: ResolvedSpec, project: Project, knowledge: Knowledge = _KNOWN_BY_NAME
) -> tuple[DagSpec, list[Diagnostic]]:
    """Read a spec as far as it goes: what is wrong is reported, and missing from the DAG.

    With an error among the findings the DAG must not be written; it tells what else to check.
    """
    context = Context(spec.locations, project, tolerant=spec.tolerant)
    if not isinstance(spec.data, Mapping):
        context.report(WRONG_TYPE, (), f"a spec is a mapping, not {shown(spec.data)}")
        return DagSpec("", spec), context.diagnostics
    data = expand_seconds(spec.data, (), context)
    context.timezone = _timezone(data)
    arguments = _arguments(data, context)
    dag_id = _dag_id(data, context)
    dag = DagSpec(dag_id, spec, arguments, *_template(data, context))
    dag = _with_tasks(dag, data, context, knowledge)
    check_spec(dag, data, context)
    return dag, context.diagnostics


def _timezone(data: Mapping[Any, Any]) -> str:
    said = data.get("timezone")
    return said if isinstance(said, str) and is_timezone(said) else "UTC"


def _arguments(data: Mapping[Any, Any], context: Context) -> dict[str, Value]:
    """Read the DAG's arguments, in Airflow's order; null leaves one unsaid, but for schedule."""
    keys = {**DAG_KEYS, **SPEC_KEYS}
    said = {k: v for k, v in data.items() if v is not None or k == "schedule"}
    values = read_keys(said, (), context, keys, DAG_GONE)
    for name in data:
        if name not in keys and name not in DAG_GONE and name not in STRUCTURE_KEYS:
            known, hint = (*keys, *STRUCTURE_KEYS), hint_of_tasks(name)
            report_unknown(name, known, (name,), context, "a spec", hint)
    return {name: values[name] for name in DAG_KEYS if name in values and name != "dag_id"}


def _dag_id(data: Mapping[Any, Any], context: Context) -> str:
    dag_id = data.get("dag_id")
    if dag_id is None:
        context.report(MISSING_KEY, ("dag_id",), "this spec has no dag_id")
    if not isinstance(dag_id, str):
        return ""
    check_id(dag_id, ("dag_id",), replace_key_by_value(context), dag_id)
    if dag_id.startswith(".") and "/" not in dag_id:
        context.report(ILLEGAL_ID, ("dag_id",), "a dag_id cannot begin with a dot: it names a file")
    return dag_id


def replace_key_by_value(context: Context) -> Context:
    """Give a context that reports at values where ids stand, not at keys."""
    locations = replace(context.locations, keys={})
    return replace(context, locations=locations)


def _template(data: Mapping[Any, Any], context: Context) -> tuple[str | None, Mapping[str, Any]]:
    template, parameters = data.get("template"), data.get("with")
    if template is not None and not isinstance(template, str):
        context.report(WRONG_TYPE, ("template",), f"expected a name, found {shown(template)}")
        template = None
    if parameters is not None and not isinstance(parameters, Mapping):
        context.report(WRONG_TYPE, ("with",), f"expected a mapping, found {shown(parameters)}")
        parameters = None
    if parameters is not None and "template" not in data:
        context.report(CONFLICTING_KEYS, ("with",), '"with" goes only with a template', at_key=True)
    for key in ("tasks", "task_groups"):
        if template is not None and data.get(key):
            context.report(
                CONFLICTING_KEYS,
                (key,),
                f'"{key}" and "template": a DAG is written out or made by a template',
                hint="for a part of a DAG use a group template under task_groups",
                at_key=True,
            )
    return template, parameters or {}


def _with_tasks(
    dag: DagSpec, data: Mapping[Any, Any], context: Context, knowledge: Knowledge
) -> DagSpec:
    outline = read_outline(data, context)
    names = Names(outline)
    group_reader = GroupReader(names, context)
    task_reader = TaskReader(names, context, knowledge)
    groups = [group_reader.read(place) for place in outline.groups]
    tasks = [task_reader.read(place) for place in outline.tasks]
    stated = EdgeReader(names, context).read()
    edges = [*stated, *implied_edges(tasks, groups)]
    check_cycles(edges, names, context)
    return replace(dag, tasks=tuple(tasks), groups=tuple(groups), edges=merge_edges(edges))
