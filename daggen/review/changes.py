"""The words of a review: what changed in a DAG, in the fleet, and why."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from daggen.code.graph import DagGraph
from daggen.review.missing import MISSING, MaybeValue
from daggen.review.texts import text


class Action(StrEnum):
    """What happened to a thing between two states of the fleet."""

    ADD = "add"
    REMOVE = "remove"
    CHANGE = "change"
    RENAME = "rename"

    @property
    def sign(self) -> str:
        """Give the sign that stands before it in a listing."""
        return {"add": "+", "remove": "-", "change": "~", "rename": ">"}[self.value]


class Kind(StrEnum):
    """What a change is about."""

    DAG = "dag"
    FILE = "file"
    SCHEDULE = "schedule"
    ARGUMENT = "argument"
    CALLBACK = "callback"
    POOL = "pool"
    TASK = "task"
    OPERATOR = "operator"
    CODE = "code"
    MAPPING = "mapping"
    DEPENDENCY = "dependency"
    GROUP = "group"
    DOUBT = "doubt"


class Cause(StrEnum):
    """Which input of a DAG made it change."""

    SPEC = "spec"
    TEMPLATE = "template"
    DEFAULTS = "defaults"
    SNAPSHOT = "snapshot"
    POOLS = "pools"
    CONFIG = "config"
    HAND_EDIT = "hand edit"
    DAGGEN = "daggen"

    @property
    def is_direct(self) -> bool:
        """Tell whether someone changed this very DAG, rather than something it shares."""
        return self in (Cause.SPEC, Cause.HAND_EDIT)


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """A cause and the file in which it lies, relative to the project's root."""

    cause: Cause
    path: str = ""

    def __str__(self) -> str:
        """Word it for a person."""
        match self.cause:
            case Cause.HAND_EDIT:
                return f"hand edit of {self.path}"
            case Cause.DAGGEN:
                return "daggen (none of its inputs changed)"
            case _:
                return f"{self.cause} {self.path}"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs in a DAG.

    `subject` is the task or group it belongs to ("" for the DAG itself); `name` is the argument,
    as a path (`op_kwargs.table`), or the dependency (`extract >> load`). For something that was
    renamed or moved, `before` and `after` are its ids. `line` is where it stands in the new
    file, or in the old one if it is gone.
    """

    kind: Kind
    action: Action
    subject: str = ""
    name: str = ""
    before: MaybeValue = MISSING
    after: MaybeValue = MISSING
    upstream: tuple[str, ...] = ()
    downstream: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def signature(self) -> Hashable:
        """Give what makes two changes of different DAGs the same change."""
        what = (self.kind, self.action, self.subject, self.name)
        sides = text(self.before, qualified=True), text(self.after, qualified=True)
        return (*what, *sides, self.upstream, self.downstream)


@dataclass(frozen=True, slots=True)
class DagChange:
    """What happened to one DAG. A change without `changes` and with the same id is none."""

    action: Action
    dag_id: str
    before: DagGraph | None = None
    after: DagGraph | None = None
    changes: tuple[Change, ...] = ()
    path: str = ""
    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything happened."""
        return self.action is not Action.CHANGE or bool(self.changes)

    @property
    def old_id(self) -> str:
        """Give the id it had before, if it had one."""
        return self.before.dag_id if self.before else self.dag_id


@dataclass(frozen=True, slots=True)
class SupportChange:
    """A pool, or a file beside the DAGs (a runtime module), that is added, removed or changed."""

    kind: Kind
    action: Action
    name: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class FleetChange:
    """What happens to a fleet: DAGs in order of their ids, then pools and other files."""

    dags: tuple[DagChange, ...] = ()
    support: tuple[SupportChange, ...] = ()
    unchanged: int = 0
    base: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything happens at all."""
        return bool(self.dags or self.support)

    def counts(self) -> Mapping[Action, int]:
        """Count the DAGs by what happens to them."""
        found = dict.fromkeys(Action, 0)
        for dag in self.dags:
            found[dag.action] += 1
        return found
