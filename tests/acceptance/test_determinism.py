"""The same inputs give the same bytes, whatever the machine is like."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from daggen.cli import cli

Run = Callable[..., subprocess.CompletedProcess[str]]

SETTINGS = {
    "hash seed 1": ({"PYTHONHASHSEED": "1"}, []),
    "hash seed 2": ({"PYTHONHASHSEED": "2"}, []),
    "locale C": ({"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}, []),
    "locale with other rules": ({"LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8"}, []),
    "timezone far east": ({"TZ": "Pacific/Kiritimati"}, []),
    "timezone far west": ({"TZ": "Etc/GMT+12"}, []),
    "one process": ({}, ["--jobs", "1"]),
    "two processes": ({}, ["--jobs", "2"]),
}


def _copy(repository: Path, target: Path) -> Path:
    """Copy what the fleet of this repository is rendered from."""
    for name in ("specs", "templates", "techcorp"):
        shutil.copytree(repository / name, target / name)
    shutil.copyfile(repository / "pyproject.toml", target / "pyproject.toml")
    return target


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("setting", SETTINGS)
def test_same_bytes(setting: str, repository: Path, tmp_path: Path, daggen: Run) -> None:
    env, args = SETTINGS[setting]
    project = _copy(repository, tmp_path / "project")
    run = daggen("render", "--no-cache", *args, cwd=project, env=env)
    assert run.returncode == 0, run.stdout + run.stderr
    assert _tree(project / "generated_dags") == _committed(repository)


def test_same_bytes_from_another_directory(repository: Path, tmp_path: Path, daggen: Run) -> None:
    project = _copy(repository, tmp_path / "elsewhere/project")
    run = daggen("render", "--no-cache", "--project", str(project), cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert _tree(project / "generated_dags") == _committed(repository)


def test_same_bytes_in_whatever_order_the_disk_lists_files(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = _copy(repository, tmp_path / "project")
    walk = os.walk

    def backwards(
        top: Path, *args: object, **options: object
    ) -> Iterator[tuple[str, list[str], list[str]]]:
        for folder, folders, files in walk(top, *args, **options):  # type: ignore[call-overload]
            folders.sort(reverse=True)
            yield folder, folders, sorted(files, reverse=True)

    monkeypatch.setattr(os, "walk", backwards)
    result = CliRunner().invoke(cli, ["render", "--no-cache", "--project", str(project)])
    assert result.exit_code == 0, result.output
    assert _tree(project / "generated_dags") == _committed(repository)


def test_no_path_of_this_machine_is_in_the_output(repository: Path) -> None:
    for path, content in _committed(repository).items():
        assert str(repository).encode() not in content, path


def _committed(repository: Path) -> dict[str, bytes]:
    tree = _tree(repository / "generated_dags")
    return {path: content for path, content in tree.items() if "__pycache__" not in path}
