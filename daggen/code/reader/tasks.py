"""Tasks made by calling an operator's class, at once or by `partial(...).expand(...)`."""

from __future__ import annotations

from daggen.code.graph import Ref
from daggen.code.reader import names
from daggen.code.reader.arguments import Arguments
from daggen.code.reader.edges import adopt, relate
from daggen.code.reader.iteration import connect_outputs
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    DagObject,
    EnumText,
    GroupObject,
    LocalClass,
    Opaque,
    OperatorPartial,
    TaskObject,
    XCom,
)
from daggen.code.reader.templated import templated
from daggen.code.reader.values import references

_PLACE = ("task_id", "dag", "task_group")


def operator_path(operator: object) -> str:
    """Write an operator's class as a dotted name; one of the file itself has a leading dot."""
    if isinstance(operator, Ref):
        return operator.dotted
    return f".{operator.name}" if isinstance(operator, LocalClass) else "?"


def make_task(machine: Machine, operator: object, passed: Arguments) -> TaskObject:
    """Make the task that `Operator(task_id=..., ...)` stands for."""
    dag, group = place(machine, passed.kwargs, passed.line)
    task = TaskObject(
        prefixed(group, passed.kwargs.get("task_id")),
        operator_path(operator),
        {name: value for name, value in passed.kwargs.items() if name not in _PLACE},
        templated(operator, machine.templated),
        lines=dict(passed.lines),
        line=passed.line,
        end_line=passed.end_line,
    )
    add_task(machine, task, dag, group)
    if passed.unsure:
        part = f"task {task.task_id}" if task.task_id else "tasks"
        machine_doubt(machine, task, part, "its arguments are not all known")
    connect_arguments(task, task.arguments)
    return task


def machine_doubt(machine: Machine, task: TaskObject, part: str, reason: str) -> None:
    """Note a doubt on the DAG of a task."""
    if task.dag is not None:
        task.dag.doubt(part, reason, task.line)
    else:
        machine.doubt(part, reason, task.line)


def place(
    machine: Machine, kwargs: dict[str, object], line: int
) -> tuple[DagObject | None, GroupObject | None]:
    """Find the DAG and the group a task is made in, from its arguments and the open blocks."""
    dag: object = kwargs.get("dag") or machine.dag
    group: object = kwargs.get("task_group")
    if dag is not None and not isinstance(dag, DagObject):
        machine.doubt("tasks", "a task is given a dag that cannot be known", line)
        return None, None
    if group is not None and not isinstance(group, GroupObject):
        if dag is not None:
            dag.doubt("tasks", "a task is given a group that cannot be known", line)
            dag.doubt("edges", "a task is given a group that cannot be known", line)
        return dag, None
    if group is None and dag is not None:
        group = machine.group(dag)
    return dag, group


def prefixed(group: GroupObject | None, task_id: object) -> str | None:
    """Give a task's id with the prefix of its group, None when it cannot be known."""
    if not isinstance(task_id, str):
        return None
    task_id = task_id.plain if isinstance(task_id, EnumText) else task_id
    return task_id if group is None else group.child_id(task_id)


def add_task(
    machine: Machine, task: TaskObject, dag: DagObject | None, group: GroupObject | None
) -> None:
    """Put a task into its group, its DAG and the open setup contexts."""
    if group is not None:
        task.group = group
        group.children.append(task)
    if not task.expand:  # Airflow leaves mapped tasks out of setup contexts
        machine.setups.add(task)
    if dag is not None:
        adopt(task, dag)


def connect_arguments(task: TaskObject, arguments: dict[str, object]) -> None:
    """Make the edges from all tasks whose outputs the arguments hold."""
    for name, value in arguments.items():
        connect_outputs(task, name, value, task.lines.get(name, task.line))


def make_partial(operator: object, passed: Arguments) -> OperatorPartial:
    """`Operator.partial(...)`: the arguments that all instances share."""
    return OperatorPartial(
        operator, dict(passed.kwargs), dict(passed.lines), passed.line, passed.unsure
    )


def expand_partial(
    machine: Machine, partial: OperatorPartial, method: str, passed: Arguments
) -> TaskObject:
    """`partial.expand(...)` or `partial.expand_kwargs(...)`: a mapped task."""
    kwargs = partial.kwargs
    dag, group = place(machine, kwargs, partial.line)
    task = TaskObject(
        prefixed(group, kwargs.get("task_id")),
        operator_path(partial.operator),
        {name: value for name, value in kwargs.items() if name not in _PLACE},
        templated(partial.operator, machine.templated),
        expand=expansion(method, passed),
        lines={**partial.lines, **passed.lines},
        line=partial.line,
        end_line=passed.end_line,
    )
    add_task(machine, task, dag, group)
    if partial.unsure or passed.unsure:
        part = f"task {task.task_id}" if task.task_id else "tasks"
        machine_doubt(machine, task, part, "its arguments are not all known")
    connect_expansion(task, passed.line)
    connect_arguments(task, task.arguments)
    return task


def expansion(method: str, passed: Arguments) -> dict[str, object]:
    """What a task is mapped over, by argument; `expand_kwargs` stands under that name."""
    if method == "expand":
        return {**passed.kwargs, "**": Opaque("**")} if passed.unsure else dict(passed.kwargs)
    return {"expand_kwargs": passed.get("kwargs", 0)}


def connect_expansion(task: TaskObject, line: int) -> None:
    """Make the edges from the tasks whose outputs a task is mapped over."""
    for value in task.expand.values():
        for before in references(value):
            relate(task, before, upstream=True, line=line)


def is_operator(machine: Machine, operator: object, passed: Arguments) -> bool:
    """Tell whether calling a class makes a task."""
    if isinstance(operator, Ref):
        if not names.is_class_name(operator.dotted) or names.is_no_operator(operator.dotted):
            return False
        sounds = names.is_operator_like(operator.dotted)
        return "task_id" in passed.kwargs or (sounds and passed.unsure)
    if isinstance(operator, LocalClass):
        return derives_from_operator(operator)
    return False


def derives_from_operator(operator: LocalClass) -> bool:
    """Tell whether a class of the file is an operator, by the names of its bases."""
    return any(
        (
            names.is_operator_like(base.dotted) or names.is_base_operator(base.dotted)
            if isinstance(base, Ref)
            else isinstance(base, LocalClass) and derives_from_operator(base)
        )
        for base in operator.bases
    )


def output_of(task: TaskObject) -> XCom:
    """What a task returns."""
    return XCom(((task, "return_value"),))
