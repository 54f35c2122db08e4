"""Checks of what was read back: ids, duplicates, circles, undefined names."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daggen.code.checks import TRIGGER_RULES, check_file, find_cycle
from daggen.code.graph import DagGraph, Edge
from daggen.code.reader import read_file

HEADER = """\
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup, task

with DAG("d"):
    a = EmptyOperator(task_id="a")
    b = EmptyOperator(task_id="b")
    c = EmptyOperator(task_id="c")
"""


def findings(body: str) -> list[tuple[str, int, str]]:
    source = HEADER + "".join(f"    {line}\n" for line in body.splitlines())
    found = check_file(read_file(source, "d.py"))
    return [(f.code, f.span.line if f.span else 0, f.message) for f in found]


def test_a_sound_dag_has_no_findings() -> None:
    assert findings("a >> [b, c]") == []


@pytest.mark.parametrize("task_id", ["a b", "a/b", "ä ö", "", "x" * 251, "a\\n", "{{ ds }}"])
def test_illegal_task_ids(task_id: str) -> None:
    ((code, line, _),) = findings(f'd = EmptyOperator(\n    task_id="{task_id}",\n)')
    assert (code, line) == ("DG440", 9)


@pytest.mark.parametrize("task_id", ["a.b", "a-b", "ä", "A_1", "x" * 250])
def test_legal_task_ids(task_id: str) -> None:
    assert findings(f'EmptyOperator(task_id="{task_id}")') == []


def test_a_group_may_have_no_dot_but_its_prefix_may() -> None:
    nested = "with TaskGroup('g'):\n    with TaskGroup('h'):\n        EmptyOperator(task_id='x')"
    assert findings(nested) == []
    ((code, line, message),) = findings("with TaskGroup('g.h'):\n    pass")
    assert (code, line, message) == ("DG440", 8, '"g.h" is no legal id of a task group')


@pytest.mark.parametrize("body", ["EmptyOperator(task_id='a')", "with TaskGroup('a'):\n    pass"])
def test_duplicate_ids(body: str) -> None:
    assert [(code, line) for code, line, _ in findings(body)] == [("DG441", 8)]


def test_an_undefined_name_is_told_once() -> None:
    assert findings("a >> nothing") == [("DG442", 8, 'the name "nothing" is not defined')]


def test_an_undefined_name_outside_of_a_dag_is_told_too() -> None:
    found = check_file(read_file("x = nothing\n", "d.py"))
    assert [finding.code for finding in found] == ["DG442"]


def test_a_circle_is_told_with_its_path() -> None:
    assert findings("c >> a >> b >> c") == [
        ("DG443", 5, "the tasks depend on each other in a circle: a -> b -> c -> a")
    ]
    assert findings("b >> b") == [
        ("DG443", 6, "the tasks depend on each other in a circle: b -> b")
    ]


def test_unknown_trigger_rules() -> None:
    assert findings("EmptyOperator(task_id='d', trigger_rule='all_don')") == [
        ("DG444", 8, 'task "d" has the unknown trigger rule "all_don"')
    ]
    for rule in TRIGGER_RULES:
        assert findings(f"EmptyOperator(task_id='d', trigger_rule='{rule}')") == []


def test_what_cannot_be_told_is_a_warning() -> None:
    source = "from x import n\nfrom airflow.sdk import DAG\nwith DAG(n):\n    pass\n"
    (finding,) = check_file(read_file(source, "d.py"))
    assert (finding.code, finding.severity.value) == ("DG445", "warning")


nodes = st.integers(0, 6).map(str)


@given(st.frozensets(st.builds(Edge, nodes, nodes), max_size=14))
def test_a_circle_is_found_exactly_when_there_is_one(edges: frozenset[Edge]) -> None:
    cycle = find_cycle(DagGraph("d", edges=edges))
    pairs = {(edge.upstream, edge.downstream) for edge in edges}
    if cycle:
        closed = [*cycle, cycle[0]]
        assert all(pair in pairs for pair in pairwise(closed))
    else:
        left = set(pairs)
        while True:
            ends = {down for _, down in left} - {up for up, _ in left}
            if not ends:
                break
            left = {pair for pair in left if pair[1] not in ends}
        assert not left
