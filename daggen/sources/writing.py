"""Writes several snapshots, or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_all(contents: Mapping[Path, str]) -> None:
    """Replace the files; after an error all of them are as they were.

    Raises OSError when one cannot be written. Each file is replaced as a whole, so a reader
    never sees half of it.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, text in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = _stage(path, text)
        _replace(staged)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _stage(path: Path, text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    return Path(name)


def _replace(staged: Mapping[Path, Path]) -> None:
    before = {path: path.read_bytes() if path.exists() else None for path in staged}
    replaced: list[Path] = []
    try:
        for path, temporary in staged.items():
            temporary.replace(path)
            replaced.append(path)
    except OSError:
        for path in replaced:
            with suppress(OSError):
                _restore(path, before[path])
        raise


def _restore(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(content)
