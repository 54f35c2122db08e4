"""The order of tasks: dependencies as written, those that references imply, and cycles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from daggen.diagnostics.codes.keys import UNKNOWN_KEY, WRONG_TYPE
from daggen.diagnostics.codes.tasks import CROSSES_MAPPED_GROUP, CYCLE, UNKNOWN_DEPENDENCY
from daggen.specs.document import Path
from daggen.specs.model.context import Context, shown
from daggen.specs.model.mapped_groups import in_mapped_group
from daggen.specs.model.names import Names, NotFound
from daggen.specs.model.outline import Place
from daggen.specs.model.spec import EdgeSpec, GroupSpec, TaskSpec
from daggen.specs.model.values import outputs_in

_LABELLED = ("task", "label")
_SURELY_USED = ("expand", "expand_kwargs", "op_args", "op_kwargs", "teardown")


@dataclass(frozen=True)
class EdgeReader:
    """Reads the dependencies of one DAG."""

    names: Names
    context: Context

    def read(self) -> list[EdgeSpec]:
        """Give the dependencies that tasks and groups state, each once, in spec order."""
        edges: dict[tuple[str, str], EdgeSpec] = {}
        for place in self.names.outline.places:
            for edge in self._of(place):
                edges.setdefault((edge.upstream, edge.downstream), edge)
        return list(edges.values())

    def _of(self, place: Place) -> Iterator[EdgeSpec]:
        said = place.raw.get("dependencies")
        path = (*place.path, "dependencies")
        if said is None:
            return
        if isinstance(said, str | Mapping):
            said = [said]
        if not isinstance(said, list):
            self.context.report(WRONG_TYPE, path, f"expected a list of names, found {shown(said)}")
            return
        for index, item in enumerate(said):
            if edge := self._edge(place, item, (*path, index)):
                yield edge

    def _edge(self, place: Place, item: Any, path: Path) -> EdgeSpec | None:
        name, label = self._named(item, path)
        if name is None:
            return None
        found = self.names.find(name, place.parent)
        if isinstance(found, NotFound):
            names = [each.strip() for each in name.split(",")]
            hint = f"write a list: [{', '.join(names)}]" if len(names) > 1 else found.hint
            self.context.report(UNKNOWN_DEPENDENCY, path, found.message, hint=hint)
            return None
        self._check_border(place, found, path)
        return EdgeSpec(found.id, place.id, path, label)

    def _named(self, item: Any, path: Path) -> tuple[str | None, str]:
        """Give the name and the label of a dependency, None for the name where it is none."""
        said = item if isinstance(item, Mapping) else {"task": item}
        odd = next((key for key in said if key not in _LABELLED), None)
        if odd is not None:
            self.context.report_key(UNKNOWN_KEY, (*path, odd), "a dependency", _LABELLED)
            return None, ""
        name = said.get("task")
        if isinstance(name, str):
            return name, str(said.get("label", ""))
        message = f"expected the name of a task or group, found {shown(name)}"
        hint = f'quote it: "{name}"' if isinstance(name, int | float) else ""
        self.context.report(WRONG_TYPE, path, message, hint=hint)
        return None, ""

    def _check_border(self, downstream: Place, upstream: Place, path: Path) -> None:
        groups = in_mapped_group(downstream), in_mapped_group(upstream)
        if groups[0] is not groups[1]:
            group = groups[0] or groups[1]
            self.context.report(
                CROSSES_MAPPED_GROUP,
                path,
                f'"{upstream.dotted}" and "{downstream.dotted}" are on two sides of the mapped '
                f'group "{group.dotted if group else ""}"',
                hint="depend on the group, or let the group depend on the task",
            )


def implied_edges(tasks: Iterable[TaskSpec], groups: Iterable[GroupSpec]) -> Iterator[EdgeSpec]:
    """Give the orders that Airflow makes by itself, since one task uses what another returns.

    There is one for each use: of an output, and of a setup by its teardown.
    """
    for group in groups:
        values = [group.mapping.expand, group.mapping.expand_kwargs, group.mapping.partial]
        for output in outputs_in(values):
            yield EdgeSpec(output.task, group.group_id, (*group.path, "expand"), implied=True)
    for task in tasks:
        for key, value in _task_values(task):
            for output in outputs_in(value):
                yield EdgeSpec(output.task, task.task_id, (*task.path, key), implied=True)
        if task.teardown:
            for setup in task.teardown.setups:
                yield EdgeSpec(setup, task.task_id, (*task.path, "teardown"), implied=True)


def _task_values(task: TaskSpec) -> Iterator[tuple[str, Any]]:
    yield "expand", task.mapping.expand
    yield "expand_kwargs", task.mapping.expand_kwargs
    yield "partial", task.mapping.partial
    yield "op_args", task.call_args
    yield "op_kwargs", task.call
    yield from task.arguments.items()


def merge_edges(edges: list[EdgeSpec]) -> tuple[EdgeSpec, ...]:
    """Keep one edge of each pair, in order.

    What Airflow surely makes by itself need not be written. It does so for mapped arguments and
    what functions are called with; for other arguments only if they are templated, so there a
    stated dependency stays, as does one with a label, which only a statement can say.
    """
    merged: dict[tuple[str, str], EdgeSpec] = {}
    for edge in edges:
        ends = (edge.upstream, edge.downstream)
        surely = edge.implied and edge.path[-1] in _SURELY_USED
        if ends not in merged or (surely and not merged[ends].label):
            merged[ends] = edge
    return tuple(merged.values())


def check_cycles(edges: list[EdgeSpec], names: Names, context: Context) -> None:
    """Report each circle of dependencies, once, with the way round."""
    graph = _graph(edges, names)
    done: set[str] = set()
    for node in list(graph):
        way = _find_cycle(node, graph, done)
        if way:
            ids = list(dict.fromkeys(_id(step) for step in way))
            path = next(
                (e.path for e in reversed(edges) if e.upstream in ids and e.downstream in ids), ()
            )
            context.report(CYCLE, path, f"a circle: {' → '.join([*ids, ids[0]])}")


_START, _END = "<", ">"


def _graph(edges: list[EdgeSpec], names: Names) -> dict[str, list[str]]:
    """Make a graph in which a group has a start before, and an end after, all that is in it."""
    graph: dict[str, list[str]] = {}
    for place in names.outline.places:
        graph[f"{_START}{place.id}"] = [f"{_END}{place.id}"]
        graph.setdefault(f"{_END}{place.id}", [])
    for place in names.outline.places:
        if place.parent:
            graph[f"{_START}{place.parent.id}"].append(f"{_START}{place.id}")
            graph[f"{_END}{place.id}"].append(f"{_END}{place.parent.id}")
    for edge in edges:
        graph[f"{_END}{edge.upstream}"].append(f"{_START}{edge.downstream}")
    return graph


def _find_cycle(start: str, graph: Mapping[str, list[str]], done: set[str]) -> list[str]:
    """Walk depth first from a node, without recursion; give the nodes of the first circle."""
    way: list[str] = []
    on_way: set[str] = set()
    stack: list[tuple[str, Iterator[str]]] = []

    def enter(node: str) -> None:
        way.append(node)
        on_way.add(node)
        stack.append((node, iter(graph[node])))

    if start in done:
        return []
    enter(start)
    while stack:
        node, following = stack[-1]
        step = next(following, None)
        if step is None:
            stack.pop()
            way.pop()
            on_way.discard(node)
            done.add(node)
        elif step in on_way:
            done.update(way)
            return way[way.index(step) :]
        elif step not in done:
            enter(step)
    return []


def _id(node: str) -> str:
    return node[1:]
