"""`daggen graph DAG_ID|FILE`: a DAG as text, mermaid, dot, svg, json or html."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from daggen.cli.common import (
    COULD_NOT_RUN,
    FINDINGS,
    Console,
    choose_environment,
    console_options,
    directory_option,
)

if TYPE_CHECKING:
    from daggen.code.graph import DagGraph
    from daggen.diagnostics import Diagnostic

FORMATS = ("text", "mermaid", "dot", "svg", "json", "html")
ONE_DAG = frozenset({"svg", "html"})


@click.command("graph")
@click.argument("what", metavar="DAG_ID|FILE")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of stdout.",
)
@click.option("--dag", "dag_id", metavar="DAG_ID", help="The DAG to draw, of a file with several.")
@directory_option
@console_options
def command(
    console: Console,
    what: str,
    form: str,
    output: Path | None,
    dag_id: str | None,
    directory: Path,
) -> None:
    """Draw a DAG of the fleet, as its spec renders now, or the DAGs of a Python FILE.

    Groups are boxes; mapped tasks and branches have their own shapes. The file is read, not run,
    and need not be generated.
    """
    from daggen.diagnostics import Diagnostic

    file = Path(what)
    dags = _in_file(console, file) if file.is_file() else _in_fleet(console, what, directory)
    if dag_id is not None:
        dags = tuple(dag for dag in dags if dag.dag_id == dag_id)
    problem = _problem(dags, what, dag_id, form)
    drawn = problem or _rendered(dags, form)
    if isinstance(drawn, Diagnostic):
        raise console.could_not_run([drawn], None)
    if output is None:
        console.result(drawn)
    else:
        console.write(output, drawn)
        console.note(f"Wrote {output}.")


def _in_file(console: Console, path: Path) -> tuple[DagGraph, ...]:
    from daggen.code.reader import read_dags
    from daggen.code.source import read_source
    from daggen.diagnostics import Severity, Span
    from daggen.diagnostics.codes.review import UNREADABLE_FILE

    try:
        return read_dags(read_source(path), path.as_posix())
    except (SyntaxError, ValueError) as problem:
        place = Span(path.as_posix(), getattr(problem, "lineno", None) or 1)
        reason = getattr(problem, "msg", problem)
        found = UNREADABLE_FILE.at(place, f"not valid Python: {reason}", severity=Severity.ERROR)
        console.report([found], None)
        raise click.exceptions.Exit(COULD_NOT_RUN) from None


def _in_fleet(console: Console, dag_id: str, directory: Path) -> tuple[DagGraph, ...]:
    """Render the fleet and give the DAG; an error elsewhere in the fleet does not matter."""
    from daggen.code.reader import read_dags
    from daggen.config import ConfigError, find_project
    from daggen.diagnostics import suggest
    from daggen.diagnostics.codes.review import UNKNOWN_DAG
    from daggen.pipeline import build

    try:
        project = find_project(directory)
    except ConfigError as error:
        raise console.could_not_run(error.diagnostics, directory) from None
    built = build(project, choose_environment(console, project, None))
    ids = {name: file for file in built.files.values() for name in file.dag_ids}
    if dag_id in ids:
        found = read_dags(ids[dag_id].content, ids[dag_id].path)
        return tuple(dag for dag in found if dag.dag_id == dag_id)
    if built.failed:
        console.report(built.diagnostics, project.root)
        raise click.exceptions.Exit(FINDINGS)
    message = f'there is no DAG "{dag_id}" in the fleet, and no such file'
    raise console.could_not_run(
        [UNKNOWN_DAG.at(None, message, hint=suggest(dag_id, ids))], project.root
    )


def _problem(
    dags: tuple[DagGraph, ...], what: str, dag_id: str | None, form: str
) -> Diagnostic | None:
    from daggen.diagnostics.codes.review import UNKNOWN_DAG

    if not dags:
        named = f' with the id "{dag_id}"' if dag_id else ""
        return UNKNOWN_DAG.at(None, f'no DAG{named} in "{what}"')
    if len(dags) > 1 and form in ONE_DAG:
        ids = ", ".join(dag.dag_id for dag in dags)
        hint = f"choose one with --dag: {ids}"
        return UNKNOWN_DAG.at(None, f'"{what}" has {len(dags)} DAGs, {form} shows one', hint=hint)
    return None


def _rendered(dags: tuple[DagGraph, ...], form: str) -> str | Diagnostic:
    from daggen.review.picture import picture_of

    match form:
        case "mermaid":
            from daggen.review.render.mermaid import render_mermaid

            return "\n".join(render_mermaid(picture_of(dag)) for dag in dags)
        case "dot":
            from daggen.review.render.dot import render_dot

            return "\n".join(render_dot(picture_of(dag)) for dag in dags)
        case "svg":
            from daggen.review.render.svg import render_svg

            return render_svg(picture_of(dags[0]))
        case "json":
            from daggen.review.render.json import render_graph_json

            return render_graph_json(dags)
        case "html":
            from daggen.review.render.html import render_graph_html

            return render_graph_html(dags[0])
        case _:
            from daggen.review.render.outline import render_outline

            return "\n".join(render_outline(dag) for dag in dags)
