"""Whether a value can be what an argument takes; only a certain "no" is a "no"."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta

from daggen.airflow.catalog.model import Argument
from daggen.code.graph import Call, Ref, TaskOutput, Unknown
from daggen.specs.duration import parse_duration

_JINJA = re.compile(r"\{\{|\{%")
_OF_PLAIN = {
    # the kind of a value: the words of the catalog that take it
    "bool": {"bool", "int", "float"},
    "int": {"int", "float", "bool", "enum"},
    "float": {"float", "int"},
    "str": {"str", "iterable", "enum"},
    "bytes": {"bytes", "iterable", "object"},
    "list": {"list", "iterable", "object"},
    "dict": {"dict", "iterable", "object"},
    "duration": {"duration", "float", "object"},
    "datetime": {"datetime", "str", "object"},
}
_COERCED = {
    # what a spec may say and daggen turns into what Airflow takes
    "int": {"duration"},
    "float": {"duration"},
    "str": {"datetime", "object", "callable"},
    "dict": {"duration", "datetime", "callable", "list"},
}
_CALLS = {
    "datetime.timedelta": "duration",
    "pendulum.duration": "duration",
    "datetime.datetime": "datetime",
    "datetime.date": "datetime",
    "pendulum.datetime": "datetime",
    "pendulum.date": "datetime",
}
_NAMES = {
    "bool": "a boolean",
    "int": "an integer",
    "float": "a number",
    "str": "a string",
    "callable": "a callable",
    "iterable": "a list",
    "bytes": "bytes",
    "list": "a list",
    "object": "an object",
    "dict": "a mapping",
    "duration": "a duration",
    "datetime": "a date",
    "None": "null",
}


def kind_of(value: object) -> str:
    """Name the kind of a value, in the catalog's words; "" where it cannot be told."""
    if isinstance(value, Unknown | Ref | TaskOutput):
        return ""
    if isinstance(value, Call):
        return _CALLS.get(value.function, "")
    if isinstance(value, Mapping):
        return "" if "__type__" in value else "dict"
    for types, kind in (
        (type(None), "None"), (bool, "bool"), (int, "int"), (float, "float"), (str, "str"),
        (bytes, "bytes"), ((list, tuple, set, frozenset), "list"), (timedelta, "duration"),
        (date, "datetime"),
    ):  # fmt: skip
        if isinstance(value, types):
            return kind
    return ""


def word_for(value: object) -> str:
    """Word a value's kind for a person."""
    return _NAMES.get(kind_of(value), "this value")


def wording(argument: Argument) -> str:
    """Word what an argument takes for a person: `an integer or null`, `"poke" or "reschedule"`."""
    plain = argument.types - {"object"} if argument.types - {"object", "None"} else argument.types
    words = dict.fromkeys(_NAMES[word] for word in _NAMES if word in plain)
    return " or ".join([*worded_choices(argument), *words]) or "an object"


def worded_choices(argument: Argument) -> list[str]:
    """Word the values that an argument knows as a spec has them: `"poke"`, `true`, `3`."""
    return [json.dumps(each) for each in argument.choices]


def has_jinja(value: object) -> bool:
    """Tell whether a value is a string that Airflow would render at run time."""
    return isinstance(value, str) and _JINJA.search(value) is not None


def is_mistyped(
    argument: Argument, value: object, *, templated: bool = False, rendered: bool = False
) -> bool:
    """Tell whether a value is certainly not what the argument takes.

    `templated` says that the argument is a template field, whose string with Jinja may become
    anything. `rendered` says that the value stands in generated Python, where daggen has already
    turned the durations and dates of the spec into objects.
    """
    kind = kind_of(value)
    if not kind or "any" in argument.types or (templated and has_jinja(value)):
        return False
    if kind == "None":
        return argument.required and "None" not in argument.types
    accepted = set(_OF_PLAIN[kind])
    if not rendered:
        accepted |= _COERCED.get(kind, set())
        if kind == "str" and seconds_of(value) is not None:
            accepted.add("duration")
    elif kind == "str":
        accepted.add("object")
    if kind == "bool" and _is_choice(argument, value):
        accepted.add("enum")
    return accepted.isdisjoint(argument.types)


def is_illegal_choice(argument: Argument, value: object, *, templated: bool = False) -> bool:
    """Tell whether a string or number is certainly none of the values that the argument knows."""
    if isinstance(value, bool) or "enum" not in argument.types:
        return False
    if not isinstance(value, str | int) or argument.types & {"str", "iterable", "any"}:
        return False
    if _is_choice(argument, value):
        return False
    if templated and has_jinja(value):
        return False
    return "object" not in argument.types or "." not in str(value)


def _is_choice(argument: Argument, value: object) -> bool:
    """Tell whether a value is one that the argument knows; 1 is not true."""
    return any(type(each) is type(value) and each == value for each in argument.choices)


def seconds_of(value: object) -> float | None:
    """Give the seconds of a duration as a spec has it; None where it is none."""
    try:
        return parse_duration(value).total_seconds()
    except ValueError:
        return None
