"""`specs/_pools.yaml`: the fleet's pools, and the rules that choose one for a task."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from daggen.diagnostics import Diagnostic, Span, suggest
from daggen.diagnostics.codes import pools as codes
from daggen.project import Project
from daggen.specs.document import Document, Path, ResolvedSpec
from daggen.specs.expressions import Evaluator, ExpressionError, names_in
from daggen.specs.yaml import read_yaml

FILE = "_pools.yaml"
AUTO = "auto"
DEFAULT_POOL = "default_pool"
"""The pool that every Airflow has, of a size that only its administrator knows."""
MAX_NAME = 256
"""The longest name of a pool that Airflow stores."""

_POOL_KEYS = ("slots", "description", "include_deferred")
_RULE_KEYS = ("when", "pool", "priority_weight")


@dataclass(frozen=True)
class Pool:
    """A pool as `airflow pools import` takes it."""

    name: str
    slots: int
    description: str = ""
    include_deferred: bool = False


@dataclass(frozen=True)
class Route:
    """A routing rule; `when` is an expression over a task's keys, None fits every task."""

    pool: str
    when: str | None = None
    priority_weight: int | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Pools:
    """The declared pools and the rules, in their order."""

    path: str
    pools: Mapping[str, Pool] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()

    @property
    def routing_keys(self) -> frozenset[str]:
        """Give the task keys that rules ask for; they are not arguments of operators."""
        return frozenset(name for route in self.routes for name in names_in(route.when or ""))

    def route(self, keys: Mapping[str, Any]) -> Route | None:
        """Give the first rule that fits a task's keys; one that asks for an absent key does not."""
        evaluator = Evaluator()
        for route in self.routes:
            if route.when is None:
                return route
            if not names_in(route.when) <= keys.keys():
                continue
            try:
                if evaluator.expression(route.when, keys):
                    return route
            except ExpressionError:
                continue
        return None

    def as_json(self) -> str:
        """Write the file that `airflow pools import` reads."""
        entries = {
            pool.name: {
                "slots": pool.slots,
                "description": pool.description,
                "include_deferred": pool.include_deferred,
            }
            for pool in sorted(self.pools.values(), key=lambda pool: pool.name)
        }
        return json.dumps(entries, indent=4, ensure_ascii=False) + "\n"


def load_pools(project: Project) -> tuple[Pools | None, list[Diagnostic]]:
    """Read the project's pools; None without diagnostics when it declares none."""
    path = project.specs / FILE
    if not path.is_file():
        return None, []
    document, diagnostics = read_yaml(path, project.root)
    if document is None or diagnostics:
        return None, diagnostics
    reader = _Reader(document)
    pools = reader.read()
    return (None if reader.diagnostics else pools), reader.diagnostics


