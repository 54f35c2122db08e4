"""Where TechCorp keeps its data: one directory, `TECHCORP_HOME` in the environment."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

_UNSAFE = re.compile(r"[^A-Za-z0-9_.+-]+")


def home() -> Path:
    """Return the data directory, made if needed: by default one in the temp directory."""
    chosen = os.environ.get("TECHCORP_HOME")
    path = Path(chosen) if chosen else Path(tempfile.gettempdir()) / "techcorp"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def directory(*parts: str) -> Path:
    """Return a directory below `home()`, made if needed; each part becomes one safe file name."""
    path = home().joinpath(*(file_name(part) for part in parts))
    path.mkdir(parents=True, exist_ok=True)
    return path


def file_name(text: str) -> str:
    """Turn an identifier such as a run id into a single legal file name."""
    return _UNSAFE.sub("_", text).strip(".") or "_"


def replace_file(target: Path, content: str) -> Path:
    """Write a file in one step, so that another process sees the old content or the new."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        stream.write(content)
    os.replace(temporary, target)  # noqa: PTH105 - the counterpart of mkstemp
    return target
