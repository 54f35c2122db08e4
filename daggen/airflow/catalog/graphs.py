"""Checking a DAG as its generated Python states it: the DAG, its groups and all its tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from operator import itemgetter

from daggen.airflow.catalog.catalog import Catalog
from daggen.airflow.catalog.effective import defaults_of, is_doubted
from daggen.airflow.catalog.findings import check_arguments
from daggen.airflow.catalog.history import newer_operator_hint
from daggen.airflow.catalog.model import Operator
from daggen.airflow.catalog.values import is_mistyped, word_for, wording
from daggen.code.graph import Call, DagGraph, Task, Unknown
from daggen.diagnostics import Diagnostic, Severity, Span, suggest
from daggen.diagnostics.codes import catalog as codes

_MINUTE = 60


def check_graph_arguments(graph: DagGraph, path: str, catalog: Catalog) -> list[Diagnostic]:
    """Check all arguments of a DAG against the catalog; spans are lines of the Python at `path`.

    Classes outside `airflow.` are checked where the catalog has them, and passed over otherwise.
    """
    found = [
        *_check_dag(graph, path, catalog),
        *_check_notifiers(graph.arguments, Span(path, graph.line), catalog),
        *_check_groups(graph, path, catalog),
        *_check_defaults(graph, path, catalog),
    ]
    for task in graph.tasks.values():
        operator = catalog.find(task.operator)
        if operator is None:
            found.extend(_unknown_operator(task, path, catalog))
        else:
            found.extend(_check_task(graph, task, operator, path))
        found.extend(_check_sensor(graph, task, path))
        for name, value in task.arguments.items():
            span = Span(path, task.lines.get(name, task.line))
            found.extend(_check_notifiers(value, span, catalog))
    return sorted(found, key=lambda each: each.sort_key)


def unknown_operator_hint(name: str, catalog: Catalog) -> str:
    """Say what to do about an operator that the catalog does not have."""
    if replaced := catalog.replacement(name):
        return replaced
    if newer := newer_operator_hint(name, catalog.versions):
        return newer
    if nearest := catalog.nearest(name):
        return f'did you mean "{nearest}"?'
    if catalog.is_gone(name):
        return 'its operators are in airflow.providers today: see "daggen catalog"'
    return '"daggen catalog build" adds the operators of your own environment'


def _check_dag(graph: DagGraph, path: str, catalog: Catalog) -> Iterator[Diagnostic]:
    if dag := catalog.find("airflow.sdk.DAG"):
        given = {**graph.arguments, "dag_id": graph.dag_id}
        for finding in check_arguments(dag, given, rendered=True):
            yield finding.at(Span(path, graph.line))


def _check_groups(graph: DagGraph, path: str, catalog: Catalog) -> Iterator[Diagnostic]:
    kind = catalog.find("airflow.sdk.TaskGroup")
    for group in graph.groups.values() if kind else ():
        assert kind is not None  # noqa: S101 the loop is empty otherwise
        given = {**group.arguments, "group_id": group.group_id}
        for finding in check_arguments(kind, given, rendered=True):
            yield finding.at(Span(path, group.line))


def _check_notifiers(value: object, span: Span, catalog: Catalog) -> Iterator[Diagnostic]:
    """Check the notifiers that are built anywhere in a value."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _check_notifiers(each, span, catalog)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _check_notifiers(each, span, catalog)
    elif isinstance(value, Call) and "." in value.function:
        notifier = catalog.find(value.function)
        if notifier and notifier.kind == "notifier":
            mapped = bool(value.args)
            for finding in check_arguments(notifier, value.kwargs, mapped=mapped, rendered=True):
                yield finding.at(span)


def _unknown_operator(task: Task, path: str, catalog: Catalog) -> Iterator[Diagnostic]:
    if task.operator.startswith("airflow.") and "._" not in task.operator:
        message = f'unknown operator "{task.operator}"'
        hint = unknown_operator_hint(task.operator, catalog)
        severity = Severity.ERROR if catalog.is_gone(task.operator) else Severity.WARNING
        span = Span(path, task.line)
        yield codes.UNKNOWN_OPERATOR.at(span, message, hint=hint, severity=severity)


