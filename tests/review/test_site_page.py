"""The page of a fleet, made by the command and opened in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import Browser

BASH = "airflow.providers.standard.operators.bash.BashOperator"

HEAVY = f"""
dag_id: heavy
description: Loads </script><b>everything</b>
schedule: "0 6 * * *"
start_date: 2026-01-01
tags: [nightly]
default_args: {{owner: storage, pool: crm}}
tasks:
  one: {{operator: {BASH}, bash_command: echo 1, pool_slots: 2}}
  two: {{operator: {BASH}, bash_command: echo 2, pool_slots: 2}}
"""


@pytest.fixture(scope="module")
def page(make_repository: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = make_repository(tmp_path_factory.mktemp("site"))
    repository.write("specs/heavy.yaml", HEAVY)
    target = repository.root / "out/site"
    result = repository.daggen("site", str(target), "--from", "2026-03-02")
    assert result.exit_code == 0, result.output
    return Path(target / "index.html")


def test_the_fleet_is_listed_with_schedules_and_next_runs(browser: Browser, page: Path) -> None:
    browser.requests.clear()
    browser.complaints.clear()
    browser.open(page)
    assert browser.run("document.querySelectorAll('#dags tr').length") == 16
    row = browser.run("document.querySelector('[data-dag=heavy]').innerText")
    for part in ("storage", "At 06:00", "2026-03-02 06:00", "2026-03-04 06:00", "crm", "nightly"):
        assert part in row
    browser.type("#search", "storage")
    assert browser.run("document.querySelectorAll('#dags tr').length") == 1
    assert browser.complaints == []
    assert {request for request in browser.requests if not request.startswith("file:")} <= {
        "data:,",
        "about:blank",
    }


def test_a_dag_has_its_facts_and_its_graph(browser: Browser, page: Path) -> None:
    browser.open(page, "#dag=heavy")
    text = browser.run("document.getElementById('main').innerText")
    assert "Loads </script><b>everything</b>" in text
    assert "crm: 2 tasks, 4 slots" in text
    assert "from specs/heavy.yaml" in text
    browser.click('[data-task="two"]')
    assert "echo 2" in browser.run("document.querySelector('.about-task').innerText")


def test_a_pool_that_is_asked_for_too_much_is_marked(browser: Browser, page: Path) -> None:
    browser.open(page, "#load")
    title = browser.run("document.querySelector('[data-pool=crm]').innerText")
    assert "has 2 slots, asked for at most 4" in title
    assert "more than it has" in title
    over = "[...document.querySelectorAll('.cell.over title')].map(t => t.textContent)"
    assert browser.run(over) == [
        f"{day}: 4 slots"
        for day in (
            "Mon 03-02 06:00",
            "Tue 03-03 06:00",
            "Wed 03-04 06:00",
            "Thu 03-05 06:00",
            "Fri 03-06 06:00",
            "Sat 03-07 06:00",
            "Sun 03-08 06:00",
        )
    ]
    assert "10 minutes" in browser.run("document.getElementById('main').innerText")


def test_the_page_is_the_same_twice(make_repository: Any, tmp_path: Path) -> None:
    repository = make_repository(tmp_path)
    pages = []
    for name in ("a", "b"):
        repository.daggen("site", str(tmp_path / name), "--from", "2026-03-02")
        pages.append((tmp_path / name / "index.html").read_bytes())
    assert pages[0] == pages[1]
