"""What wraps a decorated function: conditions to run or skip it, and its part as the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.diagnostics.codes.keys import KEY_TOO_NEW, UNKNOWN_KEY
from daggen.diagnostics.codes.tasks import CONFLICTING_KEYS, MISSING_KEY
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context
from daggen.specs.model.objects import read_dotted
from daggen.specs.model.scalars import BOOL, DOTTED_SCHEMA, TEXT
from daggen.specs.model.shapes import Schema, record
from daggen.specs.model.values import Build, Value

RESULT = "airflow.sdk.result"
RESULT_SINCE = (3, 3)
CONDITIONS = ("run_if", "skip_if")
WRAPPER_KEYS = (*CONDITIONS, "result")
_KEYS = ("condition", "skip_message")

WRAPPER_SCHEMA: Schema = {
    "anyOf": [
        DOTTED_SCHEMA,
        record(
            "A function of the context, and what the log says of a skip",
            {"condition": DOTTED_SCHEMA, "skip_message": {"type": "string"}},
            required=["condition"],
        ),
    ]
}


def read_wrappers(
    raw: Mapping[Any, Any], path: Path, context: Context, *, is_decorated: bool
) -> tuple[Value, ...]:
    """Read `run_if` and `skip_if`: the dotted path of a function, or that and a message."""
    said = [name for name in CONDITIONS if raw.get(name) is not None]
    if said and not is_decorated:
        context.report(
            CONFLICTING_KEYS,
            (*path, said[0]),
            f'"{said[0]}" goes only with a decorator',
            hint="for an operator, write pre_execute: a function that raises AirflowSkipException",
            at_key=True,
        )
        return ()
    wrappers = [_condition(name, raw[name], (*path, name), context) for name in said]
    return tuple(wrapper for wrapper in wrappers if wrapper is not INVALID)


def _condition(name: str, raw: Any, path: Path, context: Context) -> Value:
    function, kwargs = raw, {}
    if isinstance(raw, Mapping) and not any(str(key).startswith("__") for key in raw):
        for key in raw:
            if key not in _KEYS:
                context.report_key(UNKNOWN_KEY, (*path, key), name, _KEYS)
        if "condition" not in raw:
            return context.report(MISSING_KEY, path, f"{name} needs a condition", at_key=True)
        function = raw["condition"]
        if "skip_message" in raw:
            place = (*path, "skip_message")
            kwargs["skip_message"] = TEXT.read(raw["skip_message"], place, context)
        path = (*path, "condition")
    condition = read_dotted(function, path, context, "function")
    if INVALID in (condition, *kwargs.values()):
        return INVALID
    return Build(f"airflow.sdk.task.{name}", (condition,), kwargs)


def read_result(said: Any, path: Path, context: Context) -> bool:
    """Read `result: true`: what the task returns is the result of the DAG (Airflow 3.3)."""
    if said is None:
        return False
    if context.airflow < RESULT_SINCE:
        message = '"result" came with Airflow 3.3, the target is '
        version = ".".join(map(str, context.airflow))
        context.report(KEY_TOO_NEW, (*path, "result"), message + version, at_key=True)
        return False
    return BOOL.read(said, (*path, "result"), context) is True
