"""What `value.name` gives, for each kind of value."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import PurePosixPath

from daggen.code.graph import Ref
from daggen.code.reader import names
from daggen.code.reader.instances import attribute_of
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    Bound,
    DagObject,
    EnumText,
    FilePath,
    Function,
    GroupObject,
    Instance,
    LocalClass,
    Opaque,
    TaskMaker,
    TaskObject,
    XCom,
)

_FILE_PARTS = ("name", "stem", "suffix")
_TASK_METHODS = frozenset(
    {"as_setup", "as_teardown", "get_dag", "set_downstream", "set_upstream"}
    | {"add_inlets", "add_outlets", "update_relative", "expand", "expand_kwargs"}
)


def attribute(machine: Machine, node: ast.Attribute, owner: object) -> object:
    """Give an attribute of a value; a method is given as `Bound`, ready to be called."""
    handler = _BY_TYPE.get(type(owner))
    return Bound(owner, node.attr) if handler is None else handler(machine, node, owner)


def _of_ref(machine: Machine, node: ast.Attribute, ref: Ref) -> object:
    dotted = f"{ref.dotted}.{node.attr}"
    value = names.enum_value(dotted)
    return EnumText(value) if value else Ref(dotted)


def _of_opaque(machine: Machine, node: ast.Attribute, owner: Opaque) -> object:
    return Opaque(machine.text(node), owner.tame)


def _of_file(machine: Machine, node: ast.Attribute, path: FilePath) -> object:
    if node.attr in _FILE_PARTS:
        return getattr(PurePosixPath(path.name), node.attr)
    return Bound(path, node.attr) if node.attr in ("resolve", "absolute") else machine.opaque(node)


def _of_text(machine: Machine, node: ast.Attribute, text: str) -> object:
    """`.value` of a member of a string enum, Airflow's or the file's own."""
    plain = text.plain if isinstance(text, EnumText) else text
    return plain if node.attr == "value" else Bound(plain, node.attr)


def _of_function(machine: Machine, node: ast.Attribute, owner: Function | TaskMaker) -> object:
    if isinstance(owner, TaskMaker) and node.attr in ("function", "__wrapped__"):
        return owner.function
    return (owner.name or "<lambda>") if node.attr == "__name__" else Bound(owner, node.attr)


def _of_task(machine: Machine, node: ast.Attribute, task: TaskObject) -> object:
    name = node.attr
    if name == "operator":
        return task
    if name == "output":
        return XCom(((task, "return_value"),))
    if name == "task_id":
        return task.task_id if task.task_id is not None else machine.opaque(node)
    if name == "dag" and task.dag is not None:
        return task.dag
    if name == "task_group" and task.group is not None:
        return task.group
    if name in ("is_setup", "is_teardown"):
        return getattr(task, name)
    if name in task.arguments and name not in _TASK_METHODS:
        return task.arguments[name]
    return Bound(task, name)


def _of_xcom(machine: Machine, node: ast.Attribute, xcom: XCom) -> object:
    if node.attr == "key" and xcom.is_plain:
        return xcom.references[0][1]
    if node.attr in ("operator", "is_setup", "is_teardown"):
        return _of_task(machine, node, xcom.task)
    return Bound(xcom, node.attr)


def _of_group(machine: Machine, node: ast.Attribute, group: GroupObject) -> object:
    if node.attr in ("group_id", "node_id"):
        known = group.group_id
        return machine.opaque(node) if known is None else known
    if node.attr == "dag":
        return group.dag
    if node.attr == "parent_group" and group.parent is not None:
        return group.parent
    return Bound(group, node.attr)


def _of_dag(machine: Machine, node: ast.Attribute, dag: DagObject) -> object:
    name = node.attr
    if name == "dag_id":
        return dag.dag_id if dag.dag_id is not None else machine.opaque(node)
    if name == "task_group":
        return dag.root
    if name in ("tasks", "task_ids", "task_dict") and not dag.doubts:
        known: dict[str, object] = {
            "tasks": list(dag.tasks.values()),
            "task_ids": list(dag.tasks),
            "task_dict": dict(dag.tasks),
        }
        return known[name]
    if name in dag.arguments and isinstance(dag.arguments[name], str | int | bool | dict | list):
        return dag.arguments[name]
    return Bound(dag, name)


_BY_TYPE: dict[type, Callable[..., object]] = {
    DagObject: _of_dag,
    FilePath: _of_file,
    Function: _of_function,
    GroupObject: _of_group,
    Instance: attribute_of,
    LocalClass: attribute_of,
    Opaque: _of_opaque,
    Ref: _of_ref,
    TaskMaker: _of_function,
    TaskObject: _of_task,
    XCom: _of_xcom,
    str: _of_text,
    EnumText: _of_text,
}
