"""The key `teardown` of a task: whether it tidies up, and after which setups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.diagnostics.codes.keys import UNKNOWN_KEY, WRONG_TYPE
from daggen.diagnostics.codes.tasks import UNKNOWN_DEPENDENCY
from daggen.specs.document import Path
from daggen.specs.model.context import Context, shown
from daggen.specs.model.names import Names
from daggen.specs.model.outline import Place
from daggen.specs.model.scalars import BOOL
from daggen.specs.model.spec import Teardown

_KEYS = ("setups", "on_failure_fail_dagrun")


def read_teardown(said: Any, place: Place, names: Names, context: Context) -> Teardown | None:
    """Read `true`, the names of setups, or a mapping of setups and `on_failure_fail_dagrun`."""
    path = (*place.path, "teardown")
    if said is None or isinstance(said, bool):
        return Teardown() if said else None
    if isinstance(said, str | list):
        return Teardown(_setups(said, path, place, names, context))
    if isinstance(said, Mapping):
        return _from_mapping(said, path, place, names, context)
    message = f"teardown takes true, its setups, or a mapping of {' and '.join(_KEYS)}"
    context.report(WRONG_TYPE, path, f"{message}, found {shown(said)}")
    return None


def _from_mapping(
    said: Mapping[Any, Any], path: Path, place: Place, names: Names, context: Context
) -> Teardown:
    for key in said:
        if key not in _KEYS:
            context.report_key(UNKNOWN_KEY, (*path, key), "a teardown", _KEYS)
    setups = _setups(said.get("setups", []), (*path, "setups"), place, names, context)
    fails = said.get("on_failure_fail_dagrun")
    if fails is not None:
        fails = BOOL.read(fails, (*path, "on_failure_fail_dagrun"), context)
    return Teardown(setups, fails if isinstance(fails, bool) else None)


def _setups(said: Any, path: Path, place: Place, names: Names, context: Context) -> tuple[str, ...]:
    ids = []
    for name in said if isinstance(said, list) else [said]:
        found = names.find(str(name), place.parent)
        if isinstance(found, Place) and not found.is_group:
            ids.append(found.id)
        else:
            hint = names.nearest_task(str(name))
            text = isinstance(name, str)
            message = "there is no task" if text else "expected the name of a task, found"
            context.report(UNKNOWN_DEPENDENCY, path, f"{message} {shown(name)}", hint=hint)
    return tuple(ids)
