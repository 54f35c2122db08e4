"""The values a spec can say beyond YAML's own: objects to build, names to import, references.

A value of a parsed spec is plain data (None, bool, int, float, str, list, tuple, set, dict),
a `timedelta`, a `datetime`, or one of the classes here. Nothing in it is Python text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Value = Any
"""A value as described above; nested lists and mappings hold such values again."""


@dataclass(frozen=True)
class Dotted:
    """A Python object by its dotted path, imported and not called."""

    path: str


@dataclass(frozen=True)
class Build:
    """An object made by calling what `type` names: `Build("airflow.sdk.Asset", ("s3://x",))`."""

    type: str
    args: tuple[Value, ...] = ()
    kwargs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Combine:
    """Objects joined by an operator: `&` and `|` of assets, `+` of texts."""

    operator: str
    operands: tuple[Value, ...]


@dataclass(frozen=True)
class Output:
    """What a task returns, by the task's full id; `key` names one entry of it."""

    task: str
    key: str | None = None


@dataclass(frozen=True)
class Joined:
    """What tasks return, after `zip`, `concat` or `map`: `output.method(*args, **kwargs)`.

    `output` and the arguments are outputs, joined ones among them, or the function of `map`.
    """

    method: str
    output: Value
    args: tuple[Value, ...] = ()
    kwargs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupArgument:
    """An argument of the mapped group around a task, by name."""

    name: str


def outputs_in(value: Value) -> Iterator[Output]:
    """Give every reference to a task's output inside a value, in order."""
    if isinstance(value, Output):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from outputs_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from outputs_in(item)
    elif isinstance(value, Build):
        yield from outputs_in(value.args)
        yield from outputs_in(value.kwargs)
    elif isinstance(value, Combine):
        yield from outputs_in(value.operands)
    elif isinstance(value, Joined):
        yield from outputs_in((value.output, *value.args))


def is_object(value: Value) -> bool:
    """Tell whether a value is more than YAML data: its type cannot be checked before it exists."""
    return isinstance(value, Dotted | Build | Combine | Output | Joined | GroupArgument)


__all__ = [
    "Build",
    "Combine",
    "Dotted",
    "GroupArgument",
    "Joined",
    "Output",
    "Value",
    "datetime",
    "is_object",
    "outputs_in",
    "timedelta",
]
