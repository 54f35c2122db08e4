"""Runs every directory below tests/cases through the command line.

A case is a project and what daggen does with it:

    NAME/case.toml        args = ["render"], exit = 0; shared = ["jobs.py"] puts files of
                          tests/cases/shared into the project
    NAME/project/         the project, copied to a temporary directory before the run
    NAME/expected/stdout  what is printed (missing: nothing); stderr likewise, if it is there
    NAME/expected/files/  the files of the project that the run adds or changes; a run that
                          exits with 1 or 2 and has none must leave every file as it was

`pytest tests/test_cases.py --update-cases` rewrites expected/ from what happens now.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from daggen.cli import cli

CASES = Path(__file__).parent / "cases"
SHARED = CASES / "shared"
NAMES = sorted(path.parent.relative_to(CASES).as_posix() for path in CASES.rglob("case.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_case(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    case = CASES / name
    settings = tomllib.loads((case / "case.toml").read_text())
    project = tmp_path / "project"
    shutil.copytree(case / "project", project, symlinks=True)
    for file in settings.get("shared", []):
        shutil.copy(SHARED / file, project)
    before = _tree(project)
    monkeypatch.chdir(project)

    result = CliRunner().invoke(cli, settings["args"], prog_name="daggen")

    changed = {path: text for path, text in _tree(project).items() if before.get(path) != text}
    removed = sorted(set(before) - set(_tree(project)))
    if request.config.getoption("--update-cases"):
        _update(case / "expected", result, changed)
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == settings.get("exit", 0), result.output
    assert result.stdout == _text(case / "expected/stdout")
    if (case / "expected/stderr").exists():
        assert result.stderr == _text(case / "expected/stderr")
    assert changed == _tree(case / "expected/files")
    assert removed == settings.get("removed", [])


def _tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"(link)"
        for path in files
        if not {"cache", "__pycache__"} & set(path.relative_to(folder).parts[:-1])
    }


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _update(expected: Path, result: Result, changed: dict[str, bytes]) -> None:
    shutil.rmtree(expected / "files", ignore_errors=True)
    (expected / "stdout").unlink(missing_ok=True)
    for path, content in {"stdout": result.stdout.encode(), **_prefixed(changed)}.items():
        target = expected / path
        if content or path != "stdout":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    if (expected / "stderr").exists():
        (expected / "stderr").write_text(result.stderr, encoding="utf-8")


def _prefixed(files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"files/{path}": content for path, content in files.items()}
