"""A DAG as it is drawn: boxes, nodes and arrows, each with what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from daggen.code.graph import DagGraph, Edge, Group, Task
from daggen.review.changes import Action, Change, DagChange, Kind
from daggen.review.matching import Renames, apply_renames, leaf

_BRANCHES: Final = ("branch", "shortcircuit", "short_circuit")


class State(StrEnum):
    """What happened to a part of a picture; its sign stands beside its colour."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def sign(self) -> str:
        """Give the sign that tells the state without colour."""
        return {"same": "", "added": "+", "removed": "-", "changed": "~"}[self.value]


@dataclass(frozen=True, slots=True)
class Node:
    """A task: `label` is its id within its group, `operator` the short name of its class."""

    task_id: str
    label: str
    operator: str
    box: str | None = None
    is_mapped: bool = False
    is_branch: bool = False
    is_setup: bool = False
    is_teardown: bool = False
    state: State = State.SAME

    @property
    def title(self) -> str:
        """Give the label with the signs that tell its state and that it is mapped."""
        return _title(self.state, self.label, self.is_mapped)

    @property
    def marks(self) -> str:
        """Name what is special about the task: `mapped`, `branch`, `setup`, `teardown`."""
        words = {
            "mapped": self.is_mapped,
            "branch": self.is_branch,
            "setup": self.is_setup,
            "teardown": self.is_teardown,
        }
        return ", ".join(word for word, holds in words.items() if holds)


@dataclass(frozen=True, slots=True)
class Box:
    """A task group; `parent` is the box around it."""

    group_id: str
    label: str
    parent: str | None = None
    is_mapped: bool = False
    state: State = State.SAME

    @property
    def title(self) -> str:
        """Give the label with the signs that tell its state and that it is mapped."""
        return _title(self.state, self.label, self.is_mapped)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A dependency between two nodes."""

    upstream: str
    downstream: str
    label: str = ""
    state: State = State.SAME


@dataclass(frozen=True, slots=True)
class Picture:
    """A DAG to draw. Nodes are in topological order, boxes outermost first."""

    dag_id: str
    nodes: tuple[Node, ...] = ()
    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()

    @property
    def has_changed_shape(self) -> bool:
        """Tell whether a node, a box or an arrow came or went."""
        moved = (State.ADDED, State.REMOVED)
        parts: tuple[Node | Box | Arrow, ...] = (*self.nodes, *self.boxes, *self.arrows)
        return any(part.state in moved for part in parts)


def _title(state: State, label: str, is_mapped: bool) -> str:
    return f"{state.sign} {label}".strip() + (" [N]" if is_mapped else "")


def picture_of(dag: DagGraph) -> Picture:
    """Draw one state of a DAG."""
    return _picture(dag.dag_id, dag, dag, frozenset())


def picture_of_change(change: DagChange) -> Picture:
    """Draw both states of a DAG in one: what is gone stays visible, marked as removed."""
    if change.before is None or change.after is None:
        dag = change.after or change.before
        if dag is None:
            return Picture(change.dag_id)
        empty = DagGraph(dag.dag_id)
        pair = (empty, dag) if change.before is None else (dag, empty)
        return _picture(change.dag_id, *pair, frozenset())
    renames = _renames(change.changes)
    touched = frozenset(each.subject for each in change.changes)
    before = apply_renames(change.before, renames)
    return _picture(change.dag_id, before, change.after, touched)


def _renames(changes: tuple[Change, ...]) -> Renames:
    found: dict[Kind, dict[str, str]] = {Kind.TASK: {}, Kind.GROUP: {}}
    for change in changes:
        if change.action is Action.RENAME and change.kind in found:
            found[change.kind][str(change.before)] = str(change.after)
    return Renames(found[Kind.TASK], found[Kind.GROUP])


def _picture(dag_id: str, before: DagGraph, after: DagGraph, touched: frozenset[str]) -> Picture:
    tasks = {**before.tasks, **after.tasks}
    groups = {**before.groups, **after.groups}
    edges = _edges(before, after)

    def state(name: str, old: Mapping[str, object], new: Mapping[str, object]) -> State:
        if name not in new:
            return State.REMOVED
        if name not in old:
            return State.ADDED
        return State.CHANGED if name in touched else State.SAME

    return Picture(
        dag_id,
        tuple(
            _node(tasks[name], groups, state(name, before.tasks, after.tasks))
            for name in topological(tasks, edges)
        ),
        tuple(
            _box(group, groups, state(group.group_id, before.groups, after.groups))
            for group in _outermost_first(groups)
        ),
        tuple(arrow for arrow in edges if arrow.upstream in tasks and arrow.downstream in tasks),
    )


def _node(task: Task, groups: Mapping[str, Group], state: State) -> Node:
    operator = short_operator(task.operator)
    return Node(
        task_id=task.task_id,
        label=leaf(task),
        operator=operator,
        box=task.group_id if task.group_id in groups else None,
        is_mapped=task.is_mapped,
        is_branch=any(word in operator.lower() for word in _BRANCHES),
        is_setup=task.is_setup,
        is_teardown=task.is_teardown,
        state=state,
    )


def _box(group: Group, groups: Mapping[str, Group], state: State) -> Box:
    parent = group.parent_id if group.parent_id in groups else None
    return Box(group.group_id, leaf(group), parent, bool(group.expand), state)


def short_operator(dotted: str) -> str:
    """Give the class's own name; for a decorated function, its decorator: `@task.branch`."""
    name = dotted.rpartition(".")[2]
    if "Decorated" not in name:
        return name.lstrip("_")
    module = dotted.split(".")[-2] if "." in dotted else ""
    words = {"python": "", "branch_python": "branch", "python_virtualenv": "virtualenv"}
    kind = words.get(module, module)
    return f"@task.{kind}" if kind else "@task"


