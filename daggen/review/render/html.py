"""A plan, or one DAG, as a page to click through."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from daggen.code.graph import DagGraph, Task
from daggen.review.changes import Change, DagChange, FleetChange
from daggen.review.picture import Node, Picture, picture_of, picture_of_change
from daggen.review.render.page import render_page
from daggen.review.render.words import Told, outline, star_note, tell, tell_support, totals, why
from daggen.review.stories import Story, stories
from daggen.review.texts import text

GRAPH_SCRIPTS: Final = ("layout.js", "graph.js")
_WIDTH: Final = 400
_WORDS: Final = {"add": "added", "remove": "removed", "rename": "renamed", "change": "changed"}


def render_plan_html(fleet: FleetChange) -> str:
    """Give a self-contained page of a plan: changes told once, a list to search, graphs."""
    filters = "".join(
        f'<label><input type="checkbox" name="action" value="{action}" checked> {word}</label>'
        for action, word in _WORDS.items()
    )
    body = f"""<header><h1>daggen plan: {escape(totals(fleet))}</h1>
<p class="faint">{escape(f"Compared with {fleet.base}." if fleet.base else "")}</p></header>
<div class="columns"><nav aria-label="DAGs">
<input type="search" id="search" placeholder="Search DAGs, tasks, changes"
 aria-label="Search DAGs, tasks, changes" autocomplete="off">
<fieldset aria-label="Which DAGs">{filters}</fieldset>
<p class="faint" id="count" role="status"></p><ul id="dags"></ul></nav>
<main id="main"></main></div>"""
    told_once = stories(fleet)
    data = {
        "dags": [_dag(dag) for dag in fleet.dags],
        "stories": [_story(story) for story in told_once],
        "note": star_note(told_once),
        "other": [_told(tell_support(each), str(each.action)) for each in fleet.support],
    }
    return render_page("daggen plan", body, data, (*GRAPH_SCRIPTS, "plan.js"), ("page.css",))


def render_graph_html(dag: DagGraph) -> str:
    """Give a self-contained page of one DAG."""
    head = f"<h1>{escape(dag.dag_id)}</h1><p class='faint'>{escape(outline(dag))}</p>"
    body = f'<header>{head}</header><div class="columns"><main id="main"></main></div>'
    data = {
        "picture": picture_data(picture_of(dag), dag.tasks),
        "arguments": arguments(dag.arguments),
    }
    return render_page(dag.dag_id, body, data, (*GRAPH_SCRIPTS, "single.js"), ("page.css",))


def picture_data(picture: Picture, tasks: Mapping[str, Task]) -> dict[str, Any]:
    """Give a picture as the page's scripts draw it, with each task's arguments."""
    return {
        "nodes": [_node(node, tasks) for node in picture.nodes],
        "boxes": [
            {"id": box.group_id, "title": box.title, "parent": box.parent, "state": box.state}
            for box in picture.boxes
        ],
        "arrows": [
            {
                "from": arrow.upstream,
                "to": arrow.downstream,
                "label": arrow.label,
                "state": arrow.state,
            }
            for arrow in picture.arrows
        ],
    }


def arguments(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give arguments as rows of a table, values as short Python."""
    return [(name, _short(text(value))) for name, value in given.items()]


def _node(node: Node, tasks: Mapping[str, Task]) -> dict[str, Any]:
    task = tasks.get(node.task_id)
    rows = arguments({**task.arguments, **_expanded(task)}) if task else []
    return {
        "id": node.task_id,
        "title": node.title,
        "subtitle": node.operator + (f" · {node.marks}" if node.marks else ""),
        "box": node.box,
        "mapped": node.is_mapped,
        "branch": node.is_branch,
        "state": node.state,
        "arguments": [row for row in rows if row[0] != "task_id"],
    }


def _expanded(task: Task) -> dict[str, Any]:
    return {f"{name} (mapped)": value for name, value in task.expand.items()}


def _short(value: str) -> str:
    return value if len(value) <= _WIDTH else value[: _WIDTH - 1] + "…"


def _dag(dag: DagChange) -> dict[str, Any]:
    tasks: dict[str, Task] = {}
    for state in filter(None, (dag.before, dag.after)):
        tasks.update(state.tasks)
    changes = [_change(change) for change in dag.changes]
    searched = [dag.dag_id, dag.old_id, dag.path, *tasks, *(row["what"] for row in changes)]
    story = Story(dag.action, (dag,), dag.changes, dag.reasons)
    return {
        "dag_id": dag.dag_id,
        "old_id": dag.old_id,
        "action": dag.action,
        "path": dag.path,
        "why": why(story),
        "changes": changes,
        "search": " ".join(searched).lower(),
        "picture": picture_data(picture_of_change(dag), tasks),
    }


def _story(story: Story) -> dict[str, Any]:
    return {
        "action": story.action,
        "word": _WORDS[story.action.value],
        "why": why(story),
        "dag_ids": [dag.dag_id for dag in story.dags],
        "changes": [_change(change) for change in story.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    near = [*change.upstream, *change.downstream] if change.name else []
    told = _told(tell(change, _WIDTH), str(change.action))
    return {**told, "subject": change.subject, "near": near}


def _told(told: Told, action: str) -> dict[str, Any]:
    return {
        "action": action,
        "sign": told.sign,
        "what": told.what,
        "before": told.before,
        "after": told.after,
        "note": told.note,
        "lines": list(told.lines),
        "subject": "",
        "near": [],
    }
