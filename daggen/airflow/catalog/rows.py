"""Checking what the instances of a mapped task are given, where that is written as literals.

Each mapping of `expand_kwargs` completes one instance, and each element of a list in `expand` is
an argument of one: they are checked as the arguments of a task that is not mapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from daggen.airflow.catalog.catalog import Catalog
from daggen.airflow.catalog.effective import defaults_of, is_doubted
from daggen.airflow.catalog.finding import Finding as ArgumentFinding
from daggen.airflow.catalog.findings import check_arguments
from daggen.airflow.catalog.model import Operator
from daggen.code.finding import Finding
from daggen.code.graph import DagGraph, Task, TaskOutput, Unknown, Value

_MOST = 1000
"""So many rows, and elements of one argument, are looked at."""


def check_rows(graph: DagGraph, catalog: Catalog) -> Iterator[Finding]:
    """Check the literal rows of all mapped tasks whose operators the catalog knows."""
    for task in graph.tasks.values():
        operator = catalog.find(task.operator) if task.expand else None
        if operator is not None and operator.kind != "decorator":
            yield from _check_rows(graph, task, operator)
            yield from _check_elements(task, operator)


def _check_rows(graph: DagGraph, task: Task, operator: Operator) -> Iterator[Finding]:
    rows = task.expand.get("expand_kwargs")
    if not isinstance(rows, list):
        return
    defaults = defaults_of(graph, task)
    shared = {"task_id": task.task_id, **task.arguments}
    told = set(check_arguments(operator, shared, mapped=True, rendered=True))
    for i, row in enumerate(islice(rows, _MOST)):
        if not isinstance(row, Mapping):
            continue
        found = check_arguments(
            operator,
            {**shared, **{str(name): _known(value) for name, value in row.items()}},
            mapped=defaults is None or is_doubted(graph, task),
            from_defaults=frozenset(defaults or ()),
            rendered=True,
        )
        for finding in found:
            if finding not in told:
                yield _placed(finding, task, ("expand_kwargs", i), row)


def _check_elements(task: Task, operator: Operator) -> Iterator[Finding]:
    for name, elements in task.expand.items():
        if name == "expand_kwargs" or not isinstance(elements, list):
            continue
        for i, element in enumerate(islice(elements, _MOST)):
            given = {name: _known(element)}
            for finding in check_arguments(operator, given, mapped=True, rendered=True):
                if finding.argument == name and name in operator.arguments:
                    yield _at(finding, task, ("expand", name, i))


def _known(value: Value) -> Value:
    """Leave out what tasks return: Airflow resolves that in mapped arguments of any kind."""
    return Unknown("") if isinstance(value, TaskOutput) else value


def _placed(
    finding: ArgumentFinding, task: Task, row: tuple[str | int, ...], said: Mapping[Value, Value]
) -> Finding:
    """Place a finding at the argument in its row, or at the row where that is what lacks one."""
    return _at(finding, task, (*row, finding.argument) if finding.argument in said else row)


def _at(finding: ArgumentFinding, task: Task, within: tuple[str | int, ...]) -> Finding:
    argument = str(within[1] if within[0] == "expand" else "expand_kwargs")
    return Finding(
        finding.rule,
        finding.message,
        finding.hint,
        task.task_id,
        argument,
        (finding.argument or argument,),
        within=within,
    )
