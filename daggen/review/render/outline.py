"""A DAG as indented text: tasks in order, groups around them, what each is followed by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from daggen.code.graph import DagGraph
from daggen.review.picture import Arrow, Box, Node, Picture, picture_of
from daggen.review.render.words import outline
from daggen.review.texts import printable, text


def render_outline(dag: DagGraph) -> str:
    """Give a DAG as text for a terminal."""
    return "\n".join(_lines(dag)) + "\n"


def _lines(dag: DagGraph) -> Iterator[str]:
    yield f"{printable(dag.dag_id)}: {outline(dag)}"
    picture = picture_of(dag)
    arrows: defaultdict[str, list[Arrow]] = defaultdict(list)
    for arrow in picture.arrows:
        arrows[arrow.upstream].append(arrow)
    yield from _inside(picture, None, arrows, 1)
    for doubt in dag.doubts:
        yield f"  ? line {doubt.line}: {printable(doubt.part)} unknown: {printable(doubt.reason)}"


def _inside(
    picture: Picture, box: str | None, arrows: Mapping[str, list[Arrow]], depth: int
) -> Iterator[str]:
    """Write what stands directly in a box: parts in the order in which their tasks come."""
    written: set[str] = set()
    for node in picture.nodes:
        if node.box == box:
            yield "  " * depth + _task(node, arrows)
        else:
            inner = _child(picture, node.box, box)
            if inner and inner.group_id not in written:
                written.add(inner.group_id)
                yield "  " * depth + f"[{printable(inner.title)}]"
                yield from _inside(picture, inner.group_id, arrows, depth + 1)
    for empty in picture.boxes:
        if empty.parent == box and empty.group_id not in written:
            yield "  " * depth + f"[{printable(empty.title)}]"
            yield from _inside(picture, empty.group_id, arrows, depth + 1)


def _child(picture: Picture, start: str | None, around: str | None) -> Box | None:
    """Find the box directly in `around` that holds the box `start`; None if none does."""
    boxes = {box.group_id: box for box in picture.boxes}
    found = boxes.get(start) if start else None
    while found is not None and found.parent != around:
        found = boxes.get(found.parent) if found.parent else None
    return found


def _task(node: Node, arrows: Mapping[str, list[Arrow]]) -> str:
    about = node.operator + (f", {node.marks}" if node.marks else "")
    line = f"{printable(node.title)} ({about})"
    targets = ", ".join(_target(arrow) for arrow in arrows[node.task_id])
    return f"{line} → {targets}" if targets else line


def _target(arrow: Arrow) -> str:
    label = f" {text(arrow.label)}" if arrow.label else ""
    return printable(arrow.downstream) + label
