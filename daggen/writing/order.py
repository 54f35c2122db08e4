"""The order in which tasks are written: that of the spec, but a task comes before its users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from daggen.specs.model.borders import tasks_of_mapped_groups
from daggen.specs.model.edges import implied_edges
from daggen.specs.model.spec import DagSpec, EdgeSpec, GroupSpec, TaskSpec

Unit = TaskSpec | GroupSpec
"""What is written in one piece: a task, or a group that has no tasks of its own."""


@dataclass
class Block:
    """The inside of a group, or of the DAG where `group` is None, in the order of writing.

    A group is opened again (`reopened`) where tasks outside must come between those inside.
    """

    group: GroupSpec | None = None
    reopened: bool = False
    children: list[TaskSpec | Block] = field(default_factory=list)
    edges: list[EdgeSpec] = field(default_factory=list)


class _Circle(Exception):
    """The groups cannot be written one after the other."""


def arrange(spec: DagSpec) -> Block:
    """Arrange tasks in blocks, and put each edge in the innermost block that has both its ends."""
    around = groups_around(spec)
    try:
        flow = [(edge.upstream, edge.downstream) for edge in spec.edges]
        users = _users(spec)
        arranger = _Arranger(_children(spec), _lifted(flow, around), _lifted(users, around))
        units = arranger.units()
    except _Circle:
        units = _flat(spec)
    groups = {group.group_id: group for group in spec.groups}
    root, blocks = _blocks(units, around, groups)
    for edge in spec.edges:
        if not edge.implied:
            blocks[common_group(edge, around)].edges.append(edge)
    return root


def groups_around(spec: DagSpec) -> dict[str, list[str]]:
    """Give, for each task and group, the ids of the groups around it, outermost first."""
    parents = {group.group_id: group.parent for group in spec.groups}
    parents |= {task.task_id: task.group for task in spec.tasks}
    around: dict[str, list[str]] = {}
    for full_id, parent in parents.items():
        chain: list[str] = []
        while parent is not None:
            chain.insert(0, parent)
            parent = parents[parent]
        around[full_id] = chain
    return around


def common_group(edge: EdgeSpec, around: Mapping[str, list[str]]) -> str | None:
    """Give the innermost group that has both ends of an edge in it."""
    common: str | None = None
    for first, second in zip(around[edge.upstream], around[edge.downstream], strict=False):
        if first != second:
            break
        common = first
    return common


def _children(spec: DagSpec) -> dict[str | None, list[Unit]]:
    """Give what is directly in each group: its tasks, then its groups, both in spec order."""
    children: dict[str | None, list[Unit]] = {None: []}
    items: list[Unit] = [*spec.tasks, *spec.groups]
    for item in items:
        parent = item.group if isinstance(item, TaskSpec) else item.parent
        children.setdefault(parent, []).append(item)
    return children


def _users(spec: DagSpec) -> list[tuple[str, str]]:
    """Give the pairs where the first must be written before the second, since it names it."""
    edges = implied_edges(spec.tasks, spec.groups)
    return [(edge.upstream, edge.downstream) for edge in edges]


@dataclass(frozen=True)
class _Arranger:
    """Orders the tasks and groups of one DAG so that each group stays in one piece."""

    children: Mapping[str | None, list[Unit]]
    flow: Mapping[str | None, set[tuple[str, str]]]
    users: Mapping[str | None, set[tuple[str, str]]]

    def units(self, group: str | None = None) -> list[Unit]:
        """Give the units in a group, or in the whole DAG."""
        inside = self.children.get(group, [])
        items = {_id(item): item for item in inside}
        tasks = [_id(item) for item in inside if isinstance(item, TaskSpec)]
        groups = [_id(item) for item in inside if isinstance(item, GroupSpec)]
        merged = _merge(tasks, groups, self.flow.get(group, set()))
        units: list[Unit] = []
        for full_id in _sorted(merged, self.users.get(group, set())):
            inner = self.units(full_id) if full_id in self.children else []
            units += inner or [items[full_id]]
        return units


def _lifted(
    pairs: Iterable[tuple[str, str]], around: Mapping[str, list[str]]
) -> dict[str | None, set[tuple[str, str]]]:
    """Give pairs of tasks as pairs of what they are, or are in, directly inside a group.

    They are listed by the innermost group that both are in, None for the DAG itself.
    """
    lifted: dict[str | None, set[tuple[str, str]]] = {}
    for first, second in pairs:
        group: str | None = None
        for step in zip([*around[first], first], [*around[second], second], strict=False):
            if step[0] != step[1]:
                lifted.setdefault(group, set()).add(step)
                break
            group = step[0]
    return lifted


def _merge(tasks: list[str], groups: list[str], flow: set[tuple[str, str]]) -> list[str]:
    """Merge tasks and groups, each in spec order: a task comes after the groups it waits for."""
    position = {group: number for number, group in enumerate(groups)}
    needed: dict[str, int] = {}
    for first, second in flow:
        if first in position:
            needed[second] = max(needed.get(second, 0), position[first] + 1)
    merged: list[str] = []
    written = 0
    for task in tasks:
        upto = max(written, needed.get(task, 0))
        merged += [*groups[written:upto], task]
        written = upto
    return merged + groups[written:]


def _sorted(items: list[str], pairs: set[tuple[str, str]]) -> list[str]:
    """Sort so that the first of each pair comes first, else keep the order given."""
    position = {item: number for number, item in enumerate(items)}
    needed: dict[str, list[str]] = {}
    for first, second in sorted(p for p in pairs if p[0] in position and p[1] in position):
        needed.setdefault(second, []).append(first)
    done: dict[str, None] = {}
    for item in items:
        if item not in done:
            _emit(item, needed, position, done)
    return list(done)


def _emit(
    item: str,
    needed: Mapping[str, list[str]],
    position: Mapping[str, int],
    done: dict[str, None],
) -> None:
    """Add an item to `done`, after all that it needs."""
    way = {item: _needs(item, needed, position)}
    while way:
        last = next(reversed(way))
        first = next(way[last], None)
        if first is None:
            done[last] = None
            del way[last]
        elif first in way:
            raise _Circle
        elif first not in done:
            way[first] = _needs(first, needed, position)


def _needs(
    item: str, needed: Mapping[str, list[str]], position: Mapping[str, int]
) -> Iterator[str]:
    return iter(sorted(needed.get(item, ()), key=position.__getitem__))


def _flat(spec: DagSpec) -> list[Unit]:
    """Order all tasks by what they use, whatever groups they are in; mapped groups stay whole."""
    pieces = {task.task_id: task.task_id for task in spec.tasks} | tasks_of_mapped_groups(spec)
    inside = {task.group for task in spec.tasks} | {group.parent for group in spec.groups}
    empty = {g.group_id: g for g in spec.groups if g.group_id not in inside}
    tasks: dict[str, dict[str, TaskSpec]] = {}
    for task in spec.tasks:
        tasks.setdefault(pieces[task.task_id], {})[task.task_id] = task
    between: set[tuple[str, str]] = set()
    within: dict[str, set[tuple[str, str]]] = {}
    for pair in _users(spec):
        first, second = (pieces.get(end, end) for end in pair)
        if first != second:
            between.add((first, second))
        elif pair[0] != pair[1]:
            within.setdefault(first, set()).add(pair)
    units: list[Unit] = []
    for piece in _sorted([*tasks, *empty], between):
        own = tasks.get(piece, {})
        units += [own[task_id] for task_id in _sorted(list(own), within.get(piece, set()))]
        units += [empty[piece]] if piece in empty else []
    return units


def _blocks(
    units: list[Unit], around: Mapping[str, list[str]], groups: Mapping[str, GroupSpec]
) -> tuple[Block, dict[str | None, Block]]:
    """Nest units in the blocks of their groups; gives the last block of each group as well."""
    root = Block()
    latest: dict[str | None, Block] = {None: root}
    for unit in units:
        way = around[_id(unit)]
        if isinstance(unit, GroupSpec):
            way = [*way, unit.group_id]
        block = root
        for group_id in way:
            block = _inner(block, group_id, groups[group_id], latest)
        if isinstance(unit, TaskSpec):
            block.children.append(unit)
    return root, latest


def _inner(block: Block, group_id: str, group: GroupSpec, latest: dict[str | None, Block]) -> Block:
    """Give the open block of a group inside another, or open one."""
    last = block.children[-1] if block.children else None
    if isinstance(last, Block) and last.group is group:
        return last
    opened = Block(group, reopened=group_id in latest)
    block.children.append(opened)
    latest[group_id] = opened
    return opened


def _id(item: Unit) -> str:
    return item.task_id if isinstance(item, TaskSpec) else item.group_id


def reopened(block: Block) -> Iterator[str]:
    """Give the groups that are opened more than once."""
    if block.group is not None and block.reopened:
        yield block.group.group_id
    for child in block.children:
        if isinstance(child, Block):
            yield from reopened(child)


def places(block: Block) -> dict[str, int]:
    """Number tasks and groups in the order in which they are written."""
    return {full_id: place for place, full_id in enumerate(dict.fromkeys(_ids(block)))}


def _ids(block: Block) -> Iterator[str]:
    if block.group is not None:
        yield block.group.group_id
    for child in block.children:
        if isinstance(child, Block):
            yield from _ids(child)
        else:
            yield child.task_id
