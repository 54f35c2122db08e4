"""The catalog of an environment as plain data."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from importlib import metadata
from typing import Any

from .annotations import Shape
from .discover import Distribution, package, providers
from .facts import add_facts, shape_in_fact
from .forwarding import passed_beside
from .signatures import Accepted, Argument, accepted, function_arguments
from .source import deprecation, function_node
from .uses import words_used

Entry = dict[str, Any]

_MAX_TEXT = 120
_GIVEN_BY_DECORATOR = {"python_callable", "op_args", "op_kwargs", "kwargs_to_upstream"}


def survey(packages: Iterable[str]) -> dict[str, Any]:
    """Describe Airflow's base classes, every installed provider, and the packages named."""
    core = _core()
    bases: dict[str, Entry] = core["entries"]
    result = {"apache-airflow": core}
    problems: list[tuple[str, str]] = []
    for found in (*providers(), *(package(name) for name in packages)):
        problems.extend(found.problems)
        entries = _entries(found, bases)
        if entries:
            known = result.setdefault(found.name, {"version": found.version, "entries": {}})
            known["entries"].update(entries)
    add_facts(bases)
    return {"distributions": result, "problems": sorted(set(problems))}


_CORE = {
    "airflow.sdk.BaseOperator": ("operator", "airflow.models.BaseOperator"),
    "airflow.sdk.BaseSensorOperator": ("sensor", "airflow.sensors.base.BaseSensorOperator"),
    "airflow.sdk.BaseNotifier": ("notifier", "airflow.notifications.basenotifier.BaseNotifier"),
    "airflow.sdk.DAG": ("dag", "airflow.DAG"),
    "airflow.sdk.TaskGroup": ("group", "airflow.utils.task_group.TaskGroup"),
}
"""Today's name of each base: its kind, and where Airflow 2 has it."""


def _core() -> dict[str, Any]:
    """Describe DAG, TaskGroup and the base classes, under today's names on any Airflow."""
    modern = importlib.util.find_spec("airflow.sdk") is not None
    entries: dict[str, Entry] = {}
    for dotted, (kind, classic) in _CORE.items():
        module, _, attribute = (dotted if modern else classic).rpartition(".")
        cls = getattr(importlib.import_module(module), attribute)
        entry = _entry(cls, accepted(cls), kind, entries)
        entry["aliases"] = [f"{cls.__module__}.{cls.__qualname__}"]
        entries[dotted] = entry
    name = "apache-airflow" if _is_installed("apache-airflow") else "apache-airflow-core"
    return {"version": metadata.version(name), "entries": entries}


def _is_installed(name: str) -> bool:
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False


def _entries(found: Distribution, bases: Mapping[str, Entry]) -> dict[str, Entry]:
    entries = {}
    for cls in found.classes:
        entries[f"{cls.__module__}.{cls.__qualname__}"] = _entry(
            cls, accepted(cls), _kind(cls), bases
        )
    for short, function in found.decorators:
        if (entry := _decorator(short, function, bases)) is not None:
            entries[f"{function.__module__}.{function.__qualname__}"] = entry
    return entries


def _kind(cls: type) -> str:
    names = {each.__name__ for each in cls.__mro__}
    if "BaseNotifier" in names:
        return "notifier"
    if "BaseSensorOperator" in names:
        return "sensor"
    return "transfer" if ".transfers." in cls.__module__ else "operator"


def _decorator(short: str, function: Any, bases: Mapping[str, Entry]) -> Entry | None:
    """Describe `@task.x`: what the operator it builds takes, but for what the decorator gives."""
    cls = _decorated_class(function)
    if cls is None:
        return None
    found = accepted(cls)
    own = function_arguments(function)
    node = function_node(function)
    fixed = (passed_beside(node) - own.keys()) & found.arguments.keys() if node else frozenset()
    given = dict(found.arguments)
    for name, each in own.items():
        given[name] = _handed_down(each, found.arguments.get(name))
    left_out = fixed.union(_GIVEN_BY_DECORATOR)
    arguments = {name: each for name, each in given.items() if name not in left_out}
    if "task_id" in arguments:
        task_id = arguments["task_id"]
        arguments["task_id"] = Argument(task_id.shape, False, "", task_id.positional)
    found = replace(found, arguments=arguments, fixed=(found.fixed | fixed) - _GIVEN_BY_DECORATOR)
    entry = _entry(cls, found, "decorator", bases)
    entry["aliases"] = [f"{cls.__module__}.{cls.__qualname__}"]
    entry["short"] = short
    entry["doc"] = _first_line(function.__doc__)
    return entry


