"""Assets: by URI, by name, aliases, and conditions of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from daggen.diagnostics import Rule
from daggen.diagnostics.codes.keys import BAD_OBJECT, BAD_SCHEDULE, KEY_TOO_NEW
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.objects import is_marked, read_value
from daggen.specs.model.scalars import Kind, listed
from daggen.specs.model.shapes import ASSET_CONDITION, Schema, or_free, record, several
from daggen.specs.model.values import Build, Combine, Value
from daggen.specs.model.watchers import WATCHERS

ASSET = "airflow.sdk.Asset"
ALIAS = "airflow.sdk.AssetAlias"
_ASSET_KEYS = ("name", "uri", "group", "extra", "watchers")
_ALIAS_KEYS = ("alias", "group")
_CONDITIONS = {"any": "|", "all": "&", "__or__": "|", "__and__": "&"}
_FORMS = (*_ASSET_KEYS, "alias", "any", "all")


def is_condition(raw: Any) -> bool:
    """Tell whether a raw mapping says an asset or a condition of assets."""
    return isinstance(raw, Mapping) and any(key in raw for key in (*_FORMS, *_CONDITIONS))


def read_asset(raw: Any, path: Path, context: Context) -> Value:
    """Read an asset: a URI, `{name, uri}`, `{alias}`, or an object by `__type__`."""
    if isinstance(raw, str):
        return _from_uri(raw, path, context, BAD_OBJECT)
    if isinstance(raw, Mapping) and not is_marked(raw):
        return _from_mapping(raw, path, context)
    if isinstance(raw, Mapping):
        return read_value(raw, path, context)
    return context.report(BAD_OBJECT, path, f"expected an asset, found {shown(raw)}")


def read_condition(raw: Any, path: Path, context: Context) -> Value:
    """Read a condition of assets: one asset, or `{any: [...]}`/`{all: [...]}` of conditions."""
    key = next((key for key in _CONDITIONS if isinstance(raw, Mapping) and key in raw), None)
    if key is None:
        if isinstance(raw, str):
            return _from_uri(raw, path, context, BAD_SCHEDULE)
        return read_asset(raw, path, context)
    if len(raw) > 1:
        other = next(other for other in raw if other != key)
        return context.report(
            BAD_SCHEDULE, (*path, other), f'"{other}" stands beside "{key}"', at_key=True
        )
    items = raw[key]
    if not isinstance(items, list) or not items:
        found = "an empty one" if items == [] else shown(items)
        message = f"{key} takes a list of assets, not {found}"
        return context.report(BAD_SCHEDULE, (*path, key), message)
    parts = [read_condition(item, (*path, key, i), context) for i, item in enumerate(items)]
    if INVALID in parts:
        return INVALID
    return parts[0] if len(parts) == 1 else Combine(_CONDITIONS[key], tuple(parts))


def _from_uri(raw: str, path: Path, context: Context, rule: Rule) -> Value:
    uri = raw.strip()
    if (found := context.reference(uri, path)) is not None:
        message = f"an asset is known when the file is parsed, not what {uri} returns"
        return found if found is INVALID else context.report(rule, path, message)
    return Build(ASSET, (uri,)) if _is_uri(uri, path, context, rule) else INVALID


def _is_uri(uri: str, path: Path, context: Context, rule: Rule) -> bool:
    """Report a URI that Airflow refuses; gives whether it is fine."""
    if not uri:
        context.report(rule, path, "an asset's URI is empty")
    elif uri.lower().startswith("airflow:"):
        context.report(rule, path, "Airflow keeps the scheme airflow: to itself")
    else:
        return True
    return False


def _from_mapping(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    if "alias" in raw:
        return _alias(raw, path, context)
    for key in raw:
        if key not in _ASSET_KEYS:
            return context.report_key(BAD_OBJECT, (*path, key), "an asset", _FORMS)
    said = raw.get("uri", raw.get("name"))
    if not isinstance(said, str) and not is_marked(said):
        return context.report(BAD_OBJECT, path, "an asset needs a name or a uri")
    if raw.get("name") == "":
        return context.report(BAD_OBJECT, (*path, "name"), "an asset's name is empty")
    uri = raw.get("uri")
    if isinstance(uri, str) and not _is_uri(uri, (*path, "uri"), context, BAD_OBJECT):
        return INVALID
    if context.airflow < (3, 0) and set(raw) - {"uri", "extra"}:
        return context.report(
            KEY_TOO_NEW, path, "the datasets of Airflow 2 have only a uri and extra"
        )
    kwargs = read_value({key: raw[key] for key in raw if key != "watchers"}, path, context)
    watchers = _watchers(raw, path, context)
    if INVALID in (kwargs, watchers):
        return INVALID
    read = kwargs if watchers is None else {**kwargs, "watchers": watchers}
    return Build(ASSET, (), {key: read[key] for key in raw if key in read})


def _watchers(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    said = raw.get("watchers")
    return None if said is None else WATCHERS.read(said, (*path, "watchers"), context)


def _alias(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    for key in raw:
        if key not in _ALIAS_KEYS:
            return context.report_key(BAD_OBJECT, (*path, key), "an alias", _ALIAS_KEYS)
    if not isinstance(raw["alias"], str) or not raw["alias"]:
        message = f"expected the name of an alias, found {shown(raw['alias'])}"
        return context.report(BAD_OBJECT, (*path, "alias"), message)
    group = {key: raw[key] for key in raw if key == "group"}
    return Build(ALIAS, (raw["alias"],), group)


_URI: Schema = {"type": "string", "description": "An asset by its URI"}
_FACTS: Schema = record(
    "An asset by its name or URI",
    {
        **{key: {"type": "string"} for key in ("name", "uri", "group")},
        "extra": {"type": "object"},
        "watchers": WATCHERS.schema,
    },
)
_ALIAS: Schema = record(
    "A name that assets join at run time",
    {"alias": {"type": "string"}, "group": {"type": "string"}},
    required=["alias"],
)
_ANY: Schema = record("One of these", {"any": several(ASSET_CONDITION)}, required=["any"])
_ALL: Schema = record("All of these", {"all": several(ASSET_CONDITION)}, required=["all"])
CONDITION_SCHEMAS: Sequence[Schema] = (_FACTS, _ALIAS, _ANY, _ALL)
"""An asset, or a condition of assets, written as a mapping."""
CONDITION_SCHEMA: Schema = or_free({"anyOf": [_URI, *CONDITION_SCHEMAS]})
ASSETS = listed(Kind(read_asset, {"anyOf": [_URI, _FACTS, _ALIAS]}))
