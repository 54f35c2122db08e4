"""Params: plain defaults, or mappings that are the JSON Schema of an Airflow `Param`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import BAD_OBJECT, BAD_PARAM, WRONG_TYPE
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.objects import is_marked, read_value
from daggen.specs.model.scalars import of
from daggen.specs.model.values import Build, Value

PARAM = "airflow.sdk.Param"
_JSON_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object", "null"})
_OF_FORMS = frozenset(
    "description_md section values_display custom_html_form schema source".split()
)
"""What Airflow's form for triggering a DAG understands beside JSON Schema."""
_SCHEMA_WORDS = _OF_FORMS | frozenset(
    "default type title description enum const examples format pattern minimum maximum "
    "exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems "
    "uniqueItems items prefixItems contains minContains maxContains properties required "
    "minProperties maxProperties propertyNames patternProperties dependentRequired "
    "dependentSchemas additionalProperties anyOf oneOf allOf readOnly writeOnly deprecated "
    "contentEncoding contentMediaType contentSchema".split()
)
"""The words of JSON Schema 2020-12 that can be arguments of `Param`, and those of its forms."""


def is_param_schema(raw: Any) -> bool:
    """Tell whether a mapping is the schema of a param, and not its value.

    It is, when all its keys are words of a schema, and it has a type, or a default and more.
    """
    if not isinstance(raw, Mapping) or not raw.keys() <= _SCHEMA_WORDS:
        return False
    return _has_type(raw) if "type" in raw else "default" in raw and len(raw) > 1


def _has_type(raw: Mapping[Any, Any]) -> bool:
    types = raw["type"] if isinstance(raw["type"], list) else [raw["type"]]
    return all(isinstance(name, str) and name in _JSON_TYPES for name in types)


def _read_params(raw: Any, path: Path, context: Context) -> Value:
    """Read params: plain defaults, or `{default, type, …}` for a `Param` with a schema."""
    if not isinstance(raw, Mapping):
        return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
    values = {name: _read_param(item, (*path, name), context) for name, item in raw.items()}
    return INVALID if INVALID in values.values() else values


def _read_param(raw: Any, path: Path, context: Context) -> Value:
    if not is_param_schema(raw):
        _check_meant(raw, path, context)
        return read_value(raw, path, context)
    rest = {key: item for key, item in raw.items() if key != "default"}
    args = (read_value(raw["default"], (*path, "default"), context),) if "default" in raw else ()
    kwargs = read_value(rest, path, context)
    if INVALID in (kwargs, *args):
        return INVALID
    return _checked(Build(PARAM, args, kwargs), path, context)


def _checked(param: Build, path: Path, context: Context) -> Value:
    """Hold the default against the schema, as Airflow does before a run; objects pass."""
    from jsonschema import FormatChecker, SchemaError, ValidationError
    from jsonschema.validators import validator_for

    schema = {key: item for key, item in param.kwargs.items() if key not in _OF_FORMS}
    validator = validator_for(schema)
    try:
        validator.check_schema(schema)
        if param.args and isinstance(param.args[0], str | int | float | list | dict | None):
            validator(schema, format_checker=FormatChecker()).validate(param.args[0])
    except SchemaError as error:
        place = (*path, *error.absolute_path)
        return context.report(BAD_PARAM, place, f"this is no JSON Schema: {error.message}")
    except ValidationError as error:
        place = (*path, "default", *error.absolute_path)
        message = f"the default does not fit the schema of the param: {error.message}"
        return context.report(BAD_PARAM, place, message)
    return param


def _check_meant(raw: Any, path: Path, context: Context) -> None:
    """Report a mapping that was meant as a schema: it has a default, and a word is misspelt."""
    if is_marked(raw) or not isinstance(raw, Mapping) or "default" not in raw or len(raw) == 1:
        return
    message = "as it stands, this mapping is the value of the param, not its schema"
    for key in raw:
        if key not in _SCHEMA_WORDS and (hint := suggest(key, _SCHEMA_WORDS)):
            place = (*path, key)
            severity = context.doubtful
            context.report(BAD_OBJECT, place, message, hint=hint, at_key=True, severity=severity)
    said = raw.get("type")
    if isinstance(said, str) and said not in _JSON_TYPES and (hint := suggest(said, _JSON_TYPES)):
        place = (*path, "type")
        context.report(BAD_OBJECT, place, message, hint=hint, severity=context.doubtful)


def is_required(param: Value) -> bool:
    """Tell whether a run must give a param its value, since it has none by itself."""
    return (
        isinstance(param, Build)
        and param.type == PARAM
        and not (param.args or "default" in param.kwargs)
    )


PARAMS = of(
    _read_params,
    {
        "type": "object",
        "description": "Names and defaults; {default: 5, type: integer, minimum: 1} for a schema",
    },
)
