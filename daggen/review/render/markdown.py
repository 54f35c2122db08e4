"""A plan as a pull request comment: Markdown that fits GitHub's limit.

If the whole plan is too long, it is told in less detail, level by level: fewer names, fewer
stories, fewer pictures. It is never cut; every kind of change is named at every level.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from daggen.review.changes import Action, DagChange, FleetChange
from daggen.review.picture import Picture, focus, picture_of_change
from daggen.review.render.mermaid import MAX_ARROWS, render_mermaid
from daggen.review.render.words import (
    NO_CHANGES,
    Told,
    outline,
    plural,
    star_note,
    tell,
    tell_kind,
    tell_support,
    totals,
    why,
)
from daggen.review.stories import Story, kind_counts, stories
from daggen.review.texts import printable

LIMIT: Final = 65_536
"""The most characters that GitHub takes in one comment."""


@dataclass(frozen=True, slots=True)
class _Detail:
    """How much is told: names a story, stories, changes a story, pictures, tasks a picture."""

    names: int
    stories: int
    changes: int
    pictures: int
    nodes: int
    kinds: int


_LEVELS: Final = (
    _Detail(names=2000, stories=2000, changes=400, pictures=12, nodes=40, kinds=400),
    _Detail(names=60, stories=200, changes=60, pictures=10, nodes=30, kinds=300),
    _Detail(names=12, stories=60, changes=20, pictures=6, nodes=24, kinds=200),
    _Detail(names=5, stories=20, changes=10, pictures=3, nodes=20, kinds=100),
    _Detail(names=3, stories=5, changes=5, pictures=1, nodes=16, kinds=60),
    _Detail(names=3, stories=0, changes=0, pictures=0, nodes=0, kinds=0),
)


def render_markdown(fleet: FleetChange, limit: int = LIMIT) -> str:
    """Give the plan as GitHub's Markdown, in the most detail that fits `limit` characters."""
    pictures = _distinct_pictures(fleet)
    written = ""
    for detail in _LEVELS:
        written = "\n".join(_lines(fleet, pictures, detail)).rstrip() + "\n"
        if len(written) <= limit:
            break
    return written


def _lines(fleet: FleetChange, pictures: list[_Shape], detail: _Detail) -> Iterator[str]:
    against = f" Compared with {_code(fleet.base)}." if fleet.base else ""
    if not fleet:
        yield f"**{NO_CHANGES}** {plural(fleet.unchanged, 'DAG')} as before.{against}"
        return
    yield f"### Plan: {totals(fleet)}"
    yield ""
    if against:
        yield against.strip()
        yield ""
    told = stories(fleet)
    if len(told) > 2 or len(told) > detail.stories:
        yield from _kinds(fleet, detail)
    for story in told[: detail.stories]:
        yield from _story(story, detail)
    if star_note(told[: detail.stories]):
        yield _escaped(star_note(told))
        yield ""
    yield from _left_out(told[detail.stories :])
    yield from _support(fleet, detail)
    yield from _drawn(pictures, detail)


def _kinds(fleet: FleetChange, detail: _Detail) -> Iterator[str]:
    """Name every kind of change with the number of DAGs; by argument, as far as there is room."""
    for action, word in (
        (Action.ADD, "added"),
        (Action.REMOVE, "removed"),
        (Action.RENAME, "renamed"),
    ):
        dags = [dag for dag in fleet.dags if dag.action is action]
        if dags:
            ids = ", ".join(_code(dag.dag_id) for dag in dags[: detail.names])
            more = f", … and {len(dags) - detail.names} more" if len(dags) > detail.names else ""
            yield f"- {_code(action.sign)} {plural(len(dags), 'DAG')} {word}: {ids}{more}"
    counts = kind_counts(fleet.dags)
    if len(counts) <= detail.kinds:
        for count in counts:
            told = tell_kind(count)
            example = f" such as {_code(told.example)}" if detail.stories else ""
            yield f"- {_code(told.sign)} {plural(count.dags, 'DAG')}: {_code(told.what)}{example}"
    else:
        coarse = Counter((count.kind, count.action) for count in counts)
        for (kind, action), arguments in sorted(coarse.items()):
            yield f"- {_code(action.sign)} {kind}, {plural(arguments, 'kind')} of it"
    yield ""


def _story(story: Story, detail: _Detail) -> Iterator[str]:
    ids = [dag.dag_id for dag in story.dags]
    many = plural(len(ids), "DAG") if len(ids) > 1 else _code(ids[0])
    words = {"add": "added", "remove": "removed", "rename": "renamed", "change": "changed"}
    cause = f" — {_escaped(why(story))}" if story.reasons else ""
    yield f"**{story.action.sign} {many} {words[story.action.value]}**{cause}"
    yield ""
    if story.action is Action.CHANGE:
        yield from _changes(story, detail)
        if len(ids) > 1:
            yield from _names(ids, detail)
    else:
        for dag in story.dags[: detail.names]:
            yield f"- {_whole(dag)}"
        if len(ids) > detail.names:
            yield f"- … and {len(ids) - detail.names} more"
    yield ""


