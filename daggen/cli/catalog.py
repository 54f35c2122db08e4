"""`daggen catalog`: the operators known, what each takes, and a catalog of one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daggen.cli.common import COULD_NOT_RUN, Console, console_options, count

if TYPE_CHECKING:
    from daggen.airflow.catalog import Catalog
    from daggen.airflow.catalog.build import Survey
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
@click.argument("words", nargs=-1, metavar="[TEXT]...")
@click.option("--kind", type=click.Choice(KINDS), default=None, help="Only this kind.")
@click.option("--provider", default="", help="Only distributions with this in their name.")
@_directory
@console_options
def list_operators(
    words: tuple[str, ...], kind: str | None, provider: str, directory: Path, console: Console
) -> None:
    """List the operators with every TEXT in their name, path or summary."""
    from daggen.airflow.catalog.describe import as_data, as_lines, counted, matching

    catalog = _load(console, directory)
    found = list(matching(catalog.operators(), words, kind or "", provider))
    if console.output_format == "json":
        console.result(json.dumps([as_data(each) for each in found], indent=2))
    else:
        console.result("\n".join(as_lines(found)))
    classes, arguments = counted(found)
    distributions = len({each.distribution for each in found})
    console.note(f"{_counted(classes, arguments)}, from {count(distributions, 'distribution')}")
    if not found and (hint := _hint(catalog, words, provider)):
        console.note(hint)


def _hint(catalog: Catalog, words: tuple[str, ...], provider: str) -> str:
    """Suggest the provider or the operator that was meant, where nothing was found."""
    from daggen.airflow.catalog.describe import nearest_provider

    if provider and not any(provider in name for name in catalog.versions):
        near = nearest_provider(provider, catalog.versions)
        return f'did you mean "--provider {near}"?' if near else ""
    text = " ".join(words)
    near = catalog.nearest(text) or nearest_provider(text, catalog.versions)
    return f'did you mean "{near}"?' if near else ""


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
        raise _refuse(f'{reason.capitalize()} the name "{name}": {hint}')
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
    console.note(f"importing the operators of {python}; this may take a minute ...")
    try:
        found = survey(python, packages, project.python_path if project else ())
    except BuildError as error:
        raise _refuse(f"{error}. --python names another interpreter.") from None
    _check_packages(found, packages)
    _check_only(found, only)
    found = found.limited_to(only) if only else found
    try:
        write(found.dated(), target)
    except OSError as error:
        raise _refuse(f"{target} cannot be written: {error.strerror}") from None
    for module, problem in found.problems:
        console.note(f"left out {module}: {problem}")
    console.note(f"{target}: {_counted(*found.counts)}")


def _check_packages(found: Survey, packages: tuple[str, ...]) -> None:
    """Exit with 2 where a package that was asked for cannot be imported."""
    problems = dict(found.problems)
    for package in packages:
        if package in problems:
            raise _refuse(f"{package} cannot be imported: {problems[package]}")


def _check_only(found: Survey, only: tuple[str, ...]) -> None:
    """Exit with 2 where a distribution that was asked for has no operators, or is misspelt."""
    from daggen.diagnostics import suggest

    for name in only:
        if name not in found.distributions:
            hint = suggest(name, found.distributions) or "its operators are of " + ", ".join(
                sorted(found.distributions)
            )
            raise _refuse(f'the environment has no operators of "{name}": {hint}')


def _refuse(message: str) -> click.exceptions.Exit:
    """Say why the command cannot run; the caller raises the exit that this returns."""
    click.echo(message, err=True)
    return click.exceptions.Exit(COULD_NOT_RUN)


def _counted(classes: int, arguments: int) -> str:
    """Word how many classes there are: `1 class with 3 arguments of its own`."""
    whose = "its own" if classes == 1 else "their own"
    noun = "class" if classes == 1 else "classes"
    return f"{classes} {noun} with {count(arguments, 'argument')} of {whose}"


def _load(console: Console, directory: Path) -> Catalog:
    """Open the catalogs, the project's own first where there is one."""
    from daggen.airflow.catalog import Catalog, CatalogError
    from daggen.diagnostics.codes.catalog import UNREADABLE_CATALOG

    project = _project(directory)
    try:
        if project:
            return Catalog.of_project(project.root, project.airflow)
        return Catalog.of_project(directory)
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
