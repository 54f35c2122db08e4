"""Why a DAG changed: which of the files it is made from differ from the base."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from daggen.fleet.stamp import read_stamp
from daggen.review.changes import Cause, Reason


@dataclass(frozen=True, slots=True)
class Origin:
    """What a generated file is made from: its spec and all its inputs, relative to the root."""

    spec: str
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about the inputs of a fleet.

    `changed` are the files that differ from the base, None if the base has no inputs to compare
    with (the files on disk). `templates` is the folder of the project's templates, `config` its
    configuration file.
    """

    origins: Mapping[str, Origin] = field(default_factory=dict)
    changed: frozenset[str] | None = None
    templates: str = "templates"
    config: str = ""

    def reasons(self, path: str, before: str | None) -> tuple[Reason, ...]:
        """Say why the generated file at `path` differs from its text `before`, None if new."""
        stamp = read_stamp(before.encode()) if before is not None else None
        origin = self.origins.get(path) or Origin(stamp.spec if stamp else "")
        found = {
            self._reason(name, origin.spec) for name in self._inputs(origin) if self._differs(name)
        }
        if stamp is not None and not stamp.intact:
            found.add(Reason(Cause.HAND_EDIT, path))
        if not found and self.changed is not None:
            found.add(Reason(Cause.DAGGEN))
        return tuple(sorted(found))

    def _inputs(self, origin: Origin) -> Iterable[str]:
        """Give what a file is made from; one that is gone had the inputs its siblings have."""
        if origin.inputs:
            return {origin.spec, self.config, *origin.inputs}
        siblings = (other.inputs for other in self.origins.values() if other.spec == origin.spec)
        return {origin.spec, self.config}.union(*siblings)

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
        match posixpath.basename(name):
            case "_defaults.yaml" | "_defaults.yml":
                return Cause.DEFAULTS
            case "_pools.yaml" | "_pools.yml":
                return Cause.POOLS
        return Cause.SNAPSHOT
