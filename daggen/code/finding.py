"""A finding on what a DAG says, before anyone knows which line of a spec it came from."""

from __future__ import annotations

from dataclasses import dataclass

from daggen.diagnostics import Rule


@dataclass(frozen=True)
class Finding:
    """A finding on an argument of a task, or of the DAG where `task_id` is None.

    `words` are the texts to look for in the spec, the most telling first. Where the finding is
    about a part of the last of them, `part` is its start and its end, counted in characters.
    `within` is where it stands below the keys of the task, as written-out specs have them.
    """

    rule: Rule
    message: str
    hint: str
    task_id: str | None
    argument: str
    words: tuple[str, ...]
    part: tuple[int, int] | None = None
    within: tuple[str | int, ...] = ()
