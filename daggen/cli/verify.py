"""`daggen verify`: the proof that Airflow sees exactly what the files say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daggen.cli.common import FINDINGS, Console, choose_environment, count, project_options

if TYPE_CHECKING:
    from daggen.airflow.verify.load import Loaded
    from daggen.diagnostics import Span
    from daggen.project import Environment, Project


@click.command("verify")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--python", metavar="PATH", help="The interpreter that has Airflow. [default: this]")
@click.option("--isolated", is_flag=True, help="Load each file in a process of its own.")
@click.option("--env", metavar="NAME", help="The environment whose output is verified.")
@project_options
def command(
    files: tuple[Path, ...],
    python: str | None,
    isolated: bool,
    env: str | None,
    console: Console,
    project: Project,
) -> None:
    """Load FILES or directories (the whole fleet by default) in real Airflow.

    Finds import errors, files that are slow to parse, and every difference between Airflow's
    serialized DAG and what daggen reads from the file.
    """
    from daggen.airflow.verify.load import ProbeError, default_python, load_files
    from daggen.airflow.verify.verify import verify
    from daggen.code.source import dag_files
    from daggen.diagnostics.codes.verify import NO_AIRFLOW
    from daggen.diagnostics.collect import has_errors, ordered

    environment = choose_environment(console, project, env)
    output = environment.output or project.output
    chosen = list(dag_files(path.resolve() for path in files)) or _generated(output)
    try:
        loaded = load_files(
            chosen,
            python=python or default_python(),
            python_path=[output, *project.python_path],
            isolated=isolated,
        )
    except ProbeError as error:
        hint = "name the interpreter that has Airflow with --python"
        missing = NO_AIRFLOW.at(None, str(error), hint=hint)
        raise console.could_not_run([missing], project.root) from None
    found = ordered(verify(loaded, project.relative, _spec_line(project, environment)))
    console.report(found, project.root)
    for file in loaded:
        console.detail(f"{file.milliseconds:8.1f} ms  {project.relative(file.path)}")
    console.note(_summary(loaded))
    if has_errors(found):
        raise click.exceptions.Exit(FINDINGS)


def _generated(output: Path) -> list[Path]:
    from daggen.fleet.plan import generated_files
    from daggen.fleet.runtime_files import PACKAGE

    paths = [path for path in generated_files(output) if path.endswith(".py")]
    return [output / path for path in sorted(paths) if not path.startswith(f"{PACKAGE}/")]


def _spec_line(project: Project, environment: Environment) -> Callable[[Path, int], Span | None]:
    """Give a function from a line of a generated file to the spec or template it comes from."""
    from functools import cache

    from daggen.pipeline import locator

    output = environment.output or project.output
    locate = cache(lambda: locator(project, environment))

    def spec_line(path: Path, line: int) -> Span | None:
        if not path.is_relative_to(output):
            return None
        return locate()(path.relative_to(output).as_posix(), line)

    return spec_line


def _summary(loaded: Sequence[Loaded]) -> str:
    dags = sum(len(file.dags) for file in loaded)
    failed = sum(bool(file.errors) for file in loaded)
    total = sum(file.milliseconds for file in loaded)
    text = f"{count(len(loaded), 'file')} loaded in Airflow: {count(dags, 'DAG')}"
    broken = f", {count(failed, 'file')} with import errors" if failed else ""
    return f"{text}{broken}; parsing took {total:.0f} ms"
