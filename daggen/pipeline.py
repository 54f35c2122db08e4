"""The way through the house: from a project to the files its specs render to.

    discover → load → expand → validate → render → format → read back

`build` goes this way and ends in a mapping of paths to contents. What comes after, comparing,
printing and writing, belongs to its callers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import expansion as spec_codes
from daggen.diagnostics.codes import output as codes
from daggen.diagnostics.collect import has_errors, ordered
from daggen.diagnostics.reporters import FileStatus
from daggen.fleet.plan import FilePlan, plan
from daggen.fleet.runtime_files import runtime_files
from daggen.fleet.stamp import COMPANION, POOLS, STAMP_LINES, Stamp, companion
from daggen.project import Environment, Project
from daggen.rendering import FUNCTIONS, Renderer, Result
from daggen.specs.document import ResolvedSpec
from daggen.specs.expressions import OPEN, hint_of_braces
from daggen.specs.load import LoadedSpec, SpecLoader
from daggen.specs.pools import Pools, load_pools
from daggen.templates.library import TemplateLibrary

_WORTH_A_PROCESS = 100
"""How many DAGs a worker should have before starting one pays, if nobody says `--jobs`."""

MAX_NAME = 255
"""The longest file name that file systems take, in bytes."""


@dataclass(frozen=True)
class Settings:
    """How to build: which specs (none: all), with how many processes, what to use."""

    selection: frozenset[Path] = frozenset()
    jobs: int | None = None
    use_cache: bool = True
    use_catalog: bool = True


@dataclass(frozen=True)
class RenderedFile:
    """A file to be. Its path is relative to the output, its spec and inputs to the root."""

    path: str
    content: str
    dag_ids: tuple[str, ...] = ()
    spec: str = ""
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Build:
    """What a project renders to. With an error among the diagnostics, `files` is incomplete."""

    files: Mapping[str, RenderedFile]
    diagnostics: Sequence[Diagnostic]
    selected: frozenset[str] = field(default=frozenset())

    @property
    def failed(self) -> bool:
        """Tell whether a finding forbids to use the files."""
        return has_errors(self.diagnostics)

    def plan(self, output: Path) -> list[FilePlan]:
        """Compare with the files on disk."""
        contents = {path: file.content for path, file in self.files.items()}
        return plan(contents, output, self._owns)

    def statuses(
        self, plans: Iterable[FilePlan], where: str, words: Mapping[str, str] | None = None
    ) -> list[FileStatus]:
        """List the files for a report; `words` replaces the names of statuses."""
        found = []
        for entry in plans:
            file = self.files.get(entry.path, RenderedFile(entry.path, ""))
            status = (words or {}).get(entry.status.value, entry.status.value)
            path = f"{where}/{entry.path}"
            found.append(FileStatus(path, status, file.dag_ids, file.spec))
        return found

    def _owns(self, mark: Stamp) -> bool:
        return not self.selected or mark.spec in self.selected


@dataclass(frozen=True)
class Job:
    """One DAG to render, with the files it was read from."""

    spec: ResolvedSpec
    inputs: tuple[str, ...]


def build(project: Project, environment: Environment, settings: Settings | None = None) -> Build:
    """Render a project's specs for an environment, in memory; nothing is written.

    Pure but for the format cache: the same files give the same `Build`, whatever the number of
    processes and the order in which the disk lists files.
    """
    settings = settings or Settings()
    loaded, diagnostics = SpecLoader(project, environment).load_all()
    jobs = [Job(spec, entry.inputs) for entry in loaded for spec in entry.resolved]
    diagnostics += _check_ids(job.spec for job in jobs)
    chosen = frozenset(project.relative(path) for path in settings.selection)
    if chosen:
        jobs = [job for job in jobs if job.spec.source in chosen]
        diagnostics = [found for found in diagnostics if _concerns(found, chosen, loaded)]
    library, found = TemplateLibrary.load([project.templates], project.root, FUNCTIONS)
    pools, more = load_pools(project)
    renderer = Renderer(project, library, pools, settings.use_cache, settings.use_catalog)
    _, unreadable = renderer.opened_catalog
    diagnostics += [*found, *more, *unreadable]
    results = list(_render_all(renderer, settings, jobs))
    files: dict[str, RenderedFile] = {}
    told = frozenset(found.span for found in diagnostics if found.is_error)
    for job, result in zip(jobs, results, strict=True):
        fresh = (found for found in result.diagnostics if found.span not in told)
        diagnostics += _in_row(fresh, job.spec)
        if result.path:
            files[result.path] = _file(job, result, pools)
            diagnostics += _check_name(result.path, job.spec)
    diagnostics += _check_clashes(jobs, results)
    files |= _shared_files(results, pools, whole=not chosen)
    return Build(dict(sorted(files.items())), ordered(diagnostics), chosen)


def locator(project: Project, environment: Environment) -> Callable[[str, int], Span | None]:
    """Give a function from a line of a generated file to the spec or template it comes from.

    Its path is relative to the output, its line counts from the top of the file. It gives None
    when no spec renders to this path.
    """
    loaded, _ = SpecLoader(project, environment).load_all()
    library, _ = TemplateLibrary.load([project.templates], project.root, FUNCTIONS)
    pools, _ = load_pools(project)
    renderer = Renderer(project, library, pools)
    specs = {
        project.file_of(spec.source, str(spec.data.get("dag_id"))): spec
        for entry in reversed(loaded)
        for spec in reversed(entry.resolved)
    }

    def locate(path: str, line: int) -> Span | None:
        return renderer.locate(specs[path], line - STAMP_LINES) if path in specs else None

    return locate


def _render_all(renderer: Renderer, settings: Settings, jobs: Sequence[Job]) -> Iterator[Result]:
    """Render jobs in their order, in this process or, for many, in several."""
    workers = settings.jobs or min(os.cpu_count() or 1, len(jobs) // _WORTH_A_PROCESS)
    if workers < 2 or len(jobs) < 2:
        yield from _render_chunk(renderer, jobs)
        return
    size = -(-len(jobs) // (workers * 4))
    chunks = [jobs[start : start + size] for start in range(0, len(jobs), size)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for results in pool.map(partial(_render_chunk, renderer), chunks):
            yield from results


def _render_chunk(renderer: Renderer, jobs: Sequence[Job]) -> list[Result]:
    return [renderer.render(job.spec) for job in jobs]


def _file(job: Job, result: Result, pools: Pools | None) -> RenderedFile:
    inputs = dict.fromkeys([*job.inputs, *result.inputs, *([pools.path] if pools else [])])
    return RenderedFile(
        result.path, result.content, (result.dag_id,), job.spec.source, tuple(inputs)
    )


def _shared_files(
    results: Iterable[Result], pools: Pools | None, *, whole: bool
) -> dict[str, RenderedFile]:
    """Give the files that no single DAG owns: pools to import, and runtime modules used."""
    contents = runtime_files({module for result in results for module in result.runtime})
    if pools and whole:
        text = pools.as_json()
        contents |= {POOLS: text, POOLS + COMPANION: companion(POOLS, text)}
    return {path: RenderedFile(path, content) for path, content in contents.items()}


def _check_ids(specs: Iterable[ResolvedSpec]) -> Iterator[Diagnostic]:
    """Report every dag_id that is given twice across the fleet."""
    first: dict[str, Span] = {}
    for spec in specs:
        dag_id = spec.data.get("dag_id")
        span = spec.locations.value(("dag_id",))
        if not isinstance(dag_id, str) or OPEN in dag_id:
            continue  # what could not be evaluated is reported already
        if dag_id in first:
            message = f'the dag_id "{dag_id}" is given twice'
            related = [(first[dag_id], "first given here")]
            found = spec_codes.DUPLICATE_DAG_ID.at(
                span, message, hint=hint_of_braces(dag_id), related=related
            )
            yield from _in_row([found], spec)
        else:
            first[dag_id] = span


def _in_row(diagnostics: Iterable[Diagnostic], spec: ResolvedSpec) -> Iterator[Diagnostic]:
    """Name the row of a loop in findings whose place does not show it."""
    rows = [(span, f'in this row of "{name}"') for name, span in spec.row_spans.items()]
    for found in diagnostics:
        here = found.span
        extra = [r for r in rows if not here or (r[0].path, r[0].line) != (here.path, here.line)]
        yield replace(found, related=(*found.related, *extra)) if extra else found


def _check_name(path: str, spec: ResolvedSpec) -> Iterator[Diagnostic]:
    """Report a file name that no file system takes, or that cannot stand in the file's header."""
    name = path.rpartition("/")[2]
    if len(name.encode()) > MAX_NAME:
        span = spec.locations.value(("dag_id",))
        yield codes.NAME_TOO_LONG.at(span, f'"{name}" has more than {MAX_NAME} bytes')
    if not spec.source.isprintable() or re.search("coding[:=]", spec.source):
        message = "the path of this spec cannot stand in the header of a Python file"
        yield codes.UNSAFE_SPEC_NAME.at(spec.locations.root, message, hint="rename the spec")


def _check_clashes(jobs: Sequence[Job], results: Sequence[Result]) -> Iterator[Diagnostic]:
    """Report paths that differ only in case: they are one file on some machines."""
    first: dict[str, str] = {}
    for job, result in zip(jobs, results, strict=True):
        other = first.setdefault(result.path.casefold(), result.path)
        if result.path and other != result.path:
            span = job.spec.locations.value(("dag_id",))
            message = f'"{result.path}" and "{other}" are one file on some machines'
            yield codes.PATH_CLASH.at(span, message)


def _concerns(found: Diagnostic, chosen: frozenset[str], loaded: Sequence[LoadedSpec]) -> bool:
    """Tell whether a finding of loading is about one of the chosen specs, or what it inherits."""
    if found.span is None:
        return True
    inputs = {path for entry in loaded if entry.source in chosen for path in entry.inputs}
    return found.span.path in chosen | inputs
