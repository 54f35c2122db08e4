"""What is known of the world beyond a spec: operators, and the functions it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from daggen.specs.model.task_keys import CALLABLE_ARGUMENTS, DURATION_ARGUMENTS


class KnownArgument(Protocol):
    """An argument of an operator; `types` are the catalog's words (str, duration, callable, …)."""

    @property
    def types(self) -> frozenset[str]:
        """The types it takes."""


class KnownOperator(Protocol):
    """An operator, sensor or decorator: what it is, and its arguments by name."""

    @property
    def kind(self) -> str:
        """One of operator, sensor, transfer, decorator."""

    @property
    def arguments(self) -> Mapping[str, KnownArgument]:
        """All it takes, with those of its bases."""

    @property
    def is_open(self) -> bool:
        """Whether it takes others too."""


class Operators(Protocol):
    """Knows operators by their dotted paths and short names: a catalog."""

    def find(self, name: str) -> KnownOperator | None:
        """Give an operator, None where it is not known."""

    def resolve(self, short_name: str) -> str | None:
        """Give the dotted path of a short name, None where it is unknown or ambiguous."""

    def candidates(self, short_name: str) -> Sequence[str]:
        """Give the dotted paths of all operators of a short name."""

    def replacement(self, name: str) -> str:
        """Say what does the work of an operator that is gone today; "" for other names."""

    def nearest(self, name: str) -> str:
        """Give the known name closest to another, "" when none is close."""


def _nothing(path: str) -> Sequence[str] | None:
    return None


@dataclass(frozen=True)
class Knowledge:
    """What a spec is read with. Without a catalog, well-known names of arguments must do.

    `parameters_of` gives the parameters of the function at a dotted path, None where they are
    not known: keys of a decorated task that its function has go to the function.
    """

    parameters_of: Callable[[str], Sequence[str] | None] = _nothing
    operators: Operators | None = None

    def is_sensor(self, operator: str) -> bool:
        """Tell whether an operator is a sensor, by its name where it is not known."""
        known = self._find(operator)
        if known is None or known.kind == "decorator":
            return "sensor" in operator.lower()
        return known.kind == "sensor"

    def takes(self, operator: str, argument: str) -> bool:
        """Tell whether an operator is known to take an argument."""
        known = self._find(operator)
        return known is not None and argument in known.arguments

    def is_duration(self, operator: str, argument: str) -> bool:
        """Tell whether an argument takes a `timedelta`, and no text that could mean otherwise."""
        types = self._types(operator, argument)
        if types is None:
            return argument in DURATION_ARGUMENTS
        return "duration" in types and "str" not in types

    def is_callable(self, operator: str, argument: str) -> bool:
        """Tell whether an argument takes a function, and no text."""
        types = self._types(operator, argument)
        if types is None:
            is_lambda = argument == "handler" and "sql" not in operator.lower()
            return argument in CALLABLE_ARGUMENTS and not is_lambda
        return "callable" in types and "str" not in types

    def _types(self, operator: str, argument: str) -> frozenset[str] | None:
        known = self._find(operator)
        found = known.arguments.get(argument) if known else None
        return found.types if found else None

    def _find(self, operator: str) -> KnownOperator | None:
        return self.operators.find(operator) if self.operators and operator else None
