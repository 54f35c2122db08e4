"""Checks every name that a DAG imports: it must be there, and take what it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from daggen.code import classes
from daggen.code.callables import CallableFinder
from daggen.code.finding import Finding
from daggen.code.graph import Call, DagGraph, Ref, Task, Value
from daggen.code.lookup import MISSING, Answer, Lookup
from daggen.code.names import is_identifier
from daggen.code.standard_library import is_standard
from daggen.diagnostics import suggest
from daggen.diagnostics.codes import callables as codes

_PARTIAL = "functools.partial"
_OF_AIRFLOW = "task."
"""What decorators of Airflow's own begin with, in a short form that nothing imports."""
_OF_READER = ("XComArg.", "MappedArgument")
"""What the reader calls methods of a task's output, and arguments of mapped groups."""


def check_references(graph: DagGraph, finder: CallableFinder) -> Iterator[Finding]:
    """Check the names in all arguments of a DAG, its groups and its tasks, and the operators."""
    yield from _check_values(graph.arguments, None, finder)
    for group in graph.groups.values():
        yield from _check_values({**group.arguments, **group.expand}, group.group_id, finder)
    for task in graph.tasks.values():
        yield from _check_operator(task, finder)
        yield from _check_values({**task.arguments, **task.expand}, task.task_id, finder)


def check_decorators(decorators: Mapping[str, str], finder: CallableFinder) -> Iterator[Finding]:
    """Check the dotted paths of decorators, by the task ids that have them.

    The DAG as it is read back has the operators that they make, and not their own names.
    """
    for task_id, dotted in decorators.items():
        if not dotted.startswith(_OF_AIRFLOW):
            yield from _Place(task_id, "decorator", finder).check_name(dotted, "decorator")


def _check_values(
    arguments: Mapping[str, Value], task_id: str | None, finder: CallableFinder
) -> Iterator[Finding]:
    for argument, value in arguments.items():
        place = _Place(task_id, argument, finder)
        for dotted, is_called in _names(value):
            yield from place.check_name(dotted, "class" if is_called else "function")
        for call in calls(value):
            yield from place.check_call(call)


def _check_operator(task: Task, finder: CallableFinder) -> Iterator[Finding]:
    found = finder.find(task.operator)
    if found.answer is Answer.NO_PACKAGE:
        message = f'the operator {task.operator} comes from an unknown package "{found.where}"'
        hint = f'if it is installed beside Airflow: external_packages = ["{found.where}"]'
        words = (task.operator,)
        yield Finding(codes.UNKNOWN_IMPORT, message, hint, task.task_id, "operator", words)
    else:
        yield from _Place(task.task_id, "operator", finder).check_name(task.operator, "class")


@dataclass(frozen=True)
class _Place:
    """An argument of a task, a group, or (None) of the DAG, whose names are checked."""

    task_id: str | None
    argument: str
    finder: CallableFinder

    def check_name(self, dotted: str, kind: str) -> Iterator[Finding]:
        """Check that a name is there; `kind` says what it should be."""
        found = self.finder.find(dotted)
        if found.answer in MISSING:
            message, hint = _word(dotted, found, kind)
            yield Finding(
                codes.UNKNOWN_CALLABLE, message, hint, self.task_id, self.argument, (dotted,)
            )

    def check_call(self, call: Call) -> Iterator[Finding]:
        """Check what a class, or a function through `functools.partial`, is given."""
        if call.function == _PARTIAL:
            yield from self._check_partial(call)
        elif arguments := _taken(call.function, self.finder):
            yield from self._check_given(call, arguments)

    def _check_partial(self, call: Call) -> Iterator[Finding]:
        if not call.args or not isinstance(call.args[0], Ref):
            return
        dotted = call.args[0].dotted
        function = self.finder.find(dotted).answer
        if not isinstance(function, Answer):
            yield from self._unknown(dotted, call, function.args)

    def _check_given(self, call: Call, arguments: ast.arguments) -> Iterator[Finding]:
        places = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        name = call.function.rpartition(".")[2]
        if len(call.args) > len(places) and not arguments.vararg:
            message = f"{name}() takes {len(places)} positional arguments, not {len(call.args)}"
            yield self._wrong(message, "", (call.function,))
        given = {*places[: len(call.args)], *call.kwargs}
        missing = [key for key in required(arguments) if key not in given]
        yield from self._unknown(call.function, call, arguments, missing)
        odd = set() if arguments.kwarg else call.kwargs.keys() - named(arguments)
        missing = [key for key in missing if not any(suggest(each, [key]) for each in odd)]
        if missing and not (len(missing) == len(odd) == 1):
            listed = ", ".join(f'"{key}"' for key in missing)
            yield self._wrong(
                f"{name}() also needs {listed}", f"add {missing[0]}", (call.function,)
            )

    def _unknown(
        self, dotted: str, call: Call, arguments: ast.arguments, missing: Sequence[str] = ()
    ) -> Iterator[Finding]:
        """Find keywords that nobody takes; the one that is `missing` may be what is meant."""
        if arguments.kwarg:
            return
        known = named(arguments)
        meant = f'did you mean "{missing[0]}"?' if len(missing) == 1 else ""
        for key in call.kwargs:
            if key not in known:
                message = f'{dotted.rpartition(".")[2]}() takes no argument "{key}"'
                listed = f"it takes {', '.join(sorted(known)) or 'none'}"
                yield self._wrong(message, suggest(key, known) or meant or listed, (key, dotted))

    def _wrong(self, message: str, hint: str, words: tuple[str, ...]) -> Finding:
        return Finding(codes.WRONG_ARGUMENTS, message, hint, self.task_id, self.argument, words)


