"""What must fit together in a spec although each value by itself is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.code.timezones import is_timezone
from daggen.diagnostics.codes.keys import DATES_REVERSED, NO_EFFECT
from daggen.diagnostics.codes.tasks import (
    BAD_MAPPING,
    CONFLICTING_KEYS,
    NO_TASKS,
)
from daggen.specs.document import Path
from daggen.specs.model.assets import ALIAS, ASSET
from daggen.specs.model.borders import check_borders
from daggen.specs.model.context import Context
from daggen.specs.model.dates import precedes
from daggen.specs.model.params import is_required
from daggen.specs.model.sensors import check_sensor
from daggen.specs.model.spec import DagSpec, GroupSpec, TaskSpec
from daggen.specs.model.values import Build, Combine, Value

_RULES_OF_FAIL_FAST = (None, "all_success", "all_done_setup_success")


def check_spec(dag: DagSpec, data: Mapping[Any, Any], context: Context) -> None:
    """Check a spec as a whole, then each of its tasks; `data` is the spec as written."""
    _check_dates(dag, data, context)
    _check_schedule(dag.arguments, context)
    _check_filled(data, context)
    for task in dag.tasks:
        _check_task(task, dag, context)
    check_borders(dag, context)


def _check_filled(data: Mapping[Any, Any], context: Context) -> None:
    """Warn of a DAG without tasks, whether `tasks` is absent or there is nothing in it."""
    if any(data.get(key) for key in ("template", "task_groups")):
        return
    is_told = context.tolerant and "tasks" in data  # where the file was translated
    if data.get("tasks") in (None, {}, []) and not is_told:
        path: Path = ("tasks",) if "tasks" in data else ()
        hint = "add tasks, task_groups or a template"
        context.report(NO_TASKS, path, "this DAG has no tasks", hint=hint, at_key=True)


def _check_dates(dag: DagSpec, data: Mapping[Any, Any], context: Context) -> None:
    arguments = dag.arguments
    defaults = arguments.get("default_args", {})
    if precedes(arguments.get("end_date"), arguments.get("start_date")):
        context.report(DATES_REVERSED, ("end_date",), "the end_date lies before the start_date")
    dated = [key in where for where in (arguments, defaults) for key in ("start_date", "end_date")]
    if (
        is_timezone(data.get("timezone"))
        and not any(dated)
        and not any(_dates_of(task) for task in dag.tasks)
    ):
        context.report(
            NO_EFFECT,
            ("timezone",),
            "without a start_date the timezone does nothing",
            hint="add a start_date",
            at_key=True,
        )


def _check_schedule(arguments: Mapping[str, Value], context: Context) -> None:
    schedule = arguments.get("schedule")
    if schedule is not None:
        _check_scheduled(arguments, context)
    if schedule == "@continuous" and arguments.get("max_active_runs") != 1:
        context.report(CONFLICTING_KEYS, ("schedule",), "@continuous needs max_active_runs: 1")
    allowed = arguments.get("allowed_run_types")
    needed = _run_type(schedule)
    if allowed is not None and needed and needed not in (allowed, *_listed(allowed)):
        context.report(
            CONFLICTING_KEYS,
            ("allowed_run_types",),
            f'the schedule makes runs of the type "{needed}", which are not allowed here',
            hint=f"add {needed}",
        )


def _check_scheduled(arguments: Mapping[str, Value], context: Context) -> None:
    """Report what Airflow refuses of a DAG that runs by itself."""
    dated = {**(arguments.get("default_args") or {}), **arguments}
    if arguments.get("catchup") is True and "start_date" not in dated and context.airflow >= (3, 0):
        message, hint = "catchup needs a start_date to catch up from", "add a start_date"
        context.report(CONFLICTING_KEYS, ("catchup",), message, hint=hint, at_key=True)
    params = arguments.get("params")
    said = params if isinstance(params, Mapping) else {}
    for name in [name for name, param in said.items() if is_required(param)]:
        message = f'the DAG runs by itself, and nobody gives "{name}" a value then'
        hint = "add a default, or schedule: null"
        context.report(CONFLICTING_KEYS, ("params", name), message, hint=hint, at_key=True)


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _run_type(schedule: Value) -> str | None:
    """Give the type of the runs that a schedule makes, None where only Airflow can tell."""
    if schedule is None:
        return "manual"
    if isinstance(schedule, list | Combine):
        return "asset_triggered"
    if isinstance(schedule, Build):
        return "asset_triggered" if schedule.type in (ASSET, ALIAS) else None
    return "scheduled"


def _dates_of(task: TaskSpec) -> bool:
    return "start_date" in task.arguments or "end_date" in task.arguments


def _check_task(task: TaskSpec, dag: DagSpec, context: Context) -> None:
    groups = _groups_around(task, dag)
    mapped = next((group for group in groups if group.mapping), None)
    if task.mapping and mapped:
        context.report(
            BAD_MAPPING,
            (*task.path, "expand"),
            f'a task of the mapped group "{mapped.group_id}" cannot be mapped itself',
            at_key=True,
        )
    if task.setup and task.teardown:
        context.report(
            CONFLICTING_KEYS,
            (*task.path, "teardown"),
            "a task is a setup or a teardown, not both",
            at_key=True,
        )
    if task.teardown and "trigger_rule" in task.arguments:
        context.report(
            NO_EFFECT,
            (*task.path, "trigger_rule"),
            "a teardown runs when its setups have succeeded, whatever its trigger_rule says",
            hint="remove it",
            at_key=True,
        )
    check_sensor(task, lambda name: _effective(name, task, dag, groups), context)
    rule, path = _effective("trigger_rule", task, dag, groups)
    if dag.arguments.get("fail_fast") is True and rule not in _RULES_OF_FAIL_FAST:
        context.report(
            CONFLICTING_KEYS,
            path,
            "with fail_fast, Airflow takes no trigger rule but all_success",
            hint="remove the trigger_rule, or fail_fast",
        )


def _effective(
    name: str, task: TaskSpec, dag: DagSpec, groups: list[GroupSpec]
) -> tuple[Value, Path]:
    """Give an argument as the task will have it, and where it is said."""
    places: list[tuple[Any, Path]] = [
        (task.arguments, task.path),
        (task.mapping.partial, (*task.path, "partial")),
        *((g.arguments.get("default_args"), (*g.path, "default_args")) for g in groups),
        (dag.arguments.get("default_args"), ("default_args",)),
    ]
    for arguments, path in places:
        if isinstance(arguments, Mapping) and name in arguments:
            return arguments[name], (*path, name)
    return None, task.path


def _groups_around(task: TaskSpec, dag: DagSpec) -> list[GroupSpec]:
    """Give the groups around a task, from the innermost; a group of broken specs may be absent."""
    groups: list[GroupSpec] = []
    group = dag.group(task.group)
    while group is not None and group not in groups:
        groups.append(group)
        group = dag.group(group.parent)
    return groups
