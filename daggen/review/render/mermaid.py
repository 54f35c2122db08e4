"""A picture in Mermaid's language, which GitHub draws in a comment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from daggen.review.picture import Node, Picture, State

MAX_ARROWS: Final = 400
"""Mermaid refuses a picture of more than 500 arrows, or of 50,000 characters."""

_STYLES: Final = {
    State.ADDED: "fill:#dafbe1,stroke:#1a7f37,color:#0a3d1a,stroke-width:2px",
    State.REMOVED: "fill:#ffebe9,stroke:#cf222e,color:#6e0f16,stroke-dasharray:5 3",
    State.CHANGED: "fill:#fff8c5,stroke:#9a6700,color:#4d3300,stroke-width:2px",
}
_ARROWS: Final = {
    State.SAME: "-->",
    State.ADDED: "==>",
    State.REMOVED: "-.->",
    State.CHANGED: "-->",
}
_STROKES: Final = {State.ADDED: "#1a7f37", State.REMOVED: "#cf222e", State.CHANGED: "#9a6700"}


def render_mermaid(picture: Picture, direction: str = "LR") -> str:
    """Give a Mermaid flowchart; mapped tasks are stacked, branches are hexagons."""
    return "\n".join(_lines(picture, direction)) + "\n"


def _lines(picture: Picture, direction: str) -> Iterator[str]:
    nodes = {node.task_id: f"t{index}" for index, node in enumerate(picture.nodes)}
    yield f"flowchart {direction}"
    yield from _inside(picture, None, nodes, 1)
    for arrow in picture.arrows:
        label = f"|{_quoted(arrow.label)}|" if arrow.label else ""
        ends = nodes[arrow.upstream], nodes[arrow.downstream]
        yield f"  {ends[0]} {_ARROWS[arrow.state]}{label} {ends[1]}"
    yield from _classes(picture, nodes)


def _inside(picture: Picture, box: str | None, nodes: dict[str, str], depth: int) -> Iterator[str]:
    """Write the nodes and boxes that stand directly in a box."""
    pad = "  " * depth
    for node in picture.nodes:
        if node.box == box:
            yield f"{pad}{nodes[node.task_id]}{_shape(node)}"
    for index, inner in enumerate(picture.boxes):
        if inner.parent == box:
            yield f"{pad}subgraph g{index}[{_quoted(inner.title)}]"
            yield from _inside(picture, inner.group_id, nodes, depth + 1)
            yield f"{pad}end"


def _shape(node: Node) -> str:
    label = _quoted(node.title)
    if node.is_mapped:
        return f"[[{label}]]"
    return f"{{{{{label}}}}}" if node.is_branch else f"[{label}]"


def _classes(picture: Picture, nodes: dict[str, str]) -> Iterator[str]:
    for state, style in _STYLES.items():
        named = [nodes[node.task_id] for node in picture.nodes if node.state is state]
        named += [f"g{i}" for i, box in enumerate(picture.boxes) if box.state is state]
        if named:
            yield f"  classDef {state} {style}"
            yield f"  class {','.join(named)} {state}"
    for state, stroke in _STROKES.items():
        numbers = [str(i) for i, arrow in enumerate(picture.arrows) if arrow.state is state]
        if numbers:
            yield f"  linkStyle {','.join(numbers)} stroke:{stroke}"


def _quoted(label: str) -> str:
    """Quote a label; whatever Mermaid or HTML could read as markup becomes a character code."""
    safe = " _-.,:+~[]"
    return '"' + "".join(c if c.isalnum() or c in safe else f"#{ord(c)};" for c in label) + '"'
