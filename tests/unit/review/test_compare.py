"""Two states of a DAG, compared by meaning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daggen.code.graph import Call, DagGraph, Doubt, Edge, Group, Ref, Task, Unknown, Value
from daggen.review.changes import Action, Change, DagChange
from daggen.review.compare import compare
from daggen.review.definitions import local_code
from daggen.review.render.words import tell

BASH = "airflow.providers.standard.operators.bash.BashOperator"
PYTHON = "airflow.providers.standard.operators.python.PythonOperator"


def bash(task_id: str, command: str = "", group: str | None = None, **more: Value) -> Task:
    return Task(task_id, BASH, {"bash_command": command or task_id, **more}, group_id=group)


def dag(
    *tasks: Task,
    edges: tuple[tuple[str, str], ...] = (),
    groups: tuple[Group, ...] = (),
    **arguments: Value,
) -> DagGraph:
    return DagGraph(
        "d",
        arguments=arguments,
        tasks={task.task_id: task for task in tasks},
        groups={group.group_id: group for group in groups},
        edges=frozenset(Edge(*edge) for edge in edges),
    )


def told(change: DagChange) -> list[str]:
    return [line(each) for each in change.changes]


def line(change: Change) -> str:
    return " ".join(filter(None, [change.kind, change.action.sign, change.subject, change.name]))


def test_equal_states_are_no_change() -> None:
    state = dag(bash("a"), bash("b"), edges=(("a", "b"),), schedule="@daily")
    assert not compare(state, replace(state))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            Call("datetime.timedelta", (), {"minutes": 5}),
            Call("datetime.timedelta", (), {"seconds": 300}),
        ),
        (Call("datetime.timedelta", (1,)), Call("datetime.timedelta", (), {"hours": 24})),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (Unknown("f( 1,2 )"), Unknown("f(1, 2)")),
        ({1, 2, 3}, {3, 2, 1}),
        (Call("x.y", (), {"a": 1, "b": 2}), Call("x.y", (), {"b": 2, "a": 1})),
    ],
)
def test_the_same_meaning_is_no_change(before: Value, after: Value) -> None:
    assert not compare(dag(value=before), dag(value=after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (1, True),
        (1, 1.0),
        (0, False),
        ("1", 1),
        (None, False),
        ([1], (1,)),
        (Unknown("f(1)"), Unknown("f(2)")),
        (Ref("a.b"), "a.b"),
        (0.0, -0.0),
    ],
)
def test_values_that_python_calls_equal_still_differ(before: Value, after: Value) -> None:
    assert compare(dag(value=before), dag(value=after))


def test_each_part_of_a_dag_is_told_under_its_kind() -> None:
    before = dag(
        bash("a"),
        bash("b"),
        schedule="@daily",
        default_args={"retries": 1, "pool": "p", "owner": "x"},
        on_failure_callback=Ref("x.notify"),
        tags=["a"],
    )
    after = dag(
        bash("a"),
        bash("b", pool="q"),
        edges=(("a", "b"),),
        schedule="@hourly",
        default_args={"retries": 2, "pool": "q", "owner": "x"},
        on_failure_callback=Ref("x.page"),
        tags=["a", "b"],
    )
    assert told(compare(before, after)) == [
        "schedule ~ schedule",
        "argument ~ default_args.retries",
        "pool ~ default_args.pool",
        "callback ~ on_failure_callback",
        "argument ~ tags",
        "pool + b pool",
        "dependency + a >> b",
    ]


def test_an_argument_is_told_by_its_smallest_part() -> None:
    rows: list[Value] = [{"name": "row", "number": number, "x": "y" * 10} for number in range(9)]
    changed: list[Value] = [*rows[:4], {"name": "row", "number": 44, "x": "y" * 10}, *rows[5:]]
    found = compare(
        dag(bash("a", op_kwargs={"rows": rows, "table": "t"})),
        dag(bash("a", op_kwargs={"table": "t", "rows": changed})),
    )
    (change,) = found.changes
    assert (change.name, change.before, change.after) == ("op_kwargs.rows[4].number", 4, 44)


def test_a_task_with_the_same_content_is_renamed() -> None:
    before = dag(bash("a"), bash("b", "run"), edges=(("a", "b"),))
    after = dag(bash("a"), bash("c", "run"), edges=(("a", "c"),))
    (change,) = compare(before, after).changes
    assert (change.action, change.before, change.after) == (Action.RENAME, "b", "c")


def test_two_tasks_with_the_same_content_are_not_guessed_at() -> None:
    before = dag(bash("a", "run"), bash("b", "run"))
    after = dag(bash("c", "run"), bash("d", "run"))
    assert {change.action for change in compare(before, after).changes} == {
        Action.ADD,
        Action.REMOVE,
    }


def test_a_task_moved_into_a_group_is_moved_and_its_edges_stay() -> None:
    before = dag(bash("a"), bash("load", "x"), edges=(("a", "load"),))
    after = dag(
        bash("a"),
        bash("g.load", "x", group="g"),
        edges=(("a", "g.load"),),
        groups=(Group("g"),),
    )
    assert told(compare(before, after)) == ["group + g", "task > g.load"]


def test_a_renamed_group_is_told_once() -> None:
    def state(group: str) -> DagGraph:
        return dag(
            bash(f"{group}.extract", "e", group=group),
            bash(f"{group}.load", "l", group=group),
            edges=((f"{group}.extract", f"{group}.load"),),
            groups=(Group(group),),
        )

    assert told(compare(state("etl"), state("elt"))) == ["group > elt"]


def test_an_added_task_brings_its_dependencies() -> None:
    before = dag(bash("a"), bash("c"), edges=(("a", "c"),))
    after = dag(bash("a"), bash("b"), bash("c"), edges=(("a", "b"), ("b", "c")))
    added, removed = compare(before, after).changes
    assert (line(added), added.upstream, added.downstream) == ("task + b", ("a",), ("c",))
    assert line(removed) == "dependency - a >> c"


def test_a_task_that_becomes_mapped() -> None:
    plain = Task("a", BASH, {"env": None})
    mapped = Task("a", BASH, {"env": None}, expand={"bash_command": ["x", "y"]})
    wider = Task("a", BASH, {"env": None}, expand={"bash_command": ["x", "y", "z"]})
    assert told(compare(dag(plain), dag(mapped))) == ["mapping + a expand"]
    assert told(compare(dag(mapped), dag(plain))) == ["mapping - a expand"]
    assert told(compare(dag(mapped), dag(wider))) == ["mapping ~ a expand.bash_command"]


def test_another_operator_is_told_as_such() -> None:
    found = compare(dag(Task("a", BASH)), dag(Task("a", PYTHON)))
    assert told(found) == ["operator ~ a operator"]


def test_a_new_label_changes_the_dependency() -> None:
    before, after = dag(bash("a"), bash("b")), dag(bash("a"), bash("b"))
    before = replace(before, edges=frozenset({Edge("a", "b", "yes")}))
    after = replace(after, edges=frozenset({Edge("a", "b", "no")}))
    (change,) = compare(before, after).changes
    assert (line(change), change.before, change.after) == ("dependency ~ a >> b", "yes", "no")


def test_what_cannot_be_read_is_said() -> None:
    before = dag(bash("a"))
    after = replace(before, doubts=(Doubt("tasks", "a loop over a query", 3),))
    assert told(compare(before, after)) == ["doubt + tasks"]


def test_one_state_alone_is_added_or_removed() -> None:
    assert compare(None, dag()).action is Action.ADD
    assert compare(dag(), None).action is Action.REMOVE
    with pytest.raises(ValueError, match="nothing"):
        compare(None, None)


CODE = """
from airflow.sdk import task
LIMIT = 5
def helper(rows): return rows[:LIMIT]
def extract(**context):
    found = helper([1, 2])
    return [row for row in found]
