"""`daggen init DIR`: a small project that works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from daggen.cli.common import COULD_NOT_RUN, Console, console_options, count

_RENAMED = {"pre-commit-config.yaml": ".pre-commit-config.yaml", "gitignore": ".gitignore"}
TEMPLATES = ("etl", "etl_group")


@click.command("init")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), default=".")
@console_options
def command(directory: Path, console: Console) -> None:
    """Start a project in DIRECTORY: a small fleet, its templates, hooks and editor schema.

    Existing files are never overwritten.
    """
    from daggen.cli.schema import write_schema
    from daggen.config import load_project

    files = dict(_files())
    taken = sorted(str(name) for name in files if (directory / name).exists())
    if taken:
        listed = ", ".join(taken)
        click.echo(f"daggen init: {directory} already has {listed}; nothing was written.", err=True)
        raise click.exceptions.Exit(COULD_NOT_RUN)
    for name, content in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(content)
    write_schema(load_project((directory / "daggen.toml").resolve()))
    console.result(f"{directory}: {count(len(files) + 1, 'file')} written.")
    step = "" if directory == Path() else f"cd {directory} && "
    console.note(f"Next: {step}daggen render")


def _files() -> Iterator[tuple[Path, bytes]]:
    """Yield the files of a new project: name relative to its root, and content."""
    from daggen.library import template_files

    scaffold = Path(__file__).parent.parent / "scaffold"
    for path in sorted(scaffold.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(scaffold)
            yield name.with_name(_RENAMED.get(name.name, name.name)), path.read_bytes()
    for template in TEMPLATES:
        for path in template_files(template):
            yield Path("templates", path.name), path.read_bytes()
