"""`daggen show DAG_ID`: the resolved spec, and where each value came from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from daggen.cli.common import (
    FINDINGS,
    Console,
    choose_environment,
    project_options,
)

if TYPE_CHECKING:
    from daggen.project import Project
    from daggen.specs.document import Path, ResolvedSpec


@click.command("show")
@click.argument("dag_id")
@click.option("--env", metavar="NAME", help="The environment whose vars are used.")
@project_options
def command(dag_id: str, env: str | None, console: Console, project: Project) -> None:
    """Show the spec of DAG_ID with defaults, rows and expressions resolved.

    Each value is followed by the place it comes from.
    """
    from daggen.diagnostics import suggest
    from daggen.diagnostics.codes.config import NOT_FOUND
    from daggen.diagnostics.collect import ordered
    from daggen.specs.load import SpecLoader

    environment = choose_environment(console, project, env)
    loaded, diagnostics = SpecLoader(project, environment).load_all()
    by_id = {str(spec.data.get("dag_id")): spec for entry in loaded for spec in entry.resolved}
    if dag_id not in by_id:
        hint = suggest(dag_id, by_id) or f"the fleet has {len(by_id)} DAGs"
        missing = NOT_FOUND.at(None, f'no spec makes a DAG "{dag_id}"', hint=hint)
        console.report([*ordered(diagnostics), missing], project.root)
        raise click.exceptions.Exit(FINDINGS)
    spec = by_id[dag_id]
    if console.output_format == "json":
        console.result(json.dumps(spec.data, indent=2))
        return
    entries = list(_lines(spec, spec.data, (), 0))
    width = min(max(len(text) for text, _ in entries), 60)
    console.result("\n".join(f"{text:<{width}}  # {place}" for text, place in entries))


def _lines(spec: ResolvedSpec, value: Any, path: Path, depth: int) -> Iterator[tuple[str, str]]:
    """Yield the lines of a block of YAML, each with the place of its value."""
    indent = "  " * depth
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        here = (*path, key)
        place = str(spec.locations.value(here))
        head = f"{indent}{_scalar(key)}:" if isinstance(value, dict) else f"{indent}-"
        if isinstance(inner, dict | list) and inner:
            yield head, place
            yield from _lines(spec, inner, here, depth + 1)
        else:
            yield f"{head} {_scalar(inner)}", place


def _scalar(value: Any) -> str:
    """Write a scalar on one line, in the quotes that YAML needs."""
    import yaml

    text = yaml.safe_dump(value, default_flow_style=True, width=10**9, allow_unicode=True)
    return str(text).removesuffix("\n...\n").rstrip("\n")
