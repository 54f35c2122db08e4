"""Inputs that many DAGs share are named as the cause where they are it, and only there."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

BASH = "airflow.providers.standard.operators.bash.BashOperator"
CONFIG = """
airflow = "3.3"
python_path = ["."]

[environments.default]
vars = {greeting = "hello"}

[environments.prod]
vars = {greeting = "good day"}
output = "prod_dags"
"""
ROUTING = """
    pools:
      warehouse: {slots: 4, description: The warehouse}
      crm: {slots: 2, description: The CRM}
    routing:
      - {when: size_mb > 1000, pool: warehouse, priority_weight: 5}
      - {pool: crm, priority_weight: 1}
"""
GREETER = f"""
    dag_id: greeter
    schedule: null
    start_date: 2026-01-01
    tasks:
      greet: {{operator: {BASH}, bash_command: "echo ${{{{ vars.greeting }}}}"}}
      load: {{operator: {BASH}, bash_command: load, pool: auto, size_mb: 2000}}
"""


@pytest.fixture
def fleet(repository: Any) -> Any:
    """A fleet with variables and routing rules, committed; nothing differs from `HEAD`."""
    repository.write("daggen.toml", CONFIG)
    repository.write("specs/_pools.yaml", ROUTING)
    repository.write("specs/greeter.yaml", GREETER)
    repository.render()
    assert repository.daggen("render", "--env", "prod").exit_code == 0
    repository.commit("Variables and routing")
    return repository


def plan(fleet: Any, *arguments: str) -> str:
    return str(fleet.daggen("plan", "--base", "HEAD", *arguments).stdout)


def _json_causes(fleet: Any) -> list[list[dict[str, str]]]:
    return [story["causes"] for story in json.loads(plan(fleet, "--format", "json"))["stories"]]


def test_a_variable_of_the_configuration(fleet: Any) -> None:
    fleet.edit("daggen.toml", '"hello"', '"hi"')
    told = plan(fleet)
    assert "~ greeter  (indirectly: config daggen.toml)" in told
    assert 'greet: bash_command "echo hello" → "echo hi"' in told
    assert _json_causes(fleet) == [[{"cause": "config", "path": "daggen.toml"}]]
    assert "config daggen.toml" in re.sub(r"\\(.)", r"\1", plan(fleet, "--format", "markdown"))
    (embedded,) = re.findall(r'id="data">(.*?)</script>', plan(fleet, "--format", "html"))
    assert "config daggen.toml" in json.loads(embedded)["stories"][0]["why"]
    assert plan(fleet, "--env", "prod").startswith("No changes.")


def test_a_rule_that_routes_to_pools(fleet: Any) -> None:
    fleet.edit("specs/_pools.yaml", "> 1000", "> 5000")
    fleet.edit("specs/_pools.yaml", "slots: 2", "slots: 3")
    told = plan(fleet)
    assert "~ greeter  (indirectly: pools specs/_pools.yaml)" in told
    assert 'load: pool "warehouse" → "crm"' in told
    assert "load: priority_weight 5 → 1" in told
    assert "~ pool crm slots 2 → slots 3" in told
    assert _json_causes(fleet) == [[{"cause": "pools", "path": "specs/_pools.yaml"}]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"good day"', '"good evening"'),
        ("python_path", "line-length = 70\npython_path"),
        (
            "[environments.default]",
            '[sources.rows]\ntype = "file"\npath = "rows.csv"\nkey = "name"\n\n'
            "[environments.default]",
        ),
    ],
    ids=["another environment", "formatting", "a source"],
)
def test_settings_that_reach_no_dag_are_not_named(fleet: Any, old: str, new: str) -> None:
    fleet.edit("daggen.toml", old, new)
    fleet.edit("specs/shared/_defaults.yaml", "retries: 2", "retries: 3")
    told = plan(fleet)
    assert "digest, report  (indirectly: defaults specs/shared/_defaults.yaml)" in told
    assert "daggen.toml" not in told


def test_defaults_that_are_gone(fleet: Any) -> None:
    fleet.edit("specs/shared/report.yaml", "dag_id:", "start_date: 2026-01-01\ndag_id:")
    fleet.edit("specs/shared/digest.yaml", "dag_id:", "start_date: 2026-01-01\ndag_id:")
    fleet.commit("Dates of their own")
    (fleet.root / "specs/shared/_defaults.yaml").unlink()
    told = plan(fleet)
    assert "digest, report  (indirectly: defaults specs/shared/_defaults.yaml)" in told


@pytest.mark.parametrize(
    ("arguments", "before", "after"),
    [
        ((), "python_path", 'output = "dags"\npython_path'),
        (("--env", "prod"), 'output = "prod_dags"', 'output = "dags"'),
    ],
)
def test_another_output_moves_the_files(
    fleet: Any, arguments: tuple[str, ...], before: str, after: str
) -> None:
    fleet.edit("daggen.toml", before, after)
    told = plan(fleet, *arguments)
    former = "prod_dags" if arguments else "generated_dags"
    assert f'file "{former}/*.py" → "dags/*.py"' in told
    assert "(indirectly: config daggen.toml)" in told
    assert "0 to add" in told
    assert "0 to destroy" in told
    assert "pool" not in told


def test_a_new_environment_has_new_dags(fleet: Any) -> None:
    third = '[environments.third]\nvars = {greeting = "hey"}\noutput = "third"\n'
    fleet.edit("daggen.toml", "[environments.prod]", f"{third}\n[environments.prod]")
    told = plan(fleet, "--env", "third")
    assert "0 to change, 0 to destroy; 0 unchanged" in told


def test_a_base_that_does_not_parse_is_said_to_change(fleet: Any) -> None:
    fleet.edit("generated_dags/hourly.py", "with DAG(", "with (DAG(")
    fleet.commit("Broken")
    told = plan(fleet)
    assert "hand edit of generated_dags/hourly.py" in told
    assert "cannot be read: file (not valid Python: " in told
    assert "<unknown>" not in told


def test_a_base_before_the_fleet(repository: Any) -> None:
    repository.git("switch", "--quiet", "--orphan", "before")
    repository.git("commit", "--quiet", "--allow-empty", "--message", "Nothing yet")
    repository.git("checkout", "--quiet", "change", "--", ".")
    told = repository.daggen("plan", "--base", "HEAD").stdout
    assert "15 to add, 0 to change, 0 to destroy; 0 unchanged" in told
