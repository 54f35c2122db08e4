"""`daggen templates [NAME]`: the templates of the project and their parameters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from daggen.cli.common import COULD_NOT_RUN, FINDINGS, Console, project_options

if TYPE_CHECKING:
    from daggen.project import Project
    from daggen.templates.library import Template


@click.command("templates")
@click.argument("name", required=False)
@project_options
def command(name: str | None, console: Console, project: Project) -> None:
    """List the templates, or describe the parameters of NAME."""
    from daggen.diagnostics import suggest
    from daggen.diagnostics.collect import has_errors, ordered
    from daggen.rendering import FUNCTIONS
    from daggen.templates.library import TemplateLibrary

    library, found = TemplateLibrary.load([project.templates], project.root, FUNCTIONS)
    if name is not None and name not in library.templates:
        hint = suggest(name, library.templates)
        click.echo(f'There is no template "{name}". {hint}'.rstrip(), err=True)
        raise click.exceptions.Exit(COULD_NOT_RUN)
    chosen = [library.templates[name]] if name else list(library.templates.values())
    if console.output_format == "json":
        console.result(json.dumps([_as_json(template) for template in chosen], indent=2))
    elif name:
        console.result("\n".join(_describe(chosen[0])))
    else:
        width = max((len(template.name) for template in chosen), default=0)
        lines = [f"{t.name:<{width}}  {t.kind:<5}  {t.title}" for t in chosen]
        console.result("\n".join(lines))
    if has_errors(found):
        console.report(ordered(found), project.root)
        raise click.exceptions.Exit(FINDINGS)


def _as_json(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "kind": template.kind,
        "path": template.path,
        "schema": dict(template.schema),
    }


def _describe(template: Template) -> Iterator[str]:
    yield f"{template.name} ({template.kind} template, {template.path})"
    yield f"{template.title}. {template.description}".rstrip()
    yield ""
    required = template.schema.get("required", [])
    for name, schema in template.parameters.items():
        yield from _parameter(name, schema, required=name in required, depth=1)
    for example in template.schema.get("examples", []):
        yield "\nExample:"
        yield from (f"  {line}" for line in _yaml(example).splitlines())


def _parameter(
    name: str, schema: Mapping[str, Any], *, required: bool, depth: int
) -> Iterator[str]:
    kind = schema.get("type", "any")
    words = [" or ".join(kind) if isinstance(kind, list) else str(kind)]
    if choices := schema.get("enum"):
        words = ["one of " + ", ".join(json.dumps(choice) for choice in choices)]
    if required:
        words.append("required")
    if "default" in schema:
        words.append(f"default {json.dumps(schema['default'], ensure_ascii=False)}")
    note = f"  {schema['description']}" if "description" in schema else ""
    yield f"{'  ' * depth}{name} ({', '.join(words)}){note}"
    inner = schema.get("properties", {})
    for key, value in inner.items():
        yield from _parameter(
            key, value, required=key in schema.get("required", []), depth=depth + 1
        )


def _yaml(value: Any) -> str:
    import yaml

    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))
