"""The fleet of this repository, rendered for Airflow 2.11 and loaded in a real one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from daggen.diagnostics.codes.verify import SLOW

AIRFLOW2 = Path(".venv-airflow2", "bin", "python")


@pytest.fixture(scope="module")
def fleet(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the fleet that targets Airflow 2.11."""
    project = tmp_path_factory.mktemp("fleet")
    for name in ("specs", "templates", "techcorp"):
        shutil.copytree(repository / name, project / name)
    config = (repository / "pyproject.toml").read_text(encoding="utf-8")
    assert '\nairflow = "3.3"\n' in config
    text = config.replace('\nairflow = "3.3"\n', '\nairflow = "2.11"\n')
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    return project


def _daggen(project: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daggen", *args], cwd=project, capture_output=True, text=True
    )


def test_the_fleet_is_the_same_in_airflow_2(fleet: Path, repository: Path) -> None:
    python = repository / AIRFLOW2
    assert python.exists(), "make test sets this environment up"
    rendered = _daggen(fleet, "render")
    assert rendered.returncode == 0, rendered.stdout
    verified = _daggen(fleet, "verify", "--python", str(python), "--output-format", "json")
    assert verified.returncode == 0, verified.stdout
    found = json.loads(verified.stdout)["diagnostics"]
    assert [each for each in found if each["code"] != SLOW.code] == []
    files = len(list((fleet / "generated_dags").rglob("*.py")))
    dags = files - len(list((fleet / "generated_dags/daggen_runtime").glob("*.py")))
    assert f"{dags} files loaded in Airflow: {dags} DAGs;" in verified.stderr
