"""A picture as SVG, laid out by Graphviz.

Graphviz only places boxes of given sizes; the text is set here, so the result does not depend
on the fonts of the machine, and no text of a DAG ever reaches Graphviz.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from daggen.diagnostics import Diagnostic
from daggen.diagnostics.codes.review import NO_LAYOUT
from daggen.review.picture import Arrow, Box, Node, Picture, State
from daggen.review.render.dot import COLORS

_CHARACTER: Final = 7.2
_HEIGHT: Final = 40
_POINTS: Final = 72
_MARGIN: Final = 12


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where Graphviz puts things, in points, with y upwards from the bottom."""

    width: float
    height: float
    nodes: Mapping[int, tuple[float, float]]
    boxes: Mapping[int, tuple[float, ...]]
    arrows: Mapping[int, str]


def render_svg(picture: Picture) -> str | Diagnostic:
    """Give a self-contained SVG document, or say that Graphviz is missing."""
    try:
        import pygraphviz
    except ImportError:
        hint = 'pip install "daggen[graph]", or take --format html, mermaid or dot'
        return NO_LAYOUT.at(None, "an SVG needs Graphviz (pygraphviz)", hint=hint)
    graph = pygraphviz.AGraph(string=_sizes(picture))
    drawn = json.loads(graph.draw(format="json", prog="dot"))
    return "\n".join(_document(picture, _layout(drawn))) + "\n"


def _sizes(picture: Picture) -> str:
    """Describe the graph to Graphviz by numbers only: sizes, and what is inside what."""
    numbers = {node.task_id: index for index, node in enumerate(picture.nodes)}
    lines = ["digraph {", "rankdir=LR; nodesep=0.25; ranksep=0.5; node [shape=box, fixedsize=true]"]
    lines += _sized(picture, None, numbers)
    for index, arrow in enumerate(picture.arrows):
        ends = f"n{numbers[arrow.upstream]} -> n{numbers[arrow.downstream]}"
        lines.append(f'{ends} [id="{index}"]')
    return "\n".join([*lines, "}"])


def _sized(picture: Picture, box: str | None, numbers: Mapping[str, int]) -> Iterator[str]:
    for node in picture.nodes:
        if node.box == box:
            size = f"width={_width(node) / _POINTS:.3f}, height={_HEIGHT / _POINTS:.3f}"
            yield f'n{numbers[node.task_id]} [label="", {size}]'
    for index, inner in enumerate(picture.boxes):
        if inner.parent == box:
            table = f'<TABLE FIXEDSIZE="TRUE" WIDTH="{_text_width(inner.title):.0f}" HEIGHT="14"'
            label = f'<{table} BORDER="0"><TR><TD></TD></TR></TABLE>>'
            yield f"subgraph cluster_{index} {{ label={label}; margin=10"
            if not any(node.box == inner.group_id for node in picture.nodes):
                yield f'e{index} [label="", width=0.01, height=0.01, style=invis]'
            yield from _sized(picture, inner.group_id, numbers)
            yield "}"


def _width(node: Node) -> float:
    return max(_text_width(node.title), _text_width(_subtitle(node)) * 0.85, 60) + 20


def _text_width(text: str) -> float:
    return _CHARACTER * (len(text) + 2)


def _subtitle(node: Node) -> str:
    return node.operator + (f" · {node.marks}" if node.marks else "")


def _layout(drawn: Mapping[str, Any]) -> _Layout:
    _, _, width, height = map(float, drawn["bb"].split(","))
    nodes, boxes = {}, {}
    for part in drawn.get("objects", []):
        name: str = part["name"]
        if name.startswith("cluster_"):
            boxes[int(name.removeprefix("cluster_"))] = tuple(map(float, part["bb"].split(",")))
        elif name.startswith("n"):
            x, y = part["pos"].split(",")
            nodes[int(name[1:])] = (float(x), float(y))
    arrows = {int(edge["id"]): edge["pos"] for edge in drawn.get("edges", [])}
    return _Layout(width, height, nodes, boxes, arrows)


