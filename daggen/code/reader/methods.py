"""The methods of tasks, groups, outputs and DAGs that change a DAG."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from daggen.code.reader import operators
from daggen.code.reader.arguments import Arguments
from daggen.code.reader.builtins import UNKNOWN
from daggen.code.reader.edges import adopt, relate
from daggen.code.reader.iteration import elements
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    NODES,
    Built,
    DagObject,
    GroupObject,
    Label,
    Node,
    TaskObject,
    XCom,
)
from daggen.code.reader.taskflow import TEARDOWN_RULE

_HARMLESS = frozenset(
    {"add_inlets", "add_outlets", "cli", "doc_md", "get_dag", "param", "test", "topological_sort"}
    | {"validate", "log", "get_template_env", "resolve_template_files", "check_cycle", "clear"}
)
_JOINS = frozenset({"map", "zip", "concat"})


def node_method(machine: Machine, owner: Node, name: str, passed: Arguments) -> object:
    """Call a method of a task, a group, an output or a label."""
    if name in ("set_upstream", "set_downstream"):
        return _relate(machine, owner, name, passed)
    if name in _JOINS and isinstance(owner, XCom):
        others = [value for value in passed.args if isinstance(value, XCom)]
        refs = [ref for part in (owner, *others) for ref in part.references]
        return XCom(tuple(dict.fromkeys(refs)), name, (owner, *passed.args))
    if name in ("as_setup", "as_teardown") and isinstance(owner, TaskObject | XCom):
        return _flag(machine, owner, name, passed)
    if name == "add" and isinstance(owner, GroupObject):
        return _add(machine, owner, passed)
    if name in _HARMLESS:
        return Built(f"{type(owner).__name__}.{name}") if name != "get_dag" else UNKNOWN
    operators.doubt_edges(machine, [owner], f"what .{name}() does cannot be told", passed.line)
    return UNKNOWN


def _relate(machine: Machine, owner: Node, name: str, passed: Arguments) -> object:
    others = passed.get("task_or_task_list", 0, passed.get("other"))
    label = passed.get("edge_modifier", 1)
    if machine.is_tainted(others) or passed.unsure:
        operators.doubt_edges(machine, [owner], f".{name}() of an unknown list", passed.line)
        return None
    relate(
        owner,
        others,
        upstream=name == "set_upstream",
        line=passed.line,
        label=label if isinstance(label, Label) else None,
    )
    return None


def _flag(machine: Machine, owner: TaskObject | XCom, name: str, passed: Arguments) -> object:
    """`as_setup()` and `as_teardown(setups=...)`: the setups come right before the teardown."""
    tasks = [owner] if isinstance(owner, TaskObject) else [task for task, _ in owner.references]
    for task in tasks:
        if name == "as_setup":
            task.is_setup = True
            continue
        task.is_teardown = True
        task.arguments["trigger_rule"] = TEARDOWN_RULE
        if "on_failure_fail_dagrun" in passed.kwargs:
            task.arguments["on_failure_fail_dagrun"] = passed.kwargs["on_failure_fail_dagrun"]
        _join_setups(machine, task, passed)
    return owner


def _join_setups(machine: Machine, teardown: TaskObject, passed: Arguments) -> None:
    given = passed.kwargs.get("setups")
    setups = [given] if isinstance(given, NODES) else elements(machine, given)
    if given is None:
        return
    if setups is None or not all(isinstance(item, TaskObject | XCom) for item in setups):
        reason = f"the setups of {teardown.task_id} cannot be told"
        operators.doubt_edges(machine, [teardown], reason, passed.line)
        return
    for setup in setups:
        if isinstance(setup, XCom):
            setup = setup.task
        if isinstance(setup, TaskObject):
            setup.is_setup = True
            relate(setup, teardown, upstream=False, line=passed.line)


def _add(machine: Machine, group: GroupObject, passed: Arguments) -> object:
    task = passed.get("task", 0)
    if isinstance(task, TaskObject) and task.group is None:
        task.group = group
        group.children.append(task)
        return task
    group.dag.doubt("groups", "a task is moved to another group", passed.line)
    return UNKNOWN


def dag_method(machine: Machine, dag: DagObject, name: str, passed: Arguments) -> object:
    """Call a method of a DAG."""
    if name in ("get_task", "has_task") and not dag.doubts:
        wanted = passed.get("task_id", 0)
        if isinstance(wanted, str):
            found = dag.tasks.get(wanted)
            return found is not None if name == "has_task" else found or UNKNOWN
    if name in ("add_task", "add_tasks"):
        return _add_tasks(machine, dag, passed)
    if name in _HARMLESS:
        return Built(f"DAG.{name}")
    if name == "add_result":
        return passed.get("xcom_arg", 0)
    operators.doubt_edges(machine, [dag], f"what .{name}() does cannot be told", passed.line)
    dag.doubt("tasks", f"what .{name}() does cannot be told", passed.line)
    return UNKNOWN


def _add_tasks(machine: Machine, dag: DagObject, passed: Arguments) -> object:
    given = passed.get("task", 0, passed.get("tasks"))
    tasks = [given] if isinstance(given, TaskObject) else elements(machine, given)
    if tasks is None:
        dag.doubt("tasks", "tasks are added that cannot be told", passed.line)
    for task in tasks or []:
        if isinstance(task, TaskObject) and task.dag is None:
            adopt(task, dag)
        elif not isinstance(task, TaskObject):
            dag.doubt("tasks", "a task is added that cannot be told", passed.line)
    return None


def chain(machine: Machine, passed: Arguments) -> object:
    """`chain(a, [b, c], [d, e], f)`: equal lists pair up, all else is as with `>>`."""
    if passed.unsure or any(machine.is_tainted(arg) for arg in passed.args):
        operators.doubt_edges(machine, passed.args, "a chain that cannot be told", passed.line)
    for left, right in pairwise(passed.args):
        if isinstance(left, NODES):
            relate(left, right, upstream=False, line=passed.line)
        elif isinstance(right, NODES):
            relate(right, left, upstream=True, line=passed.line)
        else:
            _chain_lists(machine, left, right, passed.line)
    return None


def _chain_lists(machine: Machine, left: object, right: object, line: int) -> None:
    before, after = elements(machine, left), elements(machine, right)
    if before is None or after is None or len(before) != len(after):
        operators.doubt_edges(machine, [left, right], "a chain that cannot be told", line)
        return
    for one, other in zip(before, after, strict=True):
        if isinstance(one, NODES):
            relate(one, other, upstream=False, line=line)
        else:
            operators.doubt_edges(machine, [one, other], "a chain that cannot be told", line)


def chain_linear(machine: Machine, passed: Arguments) -> object:
    """`chain_linear(a, [b, c], [d, e])`: every task of a step after every one before it."""
    steps = [_step(machine, arg) for arg in passed.args]
    if passed.unsure or any(step is None for step in steps):
        operators.doubt_edges(machine, passed.args, "a chain that cannot be told", passed.line)
    for before, after in pairwise(steps):
        if before is not None and after is not None:
            _cross(machine, before, after, passed.line)
    return None


def _step(machine: Machine, value: object) -> list[object] | None:
    return [value] if isinstance(value, NODES) else elements(machine, value)


def cross_downstream(machine: Machine, passed: Arguments) -> object:
    """`cross_downstream([a, b], [c, d])`: every one of the second after all of the first."""
    before = elements(machine, passed.get("from_tasks", 0))
    target = passed.get("to_tasks", 1)
    after = _step(machine, target)
    if before is None or after is None:
        values = passed.values()
        operators.doubt_edges(machine, values, "tasks that cannot be told", passed.line)
        return None
    _cross(machine, before, after, passed.line)
    return None


def _cross(machine: Machine, before: list[object], after: list[object], line: int) -> None:
    for one in before:
        if isinstance(one, NODES):
            relate(one, list(after), upstream=False, line=line)
        else:
            operators.doubt_edges(machine, [one, *after], "a chain that cannot be told", line)


CHAINS: dict[str, Callable[[Machine, Arguments], object]] = {
    "chain": chain,
    "chain_linear": chain_linear,
    "cross_downstream": cross_downstream,
}
