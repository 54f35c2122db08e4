"""What Airflow's public modules define, and what their classes take, without importing Airflow.

The facts are those of Airflow 3.3.2 and 2.11.2, written down by `daggen.airflow.survey`. Only
modules that were surveyed are spoken of; operators, and what moved, are known elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from daggen.code.airflow_names import Version, former_paths
from daggen.code.lookup import ELSEWHERE, Answer, Lookup, parse_arguments

_DATA = Path(__file__).with_name("airflow_data")
_SURVEYED: tuple[Version, ...] = ((2, 11), (3, 3))

Entry = str | list[str] | None


def find_in_airflow(parts: Sequence[str], airflow: Version) -> Lookup:
    """Find what a dotted name of Airflow is on the targeted version."""
    modules = _modules(airflow[0])
    for size in range(len(parts) - 1, 1, -1):
        if (names := modules.get(".".join(parts[:size]))) is not None:
            found = _in_module(names, parts, size)
            return found if airflow in _SURVEYED else _less_certain(found, parts, airflow)
    return ELSEWHERE


def _in_module(names: Mapping[str, Entry], parts: Sequence[str], size: int) -> Lookup:
    if parts[size] not in names:
        return Lookup(Answer.NO_NAME, ".".join(parts[:size]), _public(names))
    entry = names[parts[size]]
    rest = parts[size + 1 :]
    if isinstance(entry, list) and len(rest) == 1 and rest[0].isupper() and rest[0] not in entry:
        return Lookup(Answer.NO_NAME, ".".join(parts[: size + 1]), tuple(entry))
    takes = parse_arguments(entry) if isinstance(entry, str) and not rest else None
    return Lookup(Answer.OPAQUE, takes=takes)


def _less_certain(found: Lookup, parts: Sequence[str], airflow: Version) -> Lookup:
    """Tell what holds for versions around the surveyed: names stay, but for those that moved.

    Arguments may have come or gone, and a later version may have further names.
    """
    is_later = airflow > max(_SURVEYED)
    if found.answer is Answer.NO_NAME and not is_later and ".".join(parts) not in former_paths():
        return found
    return ELSEWHERE


def _public(names: Mapping[str, Entry]) -> tuple[str, ...]:
    return tuple(name for name in names if not name.startswith("_"))


@cache
def _modules(major: int) -> Mapping[str, Mapping[str, Entry]]:
    text = (_DATA / f"airflow-{min(major, 3)}.json").read_text(encoding="utf-8")
    modules: Mapping[str, Mapping[str, Entry]] = json.loads(text)
    return modules
