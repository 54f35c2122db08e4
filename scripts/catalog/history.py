"""Since which version of its distribution each class and each argument of the catalog is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from releases import releases
from wheels import Wheel

Entry = dict[str, Any]

DISTRIBUTIONS = tuple(
    f"apache-airflow-providers-{name}"
    for name in "standard common-sql http sftp slack smtp amazon google cncf-kubernetes "
    "databricks snowflake dbt-cloud".split()
)
"""The providers whose former releases are read."""


def add_history(
    distributions: Mapping[str, Any], before: Mapping[str, Entry], sdk: str, folder: Path
) -> None:
    """Note in entries and their arguments since when they are there, where reading can tell.

    `before` are the entries of Airflow 2, whose arguments are not new in any Airflow 3; `sdk` is
    the version of Airflow's task SDK, where its base classes are.
    """
    core = distributions["apache-airflow"]["entries"]
    kits = _wheels("apache-airflow-task-sdk", sdk, folder)
    wheels = {minor.replace("1.", "3.", 1): each for minor, each in kits.items()}
    for dotted, entry in core.items():
        _add_to_arguments(entry, dotted, set(before[dotted]["arguments"]), wheels)
    for name in DISTRIBUTIONS:
        wheels = _wheels(name, distributions[name]["version"], folder)
        for dotted, entry in distributions[name]["entries"].items():
            _add(dotted, entry, _arguments_of(entry.get("base", ""), core), wheels)


def _wheels(name: str, newest: str, folder: Path) -> dict[str, Wheel]:
    return {minor: Wheel(path) for minor, path in releases(name, newest, folder).items()}


def _arguments_of(base: str, core: Mapping[str, Entry]) -> set[str]:
    """Give all arguments that a class has from Airflow's base class."""
    if not base:
        return set()
    return set(core[base]["arguments"]) | _arguments_of(core[base].get("base", ""), core)


def _add(dotted: str, entry: Entry, inherited: set[str], wheels: Mapping[str, Wheel]) -> None:
    newest_first = [*reversed(wheels.items())]
    if since := _since((minor, _has(wheel, dotted)) for minor, wheel in newest_first):
        entry["since"] = since
    defining = entry["aliases"][0] if entry["kind"] == "decorator" else dotted
    _add_to_arguments(entry, defining, inherited, wheels)


def _add_to_arguments(
    entry: Entry, dotted: str, inherited: set[str], wheels: Mapping[str, Wheel]
) -> None:
    newest_first = [*reversed(wheels.items())]
    for name in entry["arguments"].keys() - inherited:
        since = _since((minor, _takes(wheel, dotted, name)) for minor, wheel in newest_first)
        if since and since != entry.get("since"):
            entry["arguments"][name]["since"] = since


def _since(answers: Iterable[tuple[str, bool | None]]) -> str:
    """Give the version from which on something is there without a gap; "" if none can be told.

    The answers are the versions, newest first, and whether it is there.
    """
    since = ""
    for minor, answer in answers:
        if not answer:
            return since if answer is False else ""
        since = minor
    return ""


def _has(wheel: Wheel, dotted: str) -> bool | None:
    """Tell whether a wheel has a class; None where one of that name is somewhere else."""
    if wheel.find(dotted):
        return True
    return None if dotted.rpartition(".")[2] in wheel.names else False


def _takes(wheel: Wheel, dotted: str, name: str) -> bool | None:
    """Tell whether a class of a wheel takes an argument; None where reading cannot tell."""
    declared = wheel.declared(dotted)
    if declared is None:
        return _has(wheel, dotted)
    if name in declared.names:
        return True
    return False if declared.whole else None
