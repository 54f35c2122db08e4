"""The command line: one small module a command, imported only when it is called."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from typing import Any

import click

from daggen import __version__

COMMANDS = {
    "render": "Render the fleet, or check that it is up to date.",
    "validate": "Check specs and templates without rendering to disk.",
    "plan": "Tell by meaning what a render or a change of specs does.",
    "graph": "Draw a DAG as text, mermaid, dot, svg, json or html.",
    "verify": "Load the fleet in real Airflow and compare.",
    "pull": "Refresh snapshots from databases and APIs.",
    "show": "Show a resolved spec, and where each value came from.",
    "init": "Start a project.",
    "new": "Start a spec from a template.",
    "site": "Write a static page of the whole fleet.",
    "templates": "List the templates and their parameters.",
    "schema": "Write the JSON Schema that editors use.",
    "explain": "Say what a diagnostic means.",
    "catalog": "List the operators known, or build a catalog.",
    "import": "Rewrite another tool's files as specs.",
}
"""Each command's module below `daggen.cli`, and what `daggen --help` says of it."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order of the documentation."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and give the command."""
        if cmd_name not in COMMANDS:
            return None
        module = "import_" if cmd_name == "import" else cmd_name
        command: click.Command = import_module(f"daggen.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, with a did-you-mean for one that does not exist."""
        from daggen.diagnostics import suggest

        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            hint = suggest(args[0], COMMANDS)
            message = f'No such command "{args[0]}".'
            ctx.fail(f"{message} {hint[:1].upper()}{hint[1:]}".rstrip())
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an interrupted one could not run, which is not a finding."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, EOFError, click.Abort):
            click.echo("\nAborted!", err=True)
            ctx.exit(2)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="daggen", message="%(prog)s %(version)s")
def cli() -> None:
    """Compile YAML specs and Jinja templates into static Airflow DAG files.

    Exit codes: 0 clean, 1 findings (invalid specs, drift), 2 could not run.
    """


def main() -> None:
    """Run the command line; a defect of daggen ends in one line, not in a traceback."""
    if sys.getfilesystemencoding() != "utf-8":
        _restart_in_utf8_mode()
    try:
        cli.main(prog_name="daggen")
    except Exception as error:
        if "-v" in sys.argv or "--verbose" in sys.argv:
            raise
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EIO):
            click.echo(f"error[DG410]: {error.strerror}", err=True)
            sys.exit(2)
        click.echo(
            f"error[DG009]: internal error: {type(error).__name__}: {error}\n"
            "  = this is a defect in daggen; run again with -v for the traceback",
            err=True,
        )
        sys.exit(2)


def _restart_in_utf8_mode() -> None:
    """Start again in Python's UTF-8 mode (PEP 540).

    Under a locale with another encoding, names of files and what is printed would differ from
    machine to machine, or not be possible at all.
    """
    command = [sys.executable, "-X", "utf8", "-m", "daggen", *sys.argv[1:]]
    os.execv(sys.executable, command)  # noqa: S606 - this very program