class _Reader:
    """Reads the file of pools and gathers what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.diagnostics: list[Diagnostic] = []

    def read(self) -> Pools:
        data = self.document.data
        if not self._is(dict, data, (), "a mapping with pools and routing"):
            return Pools(self.document.path)
        self._known(data, (), ("pools", "routing"))
        declared = data.get("pools") or {}
        pools = {}
        if self._is(dict, declared, ("pools",), "a mapping of names to pools"):
            for name, entry in declared.items():
                if pool := self._pool(name, entry):
                    pools[pool.name] = pool
        rules = data.get("routing") or []
        routes: list[Route] = []
        if self._is(list, rules, ("routing",), "a list of rules"):
            routes = [r for i, rule in enumerate(rules) if (r := self._route(i, rule, pools))]
        return Pools(self.document.path, pools, tuple(routes))

    def _pool(self, name: Any, entry: Any) -> Pool | None:
        path: Path = ("pools", name)
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
            span = self.document.locations.key(path)
            message = f"the name of a pool is a text of 1 to {MAX_NAME} characters"
            self.diagnostics.append(codes.BAD_POOLS.at(span, message))
            return None
        if not self._is(dict, entry, path, "a mapping with slots"):
            return None
        self._known(entry, path, _POOL_KEYS)
        slots = entry.get("slots")
        if type(slots) is not int or slots < -1:
            self._report((*path, "slots"), f'slots of the pool "{name}" is a number, -1 for no end')
            return None
        deferred = entry.get("include_deferred", False)
        self._is(bool, deferred, (*path, "include_deferred"), "true or false")
        description = entry.get("description") or ""
        self._is(str, description, (*path, "description"), "text")
        return Pool(name, slots, str(description), deferred is True)

    def _route(self, index: int, rule: Any, pools: Mapping[str, Pool]) -> Route | None:
        path: Path = ("routing", index)
        if not self._is(dict, rule, path, "a mapping with when and pool"):
            return None
        self._known(rule, path, _RULE_KEYS)
        pool, when, weight = rule.get("pool"), rule.get("when"), rule.get("priority_weight")
        if pool not in pools and pool != DEFAULT_POOL:
            span = self.document.locations.value((*path, "pool"))
            hint = suggest(pool, pools)
            message = f'no pool "{pool}" is declared'
            self.diagnostics.append(codes.UNKNOWN_POOL.at(span, message, hint=hint))
        if weight is not None:
            self._is(int, weight, (*path, "priority_weight"), "a whole number")
        if when is not None and self._is(str, when, (*path, "when"), "an expression"):
            self._check_expression(when, (*path, "when"))
        return Route(str(pool), when, weight, self.document.locations.value(path))

    def _check_expression(self, when: str, path: Path) -> None:
        try:
            Evaluator().check(when)
        except ExpressionError as error:
            self._report(path, str(error))

    def _known(self, entry: Mapping[Any, Any], path: Path, keys: tuple[str, ...]) -> None:
        for key in entry:
            if key not in keys:
                span = self.document.locations.key((*path, key))
                hint = suggest(key, keys) or f"the keys are {', '.join(keys)}"
                message = f'unknown key "{key}"'
                self.diagnostics.append(codes.BAD_POOLS.at(span, message, hint=hint))

    def _is(self, kind: type, value: Any, path: Path, expected: str) -> bool:
        if isinstance(value, kind) and (kind is not int or not isinstance(value, bool)):
            return True
        self._report(path, f"expected {expected}")
        return False

    def _report(self, path: Path, message: str) -> None:
        span = self.document.locations.value(path)
        self.diagnostics.append(codes.BAD_POOLS.at(span, message))


def route_tasks(spec: ResolvedSpec, pools: Pools | None) -> tuple[ResolvedSpec, list[Diagnostic]]:
    """Give a spec in which every `pool: auto` is replaced by what the rules choose."""
    if not any(task.get("pool") == AUTO for _, task in _tasks(spec.data, ())):
        return spec, []
    data = _copy(spec.data)
    diagnostics = []
    for path, task in _tasks(data, ()):
        if task.get("pool") == AUTO:
            diagnostics += _route_task(spec, path, task, pools)
    return replace(spec, data=data), diagnostics


def _route_task(
    spec: ResolvedSpec, path: Path, task: dict[str, Any], pools: Pools | None
) -> list[Diagnostic]:
    span = spec.locations.value((*path, "pool"))
    keys = pools.routing_keys if pools else frozenset()
    route = pools.route({key: task[key] for key in keys if key in task}) if pools else None
    for key in keys:
        task.pop(key, None)
    if route is None:
        task.pop("pool")
        if pools is None or not pools.routes:
            hint = "write the rules under routing: in specs/_pools.yaml"
            return [codes.NO_ROUTE.at(span, '"pool: auto" needs routing rules', hint=hint)]
        hint = f"the rules ask for {', '.join(sorted(keys))}"
        return [codes.NO_ROUTE.at(span, "no routing rule fits this task", hint=hint)]
    task["pool"] = route.pool
    if route.priority_weight is not None:
        task.setdefault("priority_weight", route.priority_weight)
    return []


def _tasks(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the tasks of a spec and of its groups, in mapping and in list form."""
    if not isinstance(value, Mapping):
        return
    for path_to, task in _entries(value.get("tasks"), (*path, "tasks")):
        yield path_to, task
    for path_to, group in _entries(value.get("task_groups"), (*path, "task_groups")):
        yield from _tasks(group, path_to)


def _entries(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if not isinstance(value, Mapping | list):
        return
    items = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, entry in items:
        if isinstance(entry, dict):
            yield (*path, key), entry


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
