"""`daggen new TEMPLATE`: start a spec, with the template's parameters asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from daggen.cli.common import COULD_NOT_RUN, Console, project_options

if TYPE_CHECKING:
    from daggen.project import Project
    from daggen.templates.library import Template


@click.command("new")
@click.argument("template")
@click.option("--dag-id", help="The dag_id, and the name of the spec. [asked for]")
@click.option(
    "--set",
    "given",
    metavar="NAME=VALUE",
    multiple=True,
    help="A parameter, its value in YAML. Required ones that are not set are asked for.",
)
@project_options
def command(
    template: str, dag_id: str | None, given: tuple[str, ...], console: Console, project: Project
) -> None:
    """Start a spec for TEMPLATE, one of the project's or of daggen's library.

    A template of the library is copied into the project first.
    """
    found = _template(console, project, template)
    values = dict(_parse(entry) for entry in given)
    dag_id = dag_id or click.prompt("dag_id")
    target = project.specs / f"{dag_id}.yaml"
    if target.exists() or not target.parent.resolve().is_relative_to(project.specs.resolve()):
        raise click.BadParameter(
            f"cannot write {project.relative(target)}: it exists or is no name"
        )
    for name in found.schema.get("required", []):
        if name not in values:
            note = found.parameters.get(name, {}).get("description", "")
            values[name] = _yaml_value(click.prompt(f"{name}  {note}".rstrip()))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(_spec(dag_id, found, values)) + "\n", encoding="utf-8")
    console.result(project.relative(target))
    console.note("Next: daggen render")


def _template(console: Console, project: Project, name: str) -> Template:
    """Give a DAG template of the project, after copying it from the library if need be."""
    from daggen.diagnostics import Diagnostic
    from daggen.library import template_files
    from daggen.rendering import FUNCTIONS
    from daggen.templates.library import TemplateLibrary

    if not (project.templates / f"{name}.py.j2").exists():
        for file in template_files(name):
            target = project.templates / file.name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
                console.note(f"{project.relative(target)} copied from the library")
    library, _ = TemplateLibrary.load([project.templates], project.root, FUNCTIONS)
    found = library.find(name, "dag", None)
    if isinstance(found, Diagnostic):
        console.report([found], project.root)
        raise click.exceptions.Exit(COULD_NOT_RUN)
    return found


def _parse(entry: str) -> tuple[str, Any]:
    name, separator, value = entry.partition("=")
    if not separator:
        raise click.BadParameter(f'"{entry}" is not NAME=VALUE')
    return name, _yaml_value(value)


def _yaml_value(text: str) -> Any:
    """Read a value as a spec would have it."""
    from daggen.specs.yaml import parse_yaml

    documents, found = parse_yaml(text, "value")
    if found or not documents:
        raise click.BadParameter(f"{text!r}: {found[0].message if found else 'no value'}")
    return documents[0].data


def _spec(dag_id: str, template: Template, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a spec; optional parameters that are not set stand as comments."""
    yield "# yaml-language-server: $schema=../.daggen/spec.schema.json"
    yield f"dag_id: {_flow(dag_id)}"
    yield f"template: {template.name}"
    yield f"description: {_flow(template.title)}"
    yield "schedule: null"
    yield "with:"
    for name, value in values.items():
        yield f"  {name}: {_flow(value)}"
    for name, schema in template.parameters.items():
        if name not in values:
            note = " ".join(str(schema.get("description", "")).split())
            yield f"  # {note}" if note else "  #"
            yield f"  # {name}: {_flow(schema.get('default'))}"


def _flow(value: Any) -> str:
    """Write a value on one line; JSON is YAML, and plain words need no quotes."""
    import yaml

    text = yaml.safe_dump(value, default_flow_style=True, width=10**9, allow_unicode=True)
    plain = str(text).removesuffix("\n...\n").rstrip("\n")
    return plain if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
