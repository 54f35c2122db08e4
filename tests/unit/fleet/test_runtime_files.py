"""The runtime modules travel with the DAGs that need them, directly or through the team's code."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from daggen.cli import cli
from daggen.fleet.runtime_files import modules_used, runtime_files

OPERATORS = '''
from airflow.providers.http.operators.http import HttpOperator
from daggen_runtime.circuit_breaker import CircuitBreakerMixin


class GuardedHttpOperator(CircuitBreakerMixin, HttpOperator):
    """HttpOperator behind a circuit."""
'''
SPEC = """
dag_id: guarded
schedule: null
tasks:
  call: {operator: shop.operators.GuardedHttpOperator, endpoint: /rates, circuit: rates}
"""


@pytest.mark.parametrize(
    ("source", "used"),
    [
        ("from daggen_runtime.alerts import SlackAlert\n", {"alerts"}),
        ("import daggen_runtime.alerts\n", {"alerts"}),
        ("from shop.operators import GuardedHttpOperator\n", {"circuit_breaker"}),
        ("from airflow.sdk import DAG\n", set()),
        ('TEXT = "from daggen_runtime.alerts import x"\n', set()),
    ],
)
def test_what_a_file_uses(source: str, used: set[str]) -> None:
    assert modules_used(source, {"shop.operators": OPERATORS}.get) == used


def test_nothing_is_copied_that_nobody_uses() -> None:
    assert runtime_files([]) == {}
    assert set(runtime_files(["alerts", "alerts"])) == {
        ".airflowignore",
        "daggen_runtime/__init__.py",
        "daggen_runtime/alerts.py",
    }


def test_an_operator_of_the_team_brings_what_it_builds_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, text in {
        "daggen.toml": 'python_path = ["src"]\n',
        "specs/guarded.yaml": SPEC,
        "src/shop/__init__.py": "",
        "src/shop/operators.py": OPERATORS,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["render"])
    assert result.exit_code == 0, result.output
    copied = sorted(path.name for path in tmp_path.glob("generated_dags/daggen_runtime/*"))
    assert copied == ["__init__.py", "circuit_breaker.py"]
