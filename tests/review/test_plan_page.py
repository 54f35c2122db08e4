"""The page of a plan, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import Browser

from daggen.review.fleet_change import compare_fleets
from daggen.review.render.html import render_graph_html, render_plan_html

HOSTILE = "</script><img src=http://example.com/x onerror=alert(1)>&quot;"

SOURCE = """
from airflow.sdk import DAG, TaskGroup, Label
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import BranchPythonOperator
import company

with DAG(dag_id="etl_{number:04}", schedule="@daily", description={hostile!r}):
    start = BashOperator(task_id="start", bash_command="echo start")
    choose = BranchPythonOperator(task_id="choose", python_callable=company.choose)
    with TaskGroup("tables"):
        load = BashOperator.partial(task_id="load", retries={retries}).expand(bash_command=["a"])
        check = BashOperator(task_id="check", bash_command={hostile!r})
        load >> check
    {extra}
    start >> choose >> Label({hostile!r}) >> load
"""


def _source(number: int, retries: int, extra: str = "") -> str:
    return SOURCE.format(number=number, hostile=HOSTILE, retries=retries, extra=extra)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a plan that changes a thousand DAGs."""
    numbers = range(1000)
    extra = 'BashOperator(task_id="tell", bash_command="echo told") << check'
    before = {f"{number:04}.py": _source(number, 2) for number in numbers}
    after = {f"{n:04}.py": _source(n, 3, extra if n % 2 else "") for n in numbers if n != 7}
    after["new.py"] = _source(5000, 3)
    fleet, _ = compare_fleets(before, after)
    target = tmp_path_factory.mktemp("page") / "plan.html"
    target.write_text(render_plan_html(fleet), encoding="utf-8")
    return target


@pytest.fixture(autouse=True)
def _fresh(browser: Browser) -> None:
    browser.requests.clear()
    browser.complaints.clear()


def _assert_quiet(browser: Browser, page: Path) -> None:
    """No error, and no request but for the page itself."""
    assert browser.complaints == []
    addresses = {request.partition("#")[0] for request in browser.requests}
    assert addresses <= {page.as_uri(), "data:,", "about:blank"}


def test_the_changes_are_told_once(browser: Browser, plan: Path) -> None:
    browser.open(plan)
    text = browser.run("document.getElementById('main').innerText")
    assert "999 DAGs changed" in text
    assert "tables.load: retries 2 → 3" in text
    assert "etl_0007 removed" in text
    assert browser.run("document.querySelectorAll('#dags li').length") == 1001
    _assert_quiet(browser, plan)


def test_search_finds_dags(browser: Browser, plan: Path) -> None:
    browser.open(plan)
    browser.type("#search", "etl_012")
    found = browser.run("[...document.querySelectorAll('#dags li')].map(li => li.dataset.dag)")
    assert found == [f"etl_012{digit}" for digit in range(10)]
    assert "10 of 1001" in browser.run("document.getElementById('count').textContent")
    browser.click("input[value=change]")
    assert browser.run("document.querySelectorAll('#dags li').length") == 0
    _assert_quiet(browser, plan)


def test_a_click_shows_the_graph_and_the_change_of_a_task(browser: Browser, plan: Path) -> None:
    browser.open(plan)
    browser.type("#search", "etl_0001")
    browser.click("#dags li a")
    browser.wait_for("svg.graph")
    assert browser.run("document.querySelectorAll('svg.graph g.task').length") == 5
    assert browser.run("document.querySelectorAll('svg.graph path.arrow').length") == 4
    assert browser.run("document.querySelector('[data-task=tell]').classList.contains('added')")
    browser.click('[data-task="tables.load"]')
    about = browser.run("document.querySelector('.about-task').innerText")
    assert "tables.load" in about
    assert "retries" in about
    assert browser.run("document.querySelector('.about-task del').innerText") == "2"
    assert browser.run("document.querySelector('.about-task ins').innerText") == "3"
    _assert_quiet(browser, plan)


def test_states_are_told_by_colour_and_by_sign(browser: Browser, plan: Path) -> None:
    browser.open(plan, "#etl_0001")
    style = "getComputedStyle(document.querySelector('[data-task=\"{}\"] rect')).fill"
    title = "document.querySelector('[data-task=\"{}\"] .title').textContent"
    assert browser.run(style.format("tell")) == "rgb(218, 251, 225)"
    assert browser.run(title.format("tell")) == "+ tell"
    assert browser.run(style.format("tables.load")) == "rgb(255, 248, 197)"
    assert browser.run(title.format("tables.load")) == "~ load [N]"
    browser.open(plan, "#etl_0007")
    assert browser.run(style.format("start")) == "rgb(255, 235, 233)"
    assert browser.run(title.format("start")) == "- start"
    _assert_quiet(browser, plan)


def test_groups_are_boxes_around_their_tasks(browser: Browser, plan: Path) -> None:
    browser.open(plan, "#etl_0001")
    inside = browser.run("""(() => {
            const box = document.querySelector("g.box rect").getBoundingClientRect();
            return [...document.querySelectorAll("g.task")].filter((task) => {
                const place = task.getBoundingClientRect();
                return place.left >= box.left && place.right <= box.right
                    && place.top >= box.top && place.bottom <= box.bottom;
            }).map((task) => task.dataset.task);
        })()""")
    assert sorted(inside) == ["tables.check", "tables.load"]


def test_tasks_never_overlap(browser: Browser, plan: Path) -> None:
    browser.open(plan, "#etl_0001")
    overlaps = browser.run("""(() => {
            const places = [...document.querySelectorAll("g.task")]
                .map((task) => task.getBoundingClientRect());
            return places.some((a, i) => places.some((b, j) => i < j && a.left < b.right
                && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
        })()""")
    assert overlaps is False


def test_hostile_values_stay_text(browser: Browser, plan: Path) -> None:
    browser.open(plan, "#etl_0001")
    browser.click('[data-task="tables.check"]')
    assert HOSTILE in browser.run("document.querySelector('.about-task').innerText")
    assert browser.run("document.querySelectorAll('img').length") == 0
    assert HOSTILE in browser.run("document.querySelector('.arrow-label').textContent")
    _assert_quiet(browser, plan)


def test_the_keyboard_chooses_a_task(browser: Browser, plan: Path) -> None:
    browser.open(plan, "#etl_0001")
    browser.run("document.querySelector('[data-task=tell]').focus()")
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter")
    assert "echo told" in browser.run("document.querySelector('.about-task').innerText")


def test_the_page_forbids_itself_the_network(browser: Browser, plan: Path) -> None:
    browser.open(plan)
    browser.run("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x'}))")
    blocked = browser.run("fetch('http://127.0.0.1:9/').then(() => 0, () => 1)")
    assert blocked == 1
    assert any("Content Security Policy" in complaint for complaint in browser.complaints)


def test_the_page_of_one_dag(browser: Browser, tmp_path: Path) -> None:
    from daggen.code.reader import read_dags

    (dag,) = read_dags(_source(1, 2), "x.py")
    page = tmp_path / "dag.html"
    page.write_text(render_graph_html(dag), encoding="utf-8")
    browser.open(page)
    browser.click('[data-task="choose"]')
    assert "company.choose" in browser.run("document.querySelector('.about-task').innerText")
    assert browser.run("document.querySelectorAll('g.task polygon').length") == 1
    _assert_quiet(browser, page)
