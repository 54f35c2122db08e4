"""Operators in words: for `daggen catalog`, as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from textwrap import wrap
from typing import Any

from daggen.airflow.catalog.model import NOT_LITERAL, Argument, Exclusive, Operator
from daggen.airflow.catalog.values import wording

_WIDTH = 96


def matching(
    operators: Iterable[Operator],
    words: Sequence[str] = (),
    kind: str = "",
    distribution: str = "",
) -> Iterator[Operator]:
    """Give the operators of a kind and a distribution whose path or summary has all words."""
    wanted = [each.lower() for each in words]
    for operator in operators:
        text = f"{operator.dotted}\n{operator.name}\n{operator.summary}".lower()
        if (
            all(each in text for each in wanted)
            and (not kind or operator.kind == kind)
            and distribution in operator.distribution
        ):
            yield operator


def nearest_provider(name: str, distributions: Iterable[str]) -> str:
    """Give the provider whose name, without what all begin with, is closest; "" if none is."""
    known = [each.removeprefix("apache-airflow-providers-") for each in distributions]
    wanted = name.removeprefix("apache-airflow-providers-")
    return next(iter(get_close_matches(wanted, known, n=1, cutoff=0.7)), "")


def as_lines(operators: Iterable[Operator]) -> Iterator[str]:
    """Give one line an operator: its name, kind and summary, below its module."""
    module = ""
    for operator in operators:
        here = operator.dotted.rpartition(".")[0]
        if here != module:
            yield here
            module = here
        yield f"  {operator.name}  ({operator.kind})  {operator.summary}".rstrip()


def describe(operator: Operator, *, with_base: bool = False) -> Iterator[str]:
    """Give everything known of an operator; its base's arguments in full only if asked for."""
    yield f"{operator.name} ({operator.kind})"
    yield operator.dotted
    version = f"{operator.distribution} {operator.version}".rstrip()
    yield f"{version}, there since {operator.since}" if operator.since else version
    if operator.summary:
        yield operator.summary
    if operator.deprecated:
        yield f"Deprecated: {operator.deprecated}"
    own = [each for name, each in operator.arguments.items() if name in operator.own]
    inherited = [each for name, each in operator.arguments.items() if name not in operator.own]
    yield "\nArguments:" if own else "\nNo arguments of its own."
    yield from _rows(operator, own)
    yield from (f"  {_rule(rule)}" for rule in operator.exclusive)
    if inherited and with_base:
        yield f"\nFrom {operator.base}:"
        yield from _rows(operator, inherited)
    elif inherited:
        yield f"\nFrom {operator.base}:"
        names = ", ".join(sorted(each.name for each in inherited))
        yield from wrap(names, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def as_data(operator: Operator) -> dict[str, Any]:
    """Give an operator as plain data, for `--output-format json`."""
    return {
        "name": operator.name,
        "path": operator.dotted,
        "kind": operator.kind,
        "distribution": operator.distribution,
        "version": operator.version,
        "since": operator.since or None,
        "summary": operator.summary,
        "deprecated": operator.deprecated,
        "arguments": [
            _argument_data(operator, each) for _, each in sorted(operator.arguments.items())
        ],
    }


def counted(operators: Iterable[Operator]) -> tuple[int, int]:
    """Count operators, and the arguments that are their own."""
    sizes = [len(operator.own) for operator in operators]
    return len(sizes), sum(sizes)


def _argument_data(operator: Operator, argument: Argument) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": argument.name,
        "types": sorted(argument.types),
        "required": argument.required,
        "templated": argument.name in operator.templated,
        "inherited": argument.name not in operator.own,
        "positional": argument.positional,
        "since": argument.since or None,
    }
    if argument.choices:
        data["choices"] = list(argument.choices)
    if argument.default is not NOT_LITERAL:
        data["default"] = argument.default
    elif argument.expression:
        data["default_expression"] = argument.expression
    return data


def _rows(operator: Operator, arguments: Iterable[Argument]) -> Iterator[str]:
    ordered = sorted(arguments, key=lambda each: (not each.required, each.name))
    width = max((len(each.name) for each in ordered), default=0)
    for each in ordered:
        yield f"  {each.name:<{width}}  {_words(operator, each)}"


def _words(operator: Operator, argument: Argument) -> str:
    words = ["any value" if "any" in argument.types else wording(argument)]
    if argument.required:
        words.append("required")
    elif argument.default is not NOT_LITERAL and argument.default is not None:
        words.append(f"default {argument.default!r}")
    elif argument.expression:
        words.append(f"default {argument.expression}")
    if argument.name in operator.templated:
        words.append("templated")
    if argument.since:
        inherited = argument.name not in operator.own and operator.base
        words.append(f"since {'Airflow ' if inherited else ''}{argument.since}")
    return ", ".join(words)


def _rule(rule: Exclusive) -> str:
    names = ", ".join(rule.names)
    if rule.limit and rule.needs:
        return f"Exactly one of: {names}"
    return f"At most one of: {names}" if rule.limit else f"At least one of: {names}"
