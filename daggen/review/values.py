"""Values of a DAG, compared by meaning."""

from __future__ import annotations

import ast
import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from daggen.code.graph import Call, Ref, TaskOutput, Unknown, Value
from daggen.review.missing import MISSING, MaybeValue
from daggen.review.texts import text

CodeByName = Mapping[str, str]
"""What the functions that a file defines do: a form without names of variables, by name."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values that differ at `path`, a Python-like address such as `op_kwargs.rows[2]`."""

    path: str
    before: MaybeValue
    after: MaybeValue


def local_names(value: MaybeValue) -> frozenset[str]:
    """Name the functions and classes of the file itself that a value refers to."""
    match value:
        case Ref(dotted) if dotted.startswith("."):
            return frozenset({dotted[1:]})
        case Call(function, args, kwargs):
            return local_names(Ref(function)).union(*map(local_names, (*args, *kwargs.values())))
        case dict():
            return frozenset().union(*map(local_names, (*value, *value.values())))
        case list() | tuple() | set():
            return frozenset().union(*map(local_names, value))
        case _:
            return frozenset()


_UNITS: Final = {
    "weeks": 604_800_000_000,
    "days": 86_400_000_000,
    "hours": 3_600_000_000,
    "minutes": 60_000_000,
    "seconds": 1_000_000,
    "milliseconds": 1_000,
    "microseconds": 1,
}
_POSITIONS: Final = (
    "days",
    "seconds",
    "microseconds",
    "milliseconds",
    "minutes",
    "hours",
    "weeks",
)


def plain(arguments: Mapping[str, Value]) -> dict[Value, Value]:
    """Give arguments as a value of their own, to be compared as one."""
    return dict(arguments.items())


def canonical(value: MaybeValue, code: CodeByName) -> Hashable:
    """Give a form that is equal for two values exactly if they mean the same.

    The order of keyword arguments and of mappings does not matter, nor does the unit of a
    `timedelta`, nor the name of a function that the file defines: `code` says what it does.
    """
    match value:
        case Unknown(source):
            return ("unknown", _normal_source(source))
        case Ref(dotted):
            return _canonical_name(dotted, code)
        case TaskOutput(task_id, key):
            return ("output", task_id, key)
        case Call():
            return _canonical_call(value, code)
        case dict():
            pairs = ((canonical(k, code), canonical(v, code)) for k, v in value.items())
            return ("dict", frozenset(pairs))
        case set():
            return ("set", frozenset(canonical(item, code) for item in value))
        case list() | tuple():
            return (type(value).__name__, *(canonical(item, code) for item in value))
        case float():
            return ("float", repr(value))
        case _:
            return (type(value).__name__, value)


def _canonical_name(dotted: str, code: CodeByName) -> Hashable:
    if dotted.startswith(".") and dotted[1:] in code:
        return ("code", code[dotted[1:]])
    return ("name", dotted)


def _canonical_call(call: Call, code: CodeByName) -> Hashable:
    duration = timedelta_microseconds(call)
    if duration is not None:
        return ("timedelta", duration)
    kwargs = frozenset((name, canonical(value, code)) for name, value in call.kwargs.items())
    args = tuple(canonical(value, code) for value in call.args)
    return ("call", _canonical_name(call.function, code), args, kwargs)


def timedelta_microseconds(value: object) -> int | float | None:
    """Give the length of a `timedelta(...)` of plain numbers; None for anything else."""
    if not isinstance(value, Call) or value.function != "datetime.timedelta":
        return None
    if len(value.args) > len(_POSITIONS):
        return None
    parts = dict(zip(_POSITIONS, value.args, strict=False)) | dict(value.kwargs)
    total: int | float = 0
    for unit, amount in parts.items():
        if unit not in _UNITS or type(amount) not in (int, float):
            return None
        assert isinstance(amount, int | float)  # noqa: S101
        total += amount * _UNITS[unit]
    return total


@lru_cache(maxsize=4096)
def _normal_source(source: str) -> str:
    try:
        return ast.unparse(ast.parse(source.strip(), mode="eval"))
    except SyntaxError:
        return source


def differences(
    before: MaybeValue,
    after: MaybeValue,
    code: tuple[CodeByName, CodeByName],
    path: str = "",
) -> Iterator[Difference]:
    """Yield the smallest parts in which two values differ, with their paths below `path`."""
    if canonical(before, code[0]) == canonical(after, code[1]):
        return
    if isinstance(before, dict) and isinstance(after, dict) and before and after:
        for key in [*after, *(key for key in before if key not in after)]:
            pair = before.get(key, MISSING), after.get(key, MISSING)
            yield from differences(*pair, code, path + _step(key))
    elif _is_long(before) or _is_long(after):
        yield from _inside(before, after, code, path)
    else:
        yield Difference(path, before, after)


def _inside(
    before: MaybeValue, after: MaybeValue, code: tuple[CodeByName, CodeByName], path: str
) -> Iterator[Difference]:
    """Look inside long lists and calls, so that one changed element is told alone."""
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from differences(*pair, code, f"{path}[{index}]")
    elif (
        isinstance(before, Call)
        and isinstance(after, Call)
        and before.function == after.function
        and len(before.args) == len(after.args)
    ):
        for index, pair in enumerate(zip(before.args, after.args, strict=True)):
            yield from differences(*pair, code, f"{path}[{index}]")
        for name in [*after.kwargs, *(name for name in before.kwargs if name not in after.kwargs)]:
            given = before.kwargs.get(name, MISSING), after.kwargs.get(name, MISSING)
            yield from differences(*given, code, f"{path}.{name}")
    else:
        yield Difference(path, before, after)


def _is_long(value: MaybeValue) -> bool:
    return isinstance(value, list | Call) and len(text(value)) > 60


def _step(key: Value) -> str:
    if isinstance(key, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key):
        return f".{key}"
    return f"[{text(key)}]"
