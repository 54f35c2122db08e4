"""From what is known while reading to the plain values of a `DagGraph`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from daggen.code.graph import Call, Ref, TaskOutput, Unknown, Value
from daggen.code.reader.objects import (
    ABSTRACT,
    Built,
    Builtin,
    DagObject,
    Function,
    GroupObject,
    LocalClass,
    Opaque,
    TaskMaker,
    TaskObject,
    XCom,
)

_CONTAINERS = (list, tuple, set, frozenset)


def freeze(value: object) -> Value:
    """Turn a value into the form that a `DagGraph` holds; what cannot be told is `Unknown`."""
    if value is None or isinstance(value, bool | int | float | complex | str | bytes | Ref):
        return value
    if isinstance(value, list):
        return [freeze(item) for item in value]
    if isinstance(value, tuple):
        return tuple(freeze(item) for item in value)
    if isinstance(value, set | frozenset):
        return {freeze(item) for item in value}
    if isinstance(value, dict):
        return {freeze(key): freeze(item) for key, item in value.items()}
    if isinstance(value, range):
        return list(value)
    return _freeze_object(value)


def freeze_all(values: Mapping[str, object]) -> dict[str, Value]:
    """Freeze the values of a mapping of arguments."""
    return {name: freeze(value) for name, value in values.items()}


def _freeze_object(value: object) -> Value:
    if isinstance(value, Opaque):
        return Unknown(value.source)
    if isinstance(value, XCom):
        return _freeze_xcom(value)
    if isinstance(value, Built):
        args = tuple(freeze(item) for item in value.args)
        return Call(value.function, args, freeze_all(value.kwargs))
    if isinstance(value, Function):
        return Ref(f".{value.name}") if value.name else Unknown("lambda")
    if isinstance(value, LocalClass):
        return Ref(f".{value.name}")
    if isinstance(value, TaskMaker) and value.name:
        return Ref(f".{value.name}")
    if isinstance(value, Builtin):
        return Ref(f"builtins.{value.name}")
    return Unknown(describe(value))


def _freeze_xcom(xcom: XCom) -> Value:
    if xcom.is_plain:
        task, key = xcom.references[0]
        return Unknown("output") if task.task_id is None else TaskOutput(task.task_id, key)
    return Call(f"XComArg.{xcom.method}", tuple(freeze(part) for part in xcom.parts))


def describe(value: object) -> str:
    """Name an object of the reader in a message."""
    if isinstance(value, TaskObject):
        return f"task {value.task_id}" if value.task_id else "a task"
    if isinstance(value, GroupObject):
        return f"group {value.group_id}" if value.group_id else "a group"
    if isinstance(value, DagObject):
        return f"dag {value.dag_id}" if value.dag_id else "a dag"
    if isinstance(value, Opaque):
        return value.source
    if isinstance(value, Ref):
        return value.dotted
    if isinstance(value, Built):
        return f"{value.function}(...)"
    return type(value).__name__


def text_of(value: object) -> str | None:
    """Give what `str(value)` would be, None when that cannot be known."""
    if isinstance(value, XCom):
        return _xcom_text(value)
    if isinstance(value, str):
        return value
    if is_concrete(value):
        return str(value)
    return None


def _xcom_text(xcom: XCom) -> str | None:
    task, key = xcom.references[0]
    dag_id = task.dag.dag_id if task.dag else None
    if not xcom.is_plain or task.task_id is None or dag_id is None:
        return None
    pull = f"task_ids='{task.task_id}', dag_id='{dag_id}', key='{key}'"
    return f"{{{{ task_instance.xcom_pull({pull}) }}}}"


def is_concrete(value: object) -> bool:
    """Tell whether a value, and all that it holds, is plain Python data."""
    if isinstance(value, ABSTRACT):
        return False
    if isinstance(value, dict):
        return all(is_concrete(k) and is_concrete(v) for k, v in value.items())
    if isinstance(value, _CONTAINERS):
        return all(is_concrete(item) for item in value)
    return True


def references(value: object) -> Iterator[TaskObject]:
    """Find the tasks whose output a value holds, as deeply as Airflow looks for them."""
    if isinstance(value, XCom):
        for task, _ in value.references:
            yield task
    elif isinstance(value, _CONTAINERS):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from references(item)
    elif isinstance(value, TaskObject):
        for name in sorted(value.template_fields or ()):
            yield from references(value.arguments.get(name))


def holds_unknown(value: object) -> bool:
    """Tell whether a value, or something in it, may be anything (also the output of a task)."""
    if isinstance(value, Opaque):
        return not value.tame
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, _CONTAINERS):
        return any(holds_unknown(item) for item in value)
    return False


def parts_of(value: object) -> Iterator[object]:
    """Go through a value and all that it holds."""
    yield value
    if isinstance(value, dict):
        for item in value.values():
            yield from parts_of(item)
    elif isinstance(value, _CONTAINERS):
        for item in value:
            yield from parts_of(item)
    elif isinstance(value, Built):
        for item in (*value.args, *value.kwargs.values()):
            yield from parts_of(item)
