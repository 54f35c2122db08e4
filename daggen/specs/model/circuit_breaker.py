"""The key `circuit_breaker` of a task: the circuit that its operator's work is put behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daggen.diagnostics.codes.keys import WRONG_TYPE
from daggen.diagnostics.codes.tasks import CONFLICTING_KEYS
from daggen.specs.document import Path
from daggen.specs.model.context import Context, shown
from daggen.specs.model.keys import Key, read_keys, report_unknown
from daggen.specs.model.scalars import POSITIVE, TEXT, choice
from daggen.specs.model.spec import TaskSpec
from daggen.specs.model.task_keys import DURATION_ARGUMENTS
from daggen.specs.model.values import Value

KEY = "circuit_breaker"
MIXIN = "daggen_runtime.circuit_breaker.CircuitBreakerMixin"

CIRCUIT_BREAKER_KEYS: Mapping[str, Key] = {
    "circuit": Key(TEXT, "The name of the circuit, which tasks may share; the task's own without"),
    "failure_threshold": Key(POSITIVE, "How many failures in a row open the circuit"),
    "recovery_timeout": DURATION_ARGUMENTS["recovery_timeout"],
    "probe_timeout": DURATION_ARGUMENTS["probe_timeout"],
    "when_open": Key(choice(("fail", "skip"), own=False), "What a task does while it is open"),
}
"""The arguments of the mixin's constructor."""


def with_circuit_breaker(task: TaskSpec, raw: Any, context: Context) -> TaskSpec:
    """Give a task the circuit breaker that its key says; `true` takes all defaults.

    `raw` is the value of the key, None where the task does not have it.
    """
    path = (*task.path, KEY)
    if raw is None or raw is False:
        return task
    if raw is not True and not isinstance(raw, Mapping):
        context.report(
            WRONG_TYPE,
            path,
            f"circuit_breaker takes true or a mapping of {', '.join(CIRCUIT_BREAKER_KEYS)}, "
            f"found {shown(raw)}",
        )
        return task
    said = {} if raw is True else raw
    for name in said:
        if name not in CIRCUIT_BREAKER_KEYS:
            report_unknown(name, CIRCUIT_BREAKER_KEYS, (*path, name), context, "a circuit breaker")
    _check_fits(task, path, context)
    given = {name: item for name, item in said.items() if item is not None}
    settings = read_keys(given, path, context, CIRCUIT_BREAKER_KEYS, {})
    _check_twice(task, settings, path, context)
    return replace(task, circuit_breaker=settings)


def _check_fits(task: TaskSpec, path: Path, context: Context) -> None:
    """Report a task whose class nothing can be mixed into."""
    if task.decorator:
        message = "a decorated task cannot have a circuit breaker: only a class of operators can"
        hint = "write operator: PythonOperator, with the same python_callable"
    elif task.operator.startswith(MIXIN.removesuffix("Mixin")):
        message = f"{task.operator.rpartition('.')[2]} has a circuit breaker already"
        hint = "write its settings beside the other arguments"
    else:
        return
    context.report(CONFLICTING_KEYS, path, message, hint=hint, at_key=True)


def _check_twice(
    task: TaskSpec, settings: Mapping[str, Value], path: Path, context: Context
) -> None:
    """Report settings that the task gives as arguments as well."""
    for name in settings:
        if name in {**task.arguments, **task.mapping.partial, **task.mapping.expand}:
            context.report(
                CONFLICTING_KEYS,
                (*path, name),
                f'"{name}" is given twice: to the task, and to its circuit breaker',
                hint="leave one of them out",
                at_key=True,
            )
