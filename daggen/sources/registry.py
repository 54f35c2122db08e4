"""The types of sources: those of daggen, and those that installed packages register."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.source import SOURCE_EXTRA, SOURCE_TYPE
from daggen.sources.base import SourceError, SourceType

GROUP = "daggen.sources"
"""The entry point group; the name is the `type`, the object a `SourceType`."""

BUILT_IN: Mapping[str, str] = {"file": "", "http": "daggen[http]", "sql": "daggen[sql]"}
"""The types daggen has, each in a module of its name with a constant `SOURCE`, and its extra."""


def source_type(name: str) -> SourceType[Any]:
    """Give the type of source that a configuration names.

    Raises SourceError if there is none, or if what it needs is not installed.
    """
    plugins = {found.name: found for found in entry_points(group=GROUP)}
    try:
        if name in BUILT_IN:
            loaded = import_module(f"daggen.sources.{name}").SOURCE
        elif name in plugins:
            loaded = plugins[name].load()
        else:
            raise _unknown(name, [*BUILT_IN, *plugins])
    except ModuleNotFoundError as error:
        message = f'sources of type "{name}" need the module {error.name}, which is not installed'
        hint = f'pip install "{BUILT_IN[name]}"' if BUILT_IN.get(name) else ""
        raise SourceError(message, rule=SOURCE_EXTRA, hint=hint) from None
    if not isinstance(loaded, SourceType):
        message = f'the plugin for sources of type "{name}" is no SourceType'
        raise SourceError(message, rule=SOURCE_TYPE)
    return loaded


def _unknown(name: str, known: list[str]) -> SourceError:
    if not name:
        message, hint = "the source has no type", f"type is one of {', '.join(sorted(known))}"
    else:
        message = f'there is no type of source "{name}"'
        hint = suggest(name, known) or f"one of {', '.join(sorted(known))}"
    return SourceError(message, rule=SOURCE_TYPE, hint=hint)
