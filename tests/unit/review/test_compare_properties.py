"""What holds for any two states of a DAG."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from daggen.code.graph import Call, DagGraph, Edge, Group, Ref, Task, TaskOutput, Unknown, Value
from daggen.review.changes import DagChange, FleetChange
from daggen.review.compare import compare
from daggen.review.picture import State, picture_of_change
from daggen.review.render.html import render_plan_html
from daggen.review.render.json import render_plan_json
from daggen.review.render.markdown import render_markdown
from daggen.review.render.mermaid import render_mermaid
from daggen.review.render.text import render_text
from daggen.review.texts import text
from daggen.review.values import canonical

NAMES = st.sampled_from(["a", "b", "c", "g.a", "g.b", "ä`<b>|"])
SCALARS: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(allow_nan=True),
    st.text(max_size=8),
    st.builds(Unknown, st.sampled_from(["f( 1 )", "f(1)", "x +", "a\nb"])),
    st.builds(Ref, st.sampled_from([".f", "a.b.c"])),
    st.builds(TaskOutput, NAMES),
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.builds(
            Call,
            st.sampled_from(["datetime.timedelta", "x.Y", "operator.or_"]),
            st.lists(inner, max_size=2).map(tuple),
            st.dictionaries(st.sampled_from(["days", "hours", "z"]), inner, max_size=2),
        ),
    ),
    max_leaves=6,
)
ARGUMENTS = st.dictionaries(
    st.sampled_from(["schedule", "retries", "pool", "on_failure_callback", "op_kwargs"]),
    VALUES,
    max_size=3,
)


@st.composite
def dags(draw: st.DrawFn) -> DagGraph:
    names = draw(st.lists(NAMES, unique=True, max_size=5))
    tasks = {
        name: Task(
            name,
            draw(st.sampled_from(["x.BashOperator", "x.BranchOperator"])),
            draw(ARGUMENTS),
            draw(st.dictionaries(st.just("env"), VALUES, max_size=1)),
            "g" if name.startswith("g.") else None,
        )
        for name in names
    }
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    edges = draw(st.lists(st.sampled_from(pairs), max_size=6)) if pairs else []
    groups = {"g": Group("g")} if any(name.startswith("g.") for name in names) else {}
    labels = st.sampled_from(["", "yes"])
    graph = frozenset(Edge(*ends, draw(labels)) for ends in sorted(set(edges)))
    return DagGraph("d", draw(ARGUMENTS), tasks, groups, graph)


@given(dags())
@settings(max_examples=60, deadline=None)
def test_a_dag_does_not_differ_from_itself(state: DagGraph) -> None:
    assert not compare(state, replace(state))


@given(dags(), dags())
@settings(max_examples=100, deadline=None)
def test_a_difference_is_seen_from_both_sides(before: DagGraph, after: DagGraph) -> None:
    assert bool(compare(before, after)) == bool(compare(after, before))


@given(dags(), dags())
@settings(max_examples=100, deadline=None)
def test_every_format_tells_every_difference(before: DagGraph, after: DagGraph) -> None:
    change = compare(before, after)
    fleet = FleetChange((change,) if change else ())
    written = render_text(fleet)
    assert written.startswith("No changes.") != bool(change)
    assert "\x1b" not in written
    assert render_plan_json(fleet)
    assert "</script><" not in render_plan_html(fleet).split('id="data">')[1].split("</script>")[0]
    assert render_markdown(fleet).count("```") % 2 == 0


@given(dags(), dags())
@settings(max_examples=60, deadline=None)
def test_a_picture_has_each_task_of_both_states_once(before: DagGraph, after: DagGraph) -> None:
    change = compare(before, after)
    picture = picture_of_change(change)
    shown = {node.task_id: node.state for node in picture.nodes}
    assert len(shown) == len(picture.nodes)
    assert set(after.tasks) == {name for name, s in shown.items() if s is not State.REMOVED}
    assert render_mermaid(picture).count("subgraph") == render_mermaid(picture).count("\n  end")


@given(dags())
@settings(max_examples=40, deadline=None)
def test_a_new_dag_is_all_new(state: DagGraph) -> None:
    picture = picture_of_change(DagChange(compare(None, state).action, "d", None, state))
    assert {node.state for node in picture.nodes} <= {State.ADDED}


@given(VALUES)
@settings(max_examples=200, deadline=None)
def test_values_are_told_in_one_printable_line(value: Value) -> None:
    assert hash(canonical(value, {})) == hash(canonical(value, {}))
    assert "\n" not in text(value)


@given(VALUES, VALUES)
@settings(max_examples=200, deadline=None)
def test_canonical_forms_tell_values_apart(first: Value, second: Value) -> None:
    if canonical(first, {}) == canonical(second, {}):
        assert type(first) is type(second)