def check_name(
    dotted: str, kind: str, task_id: str | None, argument: str, finder: CallableFinder
) -> Iterator[Finding]:
    """Check that a name in an argument is there; `kind` says what it should be."""
    yield from _Place(task_id, argument, finder).check_name(dotted, kind)


def no_function(dotted: str, found: Lookup, task_id: str | None, argument: str) -> Finding:
    """Say of a name that is there that Airflow cannot call it."""
    message = f"{dotted} is {found.kind}, and no function"
    hint = "write the function in it" if found.kind == "a module" else "name a function"
    return Finding(codes.NO_FUNCTION, message, hint, task_id, argument, (dotted,))


def named(arguments: ast.arguments) -> set[str]:
    """Give the parameters that may be given by name."""
    return {each.arg for each in (*arguments.args, *arguments.kwonlyargs)}


def required(arguments: ast.arguments) -> list[str]:
    """Give the parameters without a default, in their order."""
    places = [*arguments.posonlyargs, *arguments.args]
    found = [each.arg for each in places[: len(places) - len(arguments.defaults)]]
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is None:
            found.append(parameter.arg)
    return found


def _taken(dotted: str, finder: CallableFinder) -> ast.arguments | None:
    found = finder.find(dotted)
    return classes.takes(finder, dotted) if found.node else found.takes


def calls(value: Value) -> Iterator[Call]:
    """Give the objects that are built in a value, at any depth, the outer ones first."""
    if isinstance(value, Call):
        yield value
    for each in inside(value):
        yield from calls(each)


def _names(value: Value) -> Iterator[tuple[str, bool]]:
    """Give the names in a value that are imported, and whether each is called."""
    dotted = value.dotted if isinstance(value, Ref) else ""
    dotted = value.function if isinstance(value, Call) else dotted
    if dotted and not dotted.startswith(_OF_READER) and all(map(is_identifier, dotted.split("."))):
        yield dotted, isinstance(value, Call)
    for each in inside(value):
        yield from _names(each)


def inside(value: Value) -> Iterator[Value]:
    """Give the values that a value is made of."""
    if isinstance(value, Call):
        yield from (*value.args, *value.kwargs.values())
    elif isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list | tuple):
        yield from value


def _word(dotted: str, found: Lookup, kind: str) -> tuple[str, str]:
    name = dotted.removeprefix(f"{found.where}.").partition(".")[0]
    if found.answer is Answer.NO_NAME:
        hint = suggest(name, found.known) or _defined(found)
        top = found.where.partition(".")[0]
        kind = "" if top == "airflow" or is_standard(top) else f"{kind} "
        return f'{found.where} has no {kind}"{name}"', hint
    if found.answer is Answer.NO_MODULE:
        hint = suggest(found.where, found.known) or "check the path, and python_path"
        return f'there is no module "{found.where}"', hint
    hint = suggest(found.where, found.known)
    return (
        f'"{dotted}": there is no package "{found.where}" on the python_path',
        hint or f'add it to python_path, or external_packages = ["{found.where}"]',
    )


def _defined(found: Lookup) -> str:
    """Say what there is instead of a name, where that is few enough to read."""
    if len(found.known) > 20:
        return "check the path, and the name"
    return f"it defines {', '.join(found.known) or 'nothing'}"
