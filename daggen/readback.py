"""Read back: what was rendered is accepted only after it was read as Airflow would read it.

Every check works on the generated Python alone, so it holds however the Python came about. A
finding is then moved from the generated line to the line that a person can change: of the spec
where the spec says it, of the template otherwise.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from daggen.airflow.catalog.catalog import Catalog
from daggen.airflow.catalog.findings import check_arguments
from daggen.airflow.catalog.graphs import check_graph_arguments
from daggen.code.callables import CallableFinder
from daggen.code.checks import check_file
from daggen.code.context_names import check_context_names
from daggen.code.effective import effective_argument
from daggen.code.graph import DagGraph, Task, Value
from daggen.code.purity import check_purity
from daggen.code.reader import read_file
from daggen.code.signatures import Finding, check_callables
from daggen.diagnostics import Diagnostic, Severity, Span, suggest
from daggen.diagnostics.codes import catalog as catalog_codes
from daggen.diagnostics.codes import output as codes
from daggen.diagnostics.codes import pools as pool_codes
from daggen.diagnostics.codes import purity as purity_codes
from daggen.specs.document import Path, ResolvedSpec
from daggen.specs.model import DagSpec, spec_span
from daggen.specs.model.seconds import SECONDS_KEYS
from daggen.specs.model.tasks import TASK_STRUCTURE
from daggen.specs.pools import DEFAULT_POOL, Pools
from daggen.writing.guards import unguarded

_ABOUT_NAMES = frozenset(
    {catalog_codes.UNKNOWN_ARGUMENT.code, catalog_codes.MISPLACED_ARGUMENT.code}
)
"""Findings about the name of an argument, not its value."""

_IMPORT = re.compile(r"(?:from|import) ([\w.]+)")

Origin = Callable[[int], Span | None]
"""Gives the place in a template that a generated line comes from; None for daggen's own lines."""


@dataclass(frozen=True)
class ReadBack:
    """The checks that a rendered file must pass. `catalog` is None when arguments go unchecked."""

    finder: CallableFinder
    catalog: Catalog | None = None
    pools: Pools | None = None
    airflow: tuple[int, int] = (3, 3)

    def check(self, source: str, dag: DagSpec, origin: Origin) -> list[Diagnostic]:
        """Read a rendered file and report what is wrong with it, where it can be mended."""
        file = read_file(source, dag.source.source, self.airflow)
        graphs = file.dags
        if [graph.dag_id for graph in graphs] != [dag.dag_id]:
            return [_wrong_dags(graphs, dag, origin)]
        graph = graphs[0]
        places = _Places(dag, graph, origin, source)
        found = _once([*check_file(file), *check_purity(source, "", strict=True)])
        bare = unguarded(graph, dag)
        if self.catalog:
            found += check_graph_arguments(bare, "", self.catalog)
        if dag.source.tolerant:
            found = [each for each in found if each.code != catalog_codes.UNUSED_DEFAULT.code]
        moved = [places.move(finding) for finding in found]
        moved += [places.place(finding) for finding in check_callables(bare, self.finder)]
        moved += [places.place(finding) for finding in check_context_names(bare, self.airflow)]
        return moved + [places.place(finding) for finding in self._check_pools(graph)]

    def check_arguments(self, dag: DagSpec) -> Iterator[Diagnostic]:
        """Check the arguments of tasks of a spec that cannot be rendered for another mistake.

        So that both are told at once; what only the rendered file shows is told later.
        """
        if self.catalog is None or dag.source.tolerant:
            return
        defaults = dag.source.data.get("default_args")
        inherited = frozenset(defaults) if isinstance(defaults, dict) else frozenset()
        for task in dag.tasks:
            operator = self.catalog.find(task.operator) if task.operator else None
            if operator is None:
                continue
            given = {"task_id": task.label, **_said(dag.source.data, task.path)}
            for finding in check_arguments(operator, given, mapped=True, from_defaults=inherited):
                if finding.severity is not Severity.ERROR:
                    continue
                at_key = finding.rule.code in _ABOUT_NAMES
                span = spec_span(dag, task.task_id, finding.argument, at_key=at_key)
                yield finding.at(span)

    def locate(self, source: str, dag: DagSpec, origin: Origin, line: int) -> Span | None:
        """Give the place in a spec or a template that a line of a rendered file comes from."""
        for graph in read_file(source, dag.source.source, self.airflow).dags:
            return _Places(dag, graph, origin, source).of_line(line)
        return origin(line)

    def _check_pools(self, graph: DagGraph) -> Iterator[Finding]:
        if self.pools is None:
            return
        for task in graph.tasks.values():
            name = effective_argument(graph, task, "pool")
            slots = effective_argument(graph, task, "pool_slots", 1)
            if isinstance(name, str) and name != DEFAULT_POOL:
                yield from self._check_pool(task, name, slots, self.pools)

    def _check_pool(self, task: Task, name: str, slots: Value, pools: Pools) -> Iterator[Finding]:
        pool = pools.pools.get(name)
        if pool is None:
            declared = ", ".join(sorted(pools.pools))
            hint = suggest(name, pools.pools) or f"{pools.path} declares {declared}"
            message = f'the pool "{name}" is not declared'
            yield Finding(pool_codes.UNKNOWN_POOL, message, hint, task.task_id, "pool", (name,))
        elif isinstance(slots, int) and 0 <= pool.slots < slots:
            message = f"the task asks for {slots} slots, {name} has {pool.slots}"
            yield Finding(
                pool_codes.POOL_TOO_SMALL, message, "", task.task_id, "pool_slots", ("pool_slots",)
            )