"""


def _compared(before: str, after: str) -> DagChange:
    state = dag(Task("a", PYTHON, {"python_callable": Ref(".extract")}))
    return compare(state, state, local_code(before), local_code(after))


@pytest.mark.parametrize(
    "edit",
    [
        ("found", "results"),
        ("    found", "    # why\n    found"),
        ("LIMIT", "MOST"),
        ("helper", "first_rows"),
        ("[1, 2]", "[ 1,\n 2 ]"),
    ],
)
def test_renaming_and_formatting_code_is_no_change(edit: tuple[str, str]) -> None:
    assert not _compared(CODE, CODE.replace(*edit))


@pytest.mark.parametrize(
    "edit", [("[1, 2]", "[1, 3]"), ("LIMIT = 5", "LIMIT = 6"), ("rows[:LIMIT]", "rows[LIMIT:]")]
)
def test_what_a_function_does_is_part_of_its_task(edit: tuple[str, str]) -> None:
    found = _compared(CODE, CODE.replace(*edit))
    assert told(found) == ["code ~ a extract()"]


def test_the_changed_constant_of_a_function_is_shown() -> None:
    (change,) = _compared(CODE, CODE.replace("LIMIT = 5", "LIMIT = 6")).changes
    assert isinstance(change.before, Unknown)
    assert isinstance(change.after, Unknown)
    assert change.before.source.startswith("LIMIT = 5\ndef helper(rows):")
    assert change.after.source.startswith("LIMIT = 6\ndef helper(rows):")


def test_a_changed_function_in_a_list_is_named() -> None:
    state = dag(on_failure_callback=[Ref("x.notify"), Ref(".extract")])
    new = CODE.replace("LIMIT = 5", "LIMIT = 6")
    assert told(compare(state, state, local_code(CODE), local_code(new))) == ["code ~ extract()"]


def test_a_function_that_calls_itself_is_compared() -> None:
    before = "def extract(n):\n    return extract(n - 1)\n"
    assert not _compared(before, before.replace("(n - 1)", "( n-1 )"))
    assert _compared(before, before.replace("n - 1", "n - 2"))


def test_classes_of_the_same_name_are_told_apart() -> None:
    (change,) = compare(dag(retry=Call("a.Policy")), dag(retry=Call("b.Policy"))).changes
    assert str(tell(change)) == "retry a.Policy() → b.Policy()"


def test_a_renamed_function_with_the_same_body_is_no_change() -> None:
    def state(name: str) -> DagGraph:
        return dag(Task("a", PYTHON, {"python_callable": Ref(f".{name}")}))

    old, new = CODE, CODE.replace("extract", "read")
    assert not compare(state("extract"), state("read"), local_code(old), local_code(new))
