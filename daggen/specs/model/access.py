"""What a DAG lets others do and use: permissions of roles, macros and filters for Jinja."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.code.standard_library import is_standard
from daggen.diagnostics.codes.keys import WRONG_TYPE
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.objects import is_dotted, is_marked, read_value
from daggen.specs.model.scalars import Kind, of
from daggen.specs.model.values import Dotted, Value


def _read_access(raw: Any, path: Path, context: Context) -> Value:
    """Read roles and what they may do; lists of permissions become sets, as Airflow wants."""
    if not isinstance(raw, Mapping):
        return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
    return _permissions(read_value(raw, path, context))


def _permissions(value: Value) -> Value:
    if isinstance(value, Mapping):
        return {name: _permissions(item) for name, item in value.items()}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return set(value)
    return value


def _read_imported(raw: Any, path: Path, context: Context) -> Value:
    """Read macros or filters: names and the dotted paths of what they stand for, also nested.

    A module of Python under its own name, `json: json`, is the module and no text.
    """
    if not isinstance(raw, Mapping):
        return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
    values = {name: _read_macro(item, (*path, name), context) for name, item in raw.items()}
    return INVALID if INVALID in values.values() else values


def _read_macro(raw: Any, path: Path, context: Context) -> Value:
    if is_dotted(raw) or (raw == path[-1] and is_standard(raw)):
        return Dotted(raw)
    if isinstance(raw, Mapping) and not is_marked(raw):
        return _read_imported(raw, path, context)
    return read_value(raw, path, context)


ACCESS_CONTROL = Kind(_read_access, {"type": "object"})
IMPORTED = of(_read_imported, {"type": "object"})
