"""The edges that dag-factory draws at groups, which depend on the order of the file.

It goes through the tasks and then the groups as they are written, and a dependency on a group is
one on the tasks that are its last at that moment: edges inside the group that come later do not
take back what was drawn. Here the same way is gone, and what it adds is said of the tasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.groups import each_entry, named_entries
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.dagfactory.references import references_in

Edges = set[tuple[str, str]]


def without_empty_groups(tasks: Node, groups: Node) -> tuple[Node, Node]:
    """Leave out dependencies on groups of no task: dag-factory draws nothing there."""
    graph = _Graph.of(tasks, groups)
    empty = {name for name in graph.groups if not graph.inside(name)}

    def change(_: str, item: Node) -> Node:
        said = item.get("dependencies")
        if said is None or not isinstance(said.value, list):
            return item
        kept = [name for name in said.value if name.value not in empty]
        return _with_dependencies(item, said.of(kept) if kept else None)

    return each_entry(tasks, "tasks", change), each_entry(groups, "task_groups", change)


def with_drawn_edges(tasks: Node, groups: Node, notes: Notes) -> Node:
    """Give the tasks with the dependencies that dag-factory draws besides those that hold."""
    graph = _Graph.of(tasks, groups)
    graph.draw()
    missing = graph.edges - graph.resolved() - graph.references

    def change(name: str, task: Node) -> Node:
        before = [up for up in graph.tasks if (up, name) in missing]
        if not before:
            return task
        said = task.get("dependencies")
        _tell(name, before, said or task, notes)
        own = said.value if said and isinstance(said.value, list) else []
        added = [task.of(graph.unmistakable(up)) for up in before]
        return _with_dependencies(task, (said or task).of([*own, *added]))

    return each_entry(tasks, "tasks", change)


def with_full_names(tasks: Node, groups: Node) -> tuple[Node, Node]:
    """Name tasks that begin with a dot from the top of the DAG, as such a name is read in specs."""
    graph = _Graph.of(tasks, groups)

    def change(_: str, item: Node) -> Node:
        said = item.get("dependencies")
        names = said.value if said and isinstance(said.value, list) else []
        if said is None or not any(str(name.value).startswith(".") for name in names):
            return item
        full = [name.of(graph.full_name(name.value)) for name in names]
        return _with_dependencies(item, said.of(full))

    return each_entry(tasks, "tasks", change), each_entry(groups, "task_groups", change)


def tell_failing_edges(tasks: Node, groups: Node, notes: Notes) -> None:
    """Tell of tasks that dag-factory does not find in their groups when it draws edges."""
    graph = _Graph.of(tasks, groups)
    for name in dict.fromkeys(each for pair in graph.dependencies() for each in pair):
        task = graph.tasks.get(name)
        group = graph.group_of(name) if task and name not in graph.groups else None
        if task is None or group is None:
            continue
        prefix = group.get("prefix_group_id")
        if task.get("decorator") or (prefix and prefix.value is False):
            kind = "a decorated task" if task.get("decorator") else "a task without prefix"
            message = f"dag-factory fails on a dependency of {kind} in a group"
            notes.tell(codes.REPAIRED, task, message, at_key=True)


def _with_dependencies(item: Node, dependencies: Node | None) -> Node:
    entries = {key: value for key, value in item.value.items() if key != "dependencies"}
    return item.of(entries if dependencies is None else {**entries, "dependencies": dependencies})


def _tell(name: str, before: list[str], place: Node, notes: Notes) -> None:
    listed = ", ".join(f'"{up}"' for up in before)
    message = f'dag-factory lets "{name}" wait for {listed} too, by the order of the file'
    hint = "write the tasks and groups in the order in which they run, and the edges are gone"
    notes.tell(codes.DRAWN_EDGE, place, message, hint=hint)


@dataclass
class _Graph:
    """The tasks and groups of a DAG by name, each with its group, and the edges of the tasks."""

    tasks: Mapping[str, Node]
    groups: Mapping[str, Node]
    references: Edges
    edges: Edges = field(default_factory=set)

    @classmethod
    def of(cls, tasks: Node, groups: Node) -> _Graph:
        """Begin with the edges that Airflow draws at once: those of what tasks take of others."""
        by_name = dict(named_entries(tasks, "tasks"))
        references = {(up, name) for name, task in by_name.items() for up, _ in references_in(task)}
        found = {edge for edge in references if edge[0] in by_name}
        return cls(by_name, dict(named_entries(groups, "task_groups")), found, set(found))

    def draw(self) -> None:
        """Go dag-factory's way: each edge sees those that were drawn before it."""
        for upstream, downstream in self.dependencies():
            self.edges |= self._between(upstream, downstream)

    def resolved(self) -> Edges:
        """Give the edges of the dependencies as they are when all is drawn."""
        pairs = [self._between(*pair) for pair in self.dependencies()]
        return {edge for pair in pairs for edge in pair}

    def inside(self, group: str) -> list[str]:
        """Give the tasks of a group and of the groups in it."""
        return self._members[group]

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        members: dict[str, list[str]] = {group: [] for group in self.groups}
        for task in self.tasks:
            for group in self._around(task):
                members[group].append(task)
        return members

    def unmistakable(self, task: str) -> str:
        """Give the name by which a dependency means a task, also where a group is called so."""
        return self._from_top(task) if task in self.groups else task

    def full_name(self, task: Any) -> Any:
        """Give a name that begins with a dot from the top of the DAG, another as it is."""
        is_odd = isinstance(task, str) and task.startswith(".") and task in self.tasks
        return self._from_top(task) if is_odd else task

    def _from_top(self, task: str) -> str:
        return "." + ".".join([*reversed(self._around(task)), task])

    def group_of(self, task: str) -> Node | None:
        """Give the group that a task is in, None at the top of the DAG."""
        around = self._around(task)
        return self.groups[around[0]] if around else None

    def dependencies(self) -> Iterator[tuple[str, str]]:
        """Give what each task and group is said to come after, in the order of the walk."""
        for name in {**self.tasks, **self.groups}:
            item = self.groups.get(name) or self.tasks[name]
            said = item.get("dependencies")
            for up in said.value if said and isinstance(said.value, list) else []:
                if up.value in self.tasks or up.value in self.groups:
                    yield str(up.value), name

    def _between(self, upstream: str, downstream: str) -> Edges:
        last = self._ends(upstream, 0, 1)
        return {(up, down) for up in last for down in self._ends(downstream, 1, 0)}

    def _ends(self, name: str, this: int, other: int) -> list[str]:
        """Give the first or last tasks of a group; `this` is their side of an edge inside it."""
        if name not in self.groups:
            return [name]
        inside = dict.fromkeys(self.inside(name))
        joined = {edge[this] for edge in self.edges if edge[other] in inside}
        return [task for task in inside if task not in joined]

    def _around(self, task: str) -> list[str]:
        """Give the groups around a task, the innermost first."""
        around: list[str] = []
        said = self.tasks[task].get("task_group_name")
        while said is not None and said.value in self.groups and said.value not in around:
            around.append(str(said.value))
            said = self.groups[said.value].get("parent_group_name")
        return around
