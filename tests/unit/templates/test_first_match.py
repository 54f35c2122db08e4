"""Branches as data: paths that are never taken, and paths that overlap."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daggen.diagnostics import Span
from daggen.specs.document import Locations
from daggen.templates import conditions
from daggen.templates.first_match import check_first_match

UNREACHABLE, OVERLAPPING = "DG331", "DG332"


def found(kind: str, *items: dict[str, Any]) -> list[tuple[str, str]]:
    schema = {"properties": {"paths": {"x-daggen": {"first_match": kind}}}}
    locations = Locations(Span("specs/x.yaml"), {}, {})
    named = [{"task_id": name, **item} for name, item in zip("abc", items, strict=False)]
    result = check_first_match(schema, {"paths": named}, locations, ("with",))
    return [(one.code, one.message) for one in result]


def over(**limits: float) -> dict[str, Any]:
    return {"over": limits}


def at(weekdays: str = "", hours: tuple[int, int] | None = None) -> dict[str, Any]:
    when: dict[str, Any] = {"weekdays": weekdays.split()} if weekdays else {}
    return {"at": when | ({"hours": {"from": hours[0], "until": hours[1]}} if hours else {})}


def when(*tests: tuple[str, str, Any]) -> dict[str, Any]:
    return {"when": [{"field": f, "is": test, "value": value} for f, test, value in tests]}


NEVER_B = [(UNREACHABLE, '"b" can never be taken')]
NEVER_A = [(UNREACHABLE, '"a" can never be taken')]
BOTH = [(OVERLAPPING, '"a" and "b" hold at the same time')]
WEEKEND = "saturday sunday"
WORKDAYS = "monday tuesday wednesday thursday friday"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([over(n=100), over(n=10)], []),
        ([over(n=10), over(n=100)], NEVER_B),
        ([over(n=10), over(n=10)], NEVER_B),
        ([over(n=100, mb=50), over(n=10, mb=5)], []),
        ([over(n=100, mb=5), over(n=10, mb=50)], BOTH),
        ([over(n=100), over(n=10, mb=5)], []),
        ([over(n=100), over(mb=5)], BOTH),
        ([over(n=10, mb=5), over(mb=7)], NEVER_B),
        (
            [over(n=10), over(mb=5), over(n=11, mb=6)],
            [*BOTH, (UNREACHABLE, '"c" can never be taken')],
        ),
    ],
)
def test_thresholds(items: list[dict[str, Any]], expected: list[tuple[str, str]]) -> None:
    assert found("thresholds", *items) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([at(WEEKEND), at(WORKDAYS, (9, 17))], []),
        ([at(WEEKEND), at(hours=(9, 17))], BOTH),
        ([at(WEEKEND), at("sunday", (1, 2))], NEVER_B),
        ([at("sunday", (1, 2)), at(WEEKEND)], []),
        ([at(hours=(22, 6)), at(hours=(23, 24))], NEVER_B),
        ([at(hours=(22, 6)), at(hours=(6, 22))], []),
        ([at(hours=(0, 24)), at(WEEKEND)], NEVER_B),
    ],
)
def test_moments(items: list[dict[str, Any]], expected: list[tuple[str, str]]) -> None:
    assert found("moments", *items) == expected


def test_two_paths_may_cover_a_third_together() -> None:
    items = [at(hours=(0, 12)), at(hours=(12, 24)), at(WEEKEND)]
    assert found("moments", *items) == [(UNREACHABLE, '"c" can never be taken')]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"statuses": ["up"]}, {"statuses": ["down"]}], []),
        ([{"statuses": ["up", "down"]}, {"statuses": ["down"]}], NEVER_B),
        ([{"statuses": ["up", "down"]}, {"statuses": ["down", "odd"]}], BOTH),
    ],
)
def test_statuses(items: list[dict[str, Any]], expected: list[tuple[str, str]]) -> None:
    assert found("statuses", *items) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([when(("n", ">", 10)), when(("n", "<=", 10))], []),
        ([when(("n", ">", 10)), when(("n", ">", 5))], []),
        ([when(("n", ">", 10)), when(("n", ">", 20))], NEVER_B),
        ([when(("n", ">=", 10)), when(("n", ">", 10))], NEVER_B),
        ([when(("n", ">", 10)), when(("n", ">=", 10))], []),
        ([when(("n", ">", 10)), when(("n", "<", 20))], BOTH),
        ([when(("n", ">", 10), ("n", "<", 5))], NEVER_A),
        ([when(("n", ">", 10), ("n", "<", 5)), when(("n", "==", 1))], NEVER_A),
        ([when(("c", "in", ["x", "y"])), when(("c", "==", "x"))], NEVER_B),
        ([when(("c", "==", "x")), when(("c", "in", ["x", "y"]))], []),
        ([when(("c", "==", "x")), when(("c", "!=", "x"))], []),
        ([when(("c", "not in", ["x"])), when(("c", "==", "z"))], NEVER_B),
        ([when(("c", "==", "x")), when(("c", "==", "x"), ("n", ">", 1))], NEVER_B),
        ([when(("c", "==", "x")), when(("n", ">", 1))], BOTH),
        ([when(("n", "==", 1)), when(("n", "==", 1.0))], NEVER_B),
        ([when(("n", "==", 1), ("n", "==", 1.0)), when(("n", "==", 2))], []),
        ([when(("n", "==", [1])), when(("n", "==", "[1]"))], []),
    ],
)
def test_conditions(items: list[dict[str, Any]], expected: list[tuple[str, str]]) -> None:
    assert found("conditions", *items) == expected


def holds(tests: list[dict[str, Any]], value: object) -> bool:
    """Evaluate tests of the one field as the rendered Python does."""
    compare = {
        "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "in": lambda a, b: a in b,
        "not in": lambda a, b: a not in b,
    }
    return all(compare[test["is"]](value, test["value"]) for test in tests)


NUMBERS = st.integers(0, 4)
ONE_TEST = st.one_of(
    st.tuples(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS),
    st.tuples(st.sampled_from(["in", "not in"]), st.lists(NUMBERS, min_size=1, max_size=3)),
).map(lambda pair: {"field": "n", "is": pair[0], "value": pair[1]})
TESTS = st.lists(ONE_TEST, min_size=1, max_size=3)
VALUES = [value / 2 for value in range(-2, 12)]


@given(TESTS, TESTS)
def test_what_is_said_of_conditions_is_true(
    left: list[dict[str, Any]], right: list[dict[str, Any]]
) -> None:
    if conditions.contradicts(left):
        assert not any(holds(left, value) for value in VALUES)
    if conditions.implies(left, right):
        assert all(holds(right, value) for value in VALUES if holds(left, value))


@given(st.lists(st.dictionaries(st.sampled_from("xy"), NUMBERS, min_size=1), max_size=3))
def test_a_path_called_unreachable_never_is_reached(limits: list[dict[str, int]]) -> None:
    codes = found("thresholds", *({"over": one} for one in limits))
    never = {message[1] for code, message in codes if code == UNREACHABLE}
    reached = set()
    for x, y in itertools.product(range(6), repeat=2):
        facts = {"x": x, "y": y}
        for name, one in zip("abc", limits, strict=False):
            if any(facts[field] > limit for field, limit in one.items()):
                reached.add(name)
                break
    assert never == set("abc"[: len(limits)]) - reached