def _outermost_first(groups: Mapping[str, Group]) -> list[Group]:
    def depth(group: Group) -> int:
        seen: set[str] = set()
        parent = group.parent_id
        while parent is not None and parent in groups and parent not in seen:
            seen.add(parent)
            parent = groups[parent].parent_id
        return len(seen)

    return sorted(groups.values(), key=lambda group: (depth(group), group.group_id))


def _edges(before: DagGraph, after: DagGraph) -> list[Arrow]:
    old = {(edge.upstream, edge.downstream): edge.label for edge in sorted(before.edges)}
    new = {(edge.upstream, edge.downstream): edge.label for edge in sorted(after.edges)}
    arrows = []
    for ends in sorted(old.keys() | new.keys()):
        if ends not in new:
            arrows.append(Arrow(*ends, old[ends], State.REMOVED))
        elif ends not in old:
            arrows.append(Arrow(*ends, new[ends], State.ADDED))
        else:
            same = State.SAME if old[ends] == new[ends] else State.CHANGED
            arrows.append(Arrow(*ends, new[ends], same))
    return arrows


def topological(tasks: Mapping[str, object], edges: list[Arrow] | list[Edge]) -> Iterator[str]:
    """Order tasks so that each stands after those before it; a cycle does not stop it."""
    waiting = dict.fromkeys(tasks, 0)
    downstream: dict[str, list[str]] = {name: [] for name in tasks}
    for edge in edges:
        if edge.upstream in waiting and edge.downstream in waiting:
            waiting[edge.downstream] += 1
            downstream[edge.upstream].append(edge.downstream)
    ready = [name for name in tasks if waiting[name] == 0]
    done: set[str] = set()
    while len(done) < len(waiting):
        if not ready:
            ready = [next(name for name in tasks if name not in done)]
        name = ready.pop(0)
        if name in done:
            continue
        done.add(name)
        yield name
        for after in downstream[name]:
            waiting[after] -= 1
            if waiting[after] <= 0:
                ready.append(after)


def focus(picture: Picture, limit: int) -> tuple[Picture, int]:
    """Keep what changed and what stands next to it, at most `limit` nodes.

    Gives the smaller picture and the number of nodes that are left out.
    """
    if len(picture.nodes) <= limit:
        return picture, 0
    changed = {node.task_id for node in picture.nodes if node.state is not State.SAME}
    touched = [arrow for arrow in picture.arrows if arrow.state is not State.SAME]
    changed.update(*((arrow.upstream, arrow.downstream) for arrow in touched))
    near = {
        end
        for arrow in picture.arrows
        if arrow.upstream in changed or arrow.downstream in changed
        for end in (arrow.upstream, arrow.downstream)
    }
    order = sorted(
        picture.nodes, key=lambda node: (node.task_id not in changed, node.task_id not in near)
    )
    kept = {node.task_id for node in order[:limit]}
    nodes = tuple(node for node in picture.nodes if node.task_id in kept)
    boxes = _boxes_around(nodes, picture.boxes)
    arrows = tuple(a for a in picture.arrows if {a.upstream, a.downstream} <= kept)
    return Picture(picture.dag_id, nodes, boxes, arrows), len(picture.nodes) - len(nodes)


def _boxes_around(nodes: tuple[Node, ...], boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    parents = {box.group_id: box.parent for box in boxes}
    kept: set[str] = set()
    for node in nodes:
        box = node.box
        while box is not None and box not in kept:
            kept.add(box)
            box = parents.get(box)
    return tuple(box for box in boxes if box.group_id in kept)
