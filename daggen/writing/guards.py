"""Classes that put operators behind a circuit breaker, one for each operator that is guarded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from daggen.code.fragment import Code
from daggen.code.graph import DagGraph, Task
from daggen.code.scope import Scope
from daggen.specs.model.circuit_breaker import CIRCUIT_BREAKER_KEYS, MIXIN
from daggen.specs.model.spec import DagSpec
from daggen.writing.names import identifier


def guard_names(spec: DagSpec) -> dict[str, str]:
    """Choose the names of the classes, by the dotted path of the operator.

    Each is told apart from the tasks and groups of the DAG, whose variables would hide it.
    """
    labels = [*(task.label for task in spec.tasks), *(group.label for group in spec.groups)]
    taken = set(map(identifier, labels))
    chosen: dict[str, str] = {}
    guarded = (task.operator for task in spec.tasks if task.circuit_breaker is not None)
    for operator in dict.fromkeys(guarded):
        chosen[operator] = next(name for name in _candidates(operator) if name not in taken)
        taken.add(chosen[operator])
    return chosen


def guarded_classes(spec: DagSpec, scope: Scope) -> Code:
    """Write the classes, beginning at column 0; nothing where no task is guarded."""
    classes = [
        f"class {name}({scope.ref(MIXIN).text}, {scope.ref(operator).text}):\n"
        f'    """{operator.rpartition(".")[2]} behind a circuit breaker."""\n'
        for operator, name in guard_names(spec).items()
    ]
    return Code("\n\n".join(classes))


def unguarded(graph: DagGraph, spec: DagSpec) -> DagGraph:
    """Give a DAG that was read back as it is without its circuit breakers.

    So that the arguments of guarded tasks are known for what they are: the operators'.
    """
    guarded = {task.task_id: task for task in spec.tasks if task.circuit_breaker is not None}
    return replace(
        graph,
        tasks={
            task_id: _unguarded(task, guarded[task_id].operator) if task_id in guarded else task
            for task_id, task in graph.tasks.items()
        },
    )


def _unguarded(task: Task, operator: str) -> Task:
    arguments = {k: v for k, v in task.arguments.items() if k not in CIRCUIT_BREAKER_KEYS}
    expand = {k: v for k, v in task.expand.items() if k not in CIRCUIT_BREAKER_KEYS}
    return replace(task, operator=operator, arguments=arguments, expand=expand)


def _candidates(operator: str) -> Iterator[str]:
    """Yield names for the class, best first: the operator's, then with more of its path."""
    parts = operator.split(".")
    words = ["".join(word.title() for word in part.split("_")) for part in parts[:-1]]
    for size in range(len(parts)):
        yield f"Guarded{''.join(words[len(words) - size :])}{parts[-1]}"
    for number in count(2):
        yield f"Guarded{parts[-1]}{number}"
