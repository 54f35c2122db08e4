"""What happens to many DAGs is told once, in every format."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from daggen.review.changes import Action, Cause, DagChange, FleetChange, Reason
from daggen.review.fleet_change import compare_fleets
from daggen.review.render.json import render_plan_json
from daggen.review.render.markdown import LIMIT, render_markdown
from daggen.review.render.text import render_text
from daggen.review.stories import kind_counts, stories

SOURCE = """
from airflow.sdk import DAG, TaskGroup
from airflow.providers.standard.operators.bash import BashOperator

with DAG(dag_id="etl_{name}", schedule="@daily", tags=["{name}"]):
    start = BashOperator(task_id="start", bash_command="echo start")
    with TaskGroup("{name}"):
        load = BashOperator(task_id="load", bash_command="load {name}", retries={retries})
    start >> load
"""


def fleet(*names: str, retries: int = 2) -> dict[str, str]:
    return {f"dags/{name}.py": SOURCE.format(name=name, retries=retries) for name in names}


def changed(before: dict[str, str], after: dict[str, str]) -> FleetChange:
    change, diagnostics = compare_fleets(before, after)
    assert diagnostics == []
    return change


def test_the_same_change_of_many_dags_is_one_story() -> None:
    names = ["customers", "orders", "order_items"]
    (story,) = stories(changed(fleet(*names), fleet(*names, retries=3)))
    (change,) = story.changes
    assert [dag.dag_id for dag in story.dags] == ["etl_customers", "etl_order_items", "etl_orders"]
    assert (change.subject, change.name, change.before, change.after) == ("*.load", "retries", 2, 3)


def test_a_change_of_one_dag_keeps_its_names() -> None:
    before = fleet("customers", "orders")
    after = before | fleet("orders", retries=3)
    (story,) = stories(changed(before, after))
    assert story.changes[0].subject == "orders.load"


def test_a_dag_with_a_change_of_its_own_is_in_two_stories() -> None:
    names = ["customers", "orders"]
    after = fleet(*names, retries=3)
    after["dags/orders.py"] = after["dags/orders.py"].replace("@daily", "@hourly")
    both, own = stories(changed(fleet(*names), after))
    assert [dag.dag_id for dag in both.dags] == ["etl_customers", "etl_orders"]
    assert [dag.dag_id for dag in own.dags] == ["etl_orders"]
    assert [change.name for change in own.changes] == ["schedule"]


TWO = """
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator

with DAG(dag_id="copy_{a}_{b}"):
    BashOperator(task_id="load_{a}", bash_command="x", retries={retries})
    BashOperator(task_id="load_{b}", bash_command="y", retries={retries})