def _handed_down(own: Argument, below: Argument | None) -> Argument:
    """Give a decorator's argument; its None is none where the operator below needs a value."""
    return below if below and below.required and own.default == "None" else own


def _decorated_class(function: Any) -> type | None:
    """Find the operator class that a decorator names in its call of the factory."""
    for constant in function.__code__.co_names:
        value = function.__globals__.get(constant)
        if isinstance(value, type) and any(b.__name__ == "BaseOperator" for b in value.__mro__):
            return value
    return None


def _entry(cls: type, found: Accepted, kind: str, bases: Mapping[str, Entry]) -> Entry:
    entry: Entry = {"kind": kind, "doc": _first_line(cls.__doc__)}
    rows = {name: _row(cls, name, each, kind) for name, each in found.arguments.items()}
    rows = {name: row for name, row in rows.items() if not name.startswith("_")}
    base = _base(cls, bases)
    if base:
        inherited = _all_rows(base, bases)
        entry["base"] = base
        entry["without"] = sorted(inherited.keys() - rows.keys())
        rows = {name: row for name, row in rows.items() if inherited.get(name) != row}
    entry["arguments"] = rows
    entry["templated"] = _templated(cls)
    entry["deprecated"] = deprecation(cls)
    entry["open"] = found.open
    entry["fixed"] = sorted(found.fixed)
    entry["exclusive"] = _exclusive(found, bases.get(base, {}))
    return {key: value for key, value in entry.items() if value or key in ("kind", "arguments")}


def _exclusive(found: Accepted, base: Mapping[str, Any]) -> list[Entry]:
    rows = [
        {key: value for key, value in asdict(each).items() if value} for each in found.exclusive
    ]
    return [{**row, "names": list(row["names"])} for row in rows if row not in _rules_of(base)]


def _rules_of(base: Mapping[str, Any]) -> list[Entry]:
    return [{**row, "names": tuple(row["names"])} for row in base.get("exclusive", ())]


def _base(cls: type, bases: Mapping[str, Entry]) -> str:
    """Give the nearest base class that the core describes; "" where there is none."""
    names = {dotted.rpartition(".")[2]: dotted for dotted in bases}
    found = (names[each.__name__] for each in cls.__mro__[1:] if each.__name__ in names)
    return next(found, "")


def _all_rows(dotted: str, bases: Mapping[str, Entry]) -> dict[str, Any]:
    entry = bases[dotted]
    above = _all_rows(entry["base"], bases) if "base" in entry else {}
    kept = {name: row for name, row in above.items() if name not in entry.get("without", ())}
    return {**kept, **entry["arguments"]}


def _row(cls: type, name: str, argument: Argument, kind: str) -> dict[str, Any]:
    shape = _shape(cls, name, argument.shape)
    row: dict[str, Any] = {"type": "|".join(sorted(shape.words, key=lambda w: (w == "None", w)))}
    if shape.is_any:
        row["type"] = "any"
    elif "enum" in shape.words:
        row["choices"] = list(shape.choices)
    if argument.required:
        row["required"] = True
    elif argument.default is not None:
        row.update(_default(argument.default))
    if argument.positional and kind in ("notifier", "dag", "group"):
        row["positional"] = True
    return row


def _shape(cls: type, name: str, shape: Shape) -> Shape:
    """Give what an argument takes: as annotated, as the code uses it, as is known of it."""
    if not shape.is_any:
        shape |= Shape(words_used(cls, name))
    return shape_in_fact(cls, name, shape)


def _default(text: str) -> dict[str, Any]:
    try:
        value = ast.literal_eval(text)
        if json.loads(json.dumps(value)) == value and len(text) <= _MAX_TEXT:
            return {"default": value}
    except (ValueError, SyntaxError, TypeError):
        pass
    return {"expression": text if len(text) <= _MAX_TEXT else ""}


def _templated(cls: type) -> list[str]:
    fields = getattr(cls, "template_fields", ())
    names = (fields,) if isinstance(fields, str) else fields
    return sorted(set(names)) if isinstance(names, (tuple, list, set, frozenset)) else []


def _first_line(doc: str | None) -> str:
    lines = inspect.cleandoc(doc or "").strip().splitlines()
    line = " ".join(lines[0].split()) if lines else ""
    return line if len(line) <= _MAX_TEXT else line[: _MAX_TEXT - 1].rsplit(" ", 1)[0] + "…"
