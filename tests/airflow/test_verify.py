"""`daggen verify` in real Airflow: each thing that can differ is told, and nothing else is.

Airflow runs in processes of its own here, as it does for a user; the process of the tests does
not import it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from click.testing import CliRunner, Result

from daggen.cli import cli

BASH = "airflow.providers.standard.operators.bash.BashOperator"

FILES = {
    "daggen.toml": 'airflow = "3.3"\npython_path = ["."]\n',
    "company/__init__.py": "",
    "company/operators.py": """
        import os

        from airflow.sdk import BaseOperator


        class Stubborn(BaseOperator):
            def __init__(self, **kwargs):
                kwargs["pool"] = "its_own"
                super().__init__(**kwargs)


        class Renamed(BaseOperator):
            pass


        Former = Renamed


        class Picky(BaseOperator):
            def __init__(self, level=0, **kwargs):
                super().__init__(**kwargs)
                self._check(level)

            def _check(self, level):
                self._refuse(level)

            def _refuse(self, level):
                raise ValueError(f"level {level} is too much")


        class Deadly(BaseOperator):
            def __init__(self, **kwargs):
                os.write(2, b"out of cheese\\n")
                os._exit(7)
    """,
    "airflow_local_settings.py": """
        def task_policy(task):
            if task.dag_id == "policed":
                task.pool = "policy"
                task.retries = 9
                task.trigger_rule = "all_done"


        def dag_policy(dag):
            if dag.dag_id == "linked":
                dag.get_task("one") >> dag.get_task("two")
            if dag.dag_id == "refused":
                from airflow.exceptions import AirflowClusterPolicySkipDag

                raise AirflowClusterPolicySkipDag("not here")
    """,
    # The first file that is loaded is the one that ends the process.
    "specs/a_deadly.yaml": """
        dag_id: a_deadly
        start_date: 2026-01-01
        tasks:
          run: {operator: company.operators.Deadly}
    """,
    "specs/good.yaml": f"""
        dag_id: good
        schedule: 5m
        start_date: 2026-01-01
        default_args: {{retries: 2}}
        tasks:
          one: {{operator: {BASH}, bash_command: echo, pool: default_pool}}
          two:
            operator: {BASH}
            expand: {{bash_command: [echo 1, echo 2]}}
            trigger_rule: all_done
            dependencies: [one]
            task_group_name: ends
          three: {{operator: company.operators.Former, dependencies: [two]}}
        task_groups:
          ends: {{}}
    """,
    "specs/linked.yaml": f"""
        dag_id: linked
        start_date: 2026-01-01
        tasks:
          one: {{operator: {BASH}, bash_command: echo}}
          two: {{operator: {BASH}, bash_command: echo}}
    """,
    "specs/picky.yaml": """
        dag_id: picky
        start_date: 2026-01-01
        tasks:
          before: {operator: company.operators.Stubborn, pool: its_own}
          run:
            operator: company.operators.Picky
            level: 11
    """,
    "specs/policed.yaml": f"""
        dag_id: policed
        start_date: 2026-01-01
        tasks:
          run: {{operator: {BASH}, bash_command: echo, retries: 3}}
    """,
    "specs/refused.yaml": f"""
        dag_id: refused
        start_date: 2026-01-01
        tasks:
          run: {{operator: {BASH}, bash_command: echo}}
    """,
    "specs/stubborn.yaml": """
        dag_id: stubborn
        start_date: 2026-01-01
        tasks:
          run:
            operator: company.operators.Stubborn
            pool: default_pool
    """,
    "by_hand/latin.py": """
        # -*- coding: latin-1 -*-
        import sys
        import warnings

        from airflow.sdk import DAG

        print('{"ready": true}')
        print("not an answer", file=sys.stderr)
        warnings.warn("the end is near", UserWarning)
        with DAG("latin", description="größe"):
            pass
    """,
    "by_hand/leaves.py": """
        import sys

        from airflow.sdk import DAG

        sys.exit(4)
    """,
    "by_hand/notes.txt": "A dag of airflow.\n",
    "by_hand/helper.py": "raise RuntimeError('this is not loaded')\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("verified")
    for path, text in FILES.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        encoding = "latin-1" if "latin-1" in text else "utf-8"
        target.write_text(dedent(text).lstrip("\n"), encoding=encoding)
    assert daggen(root, "render").exit_code == 0
    return root


def daggen(root: Path, command: str, *arguments: str) -> Result:
    result = CliRunner().invoke(cli, [command, "--project", str(root), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def verified(root: Path, *arguments: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Run `daggen verify`; give the exit code and the findings by file."""
    result = daggen(root, "verify", "--output-format", "json", *arguments)
    found: dict[str, list[dict[str, Any]]] = {}
    for each in json.loads(result.stdout)["diagnostics"]:
        found.setdefault(Path(each["path"]).name, []).append(each)
    return result.exit_code, found