def _once(found: list[Diagnostic]) -> list[Diagnostic]:
    """Leave out what cannot be told because of a call that is a finding itself."""
    calls = {each.span for each in found if each.code == purity_codes.UNKNOWN_CALL.code}
    lines = {span.line for span in calls if span}
    return [
        each
        for each in found
        if each.code != codes.NOT_CERTAIN.code or not each.span or each.span.line not in lines
    ]


def _wrong_dags(graphs: tuple[DagGraph, ...], dag: DagSpec, origin: Origin) -> Diagnostic:
    """Report a file that does not define exactly the DAG of its spec."""
    names = ", ".join(f'"{graph.dag_id}"' for graph in graphs) or "no DAG"
    message = f'the template renders {names}, the spec asks for "{dag.dag_id}"'
    lines = [graph.line for graph in graphs if graph.dag_id != dag.dag_id]
    span = origin(lines[0]) if lines else None
    hint = "write dag_id={{ dag.dag_id }}"
    return codes.WRONG_DAGS.at(span or _place_of_template(dag.source), message, hint=hint)


def _place_of_template(spec: ResolvedSpec) -> Span:
    return spec.locations.value(("template",))


@dataclass(frozen=True)
class _Places:
    """Finds the line of a spec or a template for a finding on generated Python."""

    dag: DagSpec
    graph: DagGraph
    origin: Origin
    source: str

    def move(self, found: Diagnostic) -> Diagnostic:
        """Move a diagnostic from a generated line to where a person can change it."""
        line = found.span.line if found.span else 0
        at_key = found.code in _ABOUT_NAMES
        return replace(found, span=self.of_line(line, found.message, at_key=at_key))

    def of_line(self, line: int, message: str = "", *, at_key: bool = False) -> Span:
        """Give the place that a generated line comes from; `message` may name the argument."""
        task_id, argument = self._at(line, message)
        span = self._in_spec(task_id, argument, at_key=at_key)
        if task_id is None:
            span = self._of_dag(line, message)
        return span or self.origin(line) or self._fallback()

    def _of_dag(self, line: int, message: str) -> Span | None:
        """Give the place where the spec says an argument of the DAG, or a key of default_args.

        It is what the message names, else the argument that stands at the line.
        """
        locations = self.dag.source.locations
        for word in re.findall(r'"(\w+)"', message):
            for path in (("default_args", word), (word,)):
                if path in locations.keys:
                    return locations.key(path)
        if span := self._of_call(message):
            return span
        around = [
            path
            for path, (first, last) in _dag_lines(self.source, self.graph.line)
            if first <= line <= last and path in locations.values
        ]
        return locations.value(max(around, key=len)) if around else self._of_import(line)

    def _of_call(self, message: str) -> Span | None:
        """Give the place where the spec names the function whose call a message is about."""
        called = re.search(r"what ([\w.]+)\(\) does", message)
        for path, value in _leaves(self.dag.source.data, ()) if called else ():
            if called and isinstance(value, str) and f".{value}".endswith(f".{called[1]}"):
                return self.dag.source.locations.value(path)
        return None

    def _of_import(self, line: int) -> Span | None:
        """Give the place of the first value of the spec for which a line imports something."""
        text = self.source.split("\n")[line - 1] if line else ""
        if not (imported := _IMPORT.match(text)):
            return None
        for path, value in _leaves(self.dag.source.data, ()):
            if isinstance(value, str) and f"{value}.".startswith(f"{imported[1]}."):
                return self.dag.source.locations.value(path)
        return None

    def place(self, finding: Finding) -> Diagnostic:
        """Place a finding about a task's argument."""
        span = self._in_spec(finding.task_id, finding.argument, finding.words)
        task = self.graph.tasks.get(finding.task_id or "")
        line = task.lines.get(finding.argument, task.line) if task else self.graph.line
        span = span or self._by_words(finding.words) or self.origin(line) or self._fallback()
        return finding.rule.at(span, finding.message, hint=finding.hint)

    def _at(self, line: int, message: str) -> tuple[str | None, str | None]:
        """Give the task and the argument that stand at a generated line.

        Where several arguments share the line, it is the one that the message names.
        """
        for task in self.graph.tasks.values():
            if task.line <= line <= task.end_line:
                latest = max((at for at in task.lines.values() if at <= line), default=0)
                names = [name for name, at in task.lines.items() if at == latest]
                named = [name for name in names if f'"{name}"' in message]
                return task.task_id, (named or names)[0] if len(named or names) == 1 else None
        return None, None

    def _in_spec(
        self,
        task_id: str | None,
        argument: str | None,
        words: tuple[str, ...] = (),
        *,
        at_key: bool = False,
    ) -> Span | None:
        """Give the place where a written-out spec says an argument."""
        if self.dag.template is not None or (task_id is None and argument is None):
            return None
        if argument == "op_kwargs" and words:
            span = spec_span(self.dag, task_id, words[0], at_key=True)
            if span is not None and span != spec_span(self.dag, task_id):
                return span
        found = spec_span(self.dag, task_id, argument, at_key=at_key)
        return found or spec_span(self.dag, task_id)

    def _by_words(self, words: tuple[str, ...]) -> Span | None:
        """Give the place of a value of the spec that is one of the words."""
        spec = self.dag.source
        for word in words:
            for path, value in _leaves(spec.data, ()):
                if value == word:
                    return spec.locations.value(path)
        return None

    def _fallback(self) -> Span:
        return _place_of_template(self.dag.source)


def _dag_lines(source: str, line: int) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Give the first and last line of each argument of the call that begins at a line.

    The values of dicts, such as default_args, are given too, by their path.
    """
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and call.lineno == line:
            for keyword in call.keywords:
                if keyword.arg:
                    yield from _value_lines(keyword.value, (keyword.arg,))


def _value_lines(node: ast.expr, path: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    yield path, (node.lineno, node.end_lineno or node.lineno)
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield from _value_lines(value, (*path, key.value))


def _said(data: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
    """Give the arguments that a spec writes for the task at `path`."""
    for step in path:
        data = data[step]
    said = data if isinstance(data, dict) else {}
    return {
        key: value
        for key, value in said.items()
        if key not in TASK_STRUCTURE and key not in SECONDS_KEYS
    }


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    else:
        yield path, value
