"""Writes down what Airflow's public modules define, for `daggen.code.airflow_objects`.

    PYTHONPATH=. PYTHON -m daggen.airflow.survey > daggen/code/airflow_data/airflow-3.json

A name maps to the arguments of a class, to the members of an enum, and to null otherwise.
"""

from __future__ import annotations

import contextlib
import enum
import importlib
import json
import pkgutil
import warnings
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

from daggen.code.signature_text import arguments_text

_PACKAGES = ("airflow.sdk", "airflow.timetables")
_MODULES = ("airflow.datasets", "airflow.sdk.exceptions")
_IN_THE_CATALOG = ("BaseOperator", "DAG", "TaskGroup")
"""Classes whose arguments the operator catalog knows, with those below them."""

Entry = str | list[str] | None


def survey() -> dict[str, dict[str, Entry]]:
    """Give what each public module of the installed Airflow defines."""
    return {module.__name__: dict(_entries(module)) for module in _modules()}


def _modules() -> Iterator[ModuleType]:
    for name in (*_PACKAGES, *_MODULES):
        with contextlib.suppress(ImportError):
            yield importlib.import_module(name)
    timetables = importlib.import_module("airflow.timetables")
    for each in pkgutil.iter_modules(timetables.__path__):
        if not each.name.startswith("_"):
            yield importlib.import_module(f"airflow.timetables.{each.name}")


def _entries(module: ModuleType) -> Iterator[tuple[str, Entry]]:
    sure = {each.name for each in pkgutil.iter_modules(getattr(module, "__path__", ()))}
    sure.update(getattr(module, "__all__", ()))
    for name in sorted({*dir(module), *sure}):
        value = getattr(module, name, None)
        if not name.startswith("_") and (name in sure or _is_airflows(value)):
            yield name, _entry(value)


def _is_airflows(value: Any) -> bool:
    """Tell whether a value is Airflow's own, be it a class, a function or a constant."""
    if isinstance(value, ModuleType | bool):
        return False
    home: str = getattr(value, "__module__", None) or type(value).__module__
    return home.startswith("airflow") or not (
        home == "__future__" or isinstance(value, type | FunctionType)
    )


def _entry(value: Any) -> Entry:
    if not isinstance(value, type):
        return None
    if issubclass(value, enum.Enum):
        return list(value.__members__)
    if any(each.__name__ in _IN_THE_CATALOG for each in value.__mro__):
        return None
    return arguments_text(value)


def main() -> None:
    """Print the survey as JSON."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = survey()
    print(json.dumps(found, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
