"""Tells a fleet's changes so that what happens to many DAGs is said once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from daggen.review.changes import Action, Cause, Change, DagChange, FleetChange, Kind, Reason
from daggen.review.patterns import generalized, own_words


@dataclass(frozen=True, slots=True)
class Story:
    """Changes that a number of DAGs have in common, and why.

    In a change that DAGs share but for their own names, `*` stands for those names. For DAGs
    that are added, removed or renamed, `changes` is empty.
    """

    action: Action
    dags: tuple[DagChange, ...]
    changes: tuple[Change, ...]
    reasons: tuple[Reason, ...]

    @property
    def is_direct(self) -> bool:
        """Tell whether the DAGs themselves were changed, and not something they share."""
        return any(reason.cause.is_direct for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind of change, whatever its values: how many DAGs have it, and one example."""

    kind: Kind
    action: Action
    name: str
    dags: int
    example: Change


def stories(fleet: FleetChange) -> tuple[Story, ...]:
    """Group the DAGs: added, removed and renamed by cause, changed by what changes.

    Every change of every DAG is in exactly one story. Stories of many DAGs come first.
    """
    found = [
        *_by_reasons(fleet.dags, Action.ADD),
        *_by_reasons(fleet.dags, Action.REMOVE),
        *_by_reasons(fleet.dags, Action.RENAME),
    ]
    return (*found, *_changed([dag for dag in fleet.dags if dag.changes]))


def _by_reasons(dags: Iterable[DagChange], action: Action) -> list[Story]:
    groups: defaultdict[tuple[Reason, ...], list[DagChange]] = defaultdict(list)
    for dag in dags:
        if dag.action is action:
            groups[dag.reasons].append(dag)
    return [Story(action, tuple(same), (), reasons) for reasons, same in sorted(groups.items())]


def _changed(dags: list[DagChange]) -> list[Story]:
    holders: defaultdict[Hashable, list[int]] = defaultdict(list)
    told: dict[Hashable, Change] = {}
    own = own_words(dag.dag_id for dag in dags)
    for index, dag in enumerate(dags):
        for signature, change, general in _signed(dag, own[dag.dag_id]):
            first = told.setdefault(signature, change)
            if first.signature != change.signature:
                told[signature] = general
            holders[signature].append(index)
    together: defaultdict[tuple[int, ...], list[Change]] = defaultdict(list)
    for signature, indexes in holders.items():
        together[tuple(indexes)].append(told[signature])
    ordered = sorted(together.items(), key=lambda item: (-len(item[0]), item[0]))
    return [_story([dags[index] for index in indexes], same) for indexes, same in ordered]


def _signed(dag: DagChange, own: frozenset[str]) -> Iterator[tuple[Hashable, Change, Change]]:
    """Give each change with what it has in common with other DAGs' changes.

    Two changes of one DAG that would become the same keep their own names.
    """
    general = [generalized(change, own) for change in dag.changes]
    counts = Counter(change.signature for change in general)
    for change, pattern in zip(dag.changes, general, strict=True):
        shared = counts[pattern.signature] == 1
        chosen = pattern if shared else change
        yield chosen.signature, change, chosen


def _story(dags: list[DagChange], changes: list[Change]) -> Story:
    reasons = _common_reasons(dags)
    if not any(change.kind is Kind.POOL for change in changes):
        reasons = tuple(r for r in reasons if r.cause is not Cause.POOLS) or reasons
    return Story(Action.CHANGE, tuple(dags), tuple(changes), reasons)


def _common_reasons(dags: list[DagChange]) -> tuple[Reason, ...]:
    """Give the causes all DAGs share: they explain what all of them have; else every cause."""
    shared = set(dags[0].reasons).intersection(*(dag.reasons for dag in dags[1:]))
    return tuple(sorted(shared or {reason for dag in dags for reason in dag.reasons}))


def kind_counts(dags: Iterable[DagChange]) -> tuple[KindCount, ...]:
    """Count how many DAGs have each kind of change, most frequent first."""
    counts: Counter[tuple[Kind, Action, str]] = Counter()
    examples: dict[tuple[Kind, Action, str], Change] = {}
    for dag in dags:
        for key, change in {_kind_key(change): change for change in dag.changes}.items():
            counts[key] += 1
            examples.setdefault(key, change)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(KindCount(*key, count, examples[key]) for key, count in ordered)


def _kind_key(change: Change) -> tuple[Kind, Action, str]:
    """Leave the subject and the values out; of arguments, keep the outermost name."""
    if change.kind in (Kind.DEPENDENCY, Kind.CODE):
        return change.kind, change.action, ""
    name = change.name.removeprefix("default_args.").split(".")[0].split("[")[0]
    return change.kind, change.action, name
