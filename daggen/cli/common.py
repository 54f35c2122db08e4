"""What all commands share: their common options, the project they work on, how they speak."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daggen.diagnostics import Diagnostic
from daggen.diagnostics.reporters import FORMATS, FileStatus, Report, render

if TYPE_CHECKING:
    from daggen.project import Environment, Project

FINDINGS = 1
COULD_NOT_RUN = 2


@dataclass(frozen=True)
class Console:
    """Where a command speaks: results to stdout, progress and summaries to stderr."""

    output_format: str = "text"
    quiet: bool = False
    verbose: bool = False

    def result(self, text: str) -> None:
        """Print a result."""
        if text:
            click.echo(text, nl=not text.endswith("\n"), color=_wants_color(sys.stdout))

    def note(self, text: str) -> None:
        """Say something about the run, unless `-q` silences it."""
        if not self.quiet:
            click.echo(text, err=True, color=_wants_color(sys.stderr))

    def detail(self, text: str) -> None:
        """Say something that only `-v` asks for."""
        if self.verbose:
            click.echo(text, err=True)

    def report(
        self,
        diagnostics: Sequence[Diagnostic],
        root: Path | None,
        files: Sequence[FileStatus] = (),
    ) -> None:
        """Print diagnostics in the chosen format."""
        color = self.output_format == "text" and _wants_color(sys.stdout)
        report = Report(diagnostics, files, root, color)
        self.result(render(report, self.output_format))

    def write(self, path: Path, text: str, *, make_folder: bool = False) -> None:
        """Write a result to a file; exits with 2 if the operating system refuses."""
        from daggen.diagnostics.codes.output import NOT_WRITTEN

        try:
            if make_folder:
                path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            refused = NOT_WRITTEN.at(None, f"cannot write {path}: {error.strerror}")
            raise self.could_not_run([refused], None) from None

    def could_not_run(
        self, diagnostics: Sequence[Diagnostic], root: Path | None
    ) -> click.exceptions.Exit:
        """Print why the command cannot run; the caller raises the exit that this returns."""
        self.report(diagnostics, root)
        return click.exceptions.Exit(COULD_NOT_RUN)


def _wants_color(stream: Any) -> bool:
    """Follow NO_COLOR (https://no-color.org), FORCE_COLOR, then whether this is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream is not None and bool(stream.isatty())


def console_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `-q`, `-v` and `--output-format`; the command takes a `console`."""

    @click.option("-q", "--quiet", is_flag=True, help="Print results only, no summary.")
    @click.option("-v", "--verbose", is_flag=True, help="Say more about what is done.")
    @click.option(
        "--output-format",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="How diagnostics are printed.",
    )
    @wraps(function)
    def wrapper(*args: Any, quiet: bool, verbose: bool, output_format: str, **options: Any) -> Any:
        return function(*args, console=Console(output_format, quiet, verbose), **options)

    return wrapper


directory_option = click.option(
    "--project",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="A directory of the project.  [default: the current one]",
)
"""The option that says where the project is."""


def project_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the console's options and `--project`; the command takes a `console` and a `project`."""

    @console_options
    @directory_option
    @wraps(function)
    def wrapper(*args: Any, console: Console, directory: Path, **options: Any) -> Any:
        from daggen.config import ConfigError, find_project
        from daggen.diagnostics.codes.config import NOT_FOUND

        try:
            project = find_project(directory)
        except ConfigError as error:
            raise console.could_not_run(error.diagnostics, _root_of(directory)) from None
        except FileNotFoundError:
            gone = NOT_FOUND.at(None, "the current directory is deleted")
            raise console.could_not_run([gone], None) from None
        return function(*args, console=console, project=project, **options)

    return wrapper


def _root_of(directory: Path) -> Path:
    """Give the directory whose configuration was refused, so that its lines can be quoted."""
    here = directory.resolve()
    for folder in (here, *here.parents):
        if (folder / "daggen.toml").is_file() or (folder / "pyproject.toml").is_file():
            return folder
    return here


def choose_environment(console: Console, project: Project, name: str | None) -> Environment:
    """Give the environment that `--env` names, or the default one; exits with 2 if unknown."""
    from daggen.config import DEFAULT_ENVIRONMENT
    from daggen.diagnostics import suggest
    from daggen.diagnostics.codes.config import UNKNOWN_ENVIRONMENT
    from daggen.project import Environment

    if name is None:
        return project.environments.get(DEFAULT_ENVIRONMENT, Environment())
    if name in project.environments:
        return project.environments[name]
    known = ", ".join(sorted(project.environments)) or "none"
    hint = suggest(name, project.environments) or f"the environments are: {known}"
    message = f'there is no environment "{name}"'
    raise console.could_not_run([UNKNOWN_ENVIRONMENT.at(None, message, hint=hint)], project.root)


def select_specs(console: Console, project: Project, paths: Sequence[Path]) -> frozenset[Path]:
    """Give the spec files that paths on the command line name; exits with 2 for one that is none.

    A directory names all specs below it. An empty result stands for the whole project; a file
    of defaults, pools or rows asks for it too, since it may reach every spec.
    """
    from daggen.diagnostics.codes.config import NOT_FOUND
    from daggen.specs.discover import discover

    if not paths:
        return frozenset()
    specs = discover(project.specs)
    chosen: set[Path] = set()
    for path in paths:
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
        if whole.is_file() and whole.is_relative_to(project.specs) and whole not in specs:
            return frozenset()
        matches = [spec for spec in specs if spec == whole or spec.is_relative_to(whole)]
        if not matches:
            hint = f"specs are .yaml files below {project.relative(project.specs)}/"
            message = f'"{path}" is no spec of this project'
            raise console.could_not_run([NOT_FOUND.at(None, message, hint=hint)], project.root)
        chosen.update(matches)
    return frozenset(chosen)


def count(number: int, noun: str) -> str:
    """Word a number of things: `1 error`, `3 errors`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
