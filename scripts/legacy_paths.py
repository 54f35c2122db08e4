"""Writes down where the operators of Airflow 1 are today, as Airflow 2.11's own redirects say.

    .venv/bin/python scripts/legacy_paths.py .venv-airflow2/lib/python3.11/site-packages/airflow

writes `daggen/code/airflow_data/legacy.json`: old module, module of today, and the names, with
`Old:New` where the class was renamed. What its provider has dropped since is left out.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from daggen.airflow.catalog import Catalog
from daggen.code.airflow_names import _MOVED_MODULES

_ROOMS = ("contrib/operators", "contrib/sensors", "operators", "sensors")
_DATA = Path(__file__).parent.parent / "daggen/code/airflow_data/legacy.json"

catalog = Catalog.load()
described = {".".join(dotted.split(".")[:4]) for dotted in catalog.names()}


def redirects(airflow: Path) -> Iterator[tuple[str, str]]:
    """Give old and new paths of what Airflow 2.11 redirects."""
    for room in _ROOMS:
        package = f"airflow.{room.replace('/', '.')}"
        tree = ast.parse((airflow / room / "__init__.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                for module, names in ast.literal_eval(node.value).items():
                    yield from ((f"{package}.{module}.{old}", new) for old, new in names.items())


def today(new: str) -> str:
    """Give today's path of a class; "" where it is gone, or no operator."""
    name = new.rpartition(".")[2]
    if catalog.replacement(name):
        return ""
    if found := catalog.find(new):
        return found.dotted
    same = [each for each in catalog.candidates(name) if package(each) == package(new)]
    if len(same) == 1:
        return same[0]
    is_operator = new.endswith(("Operator", "Sensor")) and new.startswith("airflow.providers.")
    return new if is_operator and package(new) not in described else ""


def package(dotted: str) -> str:
    """Give a provider's package, or that of one of its services."""
    return ".".join(dotted.split(".")[:4])


def at_the_root(moved: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give the paths of Airflow 1.10's packages, which had all classes of their modules."""
    for room in ("operators", "sensors"):
        several: dict[str, set[str]] = {}
        standard = catalog.operators(f"airflow.providers.standard.{room}.")
        own = {each.name: each.dotted for each in standard}
        for old, new in moved.items():
            package, _, name = old.rpartition(".")
            if package.rpartition(".")[0] == f"airflow.{room}":
                several.setdefault(name, set()).add(new)
        for name, places in several.items():
            if len(places) == 1:
                own.setdefault(name, *places)
        for name, new in own.items():
            yield f"airflow.{room}.{name}", new
            if room == "sensors":
                yield f"airflow.operators.sensors.{name}", new  # their home before 1.10


def main() -> None:
    """Write the data file."""
    moved = {old: today(new) for old, new in redirects(Path(sys.argv[1]))}
    moved = {old: new for old, new in moved.items() if new}
    moved |= dict(at_the_root(moved))
    table: dict[str, dict[str, list[str]]] = {}
    for old, new in sorted(moved.items()):
        (module, _, name), (target, _, renamed) = old.rpartition("."), new.rpartition(".")
        if module not in _MOVED_MODULES:
            text = name if name == renamed else f"{name}:{renamed}"
            table.setdefault(module, {}).setdefault(target, []).append(text)
    data = {
        old: {new: " ".join(names) for new, names in each.items()} for old, each in table.items()
    }
    _DATA.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


main()
