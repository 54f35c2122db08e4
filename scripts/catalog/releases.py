"""The released versions of a distribution, as wheels on disk."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from packaging.version import Version

MINORS = 30
"""How many minor versions are looked at, counted from the newest."""


def releases(name: str, newest: str, folder: Path) -> dict[str, Path]:
    """Give the wheel of the last release of each minor version up to `newest`, oldest first.

    The keys are minor versions (`5.2`). Wheels that are not in the folder are downloaded.
    """
    last: dict[str, Version] = {}
    for version in sorted(_released(name)):
        if version <= Version(newest) and not version.is_prerelease:
            last[f"{version.major}.{version.minor}"] = version
    chosen = list(last.items())[-MINORS:]
    return {minor: _wheel(name, version, folder) for minor, version in chosen}


def _released(name: str) -> list[Version]:
    """Ask for the versions that there are."""
    printed = _pip("index", "versions", name)
    versions = re.search(r"^Available versions: (.*)$", printed, re.MULTILINE)
    return [Version(each) for each in versions[1].split(", ")] if versions else []


def _wheel(name: str, version: Version, folder: Path) -> Path:
    pattern = f"{name.replace('-', '_')}-{version}-*.whl"
    if not list(folder.glob(pattern)):
        wanted = f"{name}=={version}"
        _pip("download", "--no-deps", "--only-binary", ":all:", "--dest", str(folder), wanted)
    return next(folder.glob(pattern))


def _pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout
