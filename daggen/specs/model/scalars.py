"""Kinds of simple values: booleans, numbers, texts, choices, lists, dotted paths.

A `Kind` is how a key's value is read and what an editor's JSON Schema says of it. Every kind also
takes an object (`__type__` and its siblings), whose type nobody knows before it exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import (
    OUT_OF_RANGE,
    UNKNOWN_CHOICE,
    WRONG_TYPE,
)
from daggen.specs.document import Path
from daggen.specs.model import shapes
from daggen.specs.model.context import INVALID, Context, Reader, shown
from daggen.specs.model.objects import is_dotted, is_marked, read_dotted, read_value
from daggen.specs.model.shapes import Schema, or_free, several
from daggen.specs.model.values import Dotted, Value, is_object

_YES_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


@dataclass(frozen=True)
class Kind:
    """A kind of value: how it is read, and its JSON Schema."""

    read: Reader
    schema: Schema = field(default_factory=dict)


def _free_or(read: Reader) -> Reader:
    """Let a reader take any `__…__` form as well, read by the rules of free values."""

    def reader(raw: Any, path: Path, context: Context) -> Value:
        if is_marked(raw):
            value = read_value(raw, path, context)
            if is_object(value):
                return value
            return value if value is INVALID else read(value, path, context)
        return read(raw, path, context)

    return reader


def _read_bool(raw: Any, path: Path, context: Context) -> Value:
    if isinstance(raw, bool):
        return raw
    message = f"expected true or false, found {shown(raw)}"
    return context.report(WRONG_TYPE, path, message, hint=hint_of_bool(raw))


def hint_of_bool(raw: Any) -> str:
    """Give the hint for a word that stands for true or false in quotes or in YAML 1.1, else ""."""
    said = raw.lower() if isinstance(raw, str) else ""
    if said in ("true", "false"):
        return f"write {said} without quotes"
    word = _YES_NO.get(said)
    return f"write {word}; YAML 1.2 has no other booleans" if word else ""


def _read_text(raw: Any, path: Path, context: Context) -> Value:
    if isinstance(raw, str):
        return raw
    return context.report(
        WRONG_TYPE,
        path,
        f"expected a text, found {shown(raw)}",
        hint=f'quote it: "{shown(raw)}"' if isinstance(raw, int | float) else "",
    )


def text(longest: int) -> Kind:
    """Make the kind of a text of at most so many characters."""

    def read(raw: Any, path: Path, context: Context) -> Value:
        if not isinstance(raw, str) or len(raw) <= longest:
            return _read_text(raw, path, context)
        message = f"this text has {len(raw)} characters; Airflow takes {longest}"
        return context.report(OUT_OF_RANGE, path, message)

    return Kind(_free_or(read), {"type": "string", "maxLength": longest})


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.path if parts.scheme == "mailto" else parts.scheme and parts.netloc)


def _read_link(raw: Any, path: Path, context: Context) -> Value:
    """Read a link as Airflow takes it: with a scheme and a host, or an address to mail to."""
    if not isinstance(raw, str):
        return _read_text(raw, path, context)
    if _is_link(raw):
        return raw
    hint = 'write "https://example.com" or "mailto:data@example.com"'
    return context.report(OUT_OF_RANGE, path, f"{shown(raw)} is no link", hint=hint)


def _read_free(raw: Any, path: Path, context: Context) -> Value:
    return read_value(raw, path, context)


def _read_mapping(raw: Any, path: Path, context: Context) -> Value:
    if not isinstance(raw, Mapping):
        return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
    return read_value(raw, path, context)


def _read_object(raw: Any, path: Path, context: Context) -> Value:
    return context.report(
        WRONG_TYPE, path, f"expected an object, found {shown(raw)}", hint="name its class: __type__"
    )


def _read_class(raw: Any, path: Path, context: Context) -> Value:
    return read_dotted(raw, path, context, "class")


def _read_callable(raw: Any, path: Path, context: Context) -> Value:
    return read_dotted(raw, path, context, "function")


def _hint_of_number(raw: Any, whole: bool) -> str:
    """Give the hint for a number in quotes, "" for other values."""
    digits = r"-?\d+" if whole else r"-?\d+(\.\d+)?"
    is_number = isinstance(raw, str) and re.fullmatch(digits, raw, re.ASCII)
    return f"write {raw} without quotes" if is_number else ""


def number(minimum: float | None = None, *, whole: bool = True) -> Kind:
    """Make the kind of a number that is not below `minimum`."""

    def read(raw: Any, path: Path, context: Context) -> Value:
        fits = isinstance(raw, int) if whole else isinstance(raw, int | float)
        if not fits or isinstance(raw, bool):
            name = "a whole number" if whole else "a number"
            message = f"expected {name}, found {shown(raw)}"
            return context.report(WRONG_TYPE, path, message, hint=_hint_of_number(raw, whole))
        if minimum is not None and raw < minimum:
            return context.report(OUT_OF_RANGE, path, f"{raw} is below {minimum:g}")
        return raw

    schema: dict[str, Any] = {"type": "integer" if whole else "number"}
    if minimum is not None:
        schema["minimum"] = minimum
    return Kind(_free_or(read), schema)


def choice(
    words: Iterable[str], *, gone: Mapping[str, str] | None = None, own: bool = True
) -> Kind:
    """Make the kind of one word out of `words`; `gone` maps former words to those of today.

    With `own` a dotted path is taken too: Airflow lets users bring their own classes.
    """
    known, former = tuple(words), dict(gone or {})

    def read(raw: Any, path: Path, context: Context) -> Value:
        if raw in known:
            return raw
        if own and is_dotted(raw):
            return Dotted(raw)
        if isinstance(raw, str) and raw in former:
            return context.report(
                UNKNOWN_CHOICE, path, f'"{raw}" is gone', hint=f'write "{former[raw]}"'
            )
        return context.report(
            UNKNOWN_CHOICE,
            path,
            f"{shown(raw)} is none of {', '.join(known)}",
            hint=suggest(raw, known),
        )

    return Kind(_free_or(read), {"enum": list(known)})


def listed(item: Kind, *, lone: bool = True, wrapped: bool = False) -> Kind:
    """Make the kind of a list of `item`; with `lone`, a single item stands for itself.

    Where Airflow takes nothing but a list, the single item is `wrapped` in one.
    """

    def read(raw: Any, path: Path, context: Context) -> Value:
        if isinstance(raw, list):
            values = [item.read(entry, (*path, i), context) for i, entry in enumerate(raw)]
            return INVALID if INVALID in values else values
        if lone:
            value = item.read(raw, path, context)
            return [value] if wrapped and value is not INVALID else value
        return context.report(WRONG_TYPE, path, f"expected a list, found {shown(raw)}")

    alone = list(item.schema["anyOf"]) if "anyOf" in item.schema else [item.schema]
    schema = several(item.schema)
    return Kind(_free_or(read), {"anyOf": [*alone, schema]} if lone else schema)


def mapped(item: Kind) -> Kind:
    """Make the kind of a mapping from texts to `item`."""

    def read(raw: Any, path: Path, context: Context) -> Value:
        if not isinstance(raw, Mapping):
            return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
        values = {key: item.read(value, (*path, key), context) for key, value in raw.items()}
        return INVALID if INVALID in values.values() else values

    return Kind(_free_or(read), {"type": "object", "additionalProperties": or_free(item.schema)})


def either(first: Kind, second: Kind, types: type | tuple[type, ...]) -> Kind:
    """Make the kind that reads values of the given Python types as `first`, others as `second`."""

    def read(raw: Any, path: Path, context: Context) -> Value:
        kind = first if isinstance(raw, types) else second
        return kind.read(raw, path, context)

    return Kind(read, {"anyOf": [dict(first.schema), dict(second.schema)]})


def of(read: Reader, schema: Schema) -> Kind:
    """Make a kind of a reader that any `__…__` form bypasses."""
    return Kind(_free_or(read), schema)


DOTTED_SCHEMA: Schema = {"type": "string", "pattern": r"^\w+(\.\w+)+$"}

FREE = Kind(_read_free, {})
BOOL = of(_read_bool, {"type": "boolean"})
TEXT = of(_read_text, {"type": "string"})
LINK = of(_read_link, {"type": "string", "format": "uri"})
OBJECT = of(_read_object, shapes.OBJECT)
MAPPING = of(_read_mapping, {"type": "object"})
CLASS = of(_read_class, DOTTED_SCHEMA)
CALLABLE = of(_read_callable, DOTTED_SCHEMA)
INTEGER = number()
COUNT = number(0)
POSITIVE = number(1)
