"""From what is known while reading to the plain values of a `DagGraph`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from daggen.code.graph import Call, Ref, TaskOutput, Unknown, Value
from daggen.code.reader.objects import (
    ABSTRACT,
    Built,
    Builtin,
    DagObject,
    EnumText,
    Function,
    GroupObject,
    Instance,
    LocalClass,
    Opaque,
    Partial,
    TaskMaker,
    TaskObject,
    XCom,
)

_CONTAINERS = (list, tuple, set, frozenset)


class Freezer:
    """Turns values into the form that a `DagGraph` holds; what cannot be told is `Unknown`.

    `tainted` are the containers, by identity, whose contents are no longer known.
    """

    def __init__(self, tainted: Mapping[int, object]) -> None:
        self._tainted = tainted
        self._open: set[int] = set()

    def freeze(self, value: object) -> Value:
        """Freeze one value and all that it holds."""
        if isinstance(value, EnumText):
            return value.plain
        if value is None or isinstance(value, bool | int | float | complex | str | bytes | Ref):
            return value
        if id(value) in self._tainted:
            return Unknown("a value that is changed where it cannot be followed")
        if id(value) in self._open:
            return Unknown("a value that holds itself")
        self._open.add(id(value))
        frozen = self._freeze_container(value)
        self._open.discard(id(value))
        return frozen

    def _freeze_container(self, value: object) -> Value:
        if isinstance(value, list | range):
            return [self.freeze(item) for item in value]
        if isinstance(value, tuple):
            return tuple(self.freeze(item) for item in value)
        if isinstance(value, set | frozenset):
            return {self.freeze(item) for item in value}
        if isinstance(value, dict):
            return {self.freeze(key): self.freeze(item) for key, item in value.items()}
        return self._freeze_object(value)

    def freeze_all(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Freeze the values of a mapping of arguments."""
        return {name: self.freeze(value) for name, value in values.items()}

    def _freeze_object(self, value: object) -> Value:
        if isinstance(value, Built):
            args = tuple(self.freeze(item) for item in value.args)
            return Call(value.function, args, self.freeze_all(value.kwargs))
        if isinstance(value, Partial):
            args = tuple(self.freeze(item) for item in (value.function, *value.args))
            return Call("functools.partial", args, self.freeze_all(value.kwargs))
        if isinstance(value, XCom):
            return self._freeze_xcom(value)
        if isinstance(value, Function | LocalClass | TaskMaker) and value.name:
            return Ref(f".{value.name}")
        if isinstance(value, Builtin):
            return Ref(f"builtins.{value.name}")
        return Unknown(describe(value))

    def _freeze_xcom(self, xcom: XCom) -> Value:
        if xcom.is_plain:
            task, key = xcom.references[0]
            return Unknown("output") if task.task_id is None else TaskOutput(task.task_id, key)
        parts = tuple(self.freeze(part) for part in xcom.parts)
        return Call(f"XComArg.{xcom.method}", parts)


def copied(value: object, tainted: Mapping[int, object]) -> object:
    """Copy a value deeply, as Airflow copies what a DAG or a group is given."""
    if id(value) in tainted:
        return Opaque("a value that is changed where it cannot be followed")
    if isinstance(value, dict):
        return {key: copied(item, tainted) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item, tainted) for item in value]
    if isinstance(value, tuple):
        return tuple(copied(item, tainted) for item in value)
    return value


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
    if isinstance(value, Function):
        return "lambda" if not value.name else value.name
    if isinstance(value, Ref):
        return value.dotted
    if isinstance(value, Built):
        return f"{value.function}(...)"
    if isinstance(value, Instance):
        return f"{value.kind.name}(...)"
    return type(value).__name__


def text_of(value: object) -> str | None:
    """Give what `str(value)` would be, None when that cannot be known."""
    if isinstance(value, XCom):
        return _xcom_text(value)
    if isinstance(value, str) and not isinstance(value, EnumText):
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
    """Tell whether a value, or something in it, may be anything, even the output of a task."""
    return any(isinstance(part, Opaque) and not part.tame for part in parts_of(value))


def is_tame(value: object) -> bool:
    """Tell whether nothing made of a value can be, or hold, a part of a DAG."""
    wild = (TaskObject, XCom, GroupObject, DagObject)
    return not any(
        isinstance(part, wild) or (isinstance(part, Opaque) and not part.tame)
        for part in parts_of(value)
    )


def parts_of(value: object) -> Iterator[object]:
    """Go through a value and all that it holds, each once."""
    waiting, seen = [value], {id(value)}
    while waiting:
        part = waiting.pop()
        yield part
        for inner in _held_by(part):
            if id(inner) not in seen:
                seen.add(id(inner))
                waiting.append(inner)


def _held_by(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, _CONTAINERS):
        return value
    if isinstance(value, Built):
        return (*value.args, *value.kwargs.values())
    return value.attributes.values() if isinstance(value, Instance) else ()
