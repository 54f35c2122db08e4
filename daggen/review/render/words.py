"""The wording of single changes, shared by every format."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from daggen.code.graph import DagGraph, Unknown
from daggen.review.changes import Action, Change, FleetChange, Kind, SupportChange
from daggen.review.missing import MISSING, MaybeValue
from daggen.review.patterns import STAR
from daggen.review.stories import KindCount, Story
from daggen.review.texts import printable, text

WIDTH = 72
NO_CHANGES = "No changes."


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words: its sign, what it is about, both values; lines for a long text."""

    sign: str
    what: str
    before: str = ""
    after: str = ""
    note: str = ""
    lines: tuple[str, ...] = ()
    example: str = ""

    def __str__(self) -> str:
        """Give one line without the sign."""
        if self.lines:
            values = f"{len(self.lines)} lines differ"
        elif self.before and self.after:
            values = f"{self.before} → {self.after}"
        else:
            values = self.before or self.after
        return " ".join(filter(None, [self.what, values, self.note]))


def tell(change: Change, width: int = WIDTH) -> Told:
    """Word a change of a DAG, with values of at most about `width` characters each."""
    sign = change.action.sign
    subject = printable(change.subject)
    match change.kind, change.action:
        case Kind.TASK | Kind.GROUP, Action.RENAME:
            return Told(sign, str(change.kind), _bare(change.before), _bare(change.after))
        case Kind.TASK, _:
            shown = _cut(text(change.after if change.before is MISSING else change.before), width)
            return Told(sign, f"task {subject}", after=shown, note=_neighbours(change))
        case Kind.GROUP, Action.ADD | Action.REMOVE:
            return Told(sign, f"group {subject}")
        case Kind.DEPENDENCY, Action.CHANGE:
            pair = text(change.before), text(change.after)
            return Told(sign, f"dependency {printable(change.name)} label", *pair)
        case Kind.DEPENDENCY, _:
            return Told(sign, f"dependency {printable(change.name)}")
        case Kind.FILE, _:
            return Told(sign, "file", _bare(change.before), _bare(change.after))
        case Kind.DOUBT, _:
            reason = change.after if change.before is MISSING else change.before
            return Told("?", f"cannot be read: {printable(change.name)}", note=f"({_bare(reason)})")
        case _:
            what = ": ".join(filter(None, [subject, printable(change.name)]))
            return _values(sign, what, change.before, change.after, width)


def _bare(value: MaybeValue) -> str:
    return printable(value) if isinstance(value, str) else text(value)


def _neighbours(change: Change) -> str:
    parts = [("after", change.upstream), ("before", change.downstream)]
    named = [f"{word} {', '.join(map(printable, ids))}" for word, ids in parts if ids]
    return f"({'; '.join(named)})" if named else ""


def _values(sign: str, what: str, before: MaybeValue, after: MaybeValue, width: int) -> Told:
    lines = _line_diff(before, after)
    if lines:
        return Told(sign, what, lines=lines)
    if before is MISSING:
        return Told(sign, what, after=_cut(text(after), width))
    if after is MISSING:
        return Told(sign, what, before=_cut(text(before), width))
    alike = text(before) == text(after)
    sides = text(before, qualified=alike), text(after, qualified=alike)
    return Told(sign, what, *excerpts(*sides, width))


def _line_diff(before: MaybeValue, after: MaybeValue) -> tuple[str, ...]:
    """Compare two texts of several lines line by line."""
    old, new = _as_lines(before), _as_lines(after)
    if old is None or new is None or max(len(old), len(new)) < 2:
        return ()
    diff = difflib.unified_diff(old, new, n=1, lineterm="")
    shown = [line for line in diff if not line.startswith(("---", "+++", "@@"))]
    return tuple(line[0] + " " + printable(line[1:]) for line in shown)


def _as_lines(value: MaybeValue) -> list[str] | None:
    if isinstance(value, Unknown):
        return value.source.splitlines()
    return value.splitlines() if isinstance(value, str) else None


def excerpts(before: str, after: str, width: int) -> tuple[str, str]:
    """Shorten two texts around the place where they differ, so that the difference shows."""
    if len(before) <= width and len(after) <= width:
        return before, after
    start = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    start = max(0, start - width // 4)
    return _window(before, start, width), _window(after, start, width)


def _window(value: str, start: int, width: int) -> str:
    shown = value[start : start + width]
    return ("…" if start else "") + shown + ("…" if start + width < len(value) else "")


def _cut(value: str, width: int) -> str:
    return _window(value, 0, width)


def tell_support(change: SupportChange) -> Told:
    """Word a change of a pool or of a file beside the DAGs."""
    return Told(
        change.action.sign,
        f"{change.kind} {printable(change.name)}",
        printable(change.before),
        printable(change.after),
    )


def tell_kind(count: KindCount) -> Told:
    """Word a kind of change that many DAGs have, with one of them as the example."""
    example = tell(count.example, 40)
    if count.kind in (Kind.TASK, Kind.GROUP, Kind.DEPENDENCY, Kind.CODE, Kind.FILE):
        verb = {"add": "added", "remove": "removed", "change": "changed", "rename": "renamed"}
        what = f"{count.kind} {verb[count.action.value]}"
    else:
        named = [str(count.kind), printable(count.name)]
        what = " ".join(dict.fromkeys(named))
    return Told(count.action.sign, what, example=str(example))


def why(story: Story) -> str:
    """Word the causes of a story: directly or indirectly changed, and by which files."""
    if not story.reasons:
        return ""
    shown = ", ".join(printable(str(reason)) for reason in story.reasons[:3])
    more = f" and {len(story.reasons) - 3} more" if len(story.reasons) > 3 else ""
    return f"{'directly' if story.is_direct else 'indirectly'}: {shown}{more}"


def names(ids: Iterable[str], limit: int) -> str:
    """List ids, at most `limit` of them, and say how many are left."""
    every = [printable(each) for each in ids]
    if len(every) <= limit:
        return ", ".join(every)
    return f"{', '.join(every[:limit])}, … and {len(every) - limit} more"


def star_note(told: Iterable[Story]) -> str:
    """Explain the `*` of changes that DAGs share but for their own names; "" if there is none."""
    changes = (change for story in told for change in story.changes)
    if any(STAR in change.subject + change.name for change in changes):
        return f"{STAR} stands for the words that set a DAG's id apart."
    return ""


def totals(fleet: FleetChange) -> str:
    """Sum a plan up: `2 to add, 1 to change, 0 to destroy.`"""
    counts = fleet.counts()
    parts = [f"{counts[Action.ADD]} to add", f"{counts[Action.CHANGE]} to change"]
    if counts[Action.RENAME]:
        parts.append(f"{counts[Action.RENAME]} to rename")
    parts.append(f"{counts[Action.REMOVE]} to destroy")
    return ", ".join(parts) + f"; {fleet.unchanged} unchanged."


def outline(dag: DagGraph) -> str:
    """Describe a whole DAG in a line: how many tasks and groups, and its schedule."""
    parts = [plural(len(dag.tasks), "task")]
    if dag.groups:
        parts.append(plural(len(dag.groups), "group"))
    schedule = dag.arguments.get("schedule", None)
    return ", ".join(parts) + f", schedule {_cut(text(schedule), 40)}"


def plural(count: int, noun: str) -> str:
    """Count a noun: `1 task`, `2 tasks`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