@pytest.fixture(scope="module", params=[(), ("--isolated",)], ids=["together", "isolated"])
def findings(
    request: pytest.FixtureRequest, project: Path
) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    return verified(project, *request.param)


def messages(found: dict[str, list[dict[str, Any]]], file: str) -> list[tuple[str, str]]:
    return [(each["code"], each["message"]) for each in found.pop(file)]


def test_every_kind_of_difference(
    project: Path, findings: tuple[int, dict[str, list[dict[str, Any]]]]
) -> None:
    status, found = findings[0], dict(findings[1])
    assert status == 1
    assert messages(found, "a_deadly.py") == [
        (
            "DG802",
            "the process ended while it loaded this file; its last words: out of cheese",
        )
    ]
    assert messages(found, "linked.py") == [
        ("DG804", "linked: the dependency one → two is in Airflow's DAG but not in the file")
    ]
    assert messages(found, "picky.py") == [("DG802", "ValueError: level 11 is too much")]
    assert messages(found, "policed.py") == [
        ("DG804", "policed: task \"run\": pool 'default_pool', in Airflow 'policy'"),
        ("DG804", "policed: task \"run\": trigger_rule 'all_success', in Airflow 'all_done'"),
        ("DG804", 'policed: task "run": retries 3, in Airflow 9'),
    ]
    assert messages(found, "refused.py") == [
        ("DG806", 'Airflow does not find the DAG "refused" in this file')
    ]
    assert messages(found, "stubborn.py") == [
        ("DG804", "stubborn: task \"run\": pool 'default_pool', in Airflow 'its_own'")
    ]
    assert found == {}


def test_an_import_error_leads_to_its_task_in_the_spec(project: Path) -> None:
    result = daggen(project, "verify", str(project / "generated_dags/picky.py"))
    assert result.exit_code == 1
    lines = (project / "generated_dags/picky.py").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "Picky(" in text)
    assert f"--> generated_dags/picky.py:{line}:1" in result.stdout
    spec = FILES["specs/picky.yaml"].lstrip("\n").splitlines()
    at = next(number for number, text in enumerate(spec, 1) if text.strip() == "run:")
    assert f"which comes from here: specs/picky.yaml:{at}:" in result.stdout


def test_a_clean_fleet_is_said_to_be_so(project: Path) -> None:
    result = daggen(project, "verify", "-v", str(project / "generated_dags/good.py"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 file loaded in Airflow: 1 DAG; parsing took" in result.stderr
    assert "ms  generated_dags/good.py" in result.stderr


def test_hand_written_files_below_a_directory(project: Path) -> None:
    status, found = verified(project, str(project / "by_hand"))
    assert status == 1
    assert messages(found, "latin.py") == [("DG803", "UserWarning: the end is near")]
    assert messages(found, "leaves.py") == [("DG802", "SystemExit: 4")]
    assert found == {}


def test_nothing_is_left_behind(
    project: Path, findings: tuple[int, dict[str, list[dict[str, Any]]]]
) -> None:
    assert not list((project / "generated_dags").rglob("__pycache__"))


def _says_that_it_cannot_run(project: Path, python: str, why: str) -> None:
    result = daggen(project, "verify", "--python", python)
    assert result.exit_code == 2
    assert f"error[DG801]: {why}" in result.stdout
    assert "name the interpreter that has Airflow with --python" in result.stdout


def test_an_interpreter_that_is_not_there(project: Path) -> None:
    why = "cannot start no/such/python: No such file or directory"
    _says_that_it_cannot_run(project, "no/such/python", why)


def test_an_interpreter_without_airflow(project: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S -I "$@"\n')
    bare.chmod(0o755)
    why = "ModuleNotFoundError: No module named 'airflow'"
    _says_that_it_cannot_run(project, str(bare), why)
