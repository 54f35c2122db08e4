"""Compares the files that the specs render to with the files on disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from daggen.fleet.stamp import COMPANION, IGNORE_FILE, POOLS, Stamp, read_companion, read_stamp


class Status(StrEnum):
    """How a file on disk stands to what the specs render."""

    UNCHANGED = "unchanged"
    MISSING = "missing"
    CHANGED = "changed"
    STALE = "stale"
    EDITED = "edited"
    FOREIGN = "foreign"

    @property
    def is_protected(self) -> bool:
        """Tell whether the file holds work that only `--force` may overwrite or delete."""
        return self in (Status.EDITED, Status.FOREIGN)


@dataclass(frozen=True)
class FilePlan:
    """One file: what is on disk (`before`), what should be (`after`), None where there is none."""

    path: str
    status: Status
    before: bytes | None
    after: str | None

    @property
    def is_drift(self) -> bool:
        """Tell whether disk and specs disagree."""
        return self.status is not Status.UNCHANGED


def plan(
    desired: Mapping[str, str], output: Path, owns: Callable[[Stamp], bool] = lambda _: True
) -> list[FilePlan]:
    """Compare `desired` (path below `output` → content) with the disk, sorted by path.

    `owns` says which generated files on disk this run may call stale; a run for a few specs
    leaves the files of the others alone.
    """
    found = {path: _read(output / path) for path in generated_files(output)}
    plans = []
    for path in sorted({*desired, *found}):
        before = found[path] if path in found else _read(output / path)
        after = desired.get(path)
        mark = _mark(output, path, before)
        if after is None and not (mark and owns(mark)):
            continue
        status = _status(before, after, mark)
        if status is Status.FOREIGN and path == IGNORE_FILE and _has_lines(before, after):
            status = Status.UNCHANGED
        plans.append(FilePlan(path, status, before, after))
    return plans


def _has_lines(before: bytes | None, after: str | None) -> bool:
    """Tell whether somebody's own file says all that the generated one would."""
    wanted = [line for line in (after or "").splitlines() if not line.startswith("#")]
    return set(wanted) <= set((before or b"").decode("utf-8", "replace").splitlines())


def _mark(output: Path, path: str, before: bytes | None) -> Stamp | None:
    """Tell whose a file on disk is."""
    if before is None:
        return None
    if path.endswith(COMPANION):
        return Stamp("", intact=True)
    if path.endswith(".json"):
        return read_companion(_read(output / f"{path}{COMPANION}"), before)
    return read_stamp(before)


def _status(before: bytes | None, after: str | None, mark: Stamp | None) -> Status:
    if before is None:
        return Status.MISSING
    if after is not None and before.replace(b"\r\n", b"\n") == after.encode():
        return Status.UNCHANGED
    if mark is None:
        return Status.FOREIGN
    if not mark.intact:
        return Status.EDITED
    return Status.CHANGED if after is not None else Status.STALE


def generated_files(output: Path) -> Iterator[str]:
    """Give the paths of all files below `output` that carry a stamp.

    The file of pools is the only one whose stamp lies beside it: another JSON file with a checksum
    beside it is somebody else's.
    """
    for folder, folders, files in os.walk(output):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            path = Path(folder, name)
            beside = path.with_name(f"{name}{COMPANION}")
            if name.endswith((".py", ".airflowignore")) and read_stamp(_read(path) or b""):
                yield path.relative_to(output).as_posix()
            elif path == output / POOLS and beside.is_file():
                yield path.relative_to(output).as_posix()
                yield beside.relative_to(output).as_posix()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return b"" if path.is_symlink() or path.exists() else None
