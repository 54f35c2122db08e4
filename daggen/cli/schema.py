"""`daggen schema`: the JSON Schema with which editors complete and check specs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from daggen.cli.common import Console, project_options

if TYPE_CHECKING:
    from daggen.project import Project

FILE = Path(".daggen", "spec.schema.json")


@click.command("schema")
@click.option("--write", is_flag=True, help=f"Write it to {FILE.as_posix()}, where specs look.")
@project_options
def command(write: bool, console: Console, project: Project) -> None:
    """Print the JSON Schema of this project's specs.

    An editor with a YAML language server uses it for completion, hover and red underlines when a
    spec begins with:

        # yaml-language-server: $schema=../.daggen/spec.schema.json
    """
    if write:
        path = write_schema(project)
        console.note(f"{project.relative(path)} written")
    else:
        console.result(schema_text(project))


def schema_text(project: Project) -> str:
    """Give the schema as JSON text."""
    import json

    from daggen.rendering import FUNCTIONS
    from daggen.specs.editor_schema import editor_schema
    from daggen.templates.library import TemplateLibrary

    library, _ = TemplateLibrary.load([project.templates], project.root, FUNCTIONS)
    schema = editor_schema(library.templates.values())
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schema(project: Project) -> Path:
    """Write the schema into the project; gives its path."""
    path = project.root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(schema_text(project), encoding="utf-8")
    return path
