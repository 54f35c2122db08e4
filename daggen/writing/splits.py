"""Steps from tasks to the tasks behind them, and where ways part that are told by labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """All of `upstream` before all of `downstream`, with one label; both sides are in order.

    `outwards` is a step out of a group that `>>` cannot say.
    """

    upstream: tuple[str, ...]
    downstream: tuple[str, ...]
    label: str = ""
    outwards: bool = False

    @property
    def is_crossed(self) -> bool:
        """Tell whether both sides are several: Python has no `>>` between two lists."""
        return len(self.upstream) > 1 and len(self.downstream) > 1 and not self.label

    @property
    def stands_alone(self) -> bool:
        """Tell whether the step is a statement of its own, not part of a chain."""
        return self.is_crossed or self.outwards


def split_joins(steps: list[Step]) -> Iterator[Step]:
    """Let each of several ways that labels tell apart go on by itself to where they meet.

    So that `check >> Label("good") >> save >> report` is one line, and the way of the other
    label another, where else `[save, mend] >> report` would stand apart from both.
    """
    leading: dict[str, list[Step]] = {}
    leaving: dict[str, list[Step]] = {}
    for step in steps:
        for task in step.downstream:
            leading.setdefault(task, []).append(step)
        for task in step.upstream:
            leaving.setdefault(task, []).append(step)
    ways = _Ways(leading, leaving)
    for step in steps:
        if ways.meet_in(step):
            yield from (Step((task,), step.downstream) for task in step.upstream)
        else:
            yield step


@dataclass(frozen=True)
class _Ways:
    """The steps that lead to, and those that leave, each task or group."""

    leading: Mapping[str, list[Step]]
    leaving: Mapping[str, list[Step]]

    def meet_in(self, step: Step) -> bool:
        """Tell whether a step is where ways end that labels tell apart."""
        if len(step.upstream) == 1 or len(step.downstream) > 1 or step.label:
            return False
        return all(self._is_labelled(task) for task in step.upstream)

    def _is_labelled(self, task: str) -> bool:
        """Tell whether a single way leads to a task, on from a label, and only one leaves it."""
        while len(self.leaving[task]) == 1 and len(self.leading.get(task, ())) == 1:
            step = self.leading[task][0]
            if step.stands_alone or step.downstream != (task,):
                return False
            if step.label:
                return True
            if len(step.upstream) > 1:
                return False
            task = step.upstream[0]
        return False
