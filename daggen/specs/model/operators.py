"""What a task is: its operator or its decorator, by a dotted path or a short name."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from daggen.code.airflow_names import canonical, current_path
from daggen.diagnostics import Severity, suggest
from daggen.diagnostics.codes.keys import BAD_OBJECT, LEGACY_PATH
from daggen.diagnostics.codes.tasks import CONFLICTING_KEYS, MISSING_KEY, UNKNOWN_OPERATOR_NAME
from daggen.specs.document import Path
from daggen.specs.model.context import Context, shown
from daggen.specs.model.knowledge import Knowledge, Operators
from daggen.specs.model.objects import check_available, is_dotted
from daggen.specs.model.outline import Place

_ROLES: Mapping[str, str] = {
    "setup": "write decorator: task, and setup: true",
    "teardown": "write decorator: task, and teardown: true",
    "result": "write decorator: task, and result: true",
    "run_if": "write decorator: task, and run_if: package.module.condition",
    "skip_if": "write decorator: task, and skip_if: package.module.condition",
}
"""Decorators of Airflow that go around those of tasks; in a spec each is a key of the task."""
_MISSPELT = 0.8
"""How alike two names are when one is surely the other misspelt."""


def read_kind(place: Place, knowledge: Knowledge, context: Context) -> tuple[str, str]:
    """Give the operator or the decorator of a task, "" for the one it has not."""
    said = [key for key in ("operator", "decorator") if place.raw.get(key) is not None]
    if len(said) == 2:
        context.report(
            CONFLICTING_KEYS,
            (*place.path, "decorator"),
            "a task has an operator or a decorator, not both",
            at_key=True,
        )
        return "", ""
    if not said:
        _report_missing(place, context)
        return "", ""
    path = (*place.path, said[0])
    if said == ["operator"]:
        operator = _type_name(place.raw["operator"], path, context)
        return _resolved(operator, path, knowledge, context), ""
    if "python_callable" not in place.raw:
        context.report(
            MISSING_KEY, place.path, "a decorated task needs a python_callable", at_key=True
        )
    return "", _decorator(place.raw["decorator"], path, knowledge, context)


def _report_missing(place: Place, context: Context) -> None:
    close = next((key for key in place.raw if suggest(key, ("operator", "decorator"))), None)
    context.report(
        MISSING_KEY,
        place.path,
        f'the task "{place.label}" has no operator',
        hint=suggest(close, ("operator", "decorator")) if close else "",
        at_key=True,
    )


def _type_name(raw: Any, path: Path, context: Context) -> str:
    if not isinstance(raw, str) or not (raw.isidentifier() or is_dotted(raw)):
        context.report(BAD_OBJECT, path, f"{shown(raw)} is no dotted path and no short name")
        return ""
    check_available(raw, path, context)
    today = current_path(raw, context.airflow)
    if today != raw and canonical(raw) != raw and not raw.startswith("airflow.sdk."):
        context.report(
            LEGACY_PATH, path, f"{raw} is the path of an older Airflow", hint=f"today's: {today}"
        )
    return raw


def _resolved(operator: str, path: Path, knowledge: Knowledge, context: Context) -> str:
    """Give the dotted path of a short operator name; dotted paths stay as they are."""
    operators = knowledge.operators
    if operators is None or not operator or "." in operator:
        return operator
    if dotted := operators.resolve(operator):
        check_available(dotted, path, context)
        return dotted
    if several := operators.candidates(operator):
        message, hint = f'"{operator}" may be any of {", ".join(several)}', "write its path"
    else:
        message = f'there is no operator "{operator}"'
        hint = operators.replacement(operator) or _near(operator, operators)
    context.report(UNKNOWN_OPERATOR_NAME, path, message, hint=hint)
    return operator


def _near(operator: str, operators: Operators) -> str:
    if nearest := operators.nearest(operator):
        return f'did you mean "{nearest}"?'
    return 'write its dotted path; "daggen catalog" lists those that have a short name'


def _decorator(raw: Any, path: Path, knowledge: Knowledge, context: Context) -> str:
    name = _type_name(raw, path, context)
    role = name.removeprefix("airflow.sdk.").removeprefix("airflow.decorators.")
    role = role.removeprefix("task.")
    if name and role in _ROLES:
        message = f'"{name}" goes around the decorator of a task'
        context.report(UNKNOWN_OPERATOR_NAME, path, message, hint=_ROLES[role])
        return ""
    if name and "." not in name and name != "task":
        hint = suggest(name, ("task",)) or "write task, task.branch, or a dotted path"
        context.report(UNKNOWN_OPERATOR_NAME, path, f'there is no decorator "{name}"', hint=hint)
        return ""
    if name.startswith("task.") and knowledge.operators is not None:
        _check_decorator(name, path, knowledge.operators, context)
    return name


def _check_decorator(name: str, path: Path, operators: Operators, context: Context) -> None:
    """Report a `task.…` that nothing knows: misspelt, or of a provider out of the catalog."""
    nearest = "" if operators.find(name) else operators.nearest(name)
    if operators.find(name) or nearest == name:
        return
    alike = SequenceMatcher(None, name, nearest).ratio() if nearest else 0.0
    if alike >= _MISSPELT:
        severity, hint = Severity.ERROR, f'did you mean "{nearest}"?'
    else:
        severity, hint = Severity.WARNING, 'is its provider there? see "daggen catalog build"'
    message = f'there is no decorator "{name}"'
    context.report(UNKNOWN_OPERATOR_NAME, path, message, hint=hint, severity=severity)
