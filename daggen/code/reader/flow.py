"""How a block of statements is left."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Return:
    """A function is left with a value."""

    value: object


@dataclass(frozen=True, slots=True)
class Jump:
    """`break` or `continue`; `lost` when it is not known where things go on."""

    kind: str


BREAK, CONTINUE, LOST = Jump("break"), Jump("continue"), Jump("lost")
Flow = Return | Jump | None
