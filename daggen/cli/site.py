"""`daggen site DIR`: a static page of the whole fleet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daggen.cli.common import FINDINGS, Console, choose_environment, project_options

if TYPE_CHECKING:
    from daggen.pipeline import Build
    from daggen.project import Project
    from daggen.review.site.page import SiteFleet


@click.command("site")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The first day of the week that is shown.  [default: today, in UTC]",
)
@click.option(
    "--assume-minutes",
    type=click.IntRange(1, 10_080),
    default=10,
    show_default=True,
    help="How long a task without an execution_timeout is taken to last.",
)
@click.option("--env", metavar="NAME", help="Show the fleet of this environment.")
@project_options
def command(
    console: Console,
    project: Project,
    folder: Path,
    first: datetime | None,
    assume_minutes: int,
    env: str | None,
) -> None:
    """Write DIR/index.html: every DAG with its owner, schedule, next runs, graph, pools and alerts.

    The page also shows when DAGs start over a week and what each pool is asked for. It is one
    file, and needs no network.
    """
    from daggen.pipeline import build
    from daggen.review.site.page import render_site

    environment = choose_environment(console, project, env)
    built = build(project, environment)
    if built.failed:
        console.report(built.diagnostics, project.root)
        raise click.exceptions.Exit(FINDINGS)
    start = (first or datetime.now(UTC)).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC
    )
    fleet = _fleet(built, project.relative(environment.output or project.output))
    page = render_site(fleet, start, timedelta(minutes=assume_minutes))
    console.write(folder / "index.html", page, make_folder=True)
    console.note(f"Wrote {folder / 'index.html'}: {len(fleet.dags)} DAGs.")


def _fleet(built: Build, output: str) -> SiteFleet:
    from daggen.code.reader import read_dags
    from daggen.review.fleet_change import POOLS, is_dag_file
    from daggen.review.site.page import SiteDag, SiteFleet, pool_slots

    dags = [
        SiteDag(dag, f"{output}/{path}", file.spec)
        for path, file in built.files.items()
        if is_dag_file(path)
        for dag in read_dags(file.content, path)
    ]
    pools = built.files.get(POOLS)
    slots = pool_slots(pools.content if pools else "")
    return SiteFleet(tuple(sorted(dags, key=lambda entry: entry.dag.dag_id)), slots)
