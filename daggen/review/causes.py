"""Why a DAG changed: which of the files it is made from differ from the base."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from daggen.fleet.stamp import read_stamp
from daggen.review.changes import Action, Cause, DagChange, Kind, Reason

_SHARED: Final = {
    "_defaults.yaml": Cause.DEFAULTS,
    "_defaults.yml": Cause.DEFAULTS,
    "_pools.yaml": Cause.POOLS,
    "_pools.yml": Cause.POOLS,
}


@dataclass(frozen=True, slots=True)
class Origin:
    """What a generated file is made from: its spec and all its inputs, relative to the root."""

    spec: str
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about the inputs of a fleet.

    `changed` are the files that differ from the base, None if the base has no inputs to compare
    with (the files on disk); those of them that can only add or remove DAGs are `rows_only`.
    `templates` is the folder of the project's templates, `config` its
    configuration file.
    """

    origins: Mapping[str, Origin] = field(default_factory=dict)
    changed: frozenset[str] | None = None
    rows_only: frozenset[str] = frozenset()
    templates: str = "templates"
    config: str = ""

    def reasons(self, change: DagChange, before: str | None) -> tuple[Reason, ...]:
        """Say why a DAG changes; `before` is the text of its file at the base, None if new.

        Of the inputs that differ, those count that can have this effect: pools decide about
        pools and priorities only, and only specs, rows and the configuration make or end a DAG.
        """
        stamp = read_stamp(before.encode()) if before is not None else None
        origin = self.origins.get(change.path) or Origin(stamp.spec if stamp else "")
        differing = [name for name in self._inputs(origin) if self._differs(name)]
        found = {self._reason(name, origin.spec) for name in differing}
        found = {reason for reason in found if self._can_cause(reason, change)} or {
            reason for reason in found if reason.cause is not Cause.POOLS
        }
        if stamp is not None and not stamp.intact:
            found.add(Reason(Cause.HAND_EDIT, change.path))
        if not found and self.changed is not None:
            found.add(Reason(Cause.DAGGEN))
        return tuple(sorted(found))

    def _inputs(self, origin: Origin) -> Iterable[str]:
        """Give what a file is made from; one that is gone had the inputs its siblings have.

        Defaults and pools count even if they are gone: what is not there is no input any more.
        """
        usual = {origin.spec, self.config, *_inherited(origin.spec)}
        if origin.inputs:
            return usual.union(origin.inputs)
        siblings = (other.inputs for other in self.origins.values() if other.spec == origin.spec)
        return usual.union(*siblings)

    def _differs(self, name: str) -> bool:
        return self.changed is not None and name in self.changed

    def _reason(self, name: str, spec: str) -> Reason:
        return Reason(self._cause(name, spec), name)

    def _cause(self, name: str, spec: str) -> Cause:
        if name == spec:
            return Cause.SPEC
        if name == self.config:
            return Cause.CONFIG
        if name.startswith(self.templates + "/"):
            return Cause.TEMPLATE
        return _SHARED.get(posixpath.basename(name), Cause.SNAPSHOT)

    def _can_cause(self, reason: Reason, change: DagChange) -> bool:
        if change.action is not Action.CHANGE:
            return reason.cause in (Cause.SPEC, Cause.SNAPSHOT, Cause.CONFIG)
        if reason.path in self.rows_only:
            return False
        about_pools = any(each.kind is Kind.POOL for each in change.changes)
        return reason.cause is not Cause.POOLS or about_pools


def _inherited(spec: str) -> Iterable[str]:
    """Name the files of defaults and pools that a spec may take something from."""
    folders = [folder for folder in PurePosixPath(spec).parents if folder.name]
    return (f"{folder}/{name}" for folder in folders for name in _SHARED)
