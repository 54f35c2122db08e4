"""What a value becomes where it stands: a literal in code, escaped text in a string, a name."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from enum import StrEnum
from typing import NamedTuple

from jinja2 import Undefined

from daggen.code.fragment import Code
from daggen.code.indentation import indent
from daggen.code.literal import (
    escape_docstring,
    escape_text,
    escape_unprintable,
    expression,
    literal,
    quoted,
)
from daggen.code.names import is_identifier
from daggen.templates.marks import NAME, without_marks


class Kind(StrEnum):
    """What stands at a place: an expression, a name (or a part of one), or text."""

    CODE = "code"
    NAME = "name"
    STRING = "string"
    COMMENT = "comment"


class Place(NamedTuple):
    """Where a hole stands: in its template (`path`, `line`, `column`) and in the Python.

    `quote` is the string's quote, `docstring` tells that formatters re-indent what stands here,
    `object` that only an object makes sense (beside `>>`, after `@`), `binds` that what follows
    binds tighter than a sign. `indent` is the line's indentation, None where it depends;
    `own_line` that the text fills whole lines (a `{% call %}`).
    """

    path: str
    line: int
    column: int
    kind: str
    quote: str = ""
    raw: bool = False
    docstring: bool = False
    indent: str | None = ""
    object: bool = False
    binds: bool = False
    own_line: bool = False


class Misplaced(Exception):
    """A value cannot stand where the template puts it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def fill(value: object, place: Place) -> str:
    """Give the Python text of a value at a place. Raises Misplaced where it cannot stand."""
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    if isinstance(value, Iterator | ItemsView | KeysView | ValuesView | range):
        value = list(value)
    return _FILLERS[Kind(place.kind)](value, place)


def _fill_code(value: object, place: Place) -> str:
    if isinstance(value, Code):
        return _fill_fragment(value, place)
    if place.object:
        return _fill_name(value, place)
    if place.docstring and isinstance(value, str):
        return f'"{escape_docstring(value)}"'
    try:
        text = expression(value, multiline=True)
    except TypeError:
        _fail_if_undefined(value)
        hint = "call it" if callable(value) else ""
        raise Misplaced(f"{describe(value)} has no form in Python code", hint) from None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"({text})" if place.binds and is_number else text


def _fail_if_undefined(value: object) -> None:
    """Tell of an undefined value by its own name, also when it is part of another."""
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            _fail_if_undefined(part)


def _fill_fragment(code: Code, place: Place) -> str:
    if place.indent is None and "\n" in code.text:
        raise Misplaced(
            "this text has several lines, and the indentation here depends on the branch taken",
            "put the hole on a line of its own",
        )
    text = indent(code.text, place.indent or "")
    return f"{place.indent}{text}\n" if place.own_line else text


def _fill_name(value: object, place: Place) -> str:
    if isinstance(value, Code):
        text = without_marks(value.text)
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        text = str(value)
    else:
        raise Misplaced(
            f"a name stands here, and {describe(value)} is none",
            "pass the name as text" if not place.object else "use the variable of a task",
        )
    if not f"_{text}".isidentifier() or not text:
        raise Misplaced(
            f"{describe(value)} is not a name that Python accepts",
            "a name has letters, digits and _; the filter `variable` makes one of any text",
        )
    return NAME + text


def _fill_string(value: object, place: Place) -> str:
    text = _text(value)
    if place.raw:
        return _fill_raw(text, place)
    return escape_docstring(text) if place.docstring else escape_text(text, place.quote)


def _fill_raw(text: str, place: Place) -> str:
    lines = text.split("\n") if len(place.quote) == 3 and not place.docstring else [text]
    stripped_by_formatters = place.docstring and text != text.strip(" ")
    if (
        place.quote[0] in text
        or text.endswith("\\")
        or stripped_by_formatters
        or not all(map(str.isprintable, lines))
    ):
        raise Misplaced(
            f"{describe(text)} cannot stand in a raw string, where nothing can be escaped",
            "use a string without the prefix r, or put the hole in code: {{ value }}",
        )
    return text


def _fill_comment(value: object, place: Place) -> str:
    if isinstance(value, Code):
        raise Misplaced("code stands in a comment", "take it out of the comment")
    text = value if isinstance(value, str) else literal(value)
    return escape_unprintable(text)


def _text(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Code):
        raise Misplaced(
            "code cannot stand in a string", "close the string before it, or pass a value"
        )
    raise Misplaced(
        f"{describe(value)} has no one form as text",
        "choose one: `| join(', ')`, `| tojson`, or `| default('')`",
    )


def describe(value: object) -> str:
    """Name a value in a message: short, on one line, with nothing unprintable."""
    if isinstance(value, str):
        text = quoted(value)
        return text if len(text) <= 60 else f"{text[:57]}…{text[-1]}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return literal(value)
    names = {list: "a list", tuple: "a list", dict: "a mapping", Code: "code"}
    return names.get(type(value), f"{type(value).__name__} of the template")


def check_identifier(value: object) -> Code:
    """Give a value as a name, for any place of a template. Raises Misplaced if it is none."""
    if isinstance(value, str) and is_identifier(value):
        return Code(NAME + value)
    raise Misplaced(
        f"{describe(value)} is not a name that Python accepts",
        "a name has letters, digits and _; the filter `variable` makes one of any text",
    )


_FILLERS = {
    Kind.CODE: _fill_code,
    Kind.NAME: _fill_name,
    Kind.STRING: _fill_string,
    Kind.COMMENT: _fill_comment,
}
