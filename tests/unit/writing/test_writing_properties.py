"""Properties of written-out specs: values stay values, edges stay edges, names stay put."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from daggen.code.formatting import format_python
from daggen.code.fragment import Code
from daggen.code.graph import Edge
from daggen.code.indentation import indent
from daggen.code.purity import check_purity
from daggen.code.reader import read_dags
from daggen.code.scope import Scope
from daggen.diagnostics import Span
from daggen.project import Project
from daggen.specs.document import Locations, ResolvedSpec
from daggen.specs.model import parse_spec
from daggen.writing import dag_arguments, written_out

ROOT = Path("nowhere")
PROJECT = Project(
    root=ROOT, config_path=ROOT / "daggen.toml", specs=ROOT, templates=ROOT, output=ROOT
)
EMPTY = "airflow.providers.standard.operators.empty.EmptyOperator"

TEXT = st.text(st.characters(exclude_categories=()), max_size=30).filter(
    lambda text: not text.startswith(("+", "__"))
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


def rendered(data: dict[str, Any]) -> str:
    source = format_python(unformatted(data))
    assert isinstance(source, str)
    return source


def unformatted(data: dict[str, Any]) -> str:
    places = Locations(Span("s.yaml"))
    spec, diagnostics = parse_spec(
        ResolvedSpec("s.yaml", {"dag_id": "d", **data}, places, tolerant=True), PROJECT
    )
    assert spec is not None, [diagnostic.message for diagnostic in diagnostics]
    scope = Scope((3, 3))
    return scope.resolve(_file(scope, dag_arguments(spec, scope), written_out(spec, scope)))


def _file(scope: Scope, arguments: Code, body: Code) -> str:
    dag = scope.ref("airflow.sdk.DAG").text
    head = f"with {dag}(\n    {indent(arguments.text, '    ')}\n) as dag:\n"
    return f"{head}    {indent(body.text, '    ')}\n"


def keyword_value(source: str, name: str) -> Any:
    """Give the value of the only argument of a name in a file."""
    (found,) = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.keyword) and node.arg == name
    ]
    return plain(found.value)


def plain(node: ast.expr) -> Any:
    """Evaluate literals, among them float("inf"), which `ast.literal_eval` does not know."""
    if isinstance(node, ast.Call):
        assert ast.unparse(node.func) == "float"
        return float(ast.literal_eval(node.args[0]))
    if isinstance(node, ast.List):
        return [plain(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {
            plain(key): plain(value)
            for key, value in zip(node.keys, node.values, strict=True)
            if key
        }
    return ast.literal_eval(node)


@settings(max_examples=200, deadline=None)
@given(DATA)
def test_a_value_is_written_as_just_that_value(value: Any) -> None:
    source = rendered({"tasks": {"t": {"operator": "company.Operator", "argument": value}}})
    assert keyword_value(source, "argument") == value


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_a_text_of_the_dag_is_written_as_just_that_text(text: str) -> None:
    source = rendered({"description": text, "jinja_environment_kwargs": {text: text}, "tasks": {}})
    assert keyword_value(source, "description") == text
    assert keyword_value(source, "jinja_environment_kwargs") == {text: text}


@settings(max_examples=100, deadline=None)
@given(st.floats(min_value=0.000001, max_value=10**9) | st.integers(0, 10**9))
def test_a_duration_is_written_to_the_microsecond(seconds: float) -> None:
    from datetime import timedelta

    source = rendered({"dagrun_timeout": seconds, "tasks": {}})
    (found,) = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.keyword) and node.arg == "dagrun_timeout"
    ]
    assert isinstance(found.value, ast.Call)
    units = {k.arg: ast.literal_eval(k.value) for k in found.value.keywords}
    assert timedelta(**units) == timedelta(seconds=seconds)
    assert not math.isnan(seconds)


@st.composite
def dags(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a DAG of tasks t0, t1, … in groups g0, g1 and outside, each waiting for earlier ones.

    Few labels, and often none, so that edges share them.
    """
    label = st.sampled_from(["", "", "", "good", 'not "good"'])
    count = draw(st.integers(1, 9))
    tasks: dict[str, Any] = {}
    for number in range(count):
        earlier = draw(st.sets(st.integers(0, number - 1)) if number else st.just(set()))
        tasks[f"t{number}"] = {
            "operator": EMPTY,
            "dependencies": [
                {"task": f"t{each}", "label": draw(label)} for each in sorted(earlier)
            ],
            "task_group_name": draw(st.sampled_from([None, "g0", "g1", "inner"])),
        }
    order = draw(st.permutations(list(tasks)))
    return {
        "tasks": {name: tasks[name] for name in order},
        "task_groups": {"g0": {"task_groups": {"inner": {}}}, "g1": {}},
    }


def edges_said(data: dict[str, Any]) -> set[Edge]:
    prefix = {None: "", "g0": "g0.", "g1": "g1.", "inner": "g0.inner."}
    ids = {name: prefix[task["task_group_name"]] + name for name, task in data["tasks"].items()}
    return {
        Edge(ids[up["task"]], ids[name], up["label"])
        for name, task in data["tasks"].items()
        for up in task["dependencies"]
    }


