"""Brings the disk to the planned state: everything, or, if anything fails, nothing."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from daggen.fleet.plan import FilePlan


class WriteError(OSError):
    """The fleet could not be written; the disk is as it was before."""


def write(plans: Sequence[FilePlan], output: Path) -> None:
    """Write and delete files so that the disk matches `plans`.

    Every new content is first written beside its target, so that a full disk or a missing
    permission shows before any file is replaced; each is then moved into place atomically. If
    a move fails all the same, the files already moved get their old content back.

    Raises `WriteError`.
    """
    staged: dict[Path, str] = {}
    done: list[FilePlan] = []
    try:
        output.mkdir(parents=True, exist_ok=True)
        for entry in plans:
            _check_inside(output / entry.path, output)
            if entry.after is not None:
                target = output / entry.path
                staged[target] = _stage(target, entry.after.encode())
        for entry in plans:
            _apply(output / entry.path, staged.get(output / entry.path))
            staged.pop(output / entry.path, None)
            done.append(entry)
    except OSError as error:
        _restore(done, output)
        name = error.filename or output
        reason = error.strerror or str(error)
        raise WriteError(f"cannot write {name}: {reason}; no file was changed") from error
    finally:
        for leftover in staged.values():
            with contextlib.suppress(OSError):
                Path(leftover).unlink()
    _drop_empty_folders(plans, output)


def _check_inside(target: Path, output: Path) -> None:
    """Refuse a target that a symbolic link would carry out of the output directory."""
    if not target.parent.resolve().is_relative_to(output.resolve()):
        raise PermissionError(13, "it lies outside the output directory", str(target))


def _stage(target: Path, content: bytes) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        raise IsADirectoryError(21, "a directory has this name", str(target))
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".daggen-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode_of(target))
    except OSError:
        Path(name).unlink()
        raise
    return name


def _mode_of(target: Path) -> int:
    """Give the permissions a file keeps, or those that a new file gets under the umask."""
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _apply(target: Path, staged: str | None) -> None:
    if staged is not None:
        Path(staged).replace(target)
    else:
        target.unlink(missing_ok=True)


def _restore(done: Sequence[FilePlan], output: Path) -> None:
    for entry in done:
        target = output / entry.path
        with contextlib.suppress(OSError):
            if entry.before is None:
                target.unlink(missing_ok=True)
            else:
                _apply(target, _stage(target, entry.before))


def _drop_empty_folders(plans: Sequence[FilePlan], output: Path) -> None:
    """Remove folders that lost their last file; git would not keep them either."""
    for entry in plans:
        if entry.after is None:
            for folder in (output / entry.path).parents:
                if folder == output or not folder.is_relative_to(output):
                    break
                with contextlib.suppress(OSError):
                    (folder / "__pycache__").rmdir()
                with contextlib.suppress(OSError):
                    folder.rmdir()
