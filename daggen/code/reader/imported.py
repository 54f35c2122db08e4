"""Calls of imported names: Airflow's building blocks, operators, and everything else."""

from __future__ import annotations

from collections.abc import Callable

from daggen.code.graph import Ref
from daggen.code.reader import dags, groups, names, taskflow, tasks
from daggen.code.reader.arguments import Arguments
from daggen.code.reader.builtins import UNKNOWN
from daggen.code.reader.havoc import touch_unknown
from daggen.code.reader.library import call_library
from daggen.code.reader.machine import Machine
from daggen.code.reader.methods import CHAINS
from daggen.code.reader.objects import (
    Built,
    DagObject,
    FlagDecorator,
    Label,
    Opaque,
    Partial,
    Setups,
    TaskMaker,
    TaskObject,
    XCom,
)
from daggen.code.reader.values import parts_of

_JOBS = ("run_if", "skip_if")


def call_imported(machine: Machine, function: Ref, passed: Arguments) -> object:
    """Call an imported name."""
    dotted = function.dotted
    if not names.is_airflow(dotted):
        return _call_other(machine, function, passed)
    handler = _CONCEPTS.get(names.concept(dotted))
    if handler is not None:
        return handler(machine, passed)
    kind = names.task_kind(dotted)
    if kind in _JOBS:
        return FlagDecorator()
    if kind:
        return taskflow.decorator(kind, passed)
    if dotted.endswith(".asset.multi"):
        return dags.asset_decorator(passed)
    return _call_other(machine, function, passed)


def _call_other(machine: Machine, function: Ref, passed: Arguments) -> object:
    dotted = function.dotted
    owner, _, name = dotted.rpartition(".")
    if name == "partial" and names.is_class_name(owner):
        return tasks.make_partial(Ref(owner), passed)
    if tasks.is_operator(machine, function, passed):
        return tasks.make_task(machine, function, passed)
    if dotted == "functools.partial" and passed.args and not isinstance(passed.args[0], Ref):
        return _partial(passed)
    computed = call_library(machine, dotted, passed)
    if computed is not UNKNOWN:
        return computed
    if names.is_constructor(dotted):
        return _construct(machine, function, passed)
    tame = names.is_tame(dotted)
    touch_unknown(machine, passed, f"what {dotted}() does cannot be told", tame=tame)
    return UNKNOWN if tame or passed.node is None else machine.opaque(passed.node, tame=False)


def _partial(passed: Arguments) -> object:
    return Partial(passed.args[0], tuple(passed.args[1:]), dict(passed.kwargs))


def _construct(machine: Machine, function: Ref, passed: Arguments) -> object:
    """An object of an imported class, known by its class and arguments."""
    dotted = function.dotted
    if names.is_dag_like(dotted) and not names.is_airflow(dotted):
        return strange_dag(machine, dotted, passed)
    if not names.is_tame(dotted) and not names.is_airflow(dotted):
        touched = any(
            isinstance(p, TaskObject | DagObject) for v in passed.values() for p in parts_of(v)
        )
        if touched:
            touch_unknown(machine, passed, f"what {dotted}() does cannot be told", tame=False)
    if names.is_operator_like(dotted) and machine.dag is not None:
        machine.doubt("tasks", f"{dotted} is made without a task_id", passed.line)
    if passed.unsure:
        return UNKNOWN
    return Built(dotted, tuple(passed.args), dict(passed.kwargs))


def strange_dag(machine: Machine, dotted: str, passed: Arguments) -> object:
    """A DAG or a group of a class that is not Airflow's own: what it adds cannot be told."""
    first = passed.get("dag_id", 0)
    if isinstance(first, str) and dotted.lower().endswith("dag"):
        dag = dags.make_dag(machine, passed)
        reason = f"{dotted} is not Airflow's own class"
        for part in ("arguments", "tasks", "edges"):
            dag.doubt(part, reason, passed.line)
        return dag
    touch_unknown(machine, passed, f"what {dotted}() adds cannot be told", tame=False)
    return Opaque(f"{dotted}(...)", tame=False)


def is_dag_class(ref: Ref) -> bool:
    """Tell whether a name is Airflow's `DAG`."""
    return names.concept(ref.dotted) == "dag_class"


def is_tame_object(value: Built) -> bool:
    """Tell whether the methods of a built object cannot add to a DAG."""
    return names.is_tame(value.function) or names.is_airflow(value.function)


def _label(machine: Machine, passed: Arguments) -> object:
    text = passed.get("label", 0)
    return Label(text if isinstance(text, str) else "")


def _xcom(machine: Machine, passed: Arguments) -> object:
    task, key = passed.get("operator", 0), passed.get("key", 1, "return_value")
    known = isinstance(task, TaskObject) and isinstance(key, str)
    return XCom(((task, key),)) if known else UNKNOWN  # type: ignore[arg-type]


def _setups(machine: Machine, passed: Arguments) -> object:
    given = passed.get("tasks", 0)
    items = given if isinstance(given, list) else []
    known = [item.task if isinstance(item, XCom) else item for item in items]
    if not known or not all(isinstance(item, TaskObject) for item in known):
        return UNKNOWN
    return Setups([item for item in known if isinstance(item, TaskObject)])


def _identity(machine: Machine, passed: Arguments) -> object:
    target = passed.args[0] if passed.args else None
    return target if isinstance(target, TaskMaker) else UNKNOWN


_CONCEPTS: dict[str, Callable[[Machine, Arguments], object]] = {
    "asset_decorator": lambda machine, passed: dags.asset_decorator(passed),
    "dag_class": dags.make_dag,
    "dag_decorator": lambda machine, passed: dags.decorator(passed),
    "group_class": groups.make_group,
    "group_decorator": lambda machine, passed: groups.decorator(passed),
    "identity": _identity,
    "label": _label,
    "setup": lambda machine, passed: taskflow.flag_decorator("setup", passed),
    "setups": _setups,
    "task_decorator": lambda machine, passed: taskflow.decorator("python", passed),
    "teardown": lambda machine, passed: taskflow.flag_decorator("teardown", passed),
    "xcom_arg": _xcom,
    **CHAINS,
}
