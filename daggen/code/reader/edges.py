"""Dependencies between tasks, groups, outputs and labels, resolved as Airflow resolves them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from daggen.code.reader.objects import NODES, DagObject, GroupObject, Label, Node, TaskObject, XCom
from daggen.code.reader.values import describe


def relate(
    node: Node, others: object, *, upstream: bool, line: int, label: Label | None = None
) -> None:
    """Put `others` (a node or a list of nodes) upstream or downstream of a node."""
    listed: Sequence[object] = others if isinstance(others, list | tuple) else [others]
    nodes = [other for other in listed if isinstance(other, NODES)]
    for other in listed:
        if not isinstance(other, NODES):
            _doubt(node, f"a dependency on {describe(other)} cannot be told", line)
    if isinstance(node, Label):
        _relate_label(node, nodes, upstream=upstream, line=line)
    elif isinstance(node, GroupObject):
        _relate_group(node, nodes, upstream=upstream, line=line, label=label)
    elif isinstance(node, XCom):
        for task, _ in node.references:
            _relate_task(task, nodes, upstream=upstream, line=line, label=label)
    else:
        _relate_task(node, nodes, upstream=upstream, line=line, label=label)


def _relate_task(
    task: TaskObject, others: list[Node], *, upstream: bool, line: int, label: Label | None
) -> None:
    found: list[TaskObject] = []
    for other in others:
        _told(other, task, upstream=not upstream, line=line)
        found.extend(leaves(other) if upstream else roots(other))
    for other_task in found:
        _share_dag(task, other_task)
        if upstream:
            connect(other_task, task, label.text if label else "")
        else:
            connect(task, other_task, label.text if label else "")


def _told(node: Node, task: TaskObject, *, upstream: bool, line: int) -> None:
    """Tell the other side of a relation about it: groups remember, labels wait."""
    if isinstance(node, GroupObject) and upstream:
        node.upstream[task] = None
    elif isinstance(node, Label):
        _relate_label(node, [task], upstream=upstream, line=line)


def connect(before: TaskObject, after: TaskObject, label: str = "") -> None:
    """Make one edge; a label, once given, stays."""
    text = label or before.downstream.get(after, "")
    before.downstream[after] = text
    after.upstream[before] = text


def _share_dag(one: TaskObject, other: TaskObject) -> None:
    """Take a task without a DAG into the DAG of the task it is related to."""
    for task, dag in ((one, other.dag), (other, one.dag)):
        if task.dag is None and dag is not None:
            adopt(task, dag)


def adopt(task: TaskObject, dag: DagObject) -> None:
    """Add a task to a DAG; a second task of the same id makes a file that cannot be loaded."""
    task.dag = dag
    if task.group is None:
        task.group = dag.root
        dag.root.children.append(task)
    if task.task_id is None:
        dag.doubt("tasks", "the id of a task cannot be told", task.line)
        return
    if task.task_id in dag.used_ids:
        dag.doubt("duplicate", f'the id "{task.task_id}" is used twice', task.line)
        return
    dag.tasks[task.task_id] = task
    dag.used_ids.add(task.task_id)


def _relate_group(
    group: GroupObject, others: list[Node], *, upstream: bool, line: int, label: Label | None
) -> None:
    ends = _group_leaves(group)
    for other in others:
        for task in _plain_roots(other):
            if upstream:
                group.upstream[task] = None
    side = list(group_roots(group)) if upstream else ends
    for task in side:
        _relate_task(task, others, upstream=upstream, line=line, label=label)


def _plain_roots(node: Node) -> Iterator[TaskObject]:
    """The tasks that Airflow notes as direct relatives of a group (not those of other groups)."""
    if not isinstance(node, GroupObject | Label):
        yield from roots(node)


def _group_leaves(group: GroupObject) -> list[TaskObject]:
    """The leaves of a group; when it is empty those before it, which Airflow 2 leaves out."""
    if group.dag.airflow < (3, 0):
        return list(group_leaves(group))
    current: GroupObject | None = group
    while current is not None:
        found = list(group_leaves(current))
        if found:
            return found
        if current.upstream:
            return list(current.upstream)
        current = current.parent
    return []


def roots(node: Node) -> list[TaskObject]:
    """The tasks at the start of a node."""
    if isinstance(node, TaskObject):
        return [node]
    if isinstance(node, XCom):
        return [task for task, _ in node.references]
    if isinstance(node, GroupObject):
        return list(group_roots(node))
    return [task for task in node.downstream if isinstance(task, TaskObject)]


def leaves(node: Node) -> list[TaskObject]:
    """The tasks at the end of a node."""
    if isinstance(node, TaskObject):
        return [node]
    if isinstance(node, XCom):
        return [task for task, _ in node.references]
    if isinstance(node, GroupObject):
        return list(group_leaves(node))
    return [task for task in node.upstream if isinstance(task, TaskObject)]


def group_roots(group: GroupObject) -> Iterator[TaskObject]:
    """The tasks of a group that nothing in the group precedes."""
    tasks = list(group.walk())
    inside = set(tasks)
    for task in tasks:
        if inside.isdisjoint(task.upstream):
            yield task


def group_leaves(group: GroupObject) -> Iterator[TaskObject]:
    """The tasks of a group that nothing in it follows; a teardown gives way to what it follows."""
    tasks = list(group.walk())
    inside = set(tasks)
    for task in tasks:
        if inside.isdisjoint(task.downstream):
            if task.is_teardown:
                yield from _before_teardown(task, inside)
            else:
                yield task


def _before_teardown(task: TaskObject, inside: set[TaskObject]) -> Iterator[TaskObject]:
    for before in task.upstream:
        if before not in inside:
            continue
        if before.is_teardown:
            yield from _before_teardown(before, inside)
        elif task.is_teardown and before.is_setup:
            continue
        elif not any(
            after is not task and after in inside and not after.is_teardown
            for after in before.downstream
        ):
            yield before


def _relate_label(label: Label, others: list[Node], *, upstream: bool, line: int) -> None:
    """Give a label one of its sides; once it has both, the nodes are connected through it."""
    (label.upstream if upstream else label.downstream).extend(others)
    if label.upstream and label.downstream:
        _widen(label)
    for node in list(label.downstream if upstream else label.upstream):
        if isinstance(node, NODES):
            relate(node, others, upstream=upstream, line=line, label=label)


def _widen(label: Label) -> None:
    """Let groups stand for their tasks where a label joins tasks of different groups."""
    homes = {_home(node) for node in (*label.upstream, *label.downstream)} - {None}
    if len(homes) != 1:
        label.upstream = [_widened(node) for node in label.upstream]
        label.downstream = [_widened(node) for node in label.downstream]


def _home(node: object) -> GroupObject | None:
    if isinstance(node, XCom):
        return node.task.group
    if isinstance(node, TaskObject):
        return node.group
    return node.parent if isinstance(node, GroupObject) else None


def _widened(node: object) -> object:
    home = _home(node)
    if isinstance(node, XCom) or home is None or home.label == "":
        return node
    return home


def _doubt(node: Node, reason: str, line: int) -> None:
    """Note on the DAG of a node that its edges are not all known."""
    for dag in dags_of(node):
        dag.doubt("edges", reason, line)


def dags_of(node: object) -> list[DagObject]:
    """The DAGs that a value belongs to."""
    if isinstance(node, DagObject):
        return [node]
    if isinstance(node, GroupObject):
        return [node.dag]
    if isinstance(node, TaskObject):
        return [node.dag] if node.dag else []
    if isinstance(node, XCom):
        return [task.dag for task, _ in node.references if task.dag]
    if isinstance(node, Label):
        return [
            dag for side in (node.upstream, node.downstream) for n in side for dag in dags_of(n)
        ]
    return []
