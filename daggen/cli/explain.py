"""`daggen explain CODE`: what a diagnostic means, and what to do about it."""

from __future__ import annotations

import click

from daggen.cli.common import COULD_NOT_RUN, Console, console_options


@click.command("explain")
@click.argument("code", required=False)
@console_options
def command(code: str | None, console: Console) -> None:
    """Say what the diagnostic CODE (DG103, or its name) means; without it, list all codes."""
    from daggen.diagnostics import suggest
    from daggen.diagnostics.registry import rules

    if code is None:
        console.result("\n".join(f"{r.code}  {r.name}: {r.summary}" for r in rules().values()))
        return
    by_name = {rule.name: rule for rule in rules().values()}
    rule = rules().get(code.upper()) or by_name.get(code.lower())
    if rule is None:
        hint = suggest(code.upper(), rules()) or suggest(code.lower(), by_name)
        click.echo(
            f'There is no diagnostic "{code}". {hint[:1].upper()}{hint[1:]}'.rstrip(), err=True
        )
        raise click.exceptions.Exit(COULD_NOT_RUN)
    heading = f"{rule.code}: {rule.name} ({rule.severity})"
    console.result(f"{heading}\n\n{rule.summary}\n\n{rule.explanation.rstrip()}")
