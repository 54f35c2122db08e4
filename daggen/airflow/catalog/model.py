"""An operator, and what it takes, as the catalog knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


class _NotLiteral:
    """A default that only running code can tell."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOT_LITERAL"


NOT_LITERAL: Final = _NotLiteral()


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an operator.

    `types` are words of a small vocabulary: str, int, float, bool, bytes, list, iterable (which a
    str is too), dict, duration, datetime, callable, object, enum (one of `choices`), None, any.
    `default` is `NOT_LITERAL` where it comes from code; then `expression` may have its text.
    `ignored` says that this version of Airflow takes the argument and does nothing with it.
    `since` is the version of its distribution that it is new in, "" where that is not known.
    """

    name: str
    types: frozenset[str] = frozenset({"any"})
    choices: tuple[object, ...] = ()
    required: bool = False
    default: object = NOT_LITERAL
    expression: str = ""
    positional: bool = False
    ignored: bool = False
    since: str = ""


@dataclass(frozen=True, slots=True)
class Exclusive:
    """Arguments of which at most one (`limit`), at least one (`needs`), or both, is given.

    With `when_true`, one counts as given where it is true; otherwise where it is not null.
    """

    names: tuple[str, ...]
    limit: bool = False
    needs: bool = False
    when_true: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """A class or decorator that the catalog knows.

    `kind` is operator, sensor, transfer, notifier, decorator, dag or group. `fixed` are names
    that its bases take and it does not (it sets them itself); `is_open` says that it takes any
    name. `templated` are its template fields; `short` the name of a decorator (`task.bash`);
    `since` the version of its distribution that it is new in, "" where that is not known.
    """

    dotted: str
    kind: str
    arguments: Mapping[str, Argument]
    own: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    templated: frozenset[str] = frozenset()
    summary: str = ""
    distribution: str = ""
    version: str = ""
    since: str = ""
    deprecated: str = ""
    base: str = ""
    short: str = ""
    is_open: bool = False
    aliases: tuple[str, ...] = ()
    exclusive: tuple[Exclusive, ...] = ()

    @property
    def name(self) -> str:
        """Give the name people use: the class's, or the decorator's."""
        return f"@{self.short}" if self.short else self.dotted.rpartition(".")[2]

    @property
    def required(self) -> frozenset[str]:
        """Give the names that must be there."""
        return frozenset(name for name, each in self.arguments.items() if each.required)

    @property
    def is_task(self) -> bool:
        """Tell whether it makes a task."""
        return self.kind in ("operator", "sensor", "transfer", "decorator")


def operator_from(
    dotted: str, entry: Mapping[str, Any], base: Operator | None, distribution: str, version: str
) -> Operator:
    """Make an operator of a stored entry and the base whose arguments it inherits."""
    own = {name: _argument(name, row) for name, row in entry["arguments"].items()}
    without = frozenset(entry.get("without", ()))
    inherited = base.arguments if base else {}
    kept = {name: each for name, each in inherited.items() if name not in without}
    return Operator(
        dotted=dotted,
        kind=entry["kind"],
        arguments={**kept, **own},
        own=frozenset(own),
        fixed=frozenset(entry.get("fixed", ())),
        templated=frozenset(entry.get("templated", ())),
        summary=entry.get("doc", ""),
        distribution=distribution,
        version=version,
        since=entry.get("since", ""),
        deprecated=entry.get("deprecated", ""),
        base=entry.get("base", ""),
        short=entry.get("short", ""),
        is_open=bool(entry.get("open", False)),
        aliases=tuple(entry.get("aliases", ())),
        exclusive=_exclusive(entry, {**kept, **own}, base),
    )


def _exclusive(
    entry: Mapping[str, Any], arguments: Mapping[str, Argument], base: Operator | None
) -> tuple[Exclusive, ...]:
    own = (Exclusive(**{**row, "names": tuple(row["names"])}) for row in entry.get("exclusive", ()))
    inherited = base.exclusive if base else ()
    return (*own, *(each for each in inherited if arguments.keys() >= set(each.names)))


def _argument(name: str, row: Mapping[str, Any]) -> Argument:
    return Argument(
        name=name,
        types=frozenset(row["type"].split("|")),
        choices=tuple(row.get("choices", ())),
        required=bool(row.get("required", False)),
        default=row.get("default", NOT_LITERAL),
        expression=row.get("expression", ""),
        positional=bool(row.get("positional", False)),
        ignored=bool(row.get("ignored", False)),
        since=row.get("since", ""),
    )