def _changes(story: Story, detail: _Detail) -> Iterator[str]:
    for change in story.changes[: detail.changes]:
        yield from _told(tell(change), detail)
    left = story.changes[detail.changes :]
    if left:
        kinds = Counter(change.kind for change in left)
        named = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        yield f"- … and {plural(len(left), 'more change')}: {named}"


def _told(told: Told, detail: _Detail) -> Iterator[str]:
    if not told.lines:
        values = " → ".join(_code(value) for value in (told.before, told.after) if value)
        note = f" {_escaped(told.note)}" if told.note else ""
        yield f"- {_code(told.sign)} {_escaped(told.what)} {values}".rstrip() + note
        return
    yield f"- {_code(told.sign)} {_escaped(told.what)}"
    shown = told.lines[: detail.changes]
    fence = _fence("\n".join(shown), "```")
    yield f"  {fence}diff"
    yield from (f"  {line}" for line in shown)
    if len(told.lines) > len(shown):
        yield f"  … {len(told.lines) - len(shown)} more lines"
    yield f"  {fence}"


def _names(ids: list[str], detail: _Detail) -> Iterator[str]:
    shown = ", ".join(_code(each) for each in ids[: detail.names])
    more = f", … and {len(ids) - detail.names} more" if len(ids) > detail.names else ""
    yield ""
    if len(ids) > 10:
        yield f"<details><summary>{plural(len(ids), 'DAG')}</summary>\n\n{shown}{more}\n</details>"
    else:
        yield f"In {shown}{more}"


def _whole(dag: DagChange) -> str:
    if dag.action is Action.RENAME:
        return f"{_code(dag.old_id)} → {_code(dag.dag_id)}"
    state = dag.after or dag.before
    return _code(dag.dag_id) + (f": {_escaped(outline(state))}" if state else "")


def _left_out(left: tuple[Story, ...]) -> Iterator[str]:
    if left:
        dags = {dag.dag_id for story in left for dag in story.dags}
        yield (
            f"… and {plural(len(left), 'more set')} of changes in {plural(len(dags), 'DAG')}, "
            "summed up above; `daggen plan --format html` shows each."
        )
        yield ""


def _support(fleet: FleetChange, detail: _Detail) -> Iterator[str]:
    most = max(detail.names, 3)
    for change in fleet.support[:most]:
        yield from _told(tell_support(change), detail)
    if len(fleet.support) > most:
        yield f"- … and {len(fleet.support) - most} more pools and files"
    if fleet.support:
        yield ""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A picture that some DAGs have in common."""

    picture: Picture
    dag_ids: tuple[str, ...]


def _distinct_pictures(fleet: FleetChange) -> list[_Shape]:
    """Draw each changed shape once; those of most DAGs first, whole new DAGs last."""
    found: dict[Picture, list[str]] = {}
    new: dict[Picture, bool] = {}
    for dag in fleet.dags:
        if dag.action in (Action.ADD, Action.CHANGE):
            picture = picture_of_change(dag)
            if picture.has_changed_shape:
                key = replace(picture, dag_id="")
                found.setdefault(key, []).append(dag.dag_id)
                new[key] = dag.action is Action.ADD
    shapes = [_Shape(picture, tuple(ids)) for picture, ids in found.items()]
    return sorted(shapes, key=lambda s: (new[s.picture], -len(s.dag_ids), s.dag_ids[0]))


def _drawn(shapes: list[_Shape], detail: _Detail) -> Iterator[str]:
    for shape in shapes[: detail.pictures]:
        picture, hidden = focus(shape.picture, detail.nodes)
        if len(picture.arrows) > MAX_ARROWS:
            continue
        more = f" and {len(shape.dag_ids) - 1} more" if len(shape.dag_ids) > 1 else ""
        beside = f" ({plural(hidden, 'task')} not drawn)" if hidden else ""
        first = _html(shape.dag_ids[0])
        yield f"<details open><summary>Shape of <code>{first}</code>{more}{beside}</summary>"
        yield ""
        yield "```mermaid"
        yield render_mermaid(picture).rstrip()
        yield "```"
        yield "</details>"
        yield ""
    left = len(shapes) - detail.pictures
    if left > 0 and detail.pictures:
        yield f"… and {plural(left, 'more shape')}, drawn by `daggen plan --format html`."


def _code(value: str) -> str:
    """Give a code span that holds exactly this text, whatever backticks are in it."""
    value = printable(value)
    if not value:
        return "` `"
    fence = _fence(value, "`")
    pad = " " if value.startswith("`") or value.endswith("`") else ""
    return f"{fence}{pad}{value}{pad}{fence}"


def _fence(value: str, shortest: str) -> str:
    """Give a run of backticks that does not occur in the text."""
    longest = max((len(run) for run in re.findall(r"`+", value)), default=0)
    return "`" * max(len(shortest), longest + 1)


def _escaped(value: str) -> str:
    """Take the meaning of Markdown and HTML out of plain words."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&@])", r"\\\1", printable(value)).replace("\\@", "@\u200b")


def _html(value: str) -> str:
    return printable(value).replace("&", "&amp;").replace("<", "&lt;")
