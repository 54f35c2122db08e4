"""Read back: what was rendered is accepted only after it was read as Airflow would read it.

Every check works on the generated Python alone, so it holds however the Python came about. A
finding is then moved from the generated line to the line that a person can change: of the spec
where the spec says it, of the template otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from typing import Any

from daggen.airflow.catalog.catalog import Catalog
from daggen.airflow.catalog.findings import check_arguments
from daggen.airflow.catalog.graphs import check_graph_arguments
from daggen.airflow.catalog.rows import check_rows
from daggen.code.branch_targets import check_branch_targets
from daggen.code.built import check_built
from daggen.code.callables import CallableFinder
from daggen.code.checks import check_file
from daggen.code.context_calls import Condition, check_callbacks, check_conditions
from daggen.code.context_names import check_context_names
from daggen.code.deadlines import check_deadlines
from daggen.code.effective import effective_argument
from daggen.code.entries import check_entries
from daggen.code.finding import Finding
from daggen.code.graph import DagGraph, Task, Unknown, Value
from daggen.code.jinja_syntax import check_jinja_syntax
from daggen.code.purity import check_purity
from daggen.code.reader import read_file
from daggen.code.references import check_decorators, check_references
from daggen.code.script_names import check_script_names
from daggen.code.signatures import check_callables
from daggen.diagnostics import Diagnostic, Severity, Span, suggest
from daggen.diagnostics.codes import catalog as catalog_codes
from daggen.diagnostics.codes import output as codes
from daggen.diagnostics.codes import pools as pool_codes
from daggen.diagnostics.codes import purity as purity_codes
from daggen.placing import ABOUT_NAMES, Origin, Places, place_of_template
from daggen.sound_parts import sound_graph
from daggen.specs.model import DagSpec, spec_span
from daggen.specs.model.seconds import SECONDS_KEYS
from daggen.specs.model.spec import TaskSpec
from daggen.specs.model.tasks import TASK_STRUCTURE
from daggen.specs.model.values import Dotted
from daggen.specs.pools import DEFAULT_POOL, Pools
from daggen.writing.guards import unguarded


@dataclass(frozen=True)
class ReadBack:
    """The checks that a rendered file must pass. `catalog` is None when arguments go unchecked."""

    finder: CallableFinder
    catalog: Catalog | None = None
    pools: Pools | None = None
    airflow: tuple[int, int] = (3, 3)

    def check(self, source: str, dag: DagSpec, origin: Origin) -> list[Diagnostic]:
        """Read a rendered file and report what is wrong with it, where it can be mended."""
        file = read_file(source, dag.source.source, self.airflow, self._templated)
        graphs = file.dags
        if [graph.dag_id for graph in graphs] != [dag.dag_id]:
            return [_wrong_dags(graphs, dag, origin)]
        graph = graphs[0]
        places = Places(dag, graph, origin, source, self.airflow)
        found = _once([*check_file(file), *check_purity(source, "", strict=True)])
        bare = unguarded(graph, dag)
        if self.catalog:
            found += check_graph_arguments(bare, "", self.catalog)
        if dag.source.tolerant:
            found = list(_forgiven(found))
        moved = [places.move(finding) for finding in found]
        late = [places.place(finding) for finding in self._check_runs(bare)]
        moved += map(_as_warning, late) if dag.source.tolerant else late
        moved += [places.place(finding) for finding in check_references(bare, self.finder)]
        decorators = {task.task_id: task.decorator for task in dag.tasks if "." in task.decorator}
        moved += [places.place(finding) for finding in check_decorators(decorators, self.finder)]
        moved += [places.place(finding) for finding in check_callables(bare, self.finder)]
        conditions = list(_conditions(dag))
        moved += [places.place(finding) for finding in check_conditions(conditions, self.finder)]
        moved += [places.place(finding) for finding in check_built(bare)]
        moved += [places.place(finding) for finding in check_deadlines(bare, self.finder)]
        moved += [places.place(finding) for finding in check_context_names(bare, self.airflow)]
        return moved + [places.place(finding) for finding in self._check_pools(graph)]

    def _check_runs(self, graph: DagGraph) -> Iterator[Finding]:
        """Report what Airflow loads and what then fails, each time a task runs.

        A file of dag-factory may have it, since dag-factory builds it: there it is a warning.
        """
        if self.catalog:
            yield from check_rows(graph, self.catalog)
        yield from check_branch_targets(graph)
        yield from check_entries(graph, self.finder)
        yield from check_callbacks(graph, self.finder)
        yield from check_jinja_syntax(graph, self._templated)
        yield from check_script_names(graph)

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
            given = {"task_id": task.label, **_said(dag.source.data, task)}
            for finding in check_arguments(operator, given, mapped=True, from_defaults=inherited):
                if finding.severity is not Severity.ERROR:
                    continue
                at_key = finding.rule.code in ABOUT_NAMES
                span = spec_span(dag, task.task_id, finding.argument, at_key=at_key)
                yield finding.at(span)

    def check_sound_parts(self, dag: DagSpec, told: Set[Span]) -> Iterator[Diagnostic]:
        """Check the names and pools in what a spec that cannot be rendered says without a mistake.

        `told` are the places of its mistakes. Like `check_arguments`, so that all is told at once.
        """
        if dag.source.tolerant or not isinstance(dag.source.data, dict):
            return
        if "template" in dag.source.data:
            return
        graph = sound_graph(dag, told, self.airflow)
        places = Places(dag, graph, lambda line: None, "", self.airflow)
        decorators = {
            task.task_id: task.decorator
            for task in dag.tasks
            if task.task_id in graph.tasks and "." in task.decorator
        }
        yield from map(places.place, check_references(graph, self.finder))
        yield from map(places.place, check_decorators(decorators, self.finder))
        yield from map(places.place, check_callables(graph, self.finder))
        yield from map(places.place, check_jinja_syntax(graph, self._templated))
        yield from map(places.place, self._check_pools(graph))

    def locate(self, source: str, dag: DagSpec, origin: Origin, line: int) -> Span | None:
        """Give the place in a spec or a template that a line of a rendered file comes from."""
        for graph in read_file(source, dag.source.source, self.airflow).dags:
            return Places(dag, graph, origin, source, self.airflow).of_line(line)
        return origin(line)

    def _templated(self, dotted: str) -> frozenset[str] | None:
        """Give the template fields of an operator, as far as the catalog knows it."""
        operator = self.catalog.find(dotted) if self.catalog else None
        return operator.templated if operator else None

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


def _conditions(dag: DagSpec) -> Iterator[Condition]:
    """Give the conditions of tasks, which wrap their functions where the reader does not look."""
    for task in dag.tasks:
        for wrapper in task.wrappers:
            condition = wrapper.args[0]
            if isinstance(condition, Dotted):
                argument = wrapper.type.rpartition(".")[2]
                yield Condition(task.task_id, argument, condition.path)


def _forgiven(found: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Give findings as they are told of a file of dag-factory, which builds more than it should."""
    for each in found:
        if each.code != catalog_codes.UNUSED_DEFAULT.code:
            yield _as_warning(each) if each.code == catalog_codes.NO_TEXT.code else each


def _as_warning(found: Diagnostic) -> Diagnostic:
    return replace(found, severity=Severity.WARNING) if found.is_error else found


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
    return codes.WRONG_DAGS.at(span or place_of_template(dag.source), message, hint=hint)


def _said(data: Any, task: TaskSpec) -> dict[str, Any]:
    """Give the arguments that a spec writes for a task, as they were read.

    What was reported already is unknown; it is there all the same.
    """
    for step in task.path:
        data = data[step]
    said = data if isinstance(data, dict) else {}
    return {
        key: task.arguments.get(key, Unknown(str(key)))
        for key in said
        if key not in TASK_STRUCTURE and key not in SECONDS_KEYS
    }
