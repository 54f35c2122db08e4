from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daggen.project import Project
from daggen.specs.dagfactory import Translated, load_dagfactory, load_if_dagfactory
from daggen.specs.yaml import read_yaml

Write = Callable[[str, str], Path]

TASKS = "tasks: {t: {operator: airflow.providers.standard.operators.empty.EmptyOperator}}"


def _load(project: Project, path: Path) -> Translated:
    return load_dagfactory(path, project, {})


def test_the_nearest_file_wins_and_tags_are_united(project: Project, write: Write) -> None:
    write("defaults.yml", "tags: [b, a]\nmax_active_runs: 1\ndefault_args: {owner: top, pool: p}\n")
    write("x/defaults.yaml", "tags: [c, a]\nmax_active_runs: 2\ndefault_args: {owner: near}\n")
    path = write("x/y/dags.yml", f"d: {{{TASKS}}}\n")
    translated = _load(project, path)
    data = translated.specs[0].data
    assert data["tags"] == ["a", "b", "c"]
    assert data["max_active_runs"] == 2
    assert data["default_args"] == {"owner": "near", "pool": "p"}
    assert translated.inputs == (
        "specs/x/y/dags.yml",
        "specs/x/defaults.yaml",
        "specs/defaults.yml",
    )


def test_yml_is_preferred_to_yaml(project: Project, write: Write) -> None:
    write("defaults.yml", "max_active_runs: 1\n")
    write("defaults.yaml", "max_active_runs: 2\n")
    translated = _load(project, write("dags.yml", f"d: {{{TASKS}}}\n"))
    assert translated.specs[0].data["max_active_runs"] == 1


def test_values_keep_the_place_they_come_from(project: Project, write: Write) -> None:
    write("defaults.yml", "# above\nmax_active_runs: 4\n")
    path = write("dags.yml", f"default:\n  catchup: true\nd:\n  {TASKS}\n")
    places = _load(project, path).specs[0].locations
    assert str(places.value(("max_active_runs",))) == "specs/defaults.yml:2:18"
    assert str(places.key(("catchup",))) == "specs/dags.yml:2:3"
    assert str(places.value(("dag_id",))) == "specs/dags.yml:3:1"
    assert str(places.key(("tasks", "t", "operator"))) == "specs/dags.yml:4:15"


def test_the_order_that_differs_from_the_documented_one_is_told(
    project: Project, write: Write
) -> None:
    write("defaults.yml", "catchup: true\ndefault_args: {owner: file, queue: q}\n")
    text = f"default:\n  catchup: false\n  default_args: {{owner: block}}\nd: {{{TASKS}}}\n"
    translated = _load(project, write("dags.yml", text))
    data = translated.specs[0].data
    assert data["catchup"] is True
    assert data["default_args"] == {"owner": "block", "queue": "q"}
    told = [(d.code, str(d.span), str(d.related[0][0])) for d in translated.diagnostics]
    assert told == [("DG911", "specs/dags.yml:2:3", "specs/defaults.yml:1:1")]


def test_a_block_of_defaults_is_reported_once(findings: Callable[..., list[str]]) -> None:
    text = f"default: {{fail_fast: true}}\na: {{{TASKS}}}\nb: {{{TASKS}}}\nc: {{{TASKS}}}\n"
    assert findings(text) == ["DG903 1:11 warning"]


def test_mappings_merge_and_nothing_else(translated: Callable[..., Translated]) -> None:
    text = """\
default:
  params: {a: 1, b: {c: 2, d: 3}}
  schedule: {__type__: datetime.timedelta, days: 1}
  tags: [x, y]
  description: text
d:
  params: {b: {c: 9}}
  schedule: {__type__: datetime.timedelta, hours: 1}
  tags: [z]
  description: null
  tasks: {t: {operator: airflow.providers.standard.operators.empty.EmptyOperator}}
"""
    (spec,) = translated(text).specs
    assert spec.data["params"] == {"b": {"c": 9, "d": 3}, "a": 1}
    assert spec.data["schedule"] == {"__type__": "datetime.timedelta", "hours": 1}
    assert spec.data["tags"] == ["z"]
    assert spec.data["description"] is None


def test_lists_of_tasks_hide_those_of_default(findings: Callable[..., list[str]]) -> None:
    text = """\
default:
  tasks: {a: {operator: x.Y}}
  task_groups: [{group_name: g}]
d:
  tasks: [{task_id: b, operator: x.Y}]
"""
    assert findings(text) == ["DG912 2:3 warning"]


@pytest.mark.parametrize("own", ["", "task_groups: {}, "])
def test_a_list_of_groups_is_for_dags_without_groups(data: Callable[..., Any], own: str) -> None:
    text = f"""\
default: {{task_groups: [{{group_name: g}}]}}
d: {{{own}tasks: {{b: {{operator: x.Y, task_group_name: g}}}}}}
"""
    assert data(text)["task_groups"] == [{"group_name": "g"}]


@pytest.mark.parametrize("text", ["max_active_runs: 4\n", "{}\n", "# nothing\n", "odd: true\n"])
def test_defaults_are_no_dags(project: Project, write: Write, text: str) -> None:
    path = write("a/defaults.yml", text)
    document, _ = read_yaml(path, project.root)
    found = load_if_dagfactory(path, document, project, {})
    assert found is not None
    assert (found.specs, found.inputs) == ([], ("specs/a/defaults.yml",))


def test_a_file_of_comments_hides_no_other(project: Project, write: Write) -> None:
    path = write("a/old.yml", "# d: {tasks: {}}\n")
    assert load_if_dagfactory(path, None, project, {}) is None
    write("a/dags.yml", f"d: {{{TASKS}}}\n")
    found = load_if_dagfactory(path, None, project, {})
    assert found is not None
    assert [(d.code, d.severity) for d in found.diagnostics] == [("DG200", "warning")]


def test_null_default_args_fall_back(data: Callable[..., Any]) -> None:
    text = f"default: {{default_args: {{owner: o}}}}\nd: {{default_args: null, {TASKS}}}\n"
    assert data(text)["default_args"] == {"owner": "o"}
