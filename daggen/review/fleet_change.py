"""Compares two fleets, given as path → source: every DAG that differs, and what else does."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from daggen.code.graph import DagGraph
from daggen.code.reader import read_dags
from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes.review import UNREADABLE_FILE
from daggen.review.causes import Evidence
from daggen.review.changes import Action, Change, DagChange, FleetChange, Kind, SupportChange
from daggen.review.compare import compare
from daggen.review.definitions import LocalCode, local_code
from daggen.review.matching import content_key
from daggen.review.missing import MISSING

RUNTIME = "daggen_runtime"
POOLS = "pools.json"


@dataclass(frozen=True, slots=True)
class ReadDag:
    """A DAG with the file it stands in and that file's functions."""

    dag: DagGraph
    path: str
    code: Mapping[str, LocalCode]


@dataclass(frozen=True, slots=True)
class Reading:
    """The DAGs of some files by id; `unreadable` maps the path of a broken file to its reason."""

    dags: Mapping[str, ReadDag] = field(default_factory=dict)
    unreadable: Mapping[str, Diagnostic] = field(default_factory=dict)


def read_files(files: Mapping[str, str]) -> Reading:
    """Read every DAG of some files (path → source), in order of their paths."""
    dags: dict[str, ReadDag] = {}
    unreadable: dict[str, Diagnostic] = {}
    for path, source in sorted(files.items()):
        try:
            code = local_code(source)
            for dag in read_dags(source, path):
                dags[dag.dag_id] = ReadDag(dag, path, code)
        except (SyntaxError, ValueError) as problem:
            place = Span(path, getattr(problem, "lineno", None) or 1)
            reason = getattr(problem, "msg", problem)
            unreadable[path] = UNREADABLE_FILE.at(place, f"not valid Python: {reason}")
    return Reading(dags, unreadable)


def compare_fleets(
    before: Mapping[str, str], after: Mapping[str, str], evidence: Evidence | None = None
) -> tuple[FleetChange, list[Diagnostic]]:
    """Tell what turns one fleet into the other; files with equal text are not even read.

    Both are path → text, of generated DAG files, runtime modules and `pools.json`. `evidence`
    says what each file is made from, so that every change can be given its cause.
    """
    evidence = evidence or Evidence()
    old, new = _differing(before, after), _differing(after, before)
    was, now = read_files(_dag_files(old)), read_files(_dag_files(new))
    found = [*_same_ids(was, now), *_other_ids(was, now), *_unread(was, now)]
    dags = [
        replace(dag, reasons=evidence.reasons(dag, _old_text(dag, was, before))) for dag in found
    ]
    unchanged = sum(1 for path, text in _dag_files(after).items() if before.get(path) == text)
    unchanged += len(was.dags.keys() & now.dags.keys()) - sum(
        1 for dag in found if dag.action is Action.CHANGE and dag.before and dag.after
    )
    change = FleetChange(
        tuple(sorted(dags, key=lambda dag: (dag.dag_id, dag.path))),
        tuple(_support(old, new)),
        unchanged,
    )
    return change, [*was.unreadable.values(), *now.unreadable.values()]


def _differing(files: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if other.get(path) != text}


def _dag_files(files: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if is_dag_file(path)}


def is_dag_file(path: str) -> bool:
    """Tell DAG files from runtime modules, `pools.json` and the like, by their paths."""
    return path.endswith(".py") and RUNTIME not in path.split("/")


def _old_text(dag: DagChange, was: Reading, before: Mapping[str, str]) -> str | None:
    """Give the text a DAG's file had, at its old path if the DAG moved."""
    known = was.dags.get(dag.old_id)
    return before.get(known.path if known else dag.path)


def _same_ids(was: Reading, now: Reading) -> Iterator[DagChange]:
    for dag_id in sorted(was.dags.keys() & now.dags.keys()):
        old, new = was.dags[dag_id], now.dags[dag_id]
        change = _compared(old, new)
        if old.path != new.path:
            moved = Change(Kind.FILE, Action.RENAME, "", "file", old.path, new.path)
            change = replace(change, changes=(moved, *change.changes))
        if change:
            yield change


def _compared(old: ReadDag, new: ReadDag) -> DagChange:
    return replace(compare(old.dag, new.dag, old.code, new.code), path=new.path)


def _other_ids(was: Reading, now: Reading) -> Iterator[DagChange]:
    """Pair DAGs that only changed their id; what is left was removed or added."""
    gone = {dag_id: was.dags[dag_id] for dag_id in sorted(was.dags.keys() - now.dags.keys())}
    new = {dag_id: now.dags[dag_id] for dag_id in sorted(now.dags.keys() - was.dags.keys())}
    old_keys, new_keys = _unique_keys(gone.values()), _unique_keys(new.values())
    for key in old_keys.keys() & new_keys.keys():
        yield _compared(gone.pop(old_keys[key]), new.pop(new_keys[key]))
    for read in gone.values():
        if read.path not in now.unreadable:
            yield replace(compare(read.dag, None), path=read.path)
    for read in new.values():
        if read.path not in was.unreadable:
            yield replace(compare(None, read.dag), path=read.path)


def _unique_keys(dags: Iterable[ReadDag]) -> dict[Hashable, str]:
    found: defaultdict[Hashable, list[str]] = defaultdict(list)
    for read in dags:
        meanings = {name: code.meaning for name, code in read.code.items()}
        found[content_key(read.dag, meanings)].append(read.dag.dag_id)
    return {key: ids[0] for key, ids in found.items() if len(ids) == 1}


def _unread(was: Reading, now: Reading) -> Iterator[DagChange]:
    """Tell files that cannot be read on one side: they change, and nobody can say how."""
    for path in sorted({*was.unreadable, *now.unreadable}):
        side = was if path in was.unreadable else now
        reason = side.unreadable[path].message
        pair = (reason, MISSING) if side is was else (MISSING, reason)
        others = [read for read in (*was.dags.values(), *now.dags.values()) if read.path == path]
        dag_id = others[0].dag.dag_id if others else path
        doubt = Change(Kind.DOUBT, Action.CHANGE, "", "file", *pair)
        yield DagChange(Action.CHANGE, dag_id, None, None, (doubt,), path)


def _support(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[SupportChange]:
    for path in sorted({*old, *new}):
        if not is_dag_file(path) and not _is_pools(path):
            yield SupportChange(Kind.FILE, _action(path in old, path in new), path)
    yield from _pools(*(_pools_text(files) for files in (old, new)))


def _is_pools(path: str) -> bool:
    return path.rpartition("/")[2] == POOLS


def _pools_text(files: Mapping[str, str]) -> str:
    """Give the pools, in whatever folder they are."""
    return next((text for path, text in sorted(files.items()) if _is_pools(path)), "{}")


def _pools(before: str, after: str) -> Iterator[SupportChange]:
    old, new = _pool_settings(before), _pool_settings(after)
    for name in sorted({*old, *new}):
        was, now = old.get(name, {}), new.get(name, {})
        keys = [key for key in sorted({*was, *now}) if was.get(key) != now.get(key)]
        if keys:
            sides = (", ".join(f"{k} {side[k]}" for k in keys if k in side) for side in (was, now))
            yield SupportChange(Kind.POOL, _action(bool(was), bool(now)), name, *sides)


def _pool_settings(text: str) -> dict[str, dict[str, Any]]:
    try:
        pools = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(pools, dict):
        return {}
    return {name: value for name, value in pools.items() if isinstance(value, dict)}


def _action(was: bool, now: bool) -> Action:
    if was and now:
        return Action.CHANGE
    return Action.ADD if now else Action.REMOVE
