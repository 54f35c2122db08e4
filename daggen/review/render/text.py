"""A plan for a terminal, in the manner of terraform's."""

from __future__ import annotations

from collections.abc import Iterator

from daggen.review.changes import Action, DagChange, FleetChange
from daggen.review.render.words import (
    NO_CHANGES,
    Told,
    names,
    outline,
    plural,
    star_note,
    tell,
    tell_support,
    totals,
    why,
)
from daggen.review.stories import Story, stories
from daggen.review.texts import printable

_COLORS = {"+": "32", "-": "31", "~": "33", ">": "36", "?": "35"}
_NAMES = 8
_DIFF_LINES = 40


def render_text(fleet: FleetChange, color: bool = False) -> str:
    """Give the plan as lines for a terminal, coloured with ANSI sequences if `color`."""
    lines = [_painted(line, color) for line in _lines(fleet)]
    return "\n".join(lines) + "\n"


def _lines(fleet: FleetChange) -> Iterator[str]:
    against = f" Compared with {printable(fleet.base)}." if fleet.base else ""
    if not fleet:
        yield f"{NO_CHANGES} {plural(fleet.unchanged, 'DAG')} as before.{against}"
        return
    told_once = stories(fleet)
    for story in told_once:
        yield from _story(story)
        yield ""
    for change in fleet.support:
        told = tell_support(change)
        yield f"{told.sign} {told}"
    if fleet.support:
        yield ""
    if star_note(told_once):
        yield star_note(told_once)
    yield f"Plan: {totals(fleet)}{against}"


def _story(story: Story) -> Iterator[str]:
    cause = f"  ({why(story)})" if why(story) else ""
    if story.action is Action.CHANGE:
        ids = [dag.dag_id for dag in story.dags]
        many = f"{plural(len(ids), 'DAG')}: " if len(ids) > 1 else ""
        yield f"~ {many}{names(ids, _NAMES)}{cause}"
        for change in story.changes:
            yield from _told(tell(change))
        return
    if len(story.dags) > 1:
        yield f"{story.action.sign} {plural(len(story.dags), 'DAG')}{cause}"
        yield from (f"    {_whole(dag)}" for dag in story.dags)
    else:
        yield _whole(story.dags[0]) + cause


def _whole(dag: DagChange) -> str:
    sign, dag_id = dag.action.sign, printable(dag.dag_id)
    if dag.action is Action.RENAME:
        return f"{sign} {printable(dag.old_id)} → {dag_id}"
    state = dag.after or dag.before
    return f"{sign} {dag_id}" + (f": {outline(state)}" if state else "")


def _told(told: Told) -> Iterator[str]:
    if not told.lines:
        yield f"    {told.sign} {told}"
        return
    yield f"    {told.sign} {told.what}"
    for line in told.lines[:_DIFF_LINES]:
        yield f"        {line}"
    if len(told.lines) > _DIFF_LINES:
        yield f"        … {len(told.lines) - _DIFF_LINES} more lines"


def _painted(line: str, color: bool) -> str:
    code = _COLORS.get(line.lstrip()[:1])
    return f"\x1b[{code}m{line}\x1b[0m" if color and code else line