"""


def test_two_tasks_of_one_dag_are_never_told_as_one() -> None:
    pairs = [("orders", "refunds"), ("users", "teams")]
    sides = [
        {f"{a}.py": TWO.format(a=a, b=b, retries=retries) for a, b in pairs} for retries in (1, 2)
    ]
    told = [change.subject for story in stories(changed(*sides)) for change in story.changes]
    assert sorted(told) == ["load_orders", "load_refunds", "load_teams", "load_users"]


def test_a_story_has_the_causes_that_its_dags_share() -> None:
    template = Reason(Cause.TEMPLATE, "templates/etl.py.j2")
    spec = Reason(Cause.SPEC, "specs/orders.yaml")
    names = ["customers", "orders"]
    change = changed(fleet(*names), fleet(*names, retries=3))
    reasons = [(template,), (spec, template)]
    dags = tuple(replace(d, reasons=r) for d, r in zip(change.dags, reasons, strict=True))
    (story,) = stories(replace(change, dags=dags))
    assert story.reasons == (template,)
    assert not story.is_direct


def test_text_of_a_plan() -> None:
    before = fleet("customers", "legacy", "orders")
    after = fleet("customers", "orders", retries=3) | fleet("refunds")
    after["dags/orders.py"] = after["dags/orders.py"].replace("@daily", "0 6 * * *")
    assert render_text(replace(changed(before, after), base="main (abc)")) == (
        '+ etl_refunds: 2 tasks, 1 group, schedule "@daily"\n'
        "\n"
        '- etl_legacy: 2 tasks, 1 group, schedule "@daily"\n'
        "\n"
        "~ 2 DAGs: etl_customers, etl_orders\n"
        "    ~ *.load: retries 2 → 3\n"
        "\n"
        "~ etl_orders\n"
        '    ~ schedule "@daily" → "0 6 * * *"\n'
        "\n"
        "* stands for the words that set a DAG's id apart.\n"
        "Plan: 1 to add, 2 to change, 1 to destroy; 0 unchanged. Compared with main (abc).\n"
    )


def test_no_change_is_said() -> None:
    same = fleet("customers", "orders")
    change = changed(same, dict(same))
    assert render_text(change) == "No changes. 2 DAGs as before.\n"
    assert render_markdown(change) == "**No changes.** 2 DAGs as before.\n"
    assert json.loads(render_plan_json(change))["dags"] == []


def test_colour_is_only_given_when_asked_for() -> None:
    change = changed({}, fleet("orders"))
    assert "\x1b[32m+ etl_orders" in render_text(change, color=True)
    assert "\x1b" not in render_text(change)


def test_a_dag_under_another_id_is_renamed() -> None:
    before = {"a.py": 'from airflow.sdk import DAG\nwith DAG("old", schedule="@daily"): pass\n'}
    after = {"b.py": 'from airflow.sdk import DAG\nwith DAG("new", schedule="@daily"): pass\n'}
    (dag,) = changed(before, after).dags
    assert (dag.action, dag.old_id, dag.dag_id) == (Action.RENAME, "old", "new")
    assert "> old → new" in render_text(changed(before, after))


def test_a_dag_in_another_file_is_moved() -> None:
    before, after = fleet("orders"), fleet("orders")
    after["dags/sub/orders.py"] = after.pop("dags/orders.py")
    (dag,) = changed(before, after).dags
    assert "file dags/orders.py → dags/sub/orders.py" in render_text(changed(before, after))
    assert dag.action is Action.CHANGE


def test_a_file_that_is_not_python_is_said_to_change() -> None:
    before = {"dags/a.py": "def (", "dags/b.py": "x = 1"}
    after = {"dags/a.py": SOURCE.format(name="a", retries=1), "dags/b.py": "x = 1"}
    change, (diagnostic,) = compare_fleets(before, after)
    assert diagnostic.code == "DG084"
    assert [dag.dag_id for dag in change.dags] == ["etl_a"]
    assert "cannot be read: file" in render_text(change)


def test_pools_are_told_by_their_settings() -> None:
    before = {"dags/pools.json": '{"a": {"slots": 1}, "b": {"slots": 2}}'}
    after = {"dags/pools.json": '{"b": {"slots": 4}, "c": {"slots": 3, "description": "x"}}'}
    told = render_text(changed(before, after))
    assert "- pool a slots 1" in told
    assert "~ pool b slots 2 → slots 4" in told
    assert "+ pool c description x, slots 3" in told


def _thousand(number: int) -> tuple[str, str]:
    """Give a DAG of its own kind before and after: no change is like another."""
    name = f"{number:04}"
    before = SOURCE.format(name=name, retries=2)
    after = before.replace("echo start", f"echo {'x' * (number % 60)} {number * 7919}")
    if number % 3 == 0:
        after = after.replace("@daily", f"{number % 60} {number % 24} * * *")
    if number % 5 == 0:
        after = after.replace("retries=2", f"retries=2, pool='p{number}'")
    if number % 7 == 0:
        extra = f"    BashOperator(task_id='extra_{number}', bash_command='{'y' * 300}') >> start\n"
        after += extra
    if number % 11 == 0:
        after = after.replace("    start >> load\n", "")
    if number % 13 == 0:
        after = after.replace("tags=", f"on_failure_callback=techcorp.alert_{number}, tags=")
        after = "import techcorp\n" + after
    return before, after


def test_a_thousand_different_changes_fit_a_comment_and_every_kind_is_named() -> None:
    pairs = {f"dags/{number:04}.py": _thousand(number) for number in range(1000)}
    before = {path: pair[0] for path, pair in pairs.items()} | fleet("gone")
    after = {path: pair[1] for path, pair in pairs.items()} | fleet("new")
    change = changed(before, after)
    written = render_markdown(change)
    assert len(written) <= LIMIT
    assert len(written.encode()) <= LIMIT
    assert len(kind_counts(change.dags)) >= 6
    for word in (
        "1 DAG added",
        "1 DAG removed",
        "334 DAGs: `schedule`",
        "200 DAGs: `pool`",
        "143 DAGs: `task added`",
        "91 DAGs: `dependency removed`",
        "77 DAGs: `callback on_failure_callback`",
        "argument bash_command",
    ):
        assert word in written, word
    assert written.count("```mermaid") >= 1
    assert written.count("```") % 2 == 0
    assert written.count("<details") == written.count("</details>")


@pytest.mark.parametrize("limit", [65_536, 20_000, 6_000, 2_500, 1_500])
def test_less_room_means_less_detail_never_a_cut(limit: int) -> None:
    pairs = {f"dags/{number:04}.py": _thousand(number) for number in range(200)}
    change = changed(
        {path: pair[0] for path, pair in pairs.items()},
        {path: pair[1] for path, pair in pairs.items()},
    )
    written = render_markdown(change, limit)
    assert len(written) <= limit
    assert written.startswith("### Plan: 0 to add, 200 to change, 0 to destroy")
    for kind in ("schedule", "pool", "task", "dependency", "callback", "argument"):
        assert kind in written
    assert written.count("<details") == written.count("</details>")


NASTY = "`` x` @someone <b>|</b> ``` [a](http://b) \x1b[31m \u202e"


def test_markdown_takes_nothing_from_values() -> None:
    before = fleet("a")
    after = {
        path: text.replace("load a", NASTY.encode("unicode_escape").decode())
        for path, text in before.items()
    }
    written = render_markdown(changed(before, after))
    assert "\x1b" not in written
    assert "\u202e" not in written
    shown = NASTY.encode("unicode_escape").decode()
    assert f'````"{shown}"````' in written


def test_a_change_is_shown_where_it_is_even_in_a_long_value() -> None:
    before, after = "a" * 500 + "1" + "b" * 500, "a" * 500 + "2" + "b" * 500
    sides = [{"x.py": SOURCE.format(name="a", retries=repr(value))} for value in (before, after)]
    (line,) = [each for each in render_text(changed(*sides)).splitlines() if "retries" in each]
    assert "a1b" in line
    assert "a2b" in line
    assert len(line) < 220


def test_dag_changes_without_content_are_false() -> None:
    assert not DagChange(Action.CHANGE, "a")
    assert DagChange(Action.ADD, "a")
