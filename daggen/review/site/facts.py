"""What a fleet page says of each DAG: owner, alerts, pools, assets, links to other DAGs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from daggen.code.graph import Call, DagGraph, Ref, Task, Value
from daggen.review.missing import MISSING, MaybeValue
from daggen.review.site.schedule import asset_name, is_asset
from daggen.review.texts import text

DEFAULT_POOL: Final = "default_pool"
_CALLBACKS: Final = (
    "on_failure_callback",
    "on_success_callback",
    "on_retry_callback",
    "on_execute_callback",
    "on_skipped_callback",
)
_POINTERS: Final = {"trigger_dag_id": "triggers", "external_dag_id": "waits for"}


@dataclass(frozen=True, slots=True)
class PoolUse:
    """How much of a pool one run of a DAG can use: its tasks and their slots."""

    pool: str
    tasks: int
    slots: int


@dataclass(frozen=True, slots=True)
class Link:
    """Something a DAG shares with others: `produces` an asset, `waits for` a DAG, and so on."""

    verb: str
    name: str
    is_dag: bool = False


def effective(dag: DagGraph, task: Task, name: str) -> MaybeValue:
    """Give an argument of a task with the defaults of its groups and its DAG folded in."""
    if name in task.arguments:
        return task.arguments[name]
    group_id = task.group_id
    while group_id is not None and group_id in dag.groups:
        group = dag.groups[group_id]
        found = _default(group.arguments, name)
        if found is not MISSING:
            return found
        group_id = group.parent_id
    return _default(dag.arguments, name)


def _default(arguments: Mapping[str, Value], name: str) -> MaybeValue:
    defaults = arguments.get("default_args")
    return defaults.get(name, MISSING) if isinstance(defaults, dict) else MISSING


def owners(dag: DagGraph) -> tuple[str, ...]:
    """Name the owners of a DAG's tasks, "airflow" (Airflow's default) left out."""
    found = {effective(dag, task, "owner") for task in dag.tasks.values()}
    found.add(_default(dag.arguments, "owner"))
    return tuple(sorted(name for name in found if isinstance(name, str) and name != "airflow"))


def alerts(dag: DagGraph) -> tuple[str, ...]:
    """Word what the DAG and its tasks call when they fail, succeed or retry."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in _CALLBACKS:
        for callback in _callables(dag.arguments.get(name)):
            found[f"{_event(name)}: {callback}"].add("the DAG")
        for task in dag.tasks.values():
            given = effective(dag, task, name)
            for callback in _callables(None if given is MISSING else given):
                found[f"{_event(name)}: {callback}"].add(task.task_id)
    if "deadline" in dag.arguments:
        found[f"deadline: {text(dag.arguments['deadline'])}"].add("the DAG")
    return tuple(f"{what} ({_who(whom, dag)})" for what, whom in sorted(found.items()))


def _event(name: str) -> str:
    return name.removeprefix("on_").removesuffix("_callback")


def _who(names: set[str], dag: DagGraph) -> str:
    tasks = names - {"the DAG"}
    parts = ["DAG"] if len(tasks) < len(names) else []
    if tasks:
        parts.append("all tasks" if len(tasks) == len(dag.tasks) else ", ".join(sorted(tasks)))
    return "; ".join(parts)


def _callables(value: Value) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _callables(each)
    elif isinstance(value, Ref):
        yield value.dotted.rpartition(".")[2]
    elif isinstance(value, Call):
        yield value.function.rpartition(".")[2]
    elif value is not None:
        yield text(value)


def pool_uses(dag: DagGraph) -> tuple[PoolUse, ...]:
    """Sum up the slots that a DAG's tasks ask of each pool."""
    tasks: defaultdict[str, list[int]] = defaultdict(list)
    for task in dag.tasks.values():
        tasks[pool_of(dag, task)].append(slots_of(dag, task))
    return tuple(PoolUse(pool, len(slots), sum(slots)) for pool, slots in sorted(tasks.items()))


def pool_of(dag: DagGraph, task: Task) -> str:
    """Name the pool in which a task runs."""
    pool = effective(dag, task, "pool")
    return pool if isinstance(pool, str) and pool else DEFAULT_POOL


def slots_of(dag: DagGraph, task: Task) -> int:
    """Count the slots a task takes, for all its instances if it is mapped over a known list."""
    slots = effective(dag, task, "pool_slots")
    count = slots if isinstance(slots, int) else 1
    for value in task.expand.values():
        if isinstance(value, list | tuple | dict):
            count *= max(1, len(value))
    return count


def links(dag: DagGraph) -> tuple[Link, ...]:
    """List the assets and the DAGs that this DAG depends on or that depend on it."""
    found = {Link("waits for", name) for name in _assets(dag.arguments.get("schedule"))}
    for task in dag.tasks.values():
        found |= {Link("produces", name) for name in _assets(task.arguments.get("outlets"))}
        found |= {Link("reads", name) for name in _assets(task.arguments.get("inlets"))}
        for argument, verb in _POINTERS.items():
            other = task.arguments.get(argument)
            if isinstance(other, str):
                found.add(Link(verb, other, is_dag=True))
    return tuple(sorted(found, key=lambda link: (link.verb, link.name)))


def _assets(value: Value) -> Iterator[str]:
    """Find assets anywhere in a value: lists, conditions, `AssetOrTimeSchedule(assets=…)`."""
    if is_asset(value):
        yield asset_name(value)
    elif isinstance(value, Call):
        for each in (*value.args, *value.kwargs.values()):
            yield from _assets(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _assets(each)
