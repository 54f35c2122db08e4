"""The arguments of `DAG(...)`, as a person would write them."""

from __future__ import annotations

from daggen.code.fragment import Code
from daggen.code.literal import literal
from daggen.code.scope import Scope
from daggen.specs.model.spec import DagSpec
from daggen.specs.model.values import Build, Combine, Value
from daggen.writing.values import ValueWriter

_ASSET_OR_TIME = "airflow.sdk.AssetOrTimeSchedule"


def dag_arguments(spec: DagSpec, scope: Scope) -> Code:
    """Write the arguments of a DAG, one keyword a line: the `dag_id`, then what the spec says.

    A schedule is always written: without one, Airflow 2 would run the DAG every day.
    """
    writer = ValueWriter(scope)
    lines = [f"dag_id={literal(spec.dag_id)}"]
    arguments = dict(spec.arguments)
    arguments["schedule"] = _for_version(arguments.get("schedule"), scope)
    for name in _order(arguments):
        value = arguments[name]
        if name == "schedule" and isinstance(value, Combine):
            lines.append(f"schedule=({writer.write(value)})")
        else:
            lines.append(f"{name}={writer.write(value, multiline=True)}")
    return Code(",\n".join(lines) + ",")


def _order(arguments: dict[str, Value]) -> list[str]:
    """Give the names in the table's order, in which the schedule has its place even if unsaid."""
    before = [name for name in ("dag_display_name", "description") if name in arguments]
    return [*before, "schedule", *(n for n in arguments if n not in ("schedule", *before))]


def _for_version(schedule: Value, scope: Scope) -> Value:
    """Name the arguments of asset schedules as Airflow 2 does, where that is the target."""
    if not isinstance(schedule, Build) or schedule.type != _ASSET_OR_TIME:
        return schedule
    if scope.airflow >= (3, 0) or "assets" not in schedule.kwargs:
        return schedule
    kwargs = {("datasets" if k == "assets" else k): v for k, v in schedule.kwargs.items()}
    return Build(schedule.type, schedule.args, kwargs)
