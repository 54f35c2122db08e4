"""`daggen pull`: refresh snapshots from databases, APIs and files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from daggen.cli.common import Console, count, project_options

if TYPE_CHECKING:
    from daggen.project import Project
    from daggen.sources.pull import PullMode, PullResult


@click.command("pull")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a snapshot is out of date.")
@click.option("--dry-run", is_flag=True, help="Write nothing; tell what would change.")
@click.option("--allow-removals", is_flag=True, help="Accept that most rows of a source are gone.")
@project_options
def command(
    sources: tuple[str, ...],
    check: bool,
    dry_run: bool,
    allow_removals: bool,
    console: Console,
    project: Project,
) -> None:
    """Read the SOURCES (default: all) and write their rows to specs/_sources/.

    All sources are read first; if one cannot be, nothing is written.
    """
    from daggen.sources.pull import PullMode, pull_sources

    if check and dry_run:
        raise click.UsageError("--check and --dry-run exclude each other.")
    mode = PullMode.CHECK if check else PullMode.DRY_RUN if dry_run else PullMode.WRITE
    result = pull_sources(project, sources, mode, os.environ, allow_removals=allow_removals)
    if console.output_format == "text" and mode is not PullMode.CHECK and not result.exit_code:
        console.result(_differences(result))
    console.report(result.diagnostics, project.root)
    console.note(_summary(result, mode, len(project.sources)))
    raise click.exceptions.Exit(result.exit_code)


def _differences(result: PullResult) -> str:
    """Tell what changed in each source, row by row."""
    told = [drift for drift in result.drifts if drift]
    blocks = [[drift.source, *(f"  {line}" for line in drift.lines())] for drift in told]
    return "\n".join(line for block in blocks for line in block)


def _summary(result: PullResult, mode: PullMode, configured: int) -> str:
    if not configured:
        return "No sources are configured."
    if result.exit_code and any(found.is_error for found in result.diagnostics):
        drifted = [drift for drift in result.drifts if drift]
        if result.exit_code == 1 and mode == "check" and drifted:
            return f"{count(len(drifted), 'snapshot')} out of date."
        return "Nothing was written."
    changes = [f"{drift.source}: {drift.summary()}" for drift in result.drifts if drift]
    if not changes:
        return f"{count(len(result.drifts), 'source')} unchanged."
    verb = "Wrote" if mode == "write" else "Would write"
    return "\n".join([*changes, f"{verb} {count(len(changes), 'snapshot')}."])
