"""What JSON Schema finds wrong, in words for the person who wrote the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from daggen.diagnostics import Rule, suggest
from daggen.diagnostics.codes import template as codes
from daggen.specs.document import Path
from daggen.templates.places import describe

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}
_KINDS: tuple[tuple[type, str], ...] = (
    (str, "the text "),
    (bool, ""),
    (int, "the number "),
    (float, "the number "),
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, at a path inside the parameters; of a key or of its value."""

    path: Path
    message: str
    hint: str = ""
    rule: Rule = codes.INVALID_PARAMETER
    about_key: bool = False


def explain(error: Any) -> Iterator[Finding]:
    """Explain an error of jsonschema: one finding, or one for each key it is about."""
    path = tuple(error.absolute_path)
    keyword = str(error.validator)
    if keyword == "required":
        yield from _missing(error, path)
    elif keyword in ("additionalProperties", "unevaluatedProperties") and isinstance(
        error.instance, Mapping
    ):
        yield from _unknown(error, path)
    elif keyword in ("anyOf", "oneOf") and error.context:
        yield from _alternatives(error, path)
    elif keyword in _WORDS:
        yield Finding(path, f"{_subject(path)} {_WORDS[keyword](error)}", _hint(error))
    else:
        yield Finding(path, f"{_subject(path)}: {error.message}")


def _missing(error: Any, path: Path) -> Iterator[Finding]:
    match = re.match(r"'(.*)' is a required property", error.message, re.DOTALL)
    name = match[1] if match else error.message
    schema = error.schema.get("properties", {}).get(name, {})
    hint = str(schema.get("description", "")).strip().rstrip(".") if schema else ""
    message = f'the parameter "{_dotted((*path, name))}" is missing'
    yield Finding((*path, name), message, hint, codes.MISSING_PARAMETER)


def _unknown(error: Any, path: Path) -> Iterator[Finding]:
    known = list(error.schema.get("properties", {}))
    patterns = list(error.schema.get("patternProperties", {}))
    for name in error.instance:
        if name in known or any(re.search(pattern, str(name)) for pattern in patterns):
            continue
        where = f'"{_dotted(path)}" has' if path else "the template has"
        message = f'{where} no {"key" if path else "parameter"} "{name}"'
        hint = suggest(name, known) or (f"known: {', '.join(sorted(known))}" if known else "")
        yield Finding((*path, name), message, hint, codes.UNKNOWN_PARAMETER, about_key=True)


def _alternatives(error: Any, path: Path) -> Iterator[Finding]:
    """Explain the alternative that the value comes closest to: the one that fails deepest."""
    by_branch: dict[Any, list[Any]] = {}
    for inner in error.context:
        by_branch.setdefault(inner.schema_path[0], []).append(inner)
    firsts = [errors[0] for errors in by_branch.values()]
    plain = [first for first in firsts if first.validator == "type" and not first.path]
    if len(plain) == len(by_branch):
        wanted = " or ".join(dict.fromkeys(_type_words(inner.validator_value) for inner in plain))
        yield Finding(path, f"{_subject(path)} must be {wanted}, not {_found(error.instance)}")
        return
    candidates = [errors for errors in by_branch.values() if errors[0] not in plain]
    best = min(candidates, key=lambda errors: (-max(len(e.path) for e in errors), len(errors)))
    for inner in best:
        yield from explain(inner)


def _subject(path: Path) -> str:
    return f'"{_dotted(path)}"' if path else "the parameters"


def _dotted(path: Path) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _found(value: object) -> str:
    kind = next((words for type_, words in _KINDS if isinstance(value, type_)), "")
    return f"{kind}{describe(value)}"


def _type_words(types: Any) -> str:
    names = [types] if isinstance(types, str) else list(types)
    return " or ".join(_TYPES.get(name, name) for name in names)


def _one_of(values: list[Any]) -> str:
    return ", ".join(describe(value) for value in values)


def _enum_words(error: Any) -> str:
    return f"must be one of {_one_of(error.validator_value)}, not {_found(error.instance)}"


def _pattern_words(error: Any) -> str:
    return f"is {describe(error.instance)}, which does not match {error.validator_value}"


_WORDS: dict[str, Callable[[Any], str]] = {
    "type": lambda e: f"must be {_type_words(e.validator_value)}, not {_found(e.instance)}",
    "enum": _enum_words,
    "const": lambda e: f"must be {describe(e.validator_value)}, not {_found(e.instance)}",
    "pattern": _pattern_words,
    "format": lambda e: f"is {describe(e.instance)}, which is no {e.validator_value}",
    "minimum": lambda e: f"is {describe(e.instance)}; the least is {e.validator_value}",
    "maximum": lambda e: f"is {describe(e.instance)}; the most is {e.validator_value}",
    "exclusiveMinimum": lambda e: f"is {describe(e.instance)}, not above {e.validator_value}",
    "exclusiveMaximum": lambda e: f"is {describe(e.instance)}, not below {e.validator_value}",
    "multipleOf": lambda e: f"is {describe(e.instance)}, no multiple of {e.validator_value}",
    "minLength": lambda e: f"is shorter than {e.validator_value} characters",
    "maxLength": lambda e: f"is longer than {e.validator_value} characters",
    "minItems": lambda e: f"has fewer than {e.validator_value} items",
    "maxItems": lambda e: f"has more than {e.validator_value} items",
    "uniqueItems": lambda e: "has an item twice",
    "minProperties": lambda e: f"has fewer than {e.validator_value} keys",
    "maxProperties": lambda e: f"has more than {e.validator_value} keys",
}


def _hint(error: Any) -> str:
    if error.validator == "enum" and isinstance(error.instance, str):
        return suggest(error.instance, [v for v in error.validator_value if isinstance(v, str)])
    if error.validator == "pattern":
        return str(error.schema.get("description", "")).strip().rstrip(".")
    return ""
