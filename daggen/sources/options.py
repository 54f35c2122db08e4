"""Validates a source's options, and sees that secrets are only named, and only where allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from daggen.diagnostics import Diagnostic, suggest
from daggen.diagnostics.codes.source import SECRET_WRITTEN, SOURCE_OPTION
from daggen.project import SourceConfig
from daggen.sources.base import SourceOptions, SourceType
from daggen.sources.secrets import PLACEHOLDER, written_password


def parse_options(
    config: SourceConfig, kind: SourceType[Any]
) -> tuple[SourceOptions | None, list[Diagnostic]]:
    """Read the options of a source; None if one of them cannot be used."""
    written = {name: value for name, value in config.options.items() if name != "type"}
    diagnostics = [*_misplaced(config, kind, written), *_spelled_out(config, written)]
    try:
        options = kind.options.model_validate(written)
    except ValidationError as error:
        known = list(kind.options.model_fields)
        return None, [*diagnostics, *(_problem(config, found, known) for found in error.errors())]
    return (None if diagnostics else options), diagnostics


def _problem(config: SourceConfig, error: Any, known: list[str]) -> Diagnostic:
    name = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        message = f'unknown option "{name}" of source "{config.name}"'
        hint = suggest(error["loc"][-1], known) or f"one of {', '.join(sorted(known))}"
        return SOURCE_OPTION.at(config.span, message, hint=hint)
    if error["type"] == "missing":
        message = f'source "{config.name}" lacks the option "{name}"'
        return SOURCE_OPTION.at(config.span, message)
    text = str(error["msg"]).removeprefix("Value error, ")
    place = f', option "{name}"' if name else ""
    return SOURCE_OPTION.at(config.span, f'source "{config.name}"{place}: {text}')


def _misplaced(
    config: SourceConfig, kind: SourceType[Any], written: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    """Report secrets named in options that would end in a snapshot or a message."""
    for name, value in sorted(written.items()):
        if name not in kind.secret_options and any(map(PLACEHOLDER.search, _texts(value))):
            allowed = ", ".join(sorted(kind.secret_options))
            hint = f"secrets may be named in {allowed}" if allowed else ""
            message = f'source "{config.name}": a secret is named in the option "{name}"'
            yield SECRET_WRITTEN.at(config.span, message, hint=hint)


def _spelled_out(config: SourceConfig, written: Mapping[str, Any]) -> Iterator[Diagnostic]:
    if any(map(written_password, _texts(written.get("url")))):
        message = f'source "{config.name}": the url spells a password out'
        hint = "name it: ${env:NAME} instead of the password"
        yield SECRET_WRITTEN.at(config.span, message, hint=hint)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
