"""A spec that was understood: every value checked, every name resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from daggen.diagnostics import Span
from daggen.specs.document import Path, ResolvedSpec
from daggen.specs.model.seconds import SECONDS_KEYS
from daggen.specs.model.values import Value

_NESTED = ("partial", "expand", "op_kwargs", "circuit_breaker")
"""Keys of a task below which arguments stand too."""


@dataclass(frozen=True)
class Mapped:
    """Dynamic task mapping: what is fixed, and what there is one instance for each of.

    `arguments` are the names by which the tasks of a mapped group see all of it.
    """

    expand: Mapping[str, Value] = field(default_factory=dict)
    expand_kwargs: Value = None
    partial: Mapping[str, Value] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is mapped."""
        return bool(self.expand) or self.expand_kwargs is not None


@dataclass(frozen=True)
class Teardown:
    """A task that tidies up: the setups it belongs to, and whether its failure fails the run."""

    setups: tuple[str, ...] = ()
    on_failure_fail_dagrun: bool | None = None


@dataclass(frozen=True)
class TaskSpec:
    """A task. `task_id` has the prefixes of its groups, `label` is the name as written.

    Of a decorated task, `call_args` and `call` are what its function is called with, `wrappers`
    what is put around it, the innermost first. `is_result` says that it gives the DAG's result.
    `circuit_breaker` holds the settings of its circuit breaker, None where it has none.
    """

    task_id: str
    label: str
    path: Path
    group: str | None = None
    operator: str = ""
    decorator: str = ""
    arguments: Mapping[str, Value] = field(default_factory=dict)
    call_args: tuple[Value, ...] = ()
    call: Mapping[str, Value] = field(default_factory=dict)
    mapping: Mapped = field(default_factory=Mapped)
    setup: bool = False
    teardown: Teardown | None = None
    wrappers: tuple[Value, ...] = ()
    is_result: bool = False
    circuit_breaker: Mapping[str, Value] | None = None


@dataclass(frozen=True)
class GroupSpec:
    """A task group, written out or made by a group template with `parameters`."""

    group_id: str
    label: str
    path: Path
    parent: str | None = None
    arguments: Mapping[str, Value] = field(default_factory=dict)
    mapping: Mapped = field(default_factory=Mapped)
    template: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class EdgeSpec:
    """An order between tasks or groups, by id. `implied` ones Airflow makes by itself."""

    upstream: str
    downstream: str
    path: Path
    label: str = ""
    implied: bool = False


@dataclass(frozen=True)
class DagSpec:
    """A DAG to be written. `arguments` are those of Airflow's DAG, without the dag_id.

    `parameters` are the template's, as plain data; tasks, groups and edges are in spec order.
    """

    dag_id: str
    source: ResolvedSpec
    arguments: Mapping[str, Value] = field(default_factory=dict)
    template: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tasks: tuple[TaskSpec, ...] = ()
    groups: tuple[GroupSpec, ...] = ()
    edges: tuple[EdgeSpec, ...] = ()

    def task(self, task_id: str) -> TaskSpec | None:
        """Give the task of a full id."""
        return self._tasks_by_id.get(task_id)

    def group(self, group_id: str | None) -> GroupSpec | None:
        """Give the group of a full id."""
        return self._groups_by_id.get(group_id)

    @cached_property
    def _tasks_by_id(self) -> Mapping[str | None, TaskSpec]:
        return {task.task_id: task for task in reversed(self.tasks)}

    @cached_property
    def _groups_by_id(self) -> Mapping[str | None, GroupSpec]:
        return {group.group_id: group for group in reversed(self.groups)}


def spec_span(
    spec: DagSpec, task_id: str | None, argument: str | None = None, *, at_key: bool = False
) -> Span | None:
    """Tell where a spec says an argument of a task, of a group, or (None) of the DAG.

    An argument that the task inherits is found in the `default_args` of its groups or of the
    DAG. Gives the place of the value, or with `at_key` of the name before it; that of the task
    where it does not say the argument; None for an id that the spec does not write out.
    """
    if task_id is None:
        return _find(spec, [()], argument, at_key)
    if task := spec.task(task_id):
        paths = [task.path, *((*task.path, key) for key in _NESTED)]
        return _find(spec, [*paths, *_defaults(spec, task.group)], argument, at_key)
    if group := spec.group(task_id):
        return _find(spec, [group.path], argument, at_key)
    return None


def _defaults(spec: DagSpec, group_id: str | None) -> list[Path]:
    paths: list[Path] = []
    group = spec.group(group_id)
    while group is not None:
        paths.append((*group.path, "default_args"))
        group = spec.group(group.parent)
    return [*paths, ("default_args",)]


def _find(spec: DagSpec, paths: list[Path], argument: str | None, at_key: bool) -> Span:
    locations = spec.source.locations
    if argument is not None:
        spelled = [argument, *(key for key, name in SECONDS_KEYS.items() if name == argument)]
        for path in paths:
            for name in spelled:
                if (*path, name) in locations.values:
                    place = locations.key if at_key else locations.value
                    return place((*path, name))
    return locations.key(paths[0])
