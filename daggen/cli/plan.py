"""`daggen plan`: what changes in the fleet, by meaning, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from daggen.cli.common import FINDINGS, Console, choose_environment, project_options

if TYPE_CHECKING:
    from daggen.project import Project
    from daggen.review.changes import FleetChange

FORMATS = ("text", "markdown", "json", "html")


@click.command("plan")
@click.option(
    "--base",
    metavar="REV",
    help="The git revision to compare with.  [default: where this branch left the default branch]",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the plan to this file instead of stdout.",
)
@click.option("--env", "env", metavar="NAME", help="Plan the fleet of this environment.")
@project_options
def command(
    console: Console,
    project: Project,
    base: str | None,
    form: str,
    output: Path | None,
    env: str | None,
) -> None:
    """Tell what the specs change in the fleet, by meaning, and the cause of each change.

    Compares the generated DAGs at a git revision with what the specs render to now. Formatting,
    comments and names of variables are no change. Without git, compares with the files on disk.
    """
    from daggen.pipeline import build
    from daggen.review.plan import plan_changes

    environment = choose_environment(console, project, env)
    built = build(project, environment)
    if built.failed:
        console.report(built.diagnostics, project.root)
        raise click.exceptions.Exit(FINDINGS)
    fleet, diagnostics = plan_changes(project, environment, built, base)
    if fleet is None:
        raise console.could_not_run(diagnostics, project.root)
    if output is None:
        console.result(_rendered(fleet, form, color=True))
    else:
        console.write(output, _rendered(fleet, form, color=False))
        console.note(f"Wrote {output}.")
    for each in diagnostics:
        console.note(f"{each.severity}[{each.code}]: {each.span}: {each.message}")
    folder = environment.output or project.output
    for entry in built.plan(folder):
        if entry.status == "edited":
            path = f"{project.relative(folder)}/{entry.path}"
            console.note(f"{path} was edited by hand: rendering it needs --force.")


def _rendered(fleet: FleetChange, form: str, color: bool) -> str:
    match form:
        case "markdown":
            from daggen.review.render.markdown import render_markdown

            return render_markdown(fleet)
        case "json":
            from daggen.review.render.json import render_plan_json

            return render_plan_json(fleet)
        case "html":
            from daggen.review.render.html import render_plan_html

            return render_plan_html(fleet)
        case _:
            from daggen.review.render.text import render_text

            return render_text(fleet, color)
