"""Finds the spec files of a project. Names that begin with `_` or `.` are never specs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

SUFFIXES = (".yaml", ".yml")
DEFAULTS = "_defaults.yaml"


def discover(directory: Path) -> list[Path]:
    """Give all spec files below `directory`, sorted by path, whatever order the disk has.

    Symbolic links to directories are not followed, so a link cannot make a walk endless.
    """
    return sorted(_walk(directory), key=lambda path: path.relative_to(directory).parts)


def _walk(directory: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(directory):
        folders[:] = [name for name in folders if not name.startswith(("_", "."))]
        for name in files:
            if name.endswith(SUFFIXES) and not name.startswith(("_", ".")):
                yield Path(folder, name)


def defaults_for(spec: Path, directory: Path) -> list[Path]:
    """Give the existing `_defaults.yaml` files that apply to `spec`, the farthest first."""
    folders = [directory]
    for part in spec.relative_to(directory).parts[:-1]:
        folders.append(folders[-1] / part)
    return [path for folder in folders if os.path.lexists(path := folder / DEFAULTS)]
