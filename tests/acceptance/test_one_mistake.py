"""A mistake in a spec that is right otherwise is told alone: no finding follows from it."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from daggen.cli import cli

CASES = Path(__file__).parents[1] / "cases"
MISTAKE = "kee_y: 1\n"


def _is_clean(case: Path) -> bool:
    settings = tomllib.loads((case / "case.toml").read_text())
    return bool(settings["args"] == ["render"] and settings.get("exit", 0) == 0)


WRITTEN = sorted(path.parent for path in (CASES / "written").rglob("case.toml"))


@pytest.mark.parametrize(
    "case", [each for each in WRITTEN if _is_clean(each)], ids=lambda case: case.name
)
def test_an_unknown_key_brings_no_other_error(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    shutil.copytree(case / "project", project, symlinks=True)
    for file in tomllib.loads((case / "case.toml").read_text()).get("shared", []):
        shutil.copy(CASES / "shared" / file, project)
    for spec in project.glob("specs/**/[!_]*.yaml"):
        text = spec.read_text()
        if "dag_id" in text:
            spec.write_text(f"{text.rstrip()}\n{MISTAKE}")
    monkeypatch.chdir(project)

    result = CliRunner().invoke(cli, ["render", "--output-format", "json"], prog_name="daggen")

    found = json.loads(result.stdout)["diagnostics"]
    errors = [each["message"] for each in found if each["severity"] == "error"]
    assert errors
    assert set(errors) == {'unknown key "kee_y" of a spec'}
