"""What `value.name` gives, for each kind of value."""

from __future__ import annotations

import ast

from daggen.code.graph import Ref
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    Bound,
    DagObject,
    Function,
    GroupObject,
    LocalClass,
    Opaque,
    TaskMaker,
    TaskObject,
    XCom,
)

_MISSING = object()
_TASK_METHODS = frozenset(
    {"as_setup", "as_teardown", "get_dag", "set_downstream", "set_upstream"}
    | {"add_inlets", "add_outlets", "update_relative", "expand", "expand_kwargs"}
)


def attribute(machine: Machine, node: ast.Attribute, owner: object) -> object:
    """Give an attribute of a value; a method is given as `Bound`, ready to be called."""
    name = node.attr
    if isinstance(owner, Ref):
        return Ref(f"{owner.dotted}.{name}")
    if isinstance(owner, Opaque):
        return Opaque(machine.text(node), owner.tame)
    if isinstance(owner, TaskObject):
        return _of_task(machine, node, owner)
    if isinstance(owner, XCom):
        return _of_task(machine, node, owner.task) if name == "operator" else _of_xcom(owner, name)
    if isinstance(owner, GroupObject):
        return _of_group(machine, node, owner)
    if isinstance(owner, DagObject):
        return _of_dag(machine, node, owner)
    if isinstance(owner, LocalClass):
        return _of_class(machine, node, owner)
    if isinstance(owner, TaskMaker) and name in ("function", "__wrapped__"):
        return owner.function
    if isinstance(owner, Function | TaskMaker) and name == "__name__":
        return owner.name or "<lambda>"
    return Bound(owner, name)


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


def _of_xcom(xcom: XCom, name: str) -> object:
    return xcom.references[0][1] if name == "key" and xcom.is_plain else Bound(xcom, name)


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


def _of_class(machine: Machine, node: ast.Attribute, owner: LocalClass) -> object:
    """A constant or a static method of a class of the file."""
    if node.attr == "__name__":
        return owner.name
    found = owner.scope.names.get(node.attr, _MISSING)
    if found is _MISSING or isinstance(found, Function):
        return Bound(owner, node.attr)
    return found
