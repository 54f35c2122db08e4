"""Sensors: each has a timeout of its own."""

from __future__ import annotations

from collections.abc import Callable

from daggen.diagnostics.codes.sensors import ENDLESS_SENSOR
from daggen.specs.document import Path
from daggen.specs.model.context import Context
from daggen.specs.model.spec import TaskSpec
from daggen.specs.model.values import Value

CLOCKS = ("TimeDeltaSensor", "DateTimeSensor", "TimeSensor")
"""Sensors that wait for a moment, which comes by itself."""

Effective = Callable[[str], tuple[Value, Path]]
"""Gives an argument of a task as it will have it, defaults included, and where it is said."""


def check_sensor(task: TaskSpec, effective: Effective, context: Context) -> None:
    """Check a task, if its operator's or decorator's name says that it is a sensor."""
    if not is_sensor(task):
        return
    timeout, _ = effective("timeout")
    if timeout is None and not task.operator.rpartition(".")[2].startswith(CLOCKS):
        context.report(
            ENDLESS_SENSOR,
            task.path,
            f'the sensor "{task.label}" has no timeout, and would wait for seven days',
            hint="add timeout: 1h, or as long as it may take",
            at_key=True,
            severity=context.doubtful,
        )


def is_sensor(task: TaskSpec) -> bool:
    """Tell by the name: `FileSensor`, `task.sensor`, `MyTeamSensorAsync`."""
    name = task.operator.rpartition(".")[2] or task.decorator.rpartition(".")[2].title()
    return "Sensor" in name
