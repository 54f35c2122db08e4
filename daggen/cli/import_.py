"""`daggen import`: rewrite another tool's files as specs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daggen.cli.common import (
    FINDINGS,
    Console,
    choose_environment,
    count,
    project_options,
)

if TYPE_CHECKING:
    from daggen.project import Project
    from daggen.specs.dagfactory.rewriting import Rewritten


@click.group("import")
def command() -> None:
    """Rewrite another tool's files as specs."""


@command.command("dag-factory")
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the specs go.  [default: DIR if it lies in the project's specs, else those]",
)
@click.option("--env", "environment", help="The environment whose vars replace $X.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@project_options
def dag_factory(
    folder: Path,
    output: Path | None,
    environment: str | None,
    force: bool,
    console: Console,
    project: Project,
) -> None:
    """Rewrite the dag-factory files below DIR as native specs, one for each DAG.

    Comments are kept, defaults are written out in each spec. The files themselves stay as they
    are: remove them when the specs render as they did.
    """
    from daggen.airflow.catalog.catalog import Catalog
    from daggen.airflow.catalog.store import CatalogError
    from daggen.diagnostics.codes.catalog import UNREADABLE_CATALOG
    from daggen.diagnostics.codes.dagfactory import NEEDS_IMPORT_EXTRA
    from daggen.diagnostics.collect import has_errors, ordered
    from daggen.specs.dagfactory.rewriting import existing, rewrite

    variables = choose_environment(console, project, environment).vars
    source = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links
    target = Path(os.path.abspath(output)) if output else _target(source, project)  # noqa: PTH100
    try:
        operators = Catalog.of_project(project.root, project.airflow)
        result = rewrite(project, source, target, variables, operators)
    except CatalogError as error:
        found = UNREADABLE_CATALOG.at(None, str(error))
        raise console.could_not_run([found], project.root) from None
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "ruamel":
            raise
        message = "ruamel.yaml is not installed"
        hint = 'pip install "daggen[import]"'
        found = NEEDS_IMPORT_EXTRA.at(None, message, hint=hint)
        raise console.could_not_run([found], project.root) from None
    diagnostics = [*result.diagnostics, *([] if force else existing(result.files, project))]
    console.report(ordered(diagnostics), project.root)
    if has_errors(diagnostics):
        console.note("Nothing was written.")
        raise click.exceptions.Exit(FINDINGS)
    _write(result, console, project)


def _target(source: Path, project: Project) -> Path:
    return source if source.is_relative_to(project.specs) else project.specs


def _write(result: Rewritten, console: Console, project: Project) -> None:
    for path, text in result.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        console.result(project.relative(path))
    if not result.originals:
        console.note("There are no DAGs of dag-factory here.")
        return
    console.note(f"Wrote {count(len(result.files), 'spec')}.")
    left = [path for path in result.originals if path not in result.files]
    inside = [path for path in left if path.is_relative_to(project.specs)]
    if inside:
        names = ", ".join(project.relative(path) for path in inside)
        console.note(f"Remove what they replace, or its DAGs are there twice: {names}")
