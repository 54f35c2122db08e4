"""Checks the functions that Airflow calls with the context: callbacks, and conditions of tasks."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from daggen.code.callables import CallableFinder
from daggen.code.finding import Finding
from daggen.code.graph import Call, DagGraph, Ref, Value, listed
from daggen.code.lookup import Answer
from daggen.code.references import check_name, named, no_function, required
from daggen.diagnostics import suggest
from daggen.diagnostics.codes import callables as codes

CALLBACKS = tuple(f"on_{when}_callback" for when in "failure success retry skipped execute".split())


@dataclass(frozen=True)
class Condition:
    """A function that decides whether a task runs: `argument` is `run_if` or `skip_if`."""

    task_id: str
    argument: str
    dotted: str


def check_callbacks(graph: DagGraph, finder: CallableFinder) -> Iterator[Finding]:
    """Report callbacks of a DAG and its tasks that cannot be called with the context alone."""
    groups = ((group.group_id, group.arguments) for group in graph.groups.values())
    tasks = ((task.task_id, task.arguments) for task in graph.tasks.values())
    for node_id, arguments in ((None, graph.arguments), *groups, *tasks):
        defaults = arguments.get("default_args")
        for said in (arguments, defaults if isinstance(defaults, dict) else {}):
            for name in CALLBACKS:
                for callback in listed(said.get(name)):
                    yield from _check_callback(callback, node_id, name, finder)


def check_conditions(conditions: Iterable[Condition], finder: CallableFinder) -> Iterator[Finding]:
    """Report conditions that are not there, or cannot be called with the context alone."""
    for each in conditions:
        yield from check_name(each.dotted, "function", each.task_id, each.argument, finder)
        call = _ContextCall(each.task_id, each.argument, each.dotted)
        yield from call.check(finder)


def _check_callback(
    callback: Value, node_id: str | None, argument: str, finder: CallableFinder
) -> Iterator[Finding]:
    if isinstance(callback, Ref):
        yield from _ContextCall(node_id, argument, callback.dotted).check(finder)
    elif isinstance(callback, Call) and callback.function == "functools.partial":
        function, *positional = callback.args or (None,)
        if isinstance(function, Ref):
            call = _ContextCall(
                node_id, argument, function.dotted, len(positional), callback.kwargs
            )
            yield from call.check(finder)


@dataclass(frozen=True)
class _ContextCall:
    """A call of a function with what it is given beforehand, and the context after that."""

    task_id: str | None
    argument: str
    dotted: str
    positional: int = 0
    keywords: Mapping[str, Value] = field(default_factory=dict)

    def check(self, finder: CallableFinder) -> Iterator[Finding]:
        found = finder.find(self.dotted)
        if found.answer is Answer.NO_FUNCTION:
            yield no_function(self.dotted, found, self.task_id, self.argument)
        elif not isinstance(found.answer, Answer):
            yield from self._check_signature(found.answer.args)

    def _check_signature(self, arguments: ast.arguments) -> Iterator[Finding]:
        name = self.dotted.rpartition(".")[2]
        places = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        by_place = places[: self.positional + 1]
        if self.positional >= len(places) and not arguments.vararg:
            message = f"{name}() takes no argument for the context, which Airflow gives it"
            yield self._wrong(message, f"write def {name}(context)")
            return
        twice = [key for key in by_place[-1:] if key in self.keywords and key in named(arguments)]
        for key in twice:
            message = f'{name}() is given "{key}", where Airflow puts the context'
            is_context = key == "context"
            hint = "leave it out" if is_context else f"write def {name}(context, {key})"
            yield self._wrong(message, hint)
        if missing := self._missing(arguments, by_place):
            listed = ", ".join(f'"{key}"' for key in missing)
            message = f"{name}() also needs {listed}, and Airflow gives it only the context"
            yield self._wrong(message, self._how_to_give(missing[0]))

    def _missing(self, arguments: ast.arguments, by_place: list[str]) -> list[str]:
        """Give the parameters that nothing is given for, but those that a keyword may mean."""
        odd = self.keywords.keys() - named(arguments)
        given = {*by_place, *self.keywords}
        missing = [key for key in required(arguments) if key not in given]
        return [key for key in missing if not any(suggest(each, [key]) for each in odd)]

    def _how_to_give(self, key: str) -> str:
        if self.argument not in CALLBACKS:
            return f"give {key} a default"
        return f"write {{callback: {self.dotted}, {key}: ...}}"

    def _wrong(self, message: str, hint: str) -> Finding:
        words = (self.dotted,)
        return Finding(codes.WRONG_ARGUMENTS, message, hint, self.task_id, self.argument, words)
