"""What a DAG lets others do and use: permissions of roles, macros and filters for Jinja."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.code.standard_library import is_standard
from daggen.diagnostics import Severity, suggest
from daggen.diagnostics.codes.keys import UNKNOWN_CHOICE, WRONG_TYPE
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.objects import is_dotted, is_marked, read_value
from daggen.specs.model.scalars import Kind, of
from daggen.specs.model.values import Dotted, Value

PERMISSIONS = ("can_create", "can_delete", "can_edit", "can_read")
"""What roles may do with DAGs; auth managers of one's own may know others."""
_VERY_LIKE = 0.85


def _read_access(raw: Any, path: Path, context: Context) -> Value:
    """Read roles and what they may do; lists of permissions become sets, as Airflow wants."""
    if not isinstance(raw, Mapping):
        return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
    value = read_value(raw, path, context)
    if not isinstance(value, Mapping):
        return value
    before = len(context.diagnostics)
    for role, allowed in value.items():
        _check_allowed(allowed, (*path, role), context)
    wrong = any(each.severity is Severity.ERROR for each in context.diagnostics[before:])
    return INVALID if wrong else _permissions(value)


def _check_allowed(value: Value, path: Path, context: Context) -> None:
    """Report what is no list of permissions, and no mapping of resources to such lists."""
    if isinstance(value, Mapping):
        for resource, permissions in value.items():
            _check_list(permissions, (*path, resource), context)
    else:
        _check_list(value, path, context)


def _check_list(value: Value, path: Path, context: Context) -> None:
    if isinstance(value, str | int | float):
        hint = f"write [{value}]" if isinstance(value, str) else ""
        message = f"expected a list of permissions, found {shown(value)}"
        context.report(WRONG_TYPE, path, message, hint=hint)
    for i, permission in enumerate(value if isinstance(value, list) else ()):
        if permission not in PERMISSIONS and isinstance(permission, str):
            _check_permission(permission, (*path, i), context)


def _check_permission(permission: str, path: Path, context: Context) -> None:
    """Warn of a misspelt permission; one that looks otherwise may be an auth manager's own."""
    if meant := suggest(permission, PERMISSIONS, cutoff=_VERY_LIKE):
        message = f"{shown(permission)} is no permission that Airflow knows"
        context.report(UNKNOWN_CHOICE, path, message, hint=meant, severity=Severity.WARNING)


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
