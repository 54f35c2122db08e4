"""Tasks made by `@task` functions of every kind, called, expanded or overridden."""

from __future__ import annotations

import re

from daggen.code.graph import Ref
from daggen.code.reader.arguments import Arguments
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    DagObject,
    FlagDecorator,
    Function,
    GroupObject,
    Partial,
    TaskDecorator,
    TaskMaker,
    TaskObject,
    XCom,
)
from daggen.code.reader.tasks import (
    add_task,
    connect_arguments,
    connect_expansion,
    expansion,
    machine_doubt,
    output_of,
    place,
)
from daggen.code.reader.templated import decorated, is_known_kind

_PLACE = ("task_id", "dag", "task_group")
_SUFFIX = re.compile(r"__\d+$")
TEARDOWN_RULE = "all_done_setup_success"


def decorator(kind: str, passed: Arguments) -> object:
    """`task(...)`: bare around a function, or with arguments and still waiting for it."""
    if passed.args:
        return make_maker(TaskDecorator(kind, {}, {}), passed.args[0])
    return TaskDecorator(kind, dict(passed.kwargs), dict(passed.lines), passed.unsure)


def make_maker(pending: TaskDecorator, function: object) -> TaskMaker:
    """Decorate a function: what is left to do is to call it."""
    return TaskMaker(
        pending.kind,
        function,
        name_of(function),
        pending.kwargs,
        pending.lines,
        unsure=pending.unsure,
    )


def name_of(function: object) -> str | None:
    """The name that a function gives to its task."""
    if isinstance(function, Function | TaskMaker):
        return function.name or None
    if isinstance(function, Ref):
        return function.dotted.rpartition(".")[2]
    return name_of(function.function) if isinstance(function, Partial) else None


def flagged(flag: str, target: object) -> object:
    """`@setup` or `@teardown` around a function or a `@task` function."""
    if isinstance(target, Function):
        target = make_maker(TaskDecorator("python", {}, {}), target)
    if isinstance(target, TaskMaker):
        target.is_setup = target.is_setup or flag == "setup"
        target.is_teardown = target.is_teardown or flag == "teardown"
    return target


def flag_decorator(flag: str, passed: Arguments) -> object:
    """`setup` or `teardown` called: with the function, or with arguments only."""
    return flagged(flag, passed.args[0]) if passed.args else FlagDecorator(flag)


def maker_method(machine: Machine, maker: TaskMaker, name: str, passed: Arguments) -> object:
    """`override`, `partial`, `expand` and `expand_kwargs` of a `@task` function."""
    if name == "override":
        return _evolve(maker, passed.kwargs, passed.lines, unsure=passed.unsure)
    if name == "partial":
        old = maker.kwargs.get("op_kwargs")
        shared = {**passed.kwargs, **(old if isinstance(old, dict) else {})}
        return _evolve(maker, {"op_kwargs": shared}, {}, unsure=passed.unsure)
    return _make(machine, maker, passed, expand=expansion(name, passed))


def _evolve(
    maker: TaskMaker, kwargs: dict[str, object], lines: dict[str, int], *, unsure: bool
) -> TaskMaker:
    return TaskMaker(
        maker.kind,
        maker.function,
        maker.name,
        {**maker.kwargs, **kwargs},
        {**maker.lines, **lines},
        maker.is_setup,
        maker.is_teardown,
        maker.unsure or unsure,
    )


def call_maker(machine: Machine, maker: TaskMaker, passed: Arguments) -> XCom:
    """Call a `@task` function: a task, whose output the call gives."""
    return _make(machine, maker, passed, expand={})


def _make(
    machine: Machine, maker: TaskMaker, passed: Arguments, *, expand: dict[str, object]
) -> XCom:
    dag, group = place(machine, maker.kwargs, passed.line)
    operator, fields = decorated(maker.kind)
    arguments = {k: v for k, v in maker.kwargs.items() if k not in _PLACE}
    arguments["python_callable"] = maker.function
    if not expand and passed.args:
        arguments["op_args"] = tuple(passed.args)
    if not expand and passed.kwargs:
        arguments["op_kwargs"] = dict(passed.kwargs)
    if maker.is_teardown:
        arguments["trigger_rule"] = TEARDOWN_RULE
    task = TaskObject(
        _task_id(machine, maker, dag, group),
        operator,
        arguments,
        fields,
        expand=expand,
        is_setup=maker.is_setup,
        is_teardown=maker.is_teardown,
        lines={**maker.lines, **passed.lines},
        line=passed.line,
        end_line=passed.end_line,
    )
    add_task(machine, task, dag, group)
    _doubts(machine, maker, passed, task)
    connect_expansion(task, passed.line)
    connect_arguments(task, arguments)
    return output_of(task)


def _doubts(machine: Machine, maker: TaskMaker, passed: Arguments, task: TaskObject) -> None:
    part = f"task {task.task_id}" if task.task_id else "tasks"
    if not is_known_kind(maker.kind):
        machine_doubt(machine, task, part, f"the operator of @task.{maker.kind} is not known")
    if maker.unsure:
        machine_doubt(machine, task, part, "its arguments are not all known")
    if passed.unsure:
        machine_doubt(machine, task, part, "its arguments are not all known")
        machine_doubt(machine, task, "edges", f"the arguments of {part} are not all known")


def _task_id(
    machine: Machine, maker: TaskMaker, dag: DagObject | None, group: GroupObject | None
) -> str | None:
    """Name a task after its function; a second call gets `__1`, as Airflow counts."""
    wanted = maker.kwargs.get("task_id", maker.name)
    if not isinstance(wanted, str) or (maker.unsure and "task_id" not in maker.kwargs):
        return None
    if dag is None:
        return wanted if group is None else group.child_id(wanted)
    if maker.name in dag.hazy_names or wanted in dag.hazy_names:
        return None
    full = wanted if group is None else group.child_id(wanted)
    if full is None or full not in dag.tasks:
        return full
    suffixed = f"{_SUFFIX.sub('', wanted)}__{_next_suffix(dag, full)}"
    return suffixed if group is None else group.child_id(suffixed)


def _next_suffix(dag: DagObject, full: str) -> int:
    pattern = re.compile(rf"{_SUFFIX.sub('', full)}__(\d+)$")
    used = [int(match[1]) for match in map(pattern.match, dag.tasks) if match]
    return max(used, default=0) + 1
