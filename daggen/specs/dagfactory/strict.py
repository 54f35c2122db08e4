"""Makes a translated spec one that is valid as a spec of its own, where more is asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from daggen.diagnostics import Rule, Span
from daggen.diagnostics.codes.keys import RENAMED_KEY, UNKNOWN_DEFAULT_ARG
from daggen.diagnostics.codes.sensors import ENDLESS_SENSOR
from daggen.project import Project
from daggen.specs.document import Path, ResolvedSpec
from daggen.specs.model import parse_spec
from daggen.specs.model.knowledge import Operators
from daggen.specs.model.seconds import SECONDS_KEYS

_BASE = "airflow.sdk.BaseOperator"
AIRFLOWS_TIMEOUT = "7d"
"""How long a sensor waits that says nothing of it."""


def as_strict(
    spec: ResolvedSpec, project: Project, operators: Operators | None = None
) -> ResolvedSpec:
    """Leave out what has no effect and specs refuse; say the timeout of sensors that lack one.

    Without effect are default_args that no task takes, among them `retry_delay_sec` and its like,
    which specs would read and dag-factory does not, and groups of no task.
    """
    _, found = parse_spec(replace(spec, tolerant=False), project)

    def places(*rules: Rule) -> set[Path]:
        spans = {d.span for d in found if d.is_error and d.code in {rule.code for rule in rules}}
        return _paths(spec, spans)

    dropped = places(UNKNOWN_DEFAULT_ARG) | _empty_groups(spec.data)
    dropped |= {path for path in places(RENAMED_KEY) if path[-2:-1] == ("default_args",)}
    dropped |= {path for path in spec.locations.keys if _is_unread(path)}
    dropped |= _of_no_task(spec.data, operators)
    endless = places(ENDLESS_SENSOR)
    if not dropped and not endless:
        return spec
    return replace(spec, data=_changed(spec.data, (), dropped, endless))


def _paths(spec: ResolvedSpec, spans: set[Span | None]) -> set[Path]:
    """Give the mappings and keys at some places; the item of a list has no key."""
    keys, values = spec.locations.keys, spec.locations.values
    found = {path for path, span in keys.items() if span in spans}
    return found | {path for path, span in values.items() if path not in keys and span in spans}


def _of_no_task(data: Any, operators: Operators | None) -> set[Path]:
    """Give the `default_args` of a DAG that none of its operators takes, if all are known."""
    tasks = [task for *_, task in _entries(data, "tasks")]
    names = [_BASE, *(str(task.get("operator") or _decorator(task)) for task in tasks)]
    found = [operators.find(name) if operators else None for name in names]
    known = [each for each in found if each and not each.is_open]
    if len(known) < len(found):
        return set()
    taken = {name for each in known for name in each.arguments}
    return {("default_args", name) for name in data.get("default_args") or {} if name not in taken}


def _decorator(task: Mapping[str, Any]) -> str:
    """Give the short name of a decorator: `task.python` for `airflow.sdk.task`."""
    _, _, kind = str(task.get("decorator")).partition(".task")
    return f"task{kind or '.python'}"


def _empty_groups(data: Any) -> set[Path]:
    """Give the places of the groups in which no task is, nor in the groups inside."""
    groups = {name: (path, item) for name, path, item in _entries(data, "task_groups")}
    filled: set[str] = set()
    for _, _, task in _entries(data, "tasks"):
        name = str(task.get("task_group_name"))
        while name in groups and name not in filled:
            filled.add(name)
            name = str(groups[name][1].get("parent_group_name"))
    return {path for name, (path, _) in groups.items() if name not in filled}


def _entries(data: Any, kind: str) -> Iterator[tuple[str, Path, Mapping[str, Any]]]:
    """Give the name, place and content of each task or group."""
    said = data.get(kind) or {}
    if isinstance(said, Mapping):
        found = [(str(name), name, item) for name, item in said.items()]
    else:
        own = "task_id" if kind == "tasks" else "group_name"
        found = [(str(item.get(own)), index, item) for index, item in enumerate(said)]
    yield from ((name, (kind, key), item or {}) for name, key, item in found)


def _is_unread(path: Path) -> bool:
    return path[-2:-1] == ("default_args",) and path[-1] in SECONDS_KEYS


def _changed(value: Any, path: Path, dropped: set[Path], endless: set[Path]) -> Any:
    """Copy data without what is dropped, and without the mappings that this leaves empty."""
    if isinstance(value, list):
        inner = {(*path, i): item for i, item in enumerate(value)}
        return [_changed(v, p, dropped, endless) for p, v in inner.items() if p not in dropped]
    if not isinstance(value, Mapping):
        return value
    kept = {}
    for key, item in value.items():
        copy = _changed(item, (*path, key), dropped, endless)
        if (*path, key) not in dropped and (copy or not item):
            kept[key] = copy
    return {**kept, "timeout": AIRFLOWS_TIMEOUT} if path in endless else kept
