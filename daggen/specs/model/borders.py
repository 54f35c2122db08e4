"""What crosses the border of a mapped group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from daggen.diagnostics.codes.tasks import CROSSES_MAPPED_GROUP
from daggen.specs.document import Path
from daggen.specs.model.context import Context
from daggen.specs.model.edges import implied_edges
from daggen.specs.model.spec import DagSpec, GroupSpec, Mapped, TaskSpec
from daggen.specs.model.values import Joined, Output, Value, outputs_in


def check_borders(dag: DagSpec, context: Context) -> None:
    """Report what cannot leave a mapped group: what is mapped over, a setup, what comes back."""
    if any(group.mapping for group in dag.groups):
        inside = tasks_of_mapped_groups(dag)
        _check_ways_back(dag, inside, context)
        _check_mapped_over(dag, inside, context)
        _check_setups(dag, inside, context)


def _check_mapped_over(dag: DagSpec, inside: Mapping[str, str], context: Context) -> None:
    items: list[TaskSpec | GroupSpec] = [*dag.tasks, *dag.groups]
    for item in items:
        for path, output in _mapped_over(item.mapping, item.path):
            if output.task in inside:
                context.report(
                    CROSSES_MAPPED_GROUP,
                    path,
                    f'Airflow does not map over what "{output.task}" of a mapped group returns',
                    hint="let a task collect it into a list, and map over that",
                )


def _check_setups(dag: DagSpec, inside: Mapping[str, str], context: Context) -> None:
    for task in dag.tasks:
        for setup in task.teardown.setups if task.teardown else ():
            if setup in inside and inside[setup] != inside.get(task.task_id):
                context.report(
                    CROSSES_MAPPED_GROUP,
                    (*task.path, "teardown"),
                    f'the setup "{setup}" is in the mapped group "{inside[setup]}"',
                    hint="put the teardown into the group too",
                )


def _check_ways_back(dag: DagSpec, inside: Mapping[str, str], context: Context) -> None:
    """Report a task of a mapped group that uses what comes, over tasks outside, from the group.

    Airflow wants a mapped group as one function, which is called once.
    """
    edges = list(implied_edges(dag.tasks, dag.groups))
    groups = {group.group_id for group in dag.groups}
    users: dict[str, set[str]] = {}
    for edge in edges:
        upstream, downstream = (inside.get(end, end) for end in (edge.upstream, edge.downstream))
        if upstream != downstream:
            users.setdefault(upstream, set()).add(downstream)
    for edge in edges:
        group = inside.get(edge.downstream, edge.downstream)
        outside = inside.get(edge.upstream, edge.upstream)
        if group in groups and group != outside and outside in _reached(group, users):
            context.report(
                CROSSES_MAPPED_GROUP,
                edge.path,
                f'"{edge.upstream}" comes after the mapped group "{group}", whose task uses it',
                hint="use it in a task behind the group",
            )


def _reached(start: str, users: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for user in users.get(waiting.pop(), set()) - reached:
            reached.add(user)
            waiting.append(user)
    return reached


def _mapped_over(mapping: Mapped, path: Path) -> Iterator[tuple[Path, Output]]:
    """Give the outputs that are mapped over themselves, not as elements of a literal."""
    values: list[tuple[Path, Value]] = [
        ((*path, "expand", name), value) for name, value in mapping.expand.items()
    ]
    values.append(((*path, "expand_kwargs"), mapping.expand_kwargs))
    for place, value in values:
        if isinstance(value, Output | Joined):
            for output in outputs_in(value):
                yield place, output


def tasks_of_mapped_groups(dag: DagSpec) -> dict[str, str]:
    """Give the id of the mapped group around each task that is in one."""
    by_id = {group.group_id: group for group in dag.groups}
    found: dict[str, str] = {}
    for task in dag.tasks:
        group = by_id.get(task.group or "")
        while group is not None and not group.mapping:
            group = by_id.get(group.parent or "")
        if group is not None:
            found[task.task_id] = group.group_id
    return found
