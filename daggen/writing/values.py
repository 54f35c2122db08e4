"""Values of a spec as Python: literals, durations, dates, objects, references to tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from daggen.code.durations import write_timedelta
from daggen.code.literal import literal
from daggen.code.scope import Scope
from daggen.specs.model.values import (
    Build,
    Combine,
    Dotted,
    GroupArgument,
    Joined,
    Output,
    Value,
)

_DATE_PARTS = ("hour", "minute", "second", "microsecond")


def _no_outputs(output: Output) -> str:
    raise LookupError(f"no task {output.task!r} stands before this value")


@dataclass(frozen=True)
class ValueWriter:
    """Writes values for one file.

    `output` gives the expression for what a task returns (its variable's, most often);
    `arguments` the names of the parameters of mapped groups.
    """

    scope: Scope
    output: Callable[[Output], str] = field(default=_no_outputs)

    def write(self, value: Value, *, multiline: bool = False) -> str:
        """Write any value as a Python expression; long texts over several lines if asked to."""
        if isinstance(value, str):
            return literal(value, multiline=multiline)
        if isinstance(value, list):
            return f"[{self._items(value, multiline)}]"
        if isinstance(value, tuple):
            return f"({self._items(value, multiline)}{',' if len(value) == 1 else ''})"
        if isinstance(value, set):
            return self._set(value)
        if isinstance(value, Mapping):
            return self._mapping(value, multiline)
        return self._object(value)

    def keywords(self, arguments: Mapping[str, Value]) -> list[str]:
        """Write arguments as `name=value`, texts of several lines in triple quotes."""
        return [f"{name}={self.write(value, multiline=True)}" for name, value in arguments.items()]

    def _object(self, value: Value) -> str:
        match value:
            case timedelta():
                return self._timedelta(value)
            case datetime():
                return self._datetime(value)
            case Dotted(path):
                return self.dotted(path)
            case Build():
                return self._build(value)
            case Combine():
                return self._combine(value)
            case Output():
                return self.output(value)
            case Joined():
                return self._joined(value)
            case GroupArgument(name):
                return name
            case _:
                return literal(value)

    def dotted(self, path: str) -> str:
        """Write an imported name; the parts after a class, or after `task`, are attributes."""
        for prefix in ("airflow.sdk.task.", "airflow.decorators.task."):
            if path.startswith(prefix):
                return f"{self.scope.ref(prefix[:-1]).text}.{path.removeprefix(prefix)}"
        if path.startswith("pendulum."):
            return f"{self.scope.ref('pendulum').text}.{path.removeprefix('pendulum.')}"
        return self.scope.ref(path).text

    def _items(self, values: Iterable[Value], multiline: bool) -> str:
        return ", ".join(self.write(value, multiline=multiline) for value in values)

    def _mapping(self, value: Mapping[object, Value], multiline: bool) -> str:
        pairs = (
            f"{literal(key)}: {self.write(item, multiline=multiline)}"
            for key, item in value.items()
        )
        return f"{{{', '.join(pairs)}}}"

    def _set(self, value: set[Value]) -> str:
        if not value:
            return f"{self.scope.ref('set').text}()"
        return f"{{{', '.join(sorted(literal(item) for item in value))}}}"

    def _build(self, value: Build) -> str:
        if value.type == "builtins.dict" and (pairs := _pairs(value)):
            return (
                f"{{{', '.join(f'{self.write(key)}: {self.write(item)}' for key, item in pairs)}}}"
            )
        args = [self.write(item) for item in value.args]
        return call(self.dotted(value.type), [*args, *self.keywords(value.kwargs)])

    def _combine(self, value: Combine) -> str:
        operands = [self._operand(item) for item in value.operands]
        return f" {value.operator} ".join(operands)

    def _joined(self, value: Joined) -> str:
        arguments = [self.write(item) for item in value.args]
        function = f"{self.write(value.output)}.{value.method}"
        return call(function, [*arguments, *self.keywords(value.kwargs)])

    def _operand(self, value: Value) -> str:
        text = self.write(value)
        return f"({text})" if isinstance(value, Combine) else text

    def _timedelta(self, value: timedelta) -> str:
        return write_timedelta(value, self.scope)

    def _datetime(self, value: datetime) -> str:
        parts = [str(value.year), str(value.month), str(value.day)]
        time = [getattr(value, name) for name in _DATE_PARTS]
        while time and not time[-1]:
            time.pop()
        parts += [str(part) for part in time]
        zone = value.tzinfo
        if isinstance(zone, ZoneInfo) or value.utcoffset() == timedelta(0):
            name = zone.key if isinstance(zone, ZoneInfo) else "UTC"
            return call(self.dotted("pendulum.datetime"), [*parts, f"tz={literal(name)}"])
        offset = self._timedelta(value.utcoffset() or timedelta(0))
        fixed = call(self.scope.ref("datetime.timezone").text, [offset])
        return call(self.scope.ref("datetime.datetime").text, [*parts, f"tzinfo={fixed}"])


def _pairs(value: Build) -> list[list[Value]]:
    """Give the keys and values of a mapping whose keys are objects; nothing for other calls."""
    pairs = value.args[0] if len(value.args) == 1 and not value.kwargs else None
    if not isinstance(pairs, list):
        return []
    return pairs if all(isinstance(pair, list) and len(pair) == 2 for pair in pairs) else []


def call(function: str, arguments: list[str], *, spread: bool = False) -> str:
    """Write a call; with `spread` black keeps one argument a line, whatever fits."""
    return f"{function}({', '.join(arguments)}{',' if spread and arguments else ''})"
