"""Compares what a task gives its `python_callable` with what the function takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeGuard

from daggen.code.callables import CallableFinder
from daggen.code.finding import Finding
from daggen.code.graph import DagGraph, Ref, Task, Value
from daggen.code.lookup import Answer, Function
from daggen.code.references import named, no_function, required
from daggen.diagnostics import suggest
from daggen.diagnostics.codes.callables import WRONG_ARGUMENTS

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


_RESERVED = frozenset(
    "conn dag dag_run data_interval_end data_interval_start ds ds_nodash exception "
    "expanded_ti_count inlet_events inlets logical_date macros map_index_template outlet_events "
    "outlets params prev_data_interval_end_success prev_data_interval_start_success "
    "prev_end_date_success prev_start_date_success run_id task task_instance "
    "task_instance_key_str templates_dict test_mode ti try_number ts ts_nodash "
    "ts_nodash_with_tz var".split()
)
"""Those of them that Airflow keeps to itself in decorated functions, on every version."""
_MOST_ROWS = 1000
"""So many rows of a mapped task are looked at."""


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
                yield from _check_defaults(task, function.dotted, found.answer)
        yield from _check_reserved(task)


def _check_reserved(task: Task) -> Iterator[Finding]:
    """Report names of the context that a decorated function is mapped over, or given with it."""
    if not task.expand or not task.is_decorated:
        return
    shared = task.arguments.get("op_kwargs", {})
    places = (("expand", task.expand), ("partial", shared if _are_names(shared) else {}))
    for key, names in places:
        for name in sorted(_RESERVED & names.keys()):
            message = f'"{name}" is a name of the task\'s context, and Airflow refuses it in {key}'
            hint = "name the parameter otherwise"
            words = (name, "op_kwargs")
            yield Finding(
                WRONG_ARGUMENTS, message, hint, task.task_id, name, words, within=(key, name)
            )


def _check_defaults(task: Task, dotted: str, function: Function) -> Iterator[Finding]:
    """Report defaults of parameters that a decorated function has from the context."""
    if not task.is_decorated or "Sensor" in task.operator:
        return
    name = dotted.rpartition(".")[2]
    for parameter, default in _defaults(function):
        if (
            parameter in _RESERVED
            and isinstance(default, ast.Constant)
            and default.value is not None
        ):
            message = f'{name}() has a default for "{parameter}", which Airflow gives itself'
            hint = f"write {parameter}=None, or name the parameter otherwise"
            words = (dotted,)
            yield Finding(WRONG_ARGUMENTS, message, hint, task.task_id, "python_callable", words)


def _defaults(function: Function) -> Iterator[tuple[str, ast.expr | None]]:
    arguments = function.args
    places = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    yield from zip(places[::-1], arguments.defaults[::-1], strict=False)
    named_only = [each.arg for each in arguments.kwonlyargs]
    yield from zip(named_only, arguments.kw_defaults, strict=True)


@dataclass(frozen=True)
class _Given:
    """What one call is given: names, and the number of values without one.

    `within` is where the names stand below the keys of the task, where that is a row of a mapping.
    """

    keywords: frozenset[str]
    positional: int
    shared: frozenset[str] = frozenset()
    """Names that all rows share."""
    within: tuple[str | int, ...] = ()


def _check_call(task: Task, dotted: str, function: Function) -> Iterator[Finding]:
    rows = islice(_given(task), _MOST_ROWS)
    found = (each for given in rows for each in _check_given(task, dotted, function, given))
    yield from dict.fromkeys(found)


def _check_given(task: Task, dotted: str, function: Function, given: _Given) -> Iterator[Finding]:
    name = dotted.rpartition(".")[2]
    arguments = function.args
    places = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    known = named(arguments)
    wrong = _Wrong(task, given)
    for key in sorted(given.keywords):
        if key not in known and not arguments.kwarg:
            message = f'{name}() takes no argument "{key}"'
            hint = suggest(key, known) or f"it takes {', '.join(sorted(known)) or 'none'}"
            yield wrong.at("op_kwargs", message, hint, (key, dotted))
    if given.positional > len(places) and not arguments.vararg:
        message = f"{name}() takes {len(places)} positional arguments"
        message = f"{message}, op_args gives {given.positional}"
        yield wrong.at("op_args", message, "", (dotted,))
    meant = {key for key in known if any(suggest(odd, [key]) for odd in given.keywords - known)}
    given_or_meant = set(places[: given.positional]) | given.keywords | meant
    missing = sorted(set(required(arguments)) - given_or_meant - CONTEXT_KEYS)
    if missing and not (missing == ["context"] and given.positional == 0):
        listed = ", ".join(f'"{key}"' for key in missing)
        message = f"{name}() also needs {listed}"
        hint = "write it beside python_callable" if task.is_decorated else "give it in op_kwargs"
        yield wrong.at("op_kwargs", message, hint, ("op_kwargs", dotted))


@dataclass(frozen=True)
class _Wrong:
    """Words what is wrong with a call of a task."""

    task: Task
    given: _Given

    def at(self, argument: str, message: str, hint: str, words: tuple[str, ...]) -> Finding:
        """Make a finding; in a row it stands at the name that it is about, or at the row."""
        within = self.given.within
        if words[0] in self.given.shared:
            within = ()
        elif within and words[0] in self.given.keywords:
            within = (*within, words[0])
        task_id = self.task.task_id
        return Finding(WRONG_ARGUMENTS, message, hint, task_id, argument, words, within=within)


def _given(task: Task) -> Iterator[_Given]:
    """Give what each call is given that is certain: one, or one for each literal row."""
    keywords = task.arguments.get("op_kwargs", {})
    positional = task.arguments.get("op_args", [])
    if not _are_names(keywords) or not isinstance(positional, list | tuple):
        return
    names = frozenset(keywords)
    shared = _Given(names, len(positional), names)
    mapped = {"op_kwargs", "op_args", "expand_kwargs"} & set(task.expand)
    if not mapped:
        expanded = set(task.expand) if task.is_decorated else set()
        yield replace(shared, keywords=shared.keywords | expanded)
    elif len(mapped) == 1:
        (argument,) = mapped
        rows = task.expand[argument]
        for i, row in enumerate(rows if isinstance(rows, list) else ()):
            yield from _of_row(task, shared, argument, i, row)


def _of_row(task: Task, shared: _Given, argument: str, i: int, row: Value) -> Iterator[_Given]:
    """Give what the call of one row is given; nothing where that is not certain."""
    within = (argument, i) if argument == "expand_kwargs" else ("expand", argument, i)
    if argument == "op_args":
        if isinstance(row, list | tuple):
            yield replace(shared, positional=len(row), within=within)
        return
    if argument == "expand_kwargs" and not task.is_decorated:
        if not isinstance(row, Mapping) or "op_args" in row or "python_callable" in row:
            return
        if "op_kwargs" in row:
            row, within = row["op_kwargs"], (*within, "op_kwargs")
        else:
            row = {}
    if _are_names(row):
        yield replace(shared, keywords=shared.keywords | frozenset(row), within=within)


def _are_names(value: Value) -> TypeGuard[Mapping[str, Value]]:
    return isinstance(value, Mapping) and all(isinstance(key, str) for key in value)
