"""A picture in Graphviz's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from daggen.review.picture import Node, Picture, State

COLORS: Final = {
    State.SAME: ("#57606a", "#ffffff"),
    State.ADDED: ("#1a7f37", "#dafbe1"),
    State.REMOVED: ("#cf222e", "#ffebe9"),
    State.CHANGED: ("#9a6700", "#fff8c5"),
}
"""The colours of the line and of the surface for each state."""


def render_dot(picture: Picture) -> str:
    """Give a `digraph`; groups are clusters, mapped tasks stand in 3-D, branches are hexagons."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield f"digraph {_quoted(picture.dag_id)} {{"
    yield "  rankdir=LR"
    yield '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11]'
    yield '  edge [color="#57606a", fontname="Helvetica", fontsize=9]'
    yield from _inside(picture, None, 1)
    for arrow in picture.arrows:
        color = COLORS[arrow.state][0]
        dashed = ", style=dashed" if arrow.state is State.REMOVED else ""
        label = f", label={_quoted(arrow.label)}" if arrow.label else ""
        ends = f"{_quoted(arrow.upstream)} -> {_quoted(arrow.downstream)}"
        yield f'  {ends} [color="{color}"{dashed}{label}]'
    yield "}"


def _inside(picture: Picture, box: str | None, depth: int) -> Iterator[str]:
    pad = "  " * depth
    for node in picture.nodes:
        if node.box == box:
            yield f"{pad}{_quoted(node.task_id)} [{_attributes(node)}]"
    for inner in picture.boxes:
        if inner.parent == box:
            yield f"{pad}subgraph {_quoted('cluster_' + inner.group_id)} {{"
            yield f"{pad}  label={_quoted(inner.title)}; style=rounded"
            yield f'{pad}  color="{COLORS[inner.state][0]}"'
            yield from _inside(picture, inner.group_id, depth + 1)
            yield f"{pad}}}"


def _attributes(node: Node) -> str:
    line, surface = COLORS[node.state]
    label = f"{node.title}\n{node.operator}"
    if node.marks:
        label += f" ({node.marks})"
    shape = ""
    if node.is_mapped:
        shape = ", shape=box3d, style=filled"
    elif node.is_branch:
        shape = ", shape=hexagon, style=filled"
    return f'label={_quoted(label)}, color="{line}", fillcolor="{surface}"{shape}'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
