"""Reads a fleet and its inputs at a git revision. No working tree is touched."""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from daggen.diagnostics import Diagnostic
from daggen.diagnostics.codes.review import NO_MERGE_BASE, NOT_A_REPOSITORY, UNKNOWN_REVISION

_DEFAULT_BRANCHES: Final = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_REGULAR_FILES: Final = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class Base:
    """The state of the fleet that a plan compares with; without a commit, the files on disk."""

    label: str
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository, seen from a project: all paths are relative to the project's root."""

    root: Path
    prefix: str

    def in_repository(self, path: str) -> str:
        """Give the path that git knows for one that is relative to the project."""
        return posixpath.normpath(posixpath.join(self.prefix, path))

    def in_project(self, path: str) -> str:
        """Give the path relative to the project for one that git names."""
        return posixpath.relpath(path, self.prefix or ".")


def open_repository(root: Path) -> Repository | None:
    """Find the repository around a project; None if there is none, or no git."""
    if shutil.which("git") is None:
        return None
    found = _git(root, "rev-parse", "--show-prefix")
    return Repository(root, os.fsdecode(found).rstrip("\n").rstrip("/")) if found else None


def choose_base(root: Path, revision: str | None) -> Base | Diagnostic:
    """Find what to compare with: the named revision, or where the branch left the default one.

    Without a repository, a commit or a default branch, the files on disk are the base.
    A named revision that cannot be found is an error, as is a merge base beyond a shallow clone.
    """
    repository = open_repository(root)
    if revision is not None:
        return _named_base(root, revision, repository)
    disk = Base("the files on disk")
    if repository is None or _commit(root, "HEAD") is None:
        return disk
    branch = next((name for name in _DEFAULT_BRANCHES if _commit(root, name)), None)
    if branch is None:
        return disk
    commit = _line(_git(root, "merge-base", "HEAD", branch))
    if not commit:
        return _no_merge_base(root, branch)
    return Base(f"{branch} ({commit[:7]})", commit)


def _named_base(root: Path, revision: str, repository: Repository | None) -> Base | Diagnostic:
    if repository is None:
        message = f'"{revision}" cannot be read: the project is in no git repository'
        return NOT_A_REPOSITORY.at(None, message, hint="leave --base out to compare with the disk")
    commit = _commit(root, revision)
    if commit is None:
        return UNKNOWN_REVISION.at(
            None,
            f'unknown revision "{revision}"',
            hint="in a fresh CI checkout, fetch it first (fetch-depth: 0)",
        )
    label = commit[:7] if commit.startswith(revision) else f"{revision} ({commit[:7]})"
    return Base(label, commit)


def _no_merge_base(root: Path, branch: str) -> Diagnostic:
    if _line(_git(root, "rev-parse", "--is-shallow-repository")) == "true":
        message = f"the commit at which this branch left {branch} is beyond the shallow clone"
        return NO_MERGE_BASE.at(None, message, hint="fetch the history (fetch-depth: 0)")
    message = f"this branch and {branch} have no commit in common"
    return NO_MERGE_BASE.at(None, message, hint="name a revision: --base REV")


def read_files(repository: Repository, commit: str, folders: Iterable[str]) -> Mapping[str, str]:
    """Read the text of all files below some folders at a commit, through one git process.

    Links and submodules are left out. What is not UTF-8 is read with replacement characters.
    """
    paths = [repository.in_repository(folder) for folder in folders]
    listed = _git(repository.root, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths)
    blobs = dict(_blobs(listed or b""))
    if not blobs:
        return {}
    request = b"".join(blob + b"\n" for blob in blobs.values())
    answer = _git(repository.root, "cat-file", "--batch", stdin=request) or b""
    texts = (data.decode("utf-8", "replace") for data in _contents(answer))
    return dict(zip(map(repository.in_project, blobs), texts, strict=True))


def _blobs(listed: bytes) -> Iterator[tuple[str, bytes]]:
    for entry in filter(None, listed.split(b"\0")):
        about, _, path = entry.partition(b"\t")
        mode, _, blob = about.split(b" ")
        if mode in _REGULAR_FILES:
            yield os.fsdecode(path), blob


def _contents(answer: bytes) -> Iterator[bytes]:
    """Split what `git cat-file --batch` answers: a header with the size, the bytes, a newline."""
    position = 0
    while position < len(answer):
        end = answer.index(b"\n", position)
        size = int(answer[position:end].rsplit(b" ", 1)[1])
        yield answer[end + 1 : end + 1 + size]
        position = end + size + 2


def changed_files(repository: Repository, commit: str) -> frozenset[str]:
    """Name every file that differs between a commit and the working tree, new ones included."""
    top = repository.root / posixpath.relpath(".", repository.prefix or ".")
    options = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules")
    differing = _git(top, "diff", *options, commit, "--") or b""
    untracked = _git(top, "ls-files", "-z", "--others", "--exclude-standard") or b""
    names = filter(None, (differing + untracked).split(b"\0"))
    return frozenset(repository.in_project(os.fsdecode(name)) for name in names)


def _commit(root: Path, revision: str) -> str | None:
    arguments = ("--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    return _line(_git(root, "rev-parse", *arguments)) or None


def _line(answer: bytes | None) -> str:
    return os.fsdecode(answer or b"").strip()


def _git(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes | None:
    """Run git without its optional locks; None if it fails."""
    done = subprocess.run(  # noqa: S603 - no shell, and revisions cannot be options
        ["git", "--no-pager", *arguments],  # noqa: S607 - the user's own git
        cwd=folder,
        input=stdin if stdin is not None else b"",
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
    )
    return done.stdout if done.returncode == 0 else None
