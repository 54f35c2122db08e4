"""Bounds on what an expression may build, so that no spec exhausts the memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import filters
from jinja2.exceptions import SecurityError
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context

MAX_SIZE = 1_000_000
"""The longest text that an expression may build, in characters, and the most values."""


def too_large() -> SecurityError:
    """Give the error of a result that is refused before it is built."""
    return SecurityError("the result would be too large")


def size_of(value: Any) -> int:
    """Give the length of a text or list, and the size of a number that may multiply one."""
    if isinstance(value, str | list):
        return len(value)
    return abs(value) if isinstance(value, int) else MAX_SIZE


def count_values(value: Any) -> None:
    """Refuse data of more than `MAX_SIZE` values; a list that stands in it twice counts twice."""
    left = MAX_SIZE
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        parts = list(inner.values()) if isinstance(inner, Mapping) else inner
        if isinstance(parts, list | tuple):
            left -= len(parts)
            if left < 0:
                raise too_large()
            waiting += parts


@pass_eval_context
def _join(context: EvalContext, value: Any, d: str = "", attribute: Any = None) -> str:
    items = list(value)
    if len(items) * (len(str(d)) + 1) + sum(len(i) for i in items if isinstance(i, str)) > MAX_SIZE:
        raise too_large()
    return filters.sync_do_join(context, items, d, attribute)


@pass_eval_context
def _replace(context: EvalContext, s: str, old: str, new: str, count: int | None = None) -> str:
    if len(str(s)) * (len(str(new)) + 1) > MAX_SIZE and len(str(new)) > len(str(old)):
        raise too_large()
    return filters.do_replace(context, s, old, new, count)


def _round(value: float, precision: int = 0, method: Any = "common") -> float:
    if abs(precision) > 300:
        raise SecurityError("no number has that many digits")
    return filters.do_round(value, precision, method)


def _slice(value: Any, slices: int, fill_with: Any = None) -> Any:
    if slices > MAX_SIZE:
        raise too_large()
    return filters.sync_do_slice(value, slices, fill_with)


BOUNDED: dict[str, Callable[..., Any]] = {
    "join": _join,
    "replace": _replace,
    "round": _round,
    "slice": _slice,
}
"""The filters whose result may be far larger than what they are given, with their bounds."""
