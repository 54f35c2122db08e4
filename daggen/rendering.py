"""One spec becomes one file: validate → render → format → read back.

A `Renderer` is made from plain values and can be pickled, so each worker process has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from daggen.airflow.catalog.catalog import Catalog
from daggen.airflow.catalog.store import CatalogError
from daggen.airflow.own_operators import ProjectCatalog
from daggen.code.callables import CallableFinder
from daggen.code.formatting import NotFormatted, format_python
from daggen.code.fragment import Code
from daggen.code.lookup import Answer
from daggen.code.scope import Scope
from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import output as codes
from daggen.diagnostics.codes.catalog import UNREADABLE_CATALOG
from daggen.diagnostics.collect import has_errors
from daggen.fleet.cache import FormatCache
from daggen.fleet.runtime_files import PACKAGE, SOURCE, modules_used
from daggen.fleet.stamp import stamp
from daggen.project import Project
from daggen.readback import ReadBack
from daggen.specs.document import Locations, ResolvedSpec
from daggen.specs.model import DagSpec, Knowledge, read_spec
from daggen.specs.pools import Pools, route_tasks
from daggen.templates.engine import WRITTEN_OUT, Engine
from daggen.templates.functions import CALLER_NAMES
from daggen.templates.library import TemplateLibrary
from daggen.templates.parameters import validate_parameters
from daggen.templates.trace import Rendered
from daggen.writing.body import written_out
from daggen.writing.dag import dag_arguments
from daggen.writing.guards import guarded_classes

FUNCTIONS = CALLER_NAMES | {"route"}
"""What templates may call besides the engine's own functions."""


