"""Compares what a task gives its `python_callable` with what the function takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from daggen.code.callables import Answer, CallableFinder, Function, Lookup
from daggen.code.graph import Call, DagGraph, Ref, Task, Value
from daggen.diagnostics import Rule, suggest
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


@dataclass(frozen=True)
class Finding:
    """A finding on a task's argument, before anyone knows which line of a spec it came from.

    `words` are the texts to look for in the spec, the most telling first.
    """

    rule: Rule
    message: str
    hint: str
    task_id: str | None
    argument: str
    words: tuple[str, ...]


def check_callables(graph: DagGraph, finder: CallableFinder) -> Iterator[Finding]:
    """Check every function that a DAG names, and the arguments of those that tasks call."""
    for argument, value in graph.arguments.items():
        yield from _check_references(value, None, argument, finder)
    for task in graph.tasks.values():
        yield from _check_task(task, finder)


def _check_task(task: Task, finder: CallableFinder) -> Iterator[Finding]:
    if top := _missing_package(task.operator, finder):
        message = f'the operator {task.operator} comes from an unknown package "{top}"'
        hint = f'if it is installed beside Airflow: external_packages = ["{top}"]'
        yield Finding(
            codes.UNKNOWN_IMPORT, message, hint, task.task_id, "operator", (task.operator,)
        )
    for argument, value in {**task.arguments, **task.expand}.items():
        yield from _check_references(value, task.task_id, argument, finder)
    function = task.arguments.get("python_callable")
    if isinstance(function, Ref):
        found = finder.find(function.dotted).answer
        if not isinstance(found, Answer):
            yield from _check_call(task, function.dotted, found)


def _missing_package(dotted: str, finder: CallableFinder) -> str:
    found = finder.find(dotted)
    return found.where if found.answer is Answer.NO_PACKAGE else ""


def _check_references(
    value: Value, task_id: str | None, argument: str, finder: CallableFinder
) -> Iterator[Finding]:
    for dotted in _references(value):
        found = finder.find(dotted)
        if found.answer in (Answer.NO_PACKAGE, Answer.NO_MODULE, Answer.NO_NAME):
            message, hint = _word(dotted, found)
            yield Finding(codes.UNKNOWN_CALLABLE, message, hint, task_id, argument, (dotted,))
    for call in _calls(value):
        yield from _check_partial(call, task_id, argument, finder)


def _check_partial(
    call: Call, task_id: str | None, argument: str, finder: CallableFinder
) -> Iterator[Finding]:
    """Check the names that `functools.partial` gives a function."""
    if call.function != "functools.partial" or not call.args or not isinstance(call.args[0], Ref):
        return
    function = finder.find(call.args[0].dotted).answer
    if isinstance(function, Answer) or function.args.kwarg:
        return
    named = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
    name = call.args[0].dotted.rpartition(".")[2]
    for key in call.kwargs:
        if key not in named:
            message = f'{name}() takes no argument "{key}"'
            hint = suggest(key, named) or f"it takes {', '.join(sorted(named)) or 'none'}"
            yield Finding(codes.WRONG_ARGUMENTS, message, hint, task_id, argument, (key,))


def _calls(value: Value) -> Iterator[Call]:
    if isinstance(value, Call):
        yield value
        for inner in (*value.args, *value.kwargs.values()):
            yield from _calls(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _calls(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _calls(inner)


def _references(value: Value) -> Iterator[str]:
    if isinstance(value, Ref) and not value.dotted.startswith("."):
        yield value.dotted
    elif isinstance(value, Call):
        for inner in (*value.args, *value.kwargs.values()):
            yield from _references(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _references(inner)


def _word(dotted: str, found: Lookup) -> tuple[str, str]:
    name = dotted.rpartition(".")[2]
    if found.answer is Answer.NO_NAME:
        hint = suggest(name, found.known) or f"it defines {', '.join(found.known) or 'nothing'}"
        return f'{found.where} has no function "{name}"', hint
    if found.answer is Answer.NO_MODULE:
        hint = suggest(found.where, found.known) or "check the path, and python_path"
        return f'there is no module "{found.where}"', hint
    hint = suggest(found.where, found.known)
    return (
        f'"{dotted}": there is no package "{found.where}" on the python_path',
        hint or f'add it to python_path, or external_packages = ["{found.where}"]',
    )


def _check_call(task: Task, dotted: str, function: Function) -> Iterator[Finding]:
    given = _given(task)
    if given is None:
        return
    keywords, positional = given
    name = dotted.rpartition(".")[2]
    arguments = function.args
    places = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    named = {a.arg for a in (*arguments.args, *arguments.kwonlyargs)}
    for key in keywords:
        if key not in named and not arguments.kwarg:
            message = f'{name}() takes no argument "{key}"'
            hint = suggest(key, named) or f"it takes {', '.join(sorted(named)) or 'none'}"
            yield Finding(
                codes.WRONG_ARGUMENTS, message, hint, task.task_id, "op_kwargs", (key, dotted)
            )
    if positional > len(places) and not arguments.vararg:
        message = f"{name}() takes {len(places)} positional arguments, op_args gives {positional}"
        yield Finding(codes.WRONG_ARGUMENTS, message, "", task.task_id, "op_args", (dotted,))
    meant = {key for key in named if any(suggest(odd, [key]) for odd in keywords - named)}
    given_or_meant = set(places[:positional]) | keywords | meant
    missing = sorted(_required(function) - given_or_meant - CONTEXT_KEYS)
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


def _required(function: Function) -> set[str]:
    """Give the parameters without a default."""
    arguments = function.args
    places = [*arguments.posonlyargs, *arguments.args]
    required = {a.arg for a in places[: len(places) - len(arguments.defaults)]}
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is None:
            required.add(parameter.arg)
    return required
