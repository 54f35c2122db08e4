"""`daggen catalog`: the operators known, what each takes, and a catalog of one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daggen.cli.common import COULD_NOT_RUN, Console, console_options

if TYPE_CHECKING:
    from daggen.airflow.catalog import Catalog
    from daggen.project import Project

KINDS = ("operator", "sensor", "transfer", "notifier", "decorator", "dag", "group")


class _SearchGroup(click.Group):
    """A group whose `list` may be left out: `daggen catalog slack`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take whatever names no command as what `list` is to look for."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


_directory = click.option(
    "--project",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="A directory of the project.  [default: the current one]",
)


@click.group("catalog", cls=_SearchGroup)
def command() -> None:
    """List the operators known, show what one takes, or build a catalog.

    daggen ships a catalog of Airflow's usual providers. A project's own, in
    .daggen/catalog.json.gz, goes before it.
    """


@command.command("list")
@click.argument("text", default="")
@click.option("--kind", type=click.Choice(KINDS), default=None, help="Only this kind.")
@click.option("--provider", default="", help="Only distributions with this in their name.")
@_directory
@console_options
def list_operators(
    text: str, kind: str | None, provider: str, directory: Path, console: Console
) -> None:
    """List the operators with TEXT in their name, path or summary."""
    from daggen.airflow.catalog.describe import as_data, as_lines, counted, matching

    catalog = _load(console, directory)
    found = list(matching(catalog.operators(), text, kind or "", provider))
    if console.output_format == "json":
        console.result(json.dumps([as_data(each) for each in found], indent=2))
    else:
        console.result("\n".join(as_lines(found)))
    classes, arguments = counted(found)
    distributions = len({each.distribution for each in found})
    console.note(
        f"{classes} classes with {arguments} arguments of their own, "
        f"from {distributions} distributions"
    )
    if not found and (nearest := catalog.nearest(text)):
        console.note(f'did you mean "{nearest}"?')


@command.command("show")
@click.argument("name")
@_directory
@console_options
def show(name: str, directory: Path, console: Console) -> None:
    """Show what operator NAME takes; with -v also what it takes from its base class."""
    from daggen.airflow.catalog.describe import as_data, describe
    from daggen.airflow.catalog.graphs import unknown_operator_hint

    catalog = _load(console, directory)
    operator = catalog.find(name)
    if operator is None:
        several = catalog.candidates(name)
        hint = " or ".join(several) if several else unknown_operator_hint(name, catalog)
        reason = "several operators have" if several else "no operator has"
        click.echo(f'{reason.capitalize()} the name "{name}": {hint}', err=True)
        raise click.exceptions.Exit(COULD_NOT_RUN)
    if console.output_format == "json":
        console.result(json.dumps(as_data(operator), indent=2))
    else:
        console.result("\n".join(describe(operator, with_base=console.verbose)))


@command.command("build")
@click.option("--python", default=sys.executable, help="An interpreter that has Airflow.")
@click.option("--package", "packages", multiple=True, help="A package with operators of your own.")
@click.option("--only", multiple=True, help="Write only this distribution (repeatable).")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    help="A file (*.gz), or a directory for one file a distribution."
    "  [default: .daggen/catalog.json.gz of the project]",
)
@_directory
@console_options
def build(
    python: str,
    packages: tuple[str, ...],
    only: tuple[str, ...],
    output: Path | None,
    directory: Path,
    console: Console,
) -> None:
    """Write down the operators of an Airflow environment: all its providers, and PACKAGEs."""
    from daggen.airflow.catalog.build import BuildError, survey, write
    from daggen.airflow.catalog.catalog import PROJECT_FILE

    project = _project(directory)
    target = output or (project.root if project else directory) / PROJECT_FILE
    try:
        found = survey(python, packages, project.python_path if project else ())
        write(found, target, only)
    except BuildError as error:
        click.echo(f"{error}. --python names another interpreter.", err=True)
        raise click.exceptions.Exit(COULD_NOT_RUN) from None
    except OSError as error:
        click.echo(f"{target} cannot be written: {error.strerror}", err=True)
        raise click.exceptions.Exit(COULD_NOT_RUN) from None
    for module, problem in found.problems:
        console.note(f"left out {module}: {problem}")
    classes, arguments = found.counts
    console.note(f"{target}: {classes} classes with {arguments} arguments of their own")


def _load(console: Console, directory: Path) -> Catalog:
    """Open the catalogs, the project's own first where there is one."""
    from daggen.airflow.catalog import PROJECT_FILE, Catalog, CatalogError
    from daggen.diagnostics.codes.catalog import UNREADABLE_CATALOG

    project = _project(directory)
    own = (project.root if project else directory) / PROJECT_FILE
    try:
        layers = [own] if own.is_file() else []
        return Catalog.load(layers, project.airflow) if project else Catalog.load(layers)
    except CatalogError as error:
        finding = UNREADABLE_CATALOG.at(None, str(error))
        raise console.could_not_run([finding], None) from None


def _project(directory: Path) -> Project | None:
    """Give the project that a directory lies in; the catalog needs none."""
    from daggen.config import ConfigError, find_project

    try:
        return find_project(directory)
    except ConfigError:
        return None
