"""Which tasks of the same name must be told apart by their variables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from daggen.specs.model.edges import implied_edges
from daggen.specs.model.spec import DagSpec, TaskSpec
from daggen.writing.names import identifier
from daggen.writing.order import Block, groups_around


@dataclass(frozen=True)
class BoundNames:
    """Names that are bound beside those of tasks and groups, by the id of the group.

    `within` are those that the Python of group templates binds, `parameters` those of the
    functions that mapped groups are.
    """

    within: Mapping[str, Set[str]] = field(default_factory=dict)
    parameters: Mapping[str, Set[str]] = field(default_factory=dict)

    @property
    def all(self) -> frozenset[str]:
        """All of these names."""
        return frozenset().union(*self.within.values(), *self.parameters.values())


def told_apart(spec: DagSpec, root: Block, bound: BoundNames) -> frozenset[str]:
    """Give the ids of tasks whose variable cannot be shared with tasks of other groups.

    Tasks of the same name may share a variable as long as each is used only inside its own group,
    and none of the groups is inside another.
    """
    around = groups_around(spec)
    foreign = {*_used_elsewhere(root), *_output_used_elsewhere(spec)}
    by_name: dict[str, list[TaskSpec]] = {}
    for task in spec.tasks:
        by_name.setdefault(identifier(task.label), []).append(task)
    apart: set[str] = set()
    for tasks in by_name.values():
        if len(tasks) > 1:
            apart.update(task.task_id for task in tasks if task.task_id in foreign)
            apart |= _inside_others(tasks, around)
    apart -= _outermost(by_name, apart)
    named_in = _named_in(spec, around)
    hidden = (t.task_id for t in spec.tasks if _is_hidden(t, around, bound, foreign, named_in))
    return frozenset(apart.union(hidden))


def _inside_others(tasks: list[TaskSpec], around: Mapping[str, list[str]]) -> set[str]:
    """Give those of some tasks that are in a group of another, or in groups inside of it."""
    homes = Counter(tuple(around[task.task_id]) for task in tasks)
    inside = set()
    for task in tasks:
        own = tuple(around[task.task_id])
        if homes[own] > 1 or any(own[:size] in homes for size in range(len(own))):
            inside.add(task.task_id)
    return inside


def _named_in(spec: DagSpec, around: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """Give the groups inside of which each task is assigned or named."""
    named = {task.task_id: set(around[task.task_id]) for task in spec.tasks}
    for used, group in uses(spec):
        if group is not None and used in named:
            named[used] |= {*around[group], group}
    return named


def _is_hidden(
    task: TaskSpec,
    around: Mapping[str, list[str]],
    bound: BoundNames,
    foreign: Set[str],
    named_in: Mapping[str, set[str]],
) -> bool:
    """Tell whether a task's name is bound anew before the task is referred to."""
    name, own = identifier(task.label), around[task.task_id]
    if any(name in bound.parameters.get(group, ()) for group in named_in[task.task_id]):
        return True
    return any(
        name in names and (task.task_id in foreign or around[group_id][: len(own)] == own)
        for group_id, names in bound.within.items()
    )


def _outermost(by_name: Mapping[str, list[TaskSpec]], apart: set[str]) -> set[str]:
    """Give the tasks that may keep the short name although they are used elsewhere.

    A lone task outside all groups keeps it when all others of its name have given it up.
    """
    kept = set()
    for tasks in by_name.values():
        top = [task for task in tasks if task.group is None]
        if len(top) == 1 and all(t.task_id in apart for t in tasks if t is not top[0]):
            kept.add(top[0].task_id)
    return kept


def _used_elsewhere(block: Block) -> Iterator[str]:
    """Give the ends of edges that are written outside the group of the task."""
    inside = {child.task_id for child in block.children if isinstance(child, TaskSpec)}
    for edge in block.edges:
        for end in (edge.upstream, edge.downstream):
            if end not in inside:
                yield end
    for child in block.children:
        if isinstance(child, Block):
            yield from _used_elsewhere(child)
            if child.reopened:
                yield from (t.task_id for t in child.children if isinstance(t, TaskSpec))


def referenced(spec: DagSpec) -> set[str]:
    """Give the ids of all tasks that something else in the file refers to by their variable."""
    ends = {
        end for edge in spec.edges if not edge.implied for end in (edge.upstream, edge.downstream)
    }
    return ends | {used for used, _ in uses(spec)}


def _output_used_elsewhere(spec: DagSpec) -> Iterator[str]:
    groups = {task.task_id: task.group for task in spec.tasks}
    for used, group in uses(spec):
        if groups.get(used) != group:
            yield used


def uses(spec: DagSpec) -> Iterator[tuple[str, str | None]]:
    """Give each task that another names (for its output, as its setup), and the other's group."""
    around = groups_around(spec)
    for edge in implied_edges(spec.tasks, spec.groups):
        yield edge.upstream, next(reversed(around[edge.downstream]), None)
