"""Values of any kind: `__type__` objects, `__ref__`, `__join__`, conditions, references."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from daggen.code.airflow_names import available, canonical
from daggen.code.purity.tables import PURE_FUNCTIONS
from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import (
    BAD_DOTTED_PATH,
    BAD_OBJECT,
    KEY_TOO_NEW,
    PARSE_TIME_CALL,
)
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.object_durations import read_durations
from daggen.specs.model.outputs import OUTPUT_MARKS, read_joined
from daggen.specs.model.values import Build, Combine, Dotted, Value, outputs_in

MARKS = ("__type__", "__args__", "__ref__", "__join__", "__and__", "__or__", *OUTPUT_MARKS)
_MARK = re.compile(r"__\w+__")
_COLLECTIONS = {"builtins.list": list, "builtins.tuple": tuple, "builtins.set": set}
_CRON_TIMETABLES = ("airflow.sdk.CronTriggerTimetable", "airflow.sdk.CronDataIntervalTimetable")
_CRON_NAMES = ("cron", "expression")
_HARMLESS_MODULES = {"collections", "decimal", "fractions", "ipaddress", "types"}
_DELTA = {"weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds"}


def read_value(raw: Any, path: Path, context: Context) -> Value:
    """Read a value that may be anything: data, an object, a reference."""
    if isinstance(raw, str):
        found = context.reference(raw, path)
        return raw if found is None else found
    if isinstance(raw, list):
        return _valid_list([read_value(item, (*path, i), context) for i, item in enumerate(raw)])
    if isinstance(raw, Mapping):
        return _read_mapping(raw, path, context)
    return raw


def is_marked(raw: Any) -> bool:
    """Tell whether a raw value is one of the `__…__` forms, or meant to be one."""
    return isinstance(raw, Mapping) and any(
        isinstance(key, str) and _MARK.fullmatch(key) for key in raw
    )


def read_dotted(raw: Any, path: Path, context: Context, what: str = "object") -> Value:
    """Read the dotted path of a Python object (`Dotted`), or any `__…__` form."""
    if is_marked(raw):
        return read_value(raw, path, context)
    if not is_dotted(raw):
        return context.report(
            BAD_DOTTED_PATH,
            path,
            f"{shown(raw)} is not the dotted path of a Python {what}",
            hint='write its module, a dot and its name, as in "package.module.name"',
        )
    check_available(raw, path, context)
    return Dotted(raw)


def is_dotted(raw: Any) -> bool:
    """Tell whether a raw value is a dotted path: two or more Python names."""
    return (
        isinstance(raw, str)
        and "." in raw
        and all(part.isidentifier() and not keyword.iskeyword(part) for part in raw.split("."))
    )


def _read_mapping(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    if "__type__" in raw:
        return _read_build(raw, path, context)
    if any(mark in raw for mark in OUTPUT_MARKS):
        return read_joined(raw, path, context, read_value, _read_function)
    for mark, read in _SINGLE_FORMS.items():
        if mark in raw:
            return _read_single(raw, mark, read, path, context)
    if not _marks_are_right(raw, path, context):
        return INVALID
    read_items = {key: read_value(item, (*path, key), context) for key, item in raw.items()}
    return INVALID if INVALID in read_items.values() else read_items


def _marks_are_right(raw: Mapping[Any, Any], path: Path, context: Context) -> bool:
    before = len(context.diagnostics)
    for key in raw:
        if not (isinstance(key, str) and _MARK.fullmatch(key)):
            continue
        if key == "__args__":
            context.report(
                BAD_OBJECT, (*path, key), "__args__ stands without __type__", at_key=True
            )
        elif hint := suggest(key, MARKS):
            context.report(
                BAD_OBJECT, (*path, key), f'unknown form "{key}"', hint=hint, at_key=True
            )
    return len(context.diagnostics) == before


def _read_single(
    raw: Mapping[Any, Any], mark: str, read: Any, path: Path, context: Context
) -> Value:
    if others := [key for key in raw if key != mark]:
        return context.report(
            BAD_OBJECT,
            (*path, others[0]),
            f'"{others[0]}" stands beside {mark}, which stands alone',
            at_key=True,
        )
    return read(raw[mark], (*path, mark), context)


def _read_ref(raw: Any, path: Path, context: Context) -> Value:
    if isinstance(raw, str) and raw.isidentifier() and not keyword.iskeyword(raw):
        return Dotted(raw)  # a module as a whole, such as `json`
    return read_dotted(raw, path, context)


def _read_function(raw: Any, path: Path, context: Context) -> Value:
    return read_dotted(raw, path, context, "function")


def _read_join(raw: Any, path: Path, context: Context) -> Value:
    if not isinstance(raw, list) or not raw:
        return context.report(BAD_OBJECT, path, f"__join__ takes a list, not {shown(raw)}")
    items = read_value(raw, path, context)
    if items is INVALID:
        return INVALID
    if output := next(outputs_in(items), None):
        return context.report(
            BAD_OBJECT,
            path,
            f'what "{output.task}" returns is not known yet, and cannot be joined here',
            hint=f"write Jinja in the text: {{{{ ti.xcom_pull('{output.task}') }}}}",
        )
    if all(isinstance(item, str | int | float) for item in items):
        return "".join(_text(item) for item in items)
    return Combine("+", tuple(_joined(item) for item in items))


def _text(item: Any) -> str:
    return str(item)


def _joined(item: Value) -> Value:
    return str(item) if isinstance(item, int | float) else item


def _read_and(raw: Any, path: Path, context: Context) -> Value:
    return _read_combined(raw, path, context, "&")


def _read_or(raw: Any, path: Path, context: Context) -> Value:
    return _read_combined(raw, path, context, "|")


def _read_combined(raw: Any, path: Path, context: Context, operator: str) -> Value:
    if not isinstance(raw, list) or not raw:
        return context.report(BAD_OBJECT, path, f"expected a list of objects, found {shown(raw)}")
    items = read_value(raw, path, context)
    if items is INVALID or len(items) == 1:
        return items if items is INVALID else items[0]
    return Combine(operator, tuple(items))


_SINGLE_FORMS = {
    "__ref__": _read_ref,
    "__join__": _read_join,
    "__and__": _read_and,
    "__or__": _read_or,
}


def _read_build(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    name = raw["__type__"]
    if not is_dotted(name):
        return read_dotted(name, (*path, "__type__"), context, "class")
    if name in _COLLECTIONS:
        return _read_collection(raw, name, path, context)
    if _runs_something(name):
        return context.report(
            PARSE_TIME_CALL,
            (*path, "__type__"),
            f'"{name}" would run each time Airflow parses the file',
            hint="write the value itself, or do this in a task",
        )
    check_available(name, (*path, "__type__"), context)
    args = raw.get("__args__", [])
    if not isinstance(args, list):
        return context.report(
            BAD_OBJECT, (*path, "__args__"), f"__args__ takes a list, not {shown(args)}"
        )
    return _checked_build(raw, args, name, path, context)


def _checked_build(
    raw: Mapping[Any, Any], raw_args: list[Any], name: str, path: Path, context: Context
) -> Value:
    args = read_value(raw_args, (*path, "__args__"), context)
    kwargs: dict[str, Value] = {}
    for key, item in raw.items():
        if key in ("__type__", "__args__"):
            continue
        if not is_argument_name(key, (*path, key), context):
            kwargs["invalid"] = INVALID
        else:
            kwargs[key] = read_value(item, (*path, key), context)
    if args is INVALID or INVALID in kwargs.values():
        return INVALID
    read_durations(name, args, kwargs, path, context)
    if INVALID in args or INVALID in kwargs.values():
        return INVALID
    return _plain_delta(name, args, kwargs) or _build(name, args, kwargs)


def is_argument_name(key: Any, path: Path, context: Context) -> bool:
    """Tell whether a key can be the name of an argument; report it if not."""
    if isinstance(key, str) and key.isidentifier() and not keyword.iskeyword(key):
        return True
    near = re.sub(r"\W", "_", str(key))
    hint = f"a function can have {near}" if near.isidentifier() and near != key else "rename it"
    message = f"{shown(key)} is no name of an argument"
    context.report(BAD_OBJECT, path, message, hint=hint, at_key=True)
    return False


def _build(name: str, args: list[Value], kwargs: dict[str, Value]) -> Build:
    """Make an object; where Airflow renamed the first argument, it is given by its place."""
    first = next((each for each in _CRON_NAMES if each in kwargs), None)
    if canonical(name) in _CRON_TIMETABLES and first is not None and not args:
        args = [kwargs.pop(first)]
    return Build(name, tuple(args), kwargs)


def _plain_delta(name: str, args: list[Value], kwargs: dict[str, Value]) -> timedelta | None:
    if name != "datetime.timedelta" or args or not set(kwargs) <= _DELTA:
        return None
    if not all(type(value) in (int, float) for value in kwargs.values()):
        return None
    try:
        return timedelta(**kwargs)
    except (OverflowError, ValueError):
        return None


def _read_collection(raw: Mapping[Any, Any], name: str, path: Path, context: Context) -> Value:
    """Read dag-factory's `{__type__: builtins.list, items: [...]}`."""
    key = "items" if "items" in raw else "__args__"
    items = raw.get(key, [])
    if not isinstance(items, list):
        return context.report(BAD_OBJECT, (*path, key), f"items takes a list, not {shown(items)}")
    values = read_value(items, (*path, key), context)
    if values is INVALID or name == "builtins.list":
        return values
    if name == "builtins.tuple":
        return tuple(values)
    if all(isinstance(value, str | int | float | None) for value in values):
        return set(values)
    return Build("set", (values,))


def _runs_something(name: str) -> bool:
    """Tell whether calling a name of the standard library does more than build a value."""
    module = name.partition(".")[0]
    if module != "builtins" and module not in sys.stdlib_module_names:
        return False
    return name not in PURE_FUNCTIONS and module not in _HARMLESS_MODULES


def check_available(name: str, path: Path, context: Context) -> None:
    """Report a name of Airflow that the targeted version does not have yet."""
    if not available(name, context.airflow):
        version = ".".join(map(str, context.airflow))
        context.report(
            KEY_TOO_NEW, path, f"Airflow {version} has no {name}", hint="raise the target version"
        )


def _valid_list(items: list[Value]) -> Value:
    return INVALID if INVALID in items else items
