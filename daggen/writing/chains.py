"""Dependencies as a person writes them: `extract >> [load, audit] >> report`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from daggen.code.literal import literal
from daggen.code.scope import Scope
from daggen.specs.model.spec import EdgeSpec
from daggen.writing.names import Variables
from daggen.writing.values import call


@dataclass(frozen=True)
class _Step:
    """All of `upstream` before all of `downstream`; the two sides are in spec order."""

    upstream: tuple[str, ...]
    downstream: tuple[str, ...]

    @property
    def is_crossed(self) -> bool:
        """Tell whether both sides are several: Python has no `>>` between two lists."""
        return len(self.upstream) > 1 and len(self.downstream) > 1


def write_chains(
    edges: Iterable[EdgeSpec], variables: Variables, order: Mapping[str, int], scope: Scope
) -> list[str]:
    """Write edges as statements, each edge once.

    `variables` are the names of tasks and groups by id, `order` their places in the spec, which
    decide the order of the statements.
    """
    plain = [edge for edge in edges if not edge.label]
    labelled = [edge for edge in edges if edge.label]
    lines = [_write(chain, variables, scope) for chain in _chains(_steps(plain, order))]
    for edge in labelled:
        label = f"{scope.ref('airflow.sdk.Label').text}({literal(edge.label)})"
        lines.append(f"{variables[edge.upstream]} >> {label} >> {variables[edge.downstream]}")
    return lines


def _steps(edges: Iterable[EdgeSpec], order: Mapping[str, int]) -> list[_Step]:
    """Join edges that have the same upstream side: `a >> b` and `a >> c` to `a >> [b, c]`."""
    upstream: dict[str, set[str]] = {}
    for edge in edges:
        upstream.setdefault(edge.downstream, set()).add(edge.upstream)
    sides: dict[tuple[str, ...], list[str]] = {}
    for downstream in sorted(upstream, key=order.__getitem__):
        side = tuple(sorted(upstream[downstream], key=order.__getitem__))
        sides.setdefault(side, []).append(downstream)
    steps = [_Step(side, tuple(others)) for side, others in sides.items()]
    return sorted(steps, key=lambda step: (order[step.upstream[0]], order[step.downstream[0]]))


def _chains(steps: list[_Step]) -> list[list[_Step]]:
    """Join steps end to end where one ends with just what the next begins with."""
    by_start = {step.upstream: step for step in steps if not step.is_crossed}
    ends = {step.downstream for step in steps if not step.is_crossed}
    chains: list[list[_Step]] = []
    for step in steps:
        if step.is_crossed:
            chains.append([step])
        elif step.upstream not in ends:
            chains.append(_follow(step, by_start))
    return chains


def _follow(step: _Step, by_start: Mapping[tuple[str, ...], _Step]) -> list[_Step]:
    chain = [step]
    while following := by_start.get(chain[-1].downstream):
        chain.append(following)
    return chain


def _write(chain: list[_Step], variables: Variables, scope: Scope) -> str:
    sides = [_side(chain[0].upstream, variables)]
    sides += [_side(step.downstream, variables) for step in chain]
    if chain[0].is_crossed:
        return call(scope.ref("airflow.sdk.cross_downstream").text, sides)
    return " >> ".join(sides)


def _side(ids: tuple[str, ...], variables: Variables) -> str:
    names = [variables[full_id] for full_id in ids]
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
