"""The command line as a process, and a project made by `daggen init` to try it on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def daggen(tmp_path: Path) -> Run:
    """Run daggen in a directory, the project's by default."""

    def run(
        *args: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "daggen", *args],
            cwd=cwd or tmp_path / "demo",
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def demo(tmp_path: Path, daggen: Run) -> Path:
    """A rendered project as `daggen init` makes it."""
    made = daggen("init", "demo", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    rendered = daggen("render")
    assert rendered.returncode == 0, rendered.stdout + rendered.stderr
    return tmp_path / "demo"
