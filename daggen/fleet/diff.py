"""The planned changes as one unified diff, as git shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff

from daggen.fleet.plan import FilePlan


def diff(plans: Iterable[FilePlan], prefix: str) -> str:
    """Give a unified diff of all drift; `prefix` is the output directory's name from the root."""
    return "".join(line for entry in plans if entry.is_drift for line in _file(entry, prefix))


def _file(entry: FilePlan, prefix: str) -> Iterator[str]:
    name = f"{prefix}/{entry.path}"
    before = "" if entry.before is None else entry.before.decode("utf-8", "replace")
    lines = unified_diff(
        _lines(before.replace("\r\n", "\n")),
        _lines(entry.after or ""),
        "/dev/null" if entry.before is None else f"a/{name}",
        "/dev/null" if entry.after is None else f"b/{name}",
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Split at line feeds only, as git does; `str.splitlines` knows eight more line ends."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
