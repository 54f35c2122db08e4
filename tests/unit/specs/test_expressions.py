"""`${{ }}`: what it gives, and what it refuses."""

from __future__ import annotations

import pytest

from daggen.specs.expressions import Evaluator, ExpressionError, dotted_path

NAMES = {"row": {"name": "orders", "n": 3, "items": ["a", "b"], "off": False}, "vars": {"x": None}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${{ row.n }}", 3),
        ("  ${{ row.items }} ", ["a", "b"]),
        ("${{ row }}", NAMES["row"]),
        ("${{ vars.x }}", None),
        ("etl_${{ row.name }}_${{ row.n + 1 }}", "etl_orders_4"),
        ("${{ row.off }}!", "false!"),
        ("${{ row.name | upper }}", "ORDERS"),
        ("${{ row.absent | default('none') }}", "none"),
        ("${{ '}}' ~ row.name }}", "}}orders"),
        ("${{ {'a': row.n} }}", {"a": 3}),
        ("${{ row.items | map('upper') | list }}", ["A", "B"]),
        ("cost: $5, ${HOME}, {{ ds }}", "cost: $5, ${HOME}, {{ ds }}"),
    ],
)
def test_gives_data_of_its_own_type(text: str, value: object) -> None:
    assert Evaluator().text(text, NAMES) == value


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("${{ rwo.name }}", 'unknown name "rwo"', 'did you mean "row"?'),
        ("${{ row.nmae }}", 'there is no "nmae"', 'did you mean "name"?'),
        ("${{ row.name", "not closed", "end the expression"),
        ("x ${{ row.items }}", "a list cannot stand inside text", "stand alone"),
        ("x ${{ vars.x }}", "null cannot stand inside text", "stand alone"),
        ("${{ 1 / 0 }}", "division by zero", ""),
        ("${{ 1 + }}", "is no expression", ""),
        ("${{ row.name.upper() }}", "functions cannot be called", "use the filter: … | upper"),
        ("${{ row.name.upper }}", "is no data", ""),
        ("${{ ''.__class__.__mro__ }}", "is refused", ""),
        ("${{ 'a' * 10000000 }}", "too large", ""),
        ("${{ 9 ** 9 ** 9 }}", "too large", ""),
        ("${{ '%9999999d' % 1 }}", "is for numbers", ""),
        ("${{ ('a' * 10000) | replace('a', 'b' * 10000) }}", "too large", ""),
        ("${{ (['a'] * 1000) | join('a' * 10000) }}", "too large", ""),
        ("${{ [[[0] * 1000] * 1000] * 1000 }}", "too large", ""),
        ("${{ [1] | slice(9999999) | list }}", "too large", ""),
        ("${{ 1.5 | round(999999999, 'ceil') }}", "no number has that many digits", ""),
        ("${{ ['a'] | map(attribute='x') | list }}", "a part of the result has no value", ""),
        ("${{ self }}", 'unknown name "self"', ""),
        ("${{ }}", "${{ }} holds no expression", ""),
        ("${{ {'a': {'b': 1}} }}", "ends inside a mapping", "a space between the closing"),
        ("${{ range }}", 'unknown name "range"', ""),
        ("${{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "nested too deep", ""),
    ],
)
def test_refuses_with_what_to_try(text: str, message: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        Evaluator().text(text, NAMES)
    assert message in str(refused.value)
    assert hint in refused.value.hint


def test_a_compiled_expression_sees_the_names_of_each_row() -> None:
    evaluator = Evaluator()
    assert [evaluator.text("${{ n }}", {"n": n}) for n in (1, 2)] == [1, 2]


def test_dotted_path_of_a_value_that_is_only_passed_on() -> None:
    assert dotted_path("${{ row.source.tables[0] }}") == ("row", "source", "tables", 0)
    assert dotted_path("${{ row.name | upper }}") is None
    assert dotted_path("x ${{ row.name }}") is None
