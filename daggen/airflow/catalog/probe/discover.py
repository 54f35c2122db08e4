"""Which classes and decorators of an environment go into its catalog."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from types import ModuleType
from typing import Any

_PREFIX = "apache-airflow-providers-"
_ROOMS = ("operators", "sensors", "transfers", "notifications", "notifiers", "decorators")
_APART = ("example_dags", "tests", "hooks", "triggers", "links", "__main__")


@dataclass
class Distribution:
    """An installed distribution and what it offers."""

    name: str
    version: str
    classes: list[type] = field(default_factory=list)
    decorators: list[tuple[str, Any]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def providers() -> Iterator[Distribution]:
    """Give every installed provider with its operators, sensors, notifiers and decorators."""
    found = {each.metadata["Name"].lower().replace("_", "-"): each for each in _installed()}
    for name, each in sorted(found.items()):
        info = _provider_info(each)
        package = _package_of(each, name)
        result = Distribution(name, each.version)
        modules = [
            module for module in _walk(package, result) if set(module.split(".")) & set(_ROOMS)
        ]
        _gather(sorted({*modules, *_named_modules(info)}), result)
        for decorator in info.get("task-decorators", ()):
            if (function := _load(decorator["class-name"], result)) is not None:
                result.decorators.append((f"task.{decorator['name']}", function))
        yield result


def package(name: str) -> Distribution:
    """Give the operators, sensors and notifiers of any package (or module) by its import name."""
    owners = metadata.packages_distributions().get(name.split(".")[0], [])
    result = Distribution(owners[0] if owners else name, "")
    if owners:
        result.version = metadata.version(owners[0])
    _gather([name, *_walk(name, result)], result)
    return result


def _installed() -> Iterator[metadata.Distribution]:
    for each in metadata.distributions():
        if (each.metadata["Name"] or "").lower().replace("_", "-").startswith(_PREFIX):
            yield each


def _provider_info(distribution: metadata.Distribution) -> dict[str, Any]:
    for entry in distribution.entry_points:
        if entry.group == "apache_airflow_provider":
            info: dict[str, Any] = entry.load()()
            return info
    return {}


def _package_of(distribution: metadata.Distribution, name: str) -> str:
    for entry in distribution.entry_points:
        if entry.group == "apache_airflow_provider":
            return entry.value.split(":")[0].removesuffix(".get_provider_info")
    return "airflow.providers." + name.removeprefix(_PREFIX).replace("-", ".")


def _named_modules(info: dict[str, Any]) -> Iterator[str]:
    for room in ("operators", "sensors"):
        for each in info.get(room, ()):
            yield from each["python-modules"]
    for each in info.get("transfers", ()):
        yield each["python-module"]
    for each in info.get("notifications", ()):
        yield each.rpartition(".")[0]


def _walk(package_name: str, result: Distribution) -> Iterator[str]:
    top = _import(package_name, result)
    for each in pkgutil.iter_modules(getattr(top, "__path__", ())):
        name = f"{package_name}.{each.name}"
        if each.name in _APART:
            continue
        yield name
        if each.ispkg:
            yield from _walk(name, result)


def _gather(modules: Iterable[str], result: Distribution) -> None:
    for name in modules:
        module = _import(name, result)
        for value in list(vars(module).values()) if module else ():
            if isinstance(value, type) and value.__module__ == name and is_wanted(value):
                result.classes.append(value)


def is_wanted(cls: type) -> bool:
    """Tell whether a class is an operator (sensors and transfers are) or a notifier, and public."""
    roots = {each.__name__ for each in cls.__mro__[1:]}
    return not cls.__name__.startswith("_") and bool(roots & {"BaseOperator", "BaseNotifier"})


def _import(name: str, result: Distribution) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except Exception as error:  # a module may raise anything when it is imported
        result.problems.append((name, f"{type(error).__name__}: {error}".splitlines()[0]))
        return None


def _load(dotted: str, result: Distribution) -> Any:
    module_name, _, name = dotted.rpartition(".")
    return getattr(_import(module_name, result), name, None)