def _check_task(graph: DagGraph, task: Task, operator: Operator, path: str) -> Iterator[Diagnostic]:
    if operator.deprecated:
        message = f"{operator.name} is deprecated"
        span = Span(path, task.line)
        yield codes.DEPRECATED_OPERATOR.at(span, message, hint=operator.deprecated)
    defaults = defaults_of(graph, task)
    arguments = dict(task.arguments)
    if task.is_teardown:
        arguments.pop("on_failure_fail_dagrun", None)  # of as_teardown, not of the operator
    findings = check_arguments(
        operator,
        {"task_id": task.task_id, **arguments, **_expanded(task, operator)},
        mapped=defaults is None or "expand_kwargs" in task.expand or is_doubted(graph, task),
        from_defaults=frozenset(defaults or ()),
        rendered=True,
    )
    for finding in findings:
        yield finding.at(Span(path, task.lines.get(finding.argument, task.line)))


def _expanded(task: Task, operator: Operator) -> dict[str, object]:
    """Give the arguments a task is mapped over, whose values are not those of one instance.

    A decorated function is mapped over its own parameters, which are not the operator's.
    """
    if operator.kind == "decorator":
        return {}
    return {name: Unknown("") for name in task.expand if name != "expand_kwargs"}


def _check_defaults(graph: DagGraph, path: str, catalog: Catalog) -> Iterator[Diagnostic]:
    """Check the DAG's default_args: each must be known to a task, and of its type."""
    defaults = graph.arguments.get("default_args")
    operators = [catalog.find(task.operator) for task in graph.tasks.values()]
    base = catalog.find("airflow.sdk.BaseOperator")
    if not isinstance(defaults, Mapping) or base is None:
        return
    known = set(base.arguments).union(*(each.arguments for each in operators if each))
    is_complete = all(each is not None and not each.is_open for each in operators) and not any(
        doubt.part == "tasks" for doubt in graph.doubts
    )
    span = Span(path, graph.line)
    for name, value in sorted(
        ((str(key), each) for key, each in defaults.items()), key=itemgetter(0)
    ):
        argument = base.arguments.get(name)
        if argument and is_mistyped(argument, value, rendered=True):
            message = f'"{name}" in default_args is {wording(argument)}, not {word_for(value)}'
            yield codes.MISTYPED_ARGUMENT.at(span, message)
        elif name not in known and (is_complete or suggest(name, known)):
            message = f'no task takes "{name}", which default_args give'
            severity = Severity.ERROR if is_complete else Severity.WARNING
            hint = _where_instead(name, known, catalog)
            yield codes.UNUSED_DEFAULT.at(span, message, hint=hint, severity=severity)


def _where_instead(name: str, known: Set[str], catalog: Catalog) -> str:
    """Say where a key of default_args belongs that no task takes, or how it is spelt."""
    dag = catalog.find("airflow.sdk.DAG")
    if dag and name in dag.arguments:
        return "it is an argument of the DAG; move it out of default_args"
    return suggest(name, known)


def _check_sensor(graph: DagGraph, task: Task, path: str) -> Iterator[Diagnostic]:
    """Warn of a sensor, known by its name, that is rescheduled every few seconds."""
    if "sensor" not in task.operator.lower():
        return
    effective = {**(defaults_of(graph, task) or {}), **task.arguments}
    interval = _seconds(effective.get("poke_interval"))
    if effective.get("mode") == "reschedule" and interval is not None and interval < _MINUTE:
        message = f"the sensor is rescheduled every {interval:g} seconds"
        hint = "reschedule pays from a minute on; use mode: poke for shorter waits"
        span = Span(path, task.lines.get("poke_interval", task.line))
        yield codes.SHORT_RESCHEDULE.at(span, message, hint=hint)


def _seconds(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, Call) or value.function != "datetime.timedelta" or value.args:
        return None
    units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
    parts = [(units.get(unit), amount) for unit, amount in value.kwargs.items()]
    total = 0.0
    for unit, amount in parts:
        if unit is None or not isinstance(amount, int | float):
            return None
        total += unit * amount
    return total
