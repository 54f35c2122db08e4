"""The JSON Schema that editors check specs against: the spec model and the project's templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from daggen.specs.model.schema import json_schema
from daggen.specs.model.shapes import EXPRESSION
from daggen.templates.library import Template


def editor_schema(templates: Iterable[Template]) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of the specs of a project.

    A template's parameters are offered under `with` once the spec names the template. None is
    required there, since `_defaults.yaml` may give it; `daggen validate` knows what is missing.
    """
    schema = json_schema()
    by_kind: dict[str, list[Template]] = {"dag": [], "group": []}
    for template in templates:
        by_kind[template.kind].append(template)
    _offer(schema, by_kind["dag"])
    _offer(schema["$defs"]["task_group"], by_kind["group"])
    return schema


def _offer(schema: dict[str, Any], templates: list[Template]) -> None:
    if not templates:
        return
    named = [{"const": t.name, "description": f"{t.title}. {t.description}"} for t in templates]
    template = schema["properties"]["template"]
    schema["properties"]["template"] = {**template, "anyOf": [*named, EXPRESSION]}
    schema["allOf"] = [
        {
            "if": {"properties": {"template": {"const": t.name}}, "required": ["template"]},
            "then": {"properties": {"with": _parameters(t)}},
        }
        for t in templates
    ]


def _parameters(template: Template) -> dict[str, Any]:
    relaxed = _relax({k: v for k, v in template.schema.items() if k != "required"})
    return {"anyOf": [relaxed, EXPRESSION]}


def _relax(schema: Any) -> Any:
    """Allow an expression wherever a schema expects something else than text."""
    if not isinstance(schema, Mapping):
        return schema
    result = {key: value for key, value in schema.items() if key != "x-daggen"}
    if isinstance(schema.get("properties"), Mapping):
        inner = schema["properties"].items()
        result["properties"] = {name: _or_expression(value) for name, value in inner}
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), Mapping):
            result[key] = _or_expression(schema[key])
    return result


def _or_expression(schema: Any) -> Any:
    described = {"description": schema["description"]} if "description" in schema else {}
    return {**described, "anyOf": [_relax(schema), EXPRESSION]}
