"""Compares what a task gives its `python_callable` with what the function takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from daggen.code.callables import CallableFinder
from daggen.code.finding import Finding
from daggen.code.graph import DagGraph, Ref, Task
from daggen.code.lookup import Answer, Function
from daggen.code.references import named, no_function, required
from daggen.diagnostics import suggest
from daggen.diagnostics.codes import callables as codes

CONTEXT_KEYS = frozenset(
    "conf conn dag dag_run data_interval_end data_interval_start ds ds_nodash exception "
    "execution_date expanded_ti_count inlet_events inlets logical_date macros map_index_template "
    "next_ds next_execution_date outlet_events outlets params prev_data_interval_end_success "
    "prev_data_interval_start_success prev_end_date_success prev_start_date_success run_id "
    "start_date task task_instance task_instance_key_str task_reschedule_count templates_dict "
    "test_mode ti triggering_asset_events triggering_dataset_events ts ts_nodash "
    "ts_nodash_with_tz try_number var".split()
)
"""Names that Airflow passes to a callable by itself, of 2.11 and 3.x (its templates reference)."""


def check_callables(graph: DagGraph, finder: CallableFinder) -> Iterator[Finding]:
    """Check what the tasks of a DAG give their functions."""
    for task in graph.tasks.values():
        function = task.arguments.get("python_callable")
        if isinstance(function, Ref):
            found = finder.find(function.dotted)
            if found.answer is Answer.NO_FUNCTION:
                yield no_function(function.dotted, found, task.task_id, "python_callable")
            elif not isinstance(found.answer, Answer):
                yield from _check_call(task, function.dotted, found.answer)


def _check_call(task: Task, dotted: str, function: Function) -> Iterator[Finding]:
    given = _given(task)
    if given is None:
        return
    keywords, positional = given
    name = dotted.rpartition(".")[2]
    arguments = function.args
    places = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    known = named(arguments)
    for key in keywords:
        if key not in known and not arguments.kwarg:
            message = f'{name}() takes no argument "{key}"'
            hint = suggest(key, known) or f"it takes {', '.join(sorted(known)) or 'none'}"
            yield Finding(
                codes.WRONG_ARGUMENTS, message, hint, task.task_id, "op_kwargs", (key, dotted)
            )
    if positional > len(places) and not arguments.vararg:
        message = f"{name}() takes {len(places)} positional arguments, op_args gives {positional}"
        yield Finding(codes.WRONG_ARGUMENTS, message, "", task.task_id, "op_args", (dotted,))
    meant = {key for key in known if any(suggest(odd, [key]) for odd in keywords - known)}
    given_or_meant = set(places[:positional]) | keywords | meant
    missing = sorted(set(required(arguments)) - given_or_meant - CONTEXT_KEYS)
    if missing and not (missing == ["context"] and positional == 0):
        listed = ", ".join(f'"{key}"' for key in missing)
        message = f"{name}() also needs {listed}"
        hint = "write it beside python_callable" if _is_decorated(task) else "give it in op_kwargs"
        yield Finding(
            codes.WRONG_ARGUMENTS, message, hint, task.task_id, "op_kwargs", ("op_kwargs", dotted)
        )


def _given(task: Task) -> tuple[frozenset[str], int] | None:
    """Give the names in `op_kwargs` and the count of `op_args`; None when they are not certain."""
    if {"op_kwargs", "op_args", "expand_kwargs"} & set(task.expand):
        return None
    keywords = task.arguments.get("op_kwargs", {})
    positional = task.arguments.get("op_args", [])
    if not isinstance(keywords, Mapping) or not isinstance(positional, list | tuple):
        return None
    if not all(isinstance(key, str) for key in keywords):
        return None
    mapped = set(task.expand) if _is_decorated(task) else set()
    return frozenset(str(key) for key in keywords) | mapped, len(positional)


def _is_decorated(task: Task) -> bool:
    """Tell whether a task is a decorated function, which is mapped over its own parameters."""
    return "Decorated" in task.operator.rpartition(".")[2]
