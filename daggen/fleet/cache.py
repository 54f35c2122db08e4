"""Remembers how black formatted a text, so that an unchanged DAG is not formatted again.

The key is everything the result depends on, so an entry is never wrong, only unused. Deleting
the directory is always safe.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

DIRECTORY = Path(".daggen", "cache")


@dataclass(frozen=True)
class FormatCache:
    """A directory of formatted texts, named by the digest of what they were made from.

    `formatter` is the version of black, whose next release may format otherwise.
    """

    directory: Path
    formatter: str

    @classmethod
    def of(cls, root: Path) -> FormatCache:
        """Give the cache of a project."""
        return cls(root / DIRECTORY, version("black"))

    def get(self, source: str, line_length: int) -> str | None:
        """Give the formatted text of `source`, or None when it is not known."""
        try:
            return self._path(source, line_length).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, source: str, line_length: int, formatted: str) -> None:
        """Remember a formatted text; a cache that cannot be written is no reason to fail."""
        target = self._path(source, line_length)
        with contextlib.suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(formatted)
            Path(name).replace(target)

    def _path(self, source: str, line_length: int) -> Path:
        key = f"{self.formatter}\0{line_length}\0{source}"
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self.directory / digest[:2] / f"{digest[2:]}.py"
