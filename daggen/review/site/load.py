"""What a fleet asks of its pools over a week, if every task takes as long as it may."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from daggen.code.graph import DagGraph, Task
from daggen.review.picture import topological
from daggen.review.site.facts import effective, pool_of, slots_of
from daggen.review.values import timedelta_microseconds

BUCKET: Final = timedelta(minutes=15)
DAYS: Final = 7
BUCKETS: Final = DAYS * 96


@dataclass(frozen=True, slots=True)
class Stretch:
    """A task within a run: it asks for `slots` of `pool` from `start` to `end` after the start."""

    pool: str
    slots: int
    start: timedelta
    end: timedelta
    task_id: str


@dataclass(frozen=True, slots=True)
class PoolLoad:
    """The most slots asked of a pool at once, in each quarter of an hour of the week."""

    pool: str
    demand: tuple[int, ...]
    at_peak: tuple[str, ...]

    @property
    def peak(self) -> int:
        """Give the most slots that are asked for at once in the whole week."""
        return max(self.demand, default=0)


def stretches(dag: DagGraph, assumed: timedelta) -> list[Stretch]:
    """Lay a run out in time: each task starts when those before it have ended.

    A task takes its `execution_timeout`, or the assumed time. Sensors that give their slot back
    while they wait (reschedule mode, deferrable) ask for nothing.
    """
    ends: dict[str, timedelta] = {}
    before: defaultdict[str, list[str]] = defaultdict(list)
    for edge in dag.edges:
        before[edge.downstream].append(edge.upstream)
    found = []
    for task_id in topological(dag.tasks, sorted(dag.edges)):
        task = dag.tasks[task_id]
        start = max((ends[up] for up in before[task_id] if up in ends), default=timedelta(0))
        ends[task_id] = start + _duration(dag, task, assumed)
        if not _waits_outside(task):
            slots = slots_of(dag, task)
            found.append(Stretch(pool_of(dag, task), slots, start, ends[task_id], task_id))
    return found


def _duration(dag: DagGraph, task: Task, assumed: timedelta) -> timedelta:
    limit = timedelta_microseconds(effective(dag, task, "execution_timeout"))
    return timedelta(microseconds=limit) if limit else assumed


def _waits_outside(task: Task) -> bool:
    if task.arguments.get("deferrable") is True:
        return True
    return task.arguments.get("mode") == "reschedule"


def pool_loads(
    runs: Mapping[str, Sequence[datetime]],
    plans: Mapping[str, Sequence[Stretch]],
    first: datetime,
) -> tuple[PoolLoad, ...]:
    """Add up what the runs of each DAG (by id) ask of each pool in the week from `first`."""
    steps: defaultdict[str, Counter[timedelta]] = defaultdict(Counter)
    for dag_id, times in runs.items():
        for stretch in plans[dag_id]:
            for time in times:
                start = time - first + stretch.start
                steps[stretch.pool][start] += stretch.slots
                steps[stretch.pool][start + (stretch.end - stretch.start)] -= stretch.slots
    return tuple(_load(pool, steps[pool], runs, plans, first) for pool in sorted(steps))


def _load(
    pool: str,
    steps: Mapping[timedelta, int],
    runs: Mapping[str, Sequence[datetime]],
    plans: Mapping[str, Sequence[Stretch]],
    first: datetime,
) -> PoolLoad:
    demand = [0] * BUCKETS
    level, top, when = 0, 0, timedelta(0)
    for time, following in pairwise(sorted(steps)):
        level += steps[time]
        touched = range(max(time // BUCKET, 0), min(-(-following // BUCKET), BUCKETS))
        for bucket in touched:
            demand[bucket] = max(demand[bucket], level)
        if touched and level > top:
            top, when = level, max(time, timedelta(0))
    return PoolLoad(pool, tuple(demand), _who_is_there(pool, when, runs, plans, first))


def _who_is_there(
    pool: str,
    when: timedelta,
    runs: Mapping[str, Sequence[datetime]],
    plans: Mapping[str, Sequence[Stretch]],
    first: datetime,
) -> tuple[str, ...]:
    """Name the DAGs that ask for the pool at a moment, those that ask for most first."""
    asked: Counter[str] = Counter()
    for dag_id, times in runs.items():
        for stretch in plans[dag_id]:
            if stretch.pool == pool:
                starts = (time - first + stretch.start for time in times)
                length = stretch.end - stretch.start
                asked[dag_id] += stretch.slots * sum(s <= when < s + length for s in starts)
    return tuple(dag_id for dag_id, slots in asked.most_common() if slots)


def starts_by_hour(runs: Iterable[Sequence[datetime]], first: datetime) -> tuple[int, ...]:
    """Count the runs that start in each hour of the week from `first`."""
    counts = Counter((time - first) // timedelta(hours=1) for times in runs for time in times)
    return tuple(counts[hour] for hour in range(DAYS * 24))