@settings(max_examples=200, deadline=None)
@given(dags())
def test_edges_are_just_those_that_the_spec_says(data: dict[str, Any]) -> None:
    (graph,) = read_dags(rendered(data), "d.py")
    assert not graph.doubts
    assert graph.edges == edges_said(data)
    assert {task.rpartition(".")[2] for task in graph.tasks} == set(data["tasks"])


def waiting(before: list[str]) -> dict[str, Any]:
    return {"operator": EMPTY, "dependencies": before}


def using(before: list[str]) -> dict[str, Any]:
    return {
        "operator": "airflow.providers.standard.operators.python.PythonOperator",
        "python_callable": "company.jobs.run",
        "op_args": [f"+{name}" for name in before],
    }


@pytest.mark.parametrize("task", [waiting, using])
def test_a_chain_of_thousands_of_tasks_said_from_its_end(task: Callable[..., Any]) -> None:
    names = [f"t{number}" for number in range(3000)]
    tasks = {name: task(names[max(n - 1, 0) : n]) for n, name in enumerate(names)}
    source = unformatted({"tasks": dict(reversed(tasks.items()))})
    (graph,) = read_dags(source, "d.py")
    assert graph.edges == {Edge(*pair) for pair in pairwise(names)}
    assert not check_purity(source, "d.py", strict=True)


GROUPS = {None: "", "g0": "g0.", "g1": "g1.", "inner": "g0.inner."}


@st.composite
def confusing_dags(draw: st.DrawFn) -> tuple[dict[str, Any], set[tuple[str, str]]]:
    """Draw a DAG whose groups have tasks of the same names, that use each other's output.

    Some groups are mapped, over arguments that are called as tasks are; what Airflow cannot have
    as one function is not drawn: a task of such a group that uses what comes after the group.
    """
    pairs = st.tuples(st.sampled_from(list(GROUPS)), st.sampled_from(["a", "b", "g1_a"]))
    chosen = draw(st.lists(pairs, min_size=1, max_size=8, unique=True))
    ids = [GROUPS[group] + label for group, label in chosen]
    mapped = draw(st.sets(st.sampled_from(["g0", "g1"])))
    pieces = {full: next((g for g in mapped if full.startswith(f"{g}.")), None) for full in ids}
    edges: set[tuple[str, str]] = set()
    used: set[tuple[str, str]] = set()
    tasks = []
    for number, (group, label) in enumerate(chosen):
        earlier = st.sets(st.sampled_from(ids[:number])) if number else st.just(set())
        full, uses = ids[number], draw(earlier)
        waits = {each for each in draw(earlier) if pieces[each] == pieces[full]}
        edges |= {(up, full) for up in waits | uses}
        used |= {(pieces[up] or up, pieces[full] or full) for up in uses}
        tasks.append(
            {
                "task_id": label,
                "operator": "airflow.providers.standard.operators.python.PythonOperator",
                "python_callable": "company.jobs.run",
                "op_args": [f"+.{each}" for each in sorted(uses)],
                "dependencies": [f".{each}" for each in sorted(waits)],
                "task_group_name": group,
            }
        )
    assume(is_acyclic({(up, down) for up, down in used if up != down}))
    groups: dict[str, Any] = {"g0": {"task_groups": {"inner": {}}}, "g1": {}}
    for group in sorted(mapped):
        groups[group]["expand"] = {draw(st.sampled_from(["a", "b", "task", "x"])): [1, 2]}
    return {"tasks": draw(st.permutations(tasks)), "task_groups": groups}, edges


def is_acyclic(edges: set[tuple[str, str]]) -> bool:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for up, down in edges:
        sorter.add(down, up)
    try:
        sorter.prepare()
    except CycleError:
        return False
    return True


@settings(max_examples=200, deadline=None)
@given(confusing_dags())
def test_no_name_is_taken_for_another(drawn: tuple[dict[str, Any], set[tuple[str, str]]]) -> None:
    data, edges = drawn
    (graph,) = read_dags(rendered(data), "d.py")
    assert {(edge.upstream, edge.downstream) for edge in graph.edges} == edges
    assert len(graph.tasks) == len(data["tasks"])


@settings(max_examples=50, deadline=None)
@given(dags(), st.randoms(use_true_random=False))
def test_variables_do_not_depend_on_the_order(data: dict[str, Any], random: Any) -> None:
    names = list(data["tasks"])
    random.shuffle(names)
    shuffled = {**data, "tasks": {name: data["tasks"][name] for name in names}}
    assert variables(rendered(data)) == variables(rendered(shuffled))


def variables(source: str) -> set[tuple[str, str]]:
    """Give the pairs of variable and task_id that a file assigns."""
    return {
        (node.targets[0].id, plain(node.value.keywords[0].value))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
    }


@pytest.mark.parametrize("seconds", [0])
def test_no_duration_at_all(seconds: int) -> None:
    assert "dagrun_timeout=timedelta(0)" in rendered({"dagrun_timeout": seconds, "tasks": {}})
