"""Checking a template's schema itself: a JSON Schema, with what daggen wants to know besides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from daggen.diagnostics import Diagnostic, suggest
from daggen.diagnostics.codes import template as codes
from daggen.specs.document import Document, Path
from daggen.templates.functions import CALLER_NAMES, ENGINE_NAMES, GROUP_NAMES

KINDS = ("dag", "group")
_RESERVED = ENGINE_NAMES | GROUP_NAMES | CALLER_NAMES


def check_schema(document: Document) -> Iterator[Diagnostic]:
    """Check a schema file: a mapping, valid as JSON Schema 2020-12, with a kind."""
    if not isinstance(document.data, Mapping):
        message = "a schema is a mapping with title, properties and x-daggen"
        yield codes.INVALID_SCHEMA.at(document.locations.root, message)
        return
    found = [
        *_check_meta(document),
        *_check_kind(document),
        *_check_names(document),
        *_check_patterns(document, document.data, ()),
    ]
    yield from found or _check_samples(document)


def _check_meta(document: Document) -> Iterator[Diagnostic]:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    validator = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    for error in validator.iter_errors(document.data):
        best = best_match([error])
        path = tuple(best.absolute_path)
        message = f"{'.'.join(map(str, path)) or 'the schema'}: {best.message}"
        hint = ""
        if path and path[-1] == "type":
            known = ("array", "boolean", "integer", "null", "number", "object", "string")
            hint = suggest(best.instance, known) or f"types: {', '.join(known)}"
        yield codes.INVALID_SCHEMA.at(document.locations.value(path), message, hint=hint)


def _check_kind(document: Document) -> Iterator[Diagnostic]:
    own = document.data.get("x-daggen")
    kind = own.get("kind") if isinstance(own, Mapping) else None
    if kind not in KINDS:
        at = ("x-daggen", "kind") if isinstance(own, Mapping) else ("x-daggen",)
        message = (
            f"the kind of template is {kind!r}" if kind else "the kind of template is not said"
        )
        hint = "write x-daggen: {kind: dag} or x-daggen: {kind: group}"
        yield codes.INVALID_SCHEMA.at(document.locations.value(at), message, hint=hint)


def _check_names(document: Document) -> Iterator[Diagnostic]:
    properties = document.data.get("properties")
    for name in properties if isinstance(properties, Mapping) else ():
        at = document.locations.key(("properties", name))
        if not isinstance(name, str) or not name.isidentifier():
            message = f'"{name}" cannot be the name of a parameter'
            yield codes.INVALID_SCHEMA.at(at, message, hint="use letters, digits and _")
        elif name in _RESERVED:
            message = f'"{name}" is a name that every template knows already'
            yield codes.INVALID_SCHEMA.at(at, message, hint="choose another name")


def _check_patterns(document: Document, schema: Any, path: Path) -> Iterator[Diagnostic]:
    """Find regular expressions that Python cannot read, wherever a schema stands."""
    if isinstance(schema, list):
        for index, item in enumerate(schema):
            yield from _check_patterns(document, item, (*path, index))
    if not isinstance(schema, Mapping):
        return
    patterns: list[tuple[Path, Any]] = [(("pattern",), schema.get("pattern"))]
    patterns += [(("patternProperties", key), key) for key in schema.get("patternProperties", ())]
    for below, pattern in patterns:
        if isinstance(pattern, str) and (reason := _unreadable(pattern)):
            span = document.locations.value((*path, *below))
            yield codes.INVALID_SCHEMA.at(span, f"the pattern {pattern!r}: {reason}")
    for key, value in schema.items():
        if key not in ("default", "examples", "enum", "const"):
            yield from _check_patterns(document, value, (*path, key))


def _check_samples(document: Document) -> Iterator[Diagnostic]:
    """Check that defaults and examples are what the schema itself asks for."""
    from jsonschema import Draft202012Validator
    from referencing.exceptions import Unresolvable

    validator = Draft202012Validator(document.data)
    properties = document.data.get("properties")
    for name, schema in properties.items() if isinstance(properties, Mapping) else ():
        if not isinstance(schema, Mapping):
            continue
        for at, sample in _samples(schema):
            try:
                errors = list(validator.evolve(schema=schema).iter_errors(sample))
            except (Unresolvable, TypeError) as failure:
                span = document.locations.key(("properties", name))
                yield codes.INVALID_SCHEMA.at(span, f"this cannot be followed: {failure}")
                break
            for error in errors:
                span = document.locations.value(("properties", name, *at, *error.absolute_path))
                message = f"the {str(at[0]).removesuffix('s')} is not what the schema asks for: "
                yield codes.INVALID_SCHEMA.at(span, message + error.message)


def _samples(schema: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    if "default" in schema:
        yield ("default",), schema["default"]
    for index, example in enumerate(schema.get("examples", ())):
        yield ("examples", index), example


def _unreadable(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return ""
