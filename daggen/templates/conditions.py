"""Tests of single fields, as `{field: amount, is: ">", value: 1000}`: when one implies another."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daggen.code.literal import literal

Tests = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Range:
    """The values a field may have: an interval of numbers, perhaps a finite set, less exceptions.

    `chosen` is None while any value is allowed. Values are the same when Python says so (1 is 1.0).
    """

    low: float = float("-inf")
    high: float = float("inf")
    low_open: bool = False
    high_open: bool = False
    chosen: Mapping[Hashable, Any] | None = None
    excluded: frozenset[Hashable] = frozenset()
    numeric: bool = False

    def narrowed(self, test: str, value: Any) -> Range:
        """Give what is left when a test holds as well."""
        if test in (">", ">="):
            edge = max((self.low, self.low_open), (value, test == ">"))
            return self._with(low=edge[0], low_open=edge[1], numeric=True)
        if test in ("<", "<="):
            edge = min((self.high, not self.high_open), (value, test == "<="))
            return self._with(high=edge[0], high_open=not edge[1], numeric=True)
        values = {_key(item): item for item in (value if "in" in test else [value])}
        if test in ("!=", "not in"):
            return self._with(excluded=self.excluded | frozenset(values))
        both = values if self.chosen is None else self.chosen.keys() & values.keys()
        return self._with(chosen={key: values[key] for key in both})

    @property
    def is_empty(self) -> bool:
        """Tell whether no value is left."""
        if self.chosen is not None:
            return not self._left()
        closed = not (self.low_open or self.high_open)
        return self.low > self.high or (self.low == self.high and not closed)

    def within(self, other: Range) -> bool:
        """Tell whether each value left here is left in the other too; in doubt, not."""
        if self.chosen is not None:
            return all(other._allows(key, value) for key, value in self._left().items())
        if other.chosen is not None or (other.numeric and not self.numeric):
            return False
        return (
            (other.low, other.low_open) <= (self.low, self.low_open)
            and (self.high, not self.high_open) <= (other.high, not other.high_open)
            and all(key in self.excluded for key in other.excluded)
        )

    def _left(self) -> dict[Hashable, Any]:
        return {k: v for k, v in (self.chosen or {}).items() if self._allows(k, v)}

    def _allows(self, key: Hashable, value: Any) -> bool:
        if key in self.excluded or (self.chosen is not None and key not in self.chosen):
            return False
        if not self.numeric:
            return True
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        above = value > self.low or (value == self.low and not self.low_open)
        below = value < self.high or (value == self.high and not self.high_open)
        return above and below

    def _with(self, **changes: Any) -> Range:
        return Range(**{**vars(self), **changes})


def _key(value: Any) -> Hashable:
    return ("unhashable", literal(value)) if isinstance(value, list | dict) else value


def ranges(tests: Tests) -> dict[str, Range]:
    """Give what each field may be when all tests hold."""
    found: dict[str, Range] = {}
    for test in tests:
        field = str(test["field"])
        found[field] = found.get(field, Range()).narrowed(test["is"], test["value"])
    return found


def contradicts(tests: Tests) -> bool:
    """Tell whether the tests can never all hold."""
    return any(one.is_empty for one in ranges(tests).values())


def implies(tests: Tests, others: Tests) -> bool:
    """Tell whether the other tests hold whenever these do; in doubt, not."""
    left = ranges(tests)
    return all(left.get(field, Range()).within(one) for field, one in ranges(others).items())
