"""`default_args`: checked here, since Airflow drops what no operator takes without a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import UNKNOWN_DEFAULT_ARG, WRONG_TYPE
from daggen.specs.document import Path
from daggen.specs.model.context import Context, shown
from daggen.specs.model.keys import read_keys
from daggen.specs.model.objects import read_value
from daggen.specs.model.scalars import Kind
from daggen.specs.model.seconds import SECONDS_KEYS, expand_seconds
from daggen.specs.model.task_keys import (
    DURATION_ARGUMENTS,
    SENSOR_KEYS,
    TASK_GONE,
    TASK_KEYS,
)
from daggen.specs.model.values import Value

DEFAULT_ARGUMENTS = {**TASK_KEYS, **SENSOR_KEYS, **DURATION_ARGUMENTS}
"""Keys that `default_args` may have whatever the operators are."""
_DAG_ONLY = frozenset(
    "schedule catchup tags description max_active_runs max_active_tasks dagrun_timeout "
    "owner_links access_control dag_display_name fail_fast is_paused_upon_creation "
    "template_searchpath user_defined_macros user_defined_filters timezone".split()
)
_OF_ONE_TASK = ("dependencies", "operator", "decorator", "python_callable", "task_group_name")
_OF_MANY_OPERATORS = frozenset(
    "deferrable conn_id database hook_params project_id location region region_name verify "
    "impersonation_chain namespace image warehouse schema role env cwd".split()
)
"""Arguments of so many operators that their names are no mistakes."""


def _read_default_args(raw: Any, path: Path, context: Context) -> Value:
    if not isinstance(raw, Mapping):
        return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
    if not context.tolerant:
        raw = expand_seconds(raw, path, context)
    gone = {} if context.tolerant else TASK_GONE
    said = {name: item for name, item in raw.items() if item is not None}
    values = read_keys(said, path, context, DEFAULT_ARGUMENTS, gone)
    values |= {name: None for name in raw if name not in said}
    for name, item in raw.items():
        if name not in DEFAULT_ARGUMENTS and name not in gone:
            if name != "timezone" or not context.tolerant:
                _check_unknown(name, (*path, name), context)
            values[name] = read_value(item, (*path, name), context)
    return {name: values[name] for name in raw if name in values}


def hint_of_tasks(name: Any) -> str:
    """Say where an argument of tasks goes that stands at a DAG or a group; "" for other names."""
    if name in _OF_ONE_TASK:
        return "it belongs to a task: write it below the name of the task"
    return "tasks have it: write it under default_args" if name in DEFAULT_ARGUMENTS else ""


def _check_unknown(name: Any, path: Path, context: Context) -> None:
    """Report a key that looks like a mistake; the others may be those of certain operators."""
    if context.tolerant and name in SECONDS_KEYS:
        return  # told where the file was translated
    if name in TASK_GONE:
        context.report(
            UNKNOWN_DEFAULT_ARG,
            path,
            f'no task takes "{name}" today',
            hint=TASK_GONE[name].instead,
            at_key=True,
            severity=context.doubtful,
        )
    elif name in _DAG_ONLY:
        context.report(
            UNKNOWN_DEFAULT_ARG,
            path,
            f'"{name}" is an argument of the DAG, not of its tasks',
            hint="move it out of default_args",
            at_key=True,
            severity=context.doubtful,
        )
    elif not isinstance(name, str) or not name.isidentifier():
        context.report(
            UNKNOWN_DEFAULT_ARG, path, f"{shown(name)} is no name of an argument", at_key=True
        )
    elif name not in _OF_MANY_OPERATORS and (hint := suggest(name, DEFAULT_ARGUMENTS)):
        context.report(
            UNKNOWN_DEFAULT_ARG,
            path,
            f'"{name}" is no argument that every task has',
            hint=hint,
            at_key=True,
            severity=context.doubtful,
        )


DEFAULT_ARGS = Kind(_read_default_args, {"type": "object"})
