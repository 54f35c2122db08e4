"""The hooks for users, run by the real pre-commit in a scratch repository."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def _git(where: Path, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    return subprocess.run(
        ["git", *identity, *args],
        cwd=where,
        env=env,
        capture_output=True,
        text=True,
        check=check,
    )


@pytest.fixture
def guarded(demo: Path, repository: Path) -> Path:
    """The demo project as a git repository with our hooks installed.

    The hooks are those of .pre-commit-hooks.yaml, but for `language`: they run the daggen of this
    environment instead of installing one.
    """
    hooks = (
        (repository / ".pre-commit-hooks.yaml")
        .read_text()
        .replace("language: python", "language: system")
    )
    config = "repos:\n  - repo: local\n    hooks:\n"
    (demo / ".pre-commit-config.yaml").write_text(
        config + "".join(f"      {line}\n" for line in hooks.splitlines())
    )
    _git(demo, "init", "-q")
    _git(demo, "add", "-A")
    _git(demo, "commit", "-q", "-m", "start")
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=demo, check=True, capture_output=True
    )
    return demo


def _commit(where: Path) -> subprocess.CompletedProcess[str]:
    _git(where, "add", "-A")
    return _git(where, "commit", "-m", "change", check=False)


def test_a_broken_spec_is_refused_with_the_diagnostic(guarded: Path) -> None:
    spec = guarded / "specs/hello.yaml"
    spec.write_text(spec.read_text().replace("schedule: null", "schedule: '@dialy'"))
    refused = _commit(guarded)
    assert refused.returncode == 1
    assert "specs/hello.yaml:5:11" in refused.stdout + refused.stderr
    assert 'did you mean "@daily"?' in refused.stdout + refused.stderr


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("specs/hello.yaml", "schedule: null", 'schedule: "@daily"'),
        ("templates/_etl_steps.py.j2", 'task_id="extract"', 'task_id="extract", retries=5'),
    ],
)
def test_a_change_is_refused_once_with_the_files_fixed_then_passes(
    guarded: Path, name: str, old: str, new: str
) -> None:
    source = guarded / name
    assert old in source.read_text()
    source.write_text(source.read_text().replace(old, new))
    refused = _commit(guarded)
    assert refused.returncode == 1
    assert "files were modified by this hook" in refused.stdout + refused.stderr
    accepted = _commit(guarded)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert _git(guarded, "status", "--porcelain").stdout == ""
