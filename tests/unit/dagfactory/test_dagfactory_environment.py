from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daggen.specs.dagfactory.environment import ROOT, expand, variables_in


def test_only_configured_names_are_replaced() -> None:
    text = expand("x", "a $B ${C} $D ${not a name}", {"B": "1", "C": 2}).text
    assert text == "a 1 2 $D ${not a name}"


def test_the_root_is_a_mark_unless_it_is_configured() -> None:
    assert expand("x", "$CONFIG_ROOT_DIR/f", {}).text == f"{ROOT}/f"
    assert expand("x", "$CONFIG_ROOT_DIR/f", {"CONFIG_ROOT_DIR": "/dags"}).text == "/dags/f"


def test_names_of_variables() -> None:
    assert variables_in("$A ${B} $1 $ ${{ x }} \\$C") == ["A", "B", "C"]


PIECES = st.lists(st.sampled_from(["${A}", "${LONG}", "x", "é", "\n", "$NONE", " "]), max_size=12)
VALUES = st.text("ab\n", max_size=6)


@given(pieces=PIECES, first=VALUES, second=VALUES)
def test_every_place_is_that_of_the_original(pieces: list[str], first: str, second: str) -> None:
    text = "".join(pieces)
    values = {"A": first, "LONG": second}
    expanded = expand("x", text, values)
    offset = 0
    for piece, before in zip(pieces, _starts(pieces), strict=True):
        name = piece.strip("${}")
        if name not in values:
            assert expanded.span(offset) == expand("x", text, {}).span(before)
        offset += len(values.get(name, piece))
    assert len(expanded.text) == offset


def _starts(pieces: list[str]) -> list[int]:
    return [sum(map(len, pieces[:index])) for index in range(len(pieces))]


def test_a_finding_behind_a_variable_stands_where_it_is_written(
    findings: Callable[..., list[str]],
) -> None:
    text = "d:\n  tags: [$A, b]\n  start_date: 2025-01-01\n  description: $A ${A}\n  typo: x\n"
    assert "DG903 5:3 warning" in findings(text, A="a very long value")


def test_variables_without_a_value(findings: Callable[..., list[str]]) -> None:
    text = """\
d:
  description: $HOME_OF_THINGS
  tasks:
    t:
      operator: airflow.providers.standard.operators.bash.BashOperator
      bash_command: echo $HOME
      env: {A: $lower, B: "$1"}
"""
    found = findings(text)
    assert "DG907 2:16 warning" in found
    assert "DG907 6:21 info" in found
    assert "DG907 7:16 info" in found
    assert len([line for line in found if line.startswith("DG907")]) == 3


def test_the_root_never_reaches_the_output(
    findings: Callable[..., list[str]], data: Callable[..., Any]
) -> None:
    text = "d: {start_date: 2025-01-01, template_searchpath: $CONFIG_ROOT_DIR/sql}"
    assert "DG908 1:50 error" in findings(text)
    assert data(text, CONFIG_ROOT_DIR="/dags")["template_searchpath"] == "/dags/sql"


def test_text_that_is_yaml_only_with_its_variables(data: Callable[..., Any]) -> None:
    assert data("d: {tags: [${A}, b]}", A="a")["tags"] == ["a", "b"]
