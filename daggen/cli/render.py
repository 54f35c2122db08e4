"""`daggen render`: the main job, and its `--check` and `--diff`."""

from __future__ import annotations

from collections.abc import Sequence
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
    from daggen.fleet.plan import FilePlan
    from daggen.pipeline import Build
    from daggen.project import Project

DONE = {"missing": "created", "changed": "updated", "stale": "deleted"}


@click.command("render")
@click.argument("specs", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 on drift.")
@click.option("--diff", is_flag=True, help="Write nothing; print the changes as a unified diff.")
@click.option("--env", metavar="NAME", help="The environment whose vars and output are used.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Worker processes. [default: by size]")
@click.option("--force", is_flag=True, help="Overwrite hand edits and files not made by daggen.")
@click.option("--no-cache", is_flag=True, help="Format every file anew.")
@click.option("--no-catalog", is_flag=True, help="Do not check the arguments of operators.")
@click.option("--watch", is_flag=True, help="Render again whenever a file of the project changes.")
@project_options
def command(
    specs: tuple[Path, ...],
    check: bool,
    diff: bool,
    env: str | None,
    force: bool,
    watch: bool,
    console: Console,
    project: Project,
    **settings: object,
) -> None:
    """Render SPECS (files or directories; all by default) to DAG files.

    Everything is rendered and checked in memory first: one error, and no file changes.
    """
    from daggen.pipeline import Settings, build

    environment = choose_environment(console, project, env)
    chosen = Settings(
        selection=select_specs(console, project, specs),
        jobs=settings["jobs"],  # type: ignore[arg-type]
        use_cache=not settings["no_cache"],
        use_catalog=not settings["no_catalog"],
    )
    output = environment.output or project.output

    def run() -> int:
        result = build(project, environment, chosen)
        if result.failed:
            return _fail(console, project, result)
        if check or diff:
            return _compare(console, project, result, output, show_diff=diff, report=check)
        return _write(console, project, result, output, force=force)

    if watch:
        from daggen.cli.watching import watch as watch_project

        watch_project(console, project, run)
    elif code := run():
        raise click.exceptions.Exit(code)


def _fail(console: Console, project: Project, result: Build) -> int:
    console.report(result.diagnostics, project.root)
    errors = sum(found.is_error for found in result.diagnostics)
    console.note(f"{count(errors, 'error')}; no file was changed")
    return FINDINGS


def _compare(
    console: Console,
    project: Project,
    result: Build,
    output: Path,
    *,
    show_diff: bool,
    report: bool,
) -> int:
    from daggen.fleet.diff import diff
    from daggen.fleet.drift import drift

    plans = result.plan(output)
    where = project.relative(output)
    drifted = [entry for entry in plans if entry.is_drift]
    if show_diff:
        console.result(diff(plans, where))
    if report or not show_diff:
        found = [*result.diagnostics, *drift(plans, where)]
        console.report(found, project.root, result.statuses(plans, where))
    if not drifted:
        console.note(f"{count(len(plans), 'file')} up to date")
        return 0
    console.note(f"{len(drifted)} of {count(len(plans), 'file')} would change")
    return FINDINGS


def _write(console: Console, project: Project, result: Build, output: Path, *, force: bool) -> int:
    from daggen.diagnostics.codes.output import NOT_WRITTEN
    from daggen.fleet.drift import drift
    from daggen.fleet.stamp import COMPANION
    from daggen.fleet.write import WriteError, write

    plans = result.plan(output)
    where = project.relative(output)
    refused = [] if force else [entry for entry in plans if entry.status.is_protected]
    left = {name for entry in refused for name in (entry.path, entry.path + COMPANION)}
    todo = [entry for entry in plans if entry.is_drift and entry.path not in left]
    try:
        write(todo, output)
    except WriteError as error:
        raise console.could_not_run([NOT_WRITTEN.at(None, str(error))], project.root) from None
    found = [*result.diagnostics, *drift(refused, where)]
    console.report(found, project.root, result.statuses(plans, where, DONE))
    for entry in todo:
        console.detail(f"{_word(entry)} {where}/{entry.path}")
    console.note(_summary(plans, todo, refused))
    return FINDINGS if refused else 0


def _word(entry: FilePlan) -> str:
    if entry.status.is_protected:
        return "overwritten" if entry.after is not None else "deleted"
    return DONE.get(entry.status.value, entry.status.value)


def _summary(
    plans: Sequence[FilePlan], todo: Sequence[FilePlan], refused: Sequence[FilePlan]
) -> str:
    words = ["created", "updated", "overwritten", "deleted"]
    numbers = {word: sum(_word(entry) == word for entry in todo) for word in words}
    parts = [f"{number} {word}" for word, number in numbers.items() if number]
    parts.append(f"{len(plans) - len(todo) - len(refused)} unchanged")
    if refused:
        parts.append(f"{len(refused)} left alone (--force overwrites)")
    return f"{count(len(plans), 'file')}: {', '.join(parts)}"
