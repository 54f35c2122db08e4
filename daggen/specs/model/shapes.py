"""Building blocks of the editor's JSON Schema, of which the kinds of values make theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Schema = Mapping[str, Any]

EXPRESSION: Schema = {"$ref": "#/$defs/expression"}
OBJECT: Schema = {"$ref": "#/$defs/object"}
NULL: Schema = {"type": "null"}
DURATION: Schema = {"$ref": "#/$defs/duration"}
CALLBACKS: Schema = {"$ref": "#/$defs/callbacks"}
DOC: Schema = {"$ref": "#/$defs/doc"}
ASSET_CONDITION: Schema = {"$ref": "#/$defs/asset_condition"}
"""What the schema of a spec defines under `$defs`, since many keys take it."""


def or_free(schema: Schema) -> dict[str, Any]:
    """Let a value be an expression, an object or null too, where it is not free already."""
    if not schema:
        return {}
    options = list(schema["anyOf"]) if set(schema) == {"anyOf"} else [dict(schema)]
    also = [free for free in (EXPRESSION, OBJECT, NULL) if free not in options]
    return {"anyOf": [*options, *also]}


def closed(properties: Mapping[str, Schema]) -> dict[str, Any]:
    """Make the schema of a mapping that takes these keys and no others."""
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def record(
    description: str, properties: Mapping[str, Schema], required: Iterable[str] = ()
) -> dict[str, Any]:
    """Make the schema of a small closed mapping whose values may be expressions too."""
    inner = {name: or_free(schema) for name, schema in properties.items()}
    needed = list(required)
    return {
        **closed(inner),
        "description": description,
        **({"required": needed} if needed else {"minProperties": 1}),
    }


def several(item: Schema, description: str = "") -> dict[str, Any]:
    """Make the schema of a list."""
    said = {"description": description} if description else {}
    return {"type": "array", "items": or_free(item), **said}
