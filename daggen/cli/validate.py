"""`daggen validate`: every check that needs no Airflow, in every environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daggen.cli.common import (
    FINDINGS,
    Console,
    choose_environment,
    count,
    project_options,
    select_specs,
)

if TYPE_CHECKING:
    from daggen.diagnostics import Diagnostic
    from daggen.pipeline import Settings
    from daggen.project import Environment, Project


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[SPECS]...")
@click.option("--env", metavar="NAME", help="Check for this environment only.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Worker processes. [default: by size]")
@click.option("--no-catalog", is_flag=True, help="Do not check the arguments of operators.")
@click.option(
    "--purity",
    is_flag=True,
    help="Check hand-written DAG files instead: what they do when Airflow parses them.",
)
@project_options
def command(
    paths: tuple[Path, ...],
    env: str | None,
    jobs: int | None,
    no_catalog: bool,
    purity: bool,
    console: Console,
    project: Project,
) -> None:
    """Check SPECS (files or directories; all by default). Nothing is written.

    The DAGs are rendered in memory and read back, so whatever `render` would refuse is found.
    """
    from daggen.diagnostics.collect import has_errors, ordered

    if purity:
        from daggen.code.source import dag_files

        if not paths:
            raise click.UsageError("Name the files or directories to check.")
        files = tuple(dag_files(paths))
        found = ordered(_purity(console, project, files))
        checked = count(len(files), "file")
    else:
        from daggen import pipeline

        settings = pipeline.Settings(
            selection=select_specs(console, project, paths),
            jobs=jobs,
            use_catalog=not no_catalog,
        )
        environments = _environments(console, project, env)
        dag_ids, gathered = _build_all(project, environments, settings)
        found = ordered(gathered)
        checked = count(len(dag_ids), "DAG")
    console.report(found, project.root)
    errors = sum(finding.is_error for finding in found)
    others = len(found) - errors
    summary = f"{checked} checked: {count(errors, 'error')}"
    console.note(summary + (f", {count(others, 'warning')}" if others else ""))
    if has_errors(found):
        raise click.exceptions.Exit(FINDINGS)


def _environments(console: Console, project: Project, env: str | None) -> list[Environment]:
    if env is not None or not project.environments:
        return [choose_environment(console, project, env)]
    return [project.environments[name] for name in sorted(project.environments)]


def _build_all(
    project: Project, environments: Iterable[Environment], settings: Settings
) -> tuple[set[str], list[Diagnostic]]:
    from daggen.pipeline import build

    dag_ids: set[str] = set()
    found: dict[str, Sequence[Diagnostic]] = {}
    for environment in environments:
        result = build(project, environment, settings)
        found[environment.name] = result.diagnostics
        dag_ids |= {dag_id for file in result.files.values() for dag_id in file.dag_ids}
    return dag_ids, list(_in_environments(found))


def _in_environments(found: Mapping[str, Sequence[Diagnostic]]) -> Iterator[Diagnostic]:
    """Name the environments in findings that not every environment has."""
    where: dict[tuple[object, ...], list[str]] = {}
    for name, diagnostics in found.items():
        for one in diagnostics:
            where.setdefault((one.code, one.span, one.message), []).append(name)
    for one in (one for diagnostics in found.values() for one in diagnostics):
        names = where[one.code, one.span, one.message]
        if len(names) < len(found):
            one = replace(one, message=f"{one.message} (in --env {', '.join(names)})")
        yield one


def _purity(console: Console, project: Project, paths: tuple[Path, ...]) -> list[Diagnostic]:
    """Check DAG files that need not be daggen's."""
    from daggen.code.purity import check_purity
    from daggen.code.source import read_source
    from daggen.diagnostics import Severity, Span
    from daggen.diagnostics.codes.config import NOT_FOUND
    from daggen.diagnostics.codes.review import UNREADABLE_FILE

    found: list[Diagnostic] = []
    for path in paths:
        name = project.relative(path.resolve())
        try:
            found += check_purity(read_source(path), name)
        except OSError as error:
            missing = NOT_FOUND.at(None, f"cannot read {path}: {error.strerror}")
            raise console.could_not_run([missing], project.root) from None
        except SyntaxError as error:
            place = Span(name, error.lineno or 1)
            found.append(UNREADABLE_FILE.at(place, error.msg, severity=Severity.ERROR))
    return found
