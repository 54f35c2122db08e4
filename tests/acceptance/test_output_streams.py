"""Where results go when the stream, the file's name or the directory is odd."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
DAGGEN = [sys.executable, "-m", "daggen"]


def _broken(root: Path, spec: bytes = b"specs/a.yaml") -> Path:
    (root / "daggen.toml").touch()
    (root / "specs").mkdir()
    Path(root, os.fsdecode(spec)).write_text("dag_id: [\n")
    return root


def _run(root: Path, *arguments: str, closed: str = "") -> subprocess.CompletedProcess[bytes]:
    return _shell(f"{shlex.join([*DAGGEN, *arguments])} {closed}", root)


def _shell(script: str, directory: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["sh", "-c", script], cwd=directory, capture_output=True)


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_a_closed_stream_changes_no_exit_code(tmp_path: Path, closed: str) -> None:
    run = _run(_broken(tmp_path), "render", closed=closed)
    assert (run.returncode, b"DG009" in run.stderr) == (1, False)


def test_a_name_that_is_no_utf8_stands_in_every_format(tmp_path: Path) -> None:
    try:
        _broken(tmp_path, b"specs/\xff.yaml")
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    for name in ("text", "concise", "github", "json", "sarif"):
        run = _run(tmp_path, "render", "--output-format", name)
        assert run.returncode == 1, run.stderr
        if name in ("json", "sarif"):
            json.loads(run.stdout)


def test_a_deleted_directory_is_no_defect(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    run = _shell(f"rmdir ../gone; {shlex.join([*DAGGEN, 'render'])}", gone)
    assert run.returncode == 2
    assert b"the current directory is deleted" in run.stdout


def test_an_interrupted_command_is_no_finding(tmp_path: Path) -> None:
    _broken(tmp_path)
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    run = _run(tmp_path, "new", "etl", closed="</dev/null")
    assert (run.returncode, run.stderr.strip()) == (2, b"Aborted!")
