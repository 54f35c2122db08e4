"""Checks references to one entry of what a task returns: it must be stored by its keys."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from daggen.code.callables import CallableFinder
from daggen.code.effective import effective_argument
from daggen.code.finding import Finding
from daggen.code.graph import DagGraph, Ref, Task, TaskOutput, Value
from daggen.code.lookup import Answer, Function
from daggen.code.references import inside
from daggen.diagnostics.codes.tasks import NO_ENTRY

_PLAIN = "PythonOperator"
_DECORATED = "_PythonDecoratedOperator"
_NO_MAPPINGS = frozenset("list tuple set frozenset str bytes int float bool complex".split())
_CONTEXT = frozenset({"ti", "task_instance", "context"})
_PUSHING = frozenset({"xcom_push", "get_current_context"})


def check_entries(graph: DagGraph, finder: CallableFinder) -> Iterator[Finding]:
    """Warn of `+task['key']` of a Python task that stores what it returns as a whole.

    Only functions whose source is known, and that store nothing by themselves, are certain.
    """
    for task in graph.tasks.values():
        for argument, value in (*task.arguments.items(), *task.expand.items()):
            for parameter, output in _outputs(value, argument):
                source = graph.tasks.get(output.task_id)
                hint = _stored_as_whole(source, graph, finder) if source else ""
                if output.key != "return_value" and hint:
                    yield _finding(task, argument, parameter, output, hint)


def _finding(task: Task, argument: str, parameter: str, output: TaskOutput, hint: str) -> Finding:
    message = (
        f'"{output.task_id}" stores what it returns as a whole: '
        f'there is no entry "{output.key}" of it'
    )
    label = output.task_id.rpartition(".")[2]
    said = [
        f"+{name}[{quote}{output.key}{quote}]"
        for name in (output.task_id, label)
        for quote in "\"'"
    ]
    return Finding(NO_ENTRY, message, hint, task.task_id, argument, (parameter, *said))


def _outputs(value: Value, name: str) -> Iterator[tuple[str, TaskOutput]]:
    """Give the outputs in a value, and the key of the outermost mapping that each stands under."""
    if isinstance(value, TaskOutput):
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from ((str(key), output) for _, output in _outputs(each, ""))
    else:
        for each in inside(value):
            yield from _outputs(each, name)


def _stored_as_whole(task: Task, graph: DagGraph, finder: CallableFinder) -> str:
    """Say what helps where a task certainly stores what it returns as a whole, else ""."""
    called = task.arguments.get("python_callable")
    kind = task.operator.rpartition(".")[2]
    if not isinstance(called, Ref) or kind not in (_PLAIN, _DECORATED):
        return ""
    if not task.operator.startswith("airflow."):
        return ""
    function = finder.find(called.dotted).answer
    if isinstance(function, Answer) or _may_push(function):
        return ""
    said = effective_argument(graph, task, "multiple_outputs")
    if said is not None and said is not False:
        return ""
    returns = function.returns
    is_no_mapping = returns is not None and _is_no_mapping(returns)
    if kind == _DECORATED and said is None and returns is not None and not is_no_mapping:
        return ""
    if is_no_mapping and returns is not None:
        return f"{function.name}() returns {ast.unparse(returns)}, and no mapping"
    return f'add multiple_outputs: true to "{task.task_id}"'


def _is_no_mapping(annotation: ast.expr) -> bool:
    """Tell whether an annotation certainly names no mapping."""
    if isinstance(annotation, ast.Subscript):
        return _is_no_mapping(annotation.value)
    if isinstance(annotation, ast.BinOp):
        return _is_no_mapping(annotation.left) and _is_no_mapping(annotation.right)
    if isinstance(annotation, ast.Constant):
        return annotation.value is None
    return isinstance(annotation, ast.Name) and annotation.id in _NO_MAPPINGS


def _may_push(function: Function) -> bool:
    """Tell whether a function may store values by itself: it uses the context, or hands it on."""
    around = function.args.kwarg.arg if function.args.kwarg else ""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr in _PUSHING:
            return True
        if isinstance(node, ast.Name) and node.id in {around, *_CONTEXT, *_PUSHING}:
            return True
    return False
