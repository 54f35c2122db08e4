"""Checking the parameters that a spec gives its template, in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from daggen.diagnostics import Diagnostic, Span, suggest
from daggen.diagnostics.codes import template as codes
from daggen.specs.document import Locations, Path
from daggen.templates.first_match import check_first_match
from daggen.templates.formats import format_checker
from daggen.templates.schema_errors import explain

if TYPE_CHECKING:
    from daggen.templates.library import Template


def validate_parameters(
    template: Template, parameters: Mapping[str, Any], locations: Locations, at: Path = ()
) -> tuple[dict[str, Any], list[Diagnostic]]:
    """Check parameters against a template's schema and fill in its defaults.

    `at` is the path of the parameters in the document that `locations` describes, most often
    `("with",)`. All findings are given at once, each at the value or key it is about.
    """
    from jsonschema import Draft202012Validator
    from referencing.exceptions import Unresolvable

    filled = _with_defaults(dict(parameters), template.schema)
    found = list(_unknown(template, filled, locations, at))
    try:
        validator = Draft202012Validator(template.schema, format_checker=format_checker())
        errors = sorted(validator.iter_errors(filled), key=_order)
    except (Unresolvable, RecursionError, TypeError) as failure:
        reason = f"the schema of {template.name} cannot be followed: {failure}"
        return filled, [*found, codes.INVALID_SCHEMA.at(Span(template.schema_path), reason)]
    for error in errors:
        for finding in explain(error):
            path = (*at, *finding.path)
            if finding.rule is codes.MISSING_PARAMETER:
                span = _place_of_missing(locations, path, at)
            elif finding.about_key:
                span = locations.key(path)
            else:
                span = locations.value(path)
            found.append(finding.rule.at(span, finding.message, hint=finding.hint))
    if not found:
        found += check_first_match(template.schema, filled, locations, at)
    return filled, list(dict.fromkeys(found))


def _order(error: Any) -> tuple[list[str], str]:
    return [str(part) for part in error.absolute_path], str(error.message)


def _unknown(
    template: Template, parameters: Mapping[str, Any], locations: Locations, at: Path
) -> Iterator[Diagnostic]:
    """Refuse undeclared parameters even where the schema does not say so."""
    if "additionalProperties" in template.schema or "patternProperties" in template.schema:
        return
    for name in parameters:
        if name not in template.parameters:
            known = ", ".join(sorted(template.parameters)) or "none"
            hint = suggest(name, template.parameters) or f"its parameters: {known}"
            message = f'the template "{template.name}" has no parameter "{name}"'
            yield codes.UNKNOWN_PARAMETER.at(locations.key((*at, name)), message, hint=hint)


def _place_of_missing(locations: Locations, path: Path, at: Path) -> Span:
    """Give the key of the mapping that lacks something, or the line that names the template."""
    around = path[:-1]
    if around in locations.keys:
        return locations.keys[around]
    if around in locations.values:
        return locations.values[around]
    return locations.value((*at[:-1], "template"))


def _with_defaults(value: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    filled = dict(value)
    for name, inner in properties.items():
        if not isinstance(inner, Mapping):
            continue
        if name not in filled and "default" in inner:
            filled[name] = deepcopy(inner["default"])
        if isinstance(filled.get(name), dict):
            filled[name] = _with_defaults(filled[name], inner)
    return filled
