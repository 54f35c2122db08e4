"""Dependencies as a person writes them: `extract >> [load, audit] >> report`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from daggen.code.literal import literal
from daggen.code.scope import Scope
from daggen.specs.model.spec import EdgeSpec
from daggen.writing.names import Variables
from daggen.writing.splits import Step, split_joins
from daggen.writing.values import call

_LONGEST = 50
"""So many steps at most are written in one statement: Python nests each one deeper."""


@dataclass(frozen=True)
class ChainWriter:
    """Writes the edges of one file.

    `variables` are the names of tasks and groups by id, `order` their places in the spec, which
    decide the order of the statements, `homes` the groups that they are directly in.
    """

    variables: Variables
    order: Mapping[str, int]
    homes: Mapping[str, str]
    scope: Scope

    def write(self, edges: Iterable[EdgeSpec]) -> list[str]:
        """Write edges as statements, each edge once, with its label."""
        steps = self._sorted(split_joins(self._sorted(self._steps(edges))))
        return [
            self._statement(chain[start : start + _LONGEST])
            for chain in _chains(steps)
            for start in range(0, len(chain), _LONGEST)
        ]

    def _sorted(self, steps: Iterable[Step]) -> list[Step]:
        return sorted(
            steps, key=lambda step: (self.order[step.upstream[0]], self.order[step.downstream[0]])
        )

    def _steps(self, edges: Iterable[EdgeSpec]) -> Iterator[Step]:
        """Join edges that have the same upstream side: `a >> b` and `a >> c` to `a >> [b, c]`."""
        upstream: dict[tuple[str, _Kind], list[str]] = {}
        for edge in edges:
            upstream.setdefault((edge.downstream, self._kind(edge)), []).append(edge.upstream)
        sides: dict[tuple[tuple[str, ...], _Kind], list[str]] = {}
        for (task, kind), before in upstream.items():
            sides.setdefault((self._ordered(before), kind), []).append(task)
        for (side, kind), others in sides.items():
            yield Step(side, self._ordered(others), kind.label, kind.outwards)

    def _ordered(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(ids, key=self.order.__getitem__))

    def _kind(self, edge: EdgeSpec) -> _Kind:
        home = self.homes.get(edge.upstream)
        if not edge.label:
            return _Kind()
        if home is None or home == self.homes.get(edge.downstream):
            return _Kind(edge.label, home or "")
        return _Kind(edge.label, edge.upstream, outwards=True)

    def _statement(self, chain: list[Step]) -> str:
        first = chain[0]
        sides = [self._side(first.upstream), self._side(first.downstream)]
        if first.outwards:
            label = f"edge_modifier={self._label(first)}"
            return call(f"{sides[0]}.set_downstream", [sides[1], label])
        if first.is_crossed:
            return call(self.scope.ref("airflow.sdk.cross_downstream").text, sides)
        parts = [sides[0]]
        for step in chain:
            parts += [self._label(step)] if step.label else []
            parts.append(self._side(step.downstream))
        return " >> ".join(parts)

    def _label(self, step: Step) -> str:
        return call(self.scope.ref("airflow.sdk.Label").text, [literal(step.label)])

    def _side(self, ids: tuple[str, ...]) -> str:
        names = [self.variables[full_id] for full_id in ids]
        return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


@dataclass(frozen=True)
class _Kind:
    """What edges must have in common to be written as one.

    With a label, Airflow takes a task for the whole group around it (its `home`) as soon as
    tasks of different groups are on the two sides of `>>`; `outwards` are edges that this
    would change.
    """

    label: str = ""
    home: str = ""
    outwards: bool = False


def _chains(steps: list[Step]) -> Iterator[list[Step]]:
    """Join steps end to end where one ends with just what the next, and no other, begins with."""
    starts: dict[tuple[str, ...], list[Step]] = {}
    ends: dict[tuple[str, ...], list[Step]] = {}
    for step in steps:
        if not step.stands_alone:
            starts.setdefault(step.upstream, []).append(step)
            ends.setdefault(step.downstream, []).append(step)
    followers = {
        found[0]: starts[side][0]
        for side, found in ends.items()
        if len(found) == 1 and len(starts.get(side, ())) == 1
    }
    following = set(followers.values())
    for step in steps:
        if step not in following:
            yield _follow(step, followers)


def _follow(step: Step, followers: Mapping[Step, Step]) -> list[Step]:
    chain = [step]
    while following := followers.get(chain[-1]):
        chain.append(following)
    return chain
