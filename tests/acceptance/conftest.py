"""The command line as a process, and a project made by `daggen init` to try it on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def _run(
    *args: str, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daggen", *args],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def daggen(tmp_path: Path) -> Run:
    """Run daggen in a directory, the project's by default."""

    def run(
        *args: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return _run(*args, cwd=cwd or tmp_path / "demo", env=env)

    return run


@pytest.fixture(scope="session")
def rendered_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered project as `daggen init` makes it, to copy from."""
    folder = tmp_path_factory.mktemp("demo")
    for args, cwd in ((["init", "demo"], folder), (["render"], folder / "demo")):
        run = _run(*args, cwd=cwd)
        assert run.returncode == 0, run.stdout + run.stderr
    return folder / "demo"


@pytest.fixture
def demo(tmp_path: Path, rendered_demo: Path) -> Path:
    """A rendered project as `daggen init` makes it."""
    return Path(shutil.copytree(rendered_demo, tmp_path / "demo"))