@dataclass(frozen=True)
class Result:
    """What became of a spec. `path` is relative to the output, and empty when there is no file."""

    diagnostics: Sequence[Diagnostic]
    dag_id: str = ""
    path: str = ""
    content: str = ""
    inputs: tuple[str, ...] = ()
    runtime: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Renderer:
    """Renders the specs of a project."""

    project: Project
    library: TemplateLibrary
    pools: Pools | None = None
    use_cache: bool = True
    use_catalog: bool = True

    def __reduce__(self) -> tuple[Any, ...]:
        fields = (self.project, self.library, self.pools, self.use_cache, self.use_catalog)
        return Renderer, fields

    def render(self, spec: ResolvedSpec) -> Result:
        """Render a spec to a file, or say why not."""
        job = self._job(spec)
        return job.run() if isinstance(job, _Job) else Result(job)

    def locate(self, spec: ResolvedSpec, line: int) -> Span | None:
        """Give the place in the spec, or in a template, that a line of its file comes from.

        `line` counts from 1 below the file's stamp.
        """
        job = self._job(spec)
        return job.locate(line) if isinstance(job, _Job) else None

    def _job(self, spec: ResolvedSpec) -> _Job | list[Diagnostic]:
        """Understand a spec, or say why it cannot be rendered."""
        routed, diagnostics = route_tasks(spec, self.pools)
        dag, found = read_spec(routed, self.project, self.knowledge)
        diagnostics = [*diagnostics, *found]
        parameters, found = self._parameters(routed)
        diagnostics += found
        if parameters is None or has_errors(diagnostics):
            return [*diagnostics, *self._beside(dag, diagnostics)]
        return _Job(self, dag, parameters, diagnostics)

    def _beside(self, dag: DagSpec, diagnostics: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
        """Find what else is wrong with a spec that cannot be rendered, so that all is told."""
        told = {finding.span for finding in diagnostics if finding.span}
        wrong = {finding.span for finding in diagnostics if finding.is_error and finding.span}
        more = (*self.read_back.check_arguments(dag), *self.read_back.check_sound_parts(dag, wrong))
        yield from (finding for finding in more if finding.span not in told)

    def _parameters(self, spec: ResolvedSpec) -> tuple[Mapping[str, Any] | None, list[Diagnostic]]:
        """Validate what a spec gives its template; None when it cannot be rendered."""
        name, given = spec.data.get("template"), spec.data.get("with", {})
        if name is None:
            return {}, []
        if not isinstance(name, str) or name in self.library.incomplete:
            return None, []
        found = self.library.find(name, "dag", spec.locations.value(("template",)))
        if isinstance(found, Diagnostic):
            return None, [found]
        if found.name in self.library.broken or not isinstance(given, Mapping):
            return None, []
        return validate_parameters(found, given, spec.locations, ("with",))

    def _parameters_of(self, dotted: str) -> list[str] | None:
        """Give the parameters of a function on the python_path; None when they are not known."""
        found = self.finder.find(dotted).answer
        if isinstance(found, Answer) or found.args.vararg or found.args.kwarg:
            return None
        arguments = found.args
        return [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]

    @cached_property
    def knowledge(self) -> Knowledge:
        """What specs are read with: the catalog, and the functions on the python_path."""
        return Knowledge(self._parameters_of, self.catalog)

    @cached_property
    def engine(self) -> Engine:
        """The template engine, with its compiled templates."""
        return Engine(self.library)

    @cached_property
    def finder(self) -> CallableFinder:
        """Finds what DAGs name: on the python_path, in the standard library, in Airflow."""
        project = self.project
        external = frozenset(project.external_packages)
        copied = {PACKAGE: SOURCE}
        return CallableFinder(project.python_path, external, project.airflow, copied)

    @cached_property
    def opened_catalog(self) -> tuple[Catalog, list[Diagnostic]]:
        """The shipped catalog under the project's own; where that is damaged, a finding."""
        try:
            return Catalog.of_project(self.project.root, self.project.airflow), []
        except CatalogError as error:
            found = UNREADABLE_CATALOG.at(None, str(error))
            return Catalog.load(airflow=self.project.airflow), [found]

    @cached_property
    def catalog(self) -> Catalog:
        """The operators known: shipped, of the project's environment, and of its own source."""
        known, _ = self.opened_catalog
        return ProjectCatalog(known, self.finder)

    @cached_property
    def read_back(self) -> ReadBack:
        """The checks on rendered files."""
        catalog = self.catalog if self.use_catalog else None
        return ReadBack(self.finder, catalog, self.pools, self.project.airflow)

    @cached_property
    def first_party(self) -> frozenset[str]:
        """The top-level packages of the project, whose imports form a section of their own."""
        return frozenset({*self.finder.modules.packages(), PACKAGE})

    @cached_property
    def cache(self) -> FormatCache:
        """The texts that were formatted before."""
        return FormatCache.of(self.project.root)

    def format(self, source: str) -> str | NotFormatted:
        """Format Python as black does, from the cache where the same text was formatted before."""
        width = self.project.line_length
        if self.use_cache and (known := self.cache.get(source, width)) is not None:
            return known
        formatted = format_python(source, width)
        if self.use_cache and isinstance(formatted, str):
            self.cache.put(source, width, formatted)
        return formatted


class _Job:
    """The rendering of one DAG whose spec and parameters are valid."""

    def __init__(
        self,
        renderer: Renderer,
        dag: DagSpec,
        parameters: Mapping[str, Any],
        diagnostics: Sequence[Diagnostic],
    ) -> None:
        project = renderer.project
        self.renderer = renderer
        self.dag = dag
        self.parameters = parameters
        self.diagnostics = list(diagnostics)
        self.scope = Scope(project.airflow, renderer.first_party, project.line_length)

    def run(self) -> Result:
        """Render, format, read back and stamp."""
        text = self._text()
        if text is None:
            return Result(self.diagnostics)
        rendered, source = text
        check = self.renderer.read_back.check
        self.diagnostics += check(source, self.dag, rendered.locate(source))
        if has_errors(self.diagnostics):
            return Result(self.diagnostics)
        return Result(
            self.diagnostics,
            self.dag.dag_id,
            self.renderer.project.file_of(self.dag.source.source, self.dag.dag_id),
            stamp(source, self.dag.source.source),
            self._inputs(),
            modules_used(source, self.renderer.finder.modules.source),
        )

    def locate(self, line: int) -> Span | None:
        """Give the place that a line of the file, below its stamp, comes from."""
        text = self._text()
        if text is None:
            return None
        rendered, source = text
        origin = rendered.locate(source)
        return self.renderer.read_back.locate(source, self.dag, origin, line)

    def _text(self) -> tuple[Rendered, str] | None:
        """Render and format; None when a finding says why that is impossible."""
        rendered = self._render()
        if rendered is None:
            return None
        source = self.renderer.format(self.scope.resolve(rendered.text))
        if isinstance(source, NotFormatted):
            message = f"black cannot format it: {source.reason}"
            self.diagnostics.append(codes.NOT_PYTHON.at(self._place_of_template(), message))
            return None
        return rendered, source

    def _render(self) -> Rendered | None:
        functions: dict[str, Callable[..., Any]] = {
            "dag_arguments": lambda: dag_arguments(self.dag, self.scope),
            "route": self._route,
        }
        if self.dag.template is None:
            body = self._body(functions)
            functions["dag_body"] = lambda: body
            functions["dag_module"] = lambda: guarded_classes(self.dag, self.scope)
        if has_errors(self.diagnostics):
            return None
        rendered = self.renderer.engine.render(
            self.dag.template or WRITTEN_OUT,
            self.parameters,
            dag=self._common_keys(),
            functions=functions,
            scope=self.scope,
            at=self._place_of_template(),
        )
        if isinstance(rendered, Rendered):
            return rendered
        self.diagnostics += rendered
        return None

    def _body(self, functions: Mapping[str, Callable[..., Any]]) -> Code:
        """Write the tasks of a spec that has no template."""

        def render_group(
            name: str,
            group_id: str,
            given: Mapping[str, Any],
            places: Locations,
            arguments: Code,
        ) -> Code | None:
            template = self.renderer.library.find(name, "group", places.root)
            if isinstance(template, Diagnostic):
                self.diagnostics.append(template)
                return None
            if template.name in self.renderer.library.broken:
                return None
            parameters, found = validate_parameters(template, given, places)
            self.diagnostics += found
            if has_errors(found):
                return None
            code = self.renderer.engine.render_group(
                name,
                parameters,
                group_id=group_id,
                dag=self._common_keys(),
                functions=functions,
                scope=self.scope,
                arguments=arguments,
                at=places.root,
            )
            if isinstance(code, Code):
                return code
            self.diagnostics += code
            return None

        return written_out(self.dag, self.scope, render_group)

    def _route(self, **keys: object) -> dict[str, object]:
        """Give the pool and priority_weight that the routing rules choose for a task's keys."""
        route = self.renderer.pools.route(keys) if self.renderer.pools else None
        if route is None:
            return {"pool": "default_pool"}
        weight = {} if route.priority_weight is None else {"priority_weight": route.priority_weight}
        return {"pool": route.pool, **weight}

    def _common_keys(self) -> dict[str, Any]:
        """Give templates the spec's own keys as data, under `dag`."""
        left_out = ("template", "with", "tasks", "task_groups")
        return {key: value for key, value in self.dag.source.data.items() if key not in left_out}

    def _place_of_template(self) -> Span:
        return self.dag.source.locations.value(("template",))

    def _inputs(self) -> tuple[str, ...]:
        """Give the files of the templates that the DAG is made of."""
        names = [self.dag.template, *(group.template for group in self.dag.groups)]
        templates = [self.renderer.library.get(name) for name in names if name]
        files = [file for template in templates if template for file in template.files]
        return tuple(dict.fromkeys(files))