def _document(picture: Picture, layout: _Layout) -> Iterator[str]:
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="Helvetica, Arial, sans-serif" '
        f'role="img" aria-label="{_safe(picture.dag_id)}">'
    )
    yield f"<title>{_safe(picture.dag_id)}</title>"
    yield f'<g transform="translate({_MARGIN} {layout.height + _MARGIN:.1f})">'
    for index, box in enumerate(picture.boxes):
        if index in layout.boxes:
            yield _drawn_box(box, layout.boxes[index])
    for index, arrow in enumerate(picture.arrows):
        yield from _drawn_arrow(arrow, layout.arrows[index])
    for index, node in enumerate(picture.nodes):
        yield from _drawn_node(node, *layout.nodes[index])
    yield "</g>"
    yield "</svg>"


def _drawn_box(box: Box, corners: tuple[float, ...]) -> str:
    left, bottom, right, top = corners
    line, surface = COLORS[box.state]
    fill = "#f6f8fa" if box.state is State.SAME else surface
    return (
        f'<rect x="{left:.1f}" y="{-top:.1f}" width="{right - left:.1f}" '
        f'height="{top - bottom:.1f}" rx="8" fill="{fill}" fill-opacity="0.6" stroke="{line}"/>'
        f'<text x="{(left + right) / 2:.1f}" y="{-top + 15:.1f}" text-anchor="middle" '
        f'font-size="11" fill="{line}">{_safe(box.title)}</text>'
    )


def _drawn_arrow(arrow: Arrow, position: str) -> Iterator[str]:
    """Turn Graphviz's spline into a path with its own arrow head."""
    tip, *points = (part.removeprefix("e,") for part in position.split())
    (start, *rest), end = ([_flipped(point) for point in points], _flipped(tip))
    color = COLORS[arrow.state][0]
    dashed = ' stroke-dasharray="5 3"' if arrow.state is State.REMOVED else ""
    curve = f"M{_at(start)} C{' '.join(map(_at, rest))}"
    yield f'<path d="{curve} L{_at(end)}" fill="none" stroke="{color}" stroke-width="1.3"{dashed}/>'
    last = rest[-1]
    length = ((end[0] - last[0]) ** 2 + (end[1] - last[1]) ** 2) ** 0.5 or 1.0
    across = ((end[1] - last[1]) / length * 4, (last[0] - end[0]) / length * 4)
    wings = [(last[0] + across[0], last[1] + across[1]), (last[0] - across[0], last[1] - across[1])]
    yield f'<path d="M{_at(end)} L{_at(wings[0])} L{_at(wings[1])} Z" fill="{color}"/>'
    if arrow.label or arrow.state.sign:
        middle = rest[len(rest) // 2]
        text = _safe(f"{arrow.state.sign} {arrow.label}".strip())
        place = f'x="{middle[0]:.1f}" y="{middle[1] - 4:.1f}"'
        yield f'<text {place} font-size="9" fill="{color}">{text}</text>'


def _flipped(point: str) -> tuple[float, float]:
    x, y = point.split(",")
    return float(x), -float(y)


def _at(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _drawn_node(node: Node, x: float, y: float) -> Iterator[str]:
    line, surface = COLORS[node.state]
    width, left, top = _width(node), x - _width(node) / 2, -y - _HEIGHT / 2
    look = f'fill="{surface}" stroke="{line}" stroke-width="1.3"'
    dashed = ' stroke-dasharray="5 3"' if node.state is State.REMOVED else ""
    yield f"<g><title>{_safe(node.task_id)}: {_safe(_subtitle(node))}</title>"
    if node.is_mapped:
        shadow = f'x="{left + 4:.1f}" y="{top - 4:.1f}" width="{width:.1f}" height="{_HEIGHT}"'
        yield f'<rect {shadow} rx="5" {look}/>'
    if node.is_branch:
        ends = (left, left + 10, left + width - 10, left + width)
        points = [(ends[0], -y), (ends[1], top), (ends[2], top), (ends[3], -y)]
        points += [(ends[2], top + _HEIGHT), (ends[1], top + _HEIGHT)]
        yield f'<polygon points="{" ".join(map(_at, points))}" {look}{dashed}/>'
    else:
        size = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{_HEIGHT}"'
        yield f'<rect {size} rx="5" {look}{dashed}/>'
    for text, below, points_ in ((node.title, -3, 12), (_subtitle(node), 12, 10)):
        place = f'x="{x:.1f}" y="{-y + below:.1f}" font-size="{points_}"'
        yield f'<text {place} text-anchor="middle" fill="{line}">{_safe(text)}</text>'
    yield "</g>"


def _safe(text: str) -> str:
    """Escape text for XML, and drop what XML cannot hold at all."""
    return escape("".join(c if c.isprintable() else "\ufffd" for c in text))
