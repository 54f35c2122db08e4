"""`daggen validate --purity` on files that daggen did not write."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from daggen.cli import cli

FILES = {
    "daggen.toml": b'airflow = "3.3"\n',
    "dags/asks.py": b"from airflow.sdk import DAG, Variable\nx = Variable.get('x')\n",
    "dags/clean.py": b"from airflow.sdk import DAG\nwith DAG('a'):\n    pass\n",
    "dags/helper.py": b"open('x')\n",
    "dags/open.py": b"from airflow.sdk import DAG\nx = (\n",
    "dags/other.py": b"from airflow.sdk import DAG\nx = '\xf6'\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, content in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def validate(*arguments: str) -> Result:
    command = ["validate", "--purity", "--output-format", "concise", *arguments]
    result = CliRunner().invoke(cli, command)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_directory_stands_for_its_dag_files(project: Path) -> None:
    result = validate("dags")
    asks, unclosed, other = result.stdout.splitlines()
    assert asks.startswith("dags/asks.py:2:5: DG")
    assert unclosed == "dags/open.py:2:1: DG084 '(' was never closed"
    assert other == "dags/other.py:2:1: DG084 this is no text in utf-8"
    assert "4 files checked" in result.stderr
    assert result.exit_code == 1


def test_a_file_that_is_not_there(project: Path) -> None:
    result = validate("dags/clean.py", "gone.py")
    assert result.exit_code == 2
    assert "DG008 cannot read gone.py: No such file or directory" in result.stdout


def test_no_file_at_all_is_not_a_success(project: Path) -> None:
    result = validate()
    assert result.exit_code == 2
    assert "Name the files or directories to check." in result.stderr
