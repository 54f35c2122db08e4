"""Small structured values of a DAG: params, documentation, deadlines, access, macros."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import (
    BAD_OBJECT,
    PARSE_TIME_FILE,
    UNREADABLE_FILE,
    WRONG_TYPE,
)
from daggen.specs.document import Path
from daggen.specs.model import shapes
from daggen.specs.model.callbacks import CALLBACK_SCHEMA, read_callback
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.objects import is_dotted, is_marked, read_value
from daggen.specs.model.scalars import DURATION, Kind, of
from daggen.specs.model.shapes import Schema, record, several
from daggen.specs.model.values import Build, Dotted, Value

_JSON_TYPES = {"string", "integer", "number", "boolean", "array", "object", "null"}
_SCHEMA_WORDS = frozenset(
    "default type title description enum const examples format pattern minimum maximum "
    "exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems "
    "uniqueItems items properties required additionalProperties anyOf oneOf allOf section "
    "values_display custom_html_form schema".split()
)
_REFERENCES = ("DAGRUN_LOGICAL_DATE", "DAGRUN_QUEUED_AT")
_DEADLINE_KEYS = ("reference", "interval", "callback", "name")


def _read_params(raw: Any, path: Path, context: Context) -> Value:
    """Read params: plain defaults, or `{default, type, …}` for a `Param` with a schema."""
    if not isinstance(raw, Mapping):
        return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
    values = {name: _read_param(item, (*path, name), context) for name, item in raw.items()}
    return INVALID if INVALID in values.values() else values


def _read_param(raw: Any, path: Path, context: Context) -> Value:
    if not _is_param_schema(raw):
        _check_meant(raw, path, context)
        return read_value(raw, path, context)
    rest = {key: item for key, item in raw.items() if key != "default"}
    args = (read_value(raw["default"], (*path, "default"), context),) if "default" in raw else ()
    kwargs = read_value(rest, path, context)
    return INVALID if INVALID in (kwargs, *args) else Build("airflow.sdk.Param", args, kwargs)


def _is_param_schema(raw: Any) -> bool:
    if not isinstance(raw, Mapping) or "type" not in raw or not set(raw) <= _SCHEMA_WORDS:
        return False
    types = raw["type"] if isinstance(raw["type"], list) else [raw["type"]]
    return all(isinstance(name, str) and name in _JSON_TYPES for name in types)


def _check_meant(raw: Any, path: Path, context: Context) -> None:
    """Report a mapping that was meant as a schema: it has a default, and a word is misspelt."""
    if is_marked(raw) or not isinstance(raw, Mapping) or not {"default", "type"} <= set(raw):
        return
    message = "as it stands, this mapping is the value of the param, not its schema"
    for key in raw:
        if key not in _SCHEMA_WORDS and (hint := suggest(key, _SCHEMA_WORDS)):
            place = (*path, key)
            severity = context.doubtful
            context.report(BAD_OBJECT, place, message, hint=hint, at_key=True, severity=severity)
    said = raw["type"]
    if isinstance(said, str) and said not in _JSON_TYPES and (hint := suggest(said, _JSON_TYPES)):
        place = (*path, "type")
        context.report(BAD_OBJECT, place, message, hint=hint, severity=context.doubtful)


def read_doc(raw: Any, path: Path, context: Context) -> Value:
    """Read documentation: text, or `{file: path}` read now, relative to where it is written."""
    if isinstance(raw, Mapping) and set(raw) == {"file"}:
        return _doc_file(raw["file"], (*path, "file"), context)
    if not isinstance(raw, str):
        return context.report(
            WRONG_TYPE, path, f"expected a text or {{file: path}}, found {shown(raw)}"
        )
    if raw.endswith((".md", ".txt")) and "\n" not in raw and " " not in raw:
        context.report(
            PARSE_TIME_FILE,
            path,
            "Airflow takes this for a file and reads it at each parse",
            hint=f"let daggen read it: {{file: {raw}}}",
        )
    return raw


def _doc_file(name: Any, path: Path, context: Context) -> Value:
    if not isinstance(name, str):
        return context.report(WRONG_TYPE, path, f"expected a path, found {shown(name)}")
    root = context.project.root.resolve()
    beside = PurePosixPath(context.locations.value(path).path).parent
    file = (root / beside / name).resolve()
    if not file.is_relative_to(root):
        return context.report(UNREADABLE_FILE, path, f"{shown(name)} lies outside the project")
    try:
        return file.read_text("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return context.report(UNREADABLE_FILE, path, f"{shown(name)} is not UTF-8 text")
    except (OSError, ValueError):
        return context.report(
            UNREADABLE_FILE,
            path,
            f"{shown(name)} cannot be read",
            hint=f"the path is relative to {beside}/",
        )


def _read_access(raw: Any, path: Path, context: Context) -> Value:
    """Read roles and what they may do; lists of permissions become sets, as Airflow wants."""
    if not isinstance(raw, Mapping):
        return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
    return _permissions(read_value(raw, path, context))


def _permissions(value: Value) -> Value:
    if isinstance(value, Mapping):
        return {name: _permissions(item) for name, item in value.items()}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return set(value)
    return value


def _read_imported(raw: Any, path: Path, context: Context) -> Value:
    """Read macros or filters: names and the dotted paths of what they stand for, also nested."""
    if not isinstance(raw, Mapping):
        return context.report(WRONG_TYPE, path, f"expected a mapping, found {shown(raw)}")
    values = {name: _read_macro(item, (*path, name), context) for name, item in raw.items()}
    return INVALID if INVALID in values.values() else values


def _read_macro(raw: Any, path: Path, context: Context) -> Value:
    if is_dotted(raw):
        return Dotted(raw)
    if isinstance(raw, Mapping) and not is_marked(raw):
        return _read_imported(raw, path, context)
    return read_value(raw, path, context)


def _read_deadline(raw: Any, path: Path, context: Context) -> Value:
    """Read `{reference, interval, callback}`, or a list of these, as `DeadlineAlert`."""
    if isinstance(raw, list):
        items = [_read_deadline(item, (*path, i), context) for i, item in enumerate(raw)]
        return INVALID if INVALID in items else items
    if is_marked(raw):
        return read_value(raw, path, context)
    if not isinstance(raw, Mapping) or not {"interval", "callback"} <= set(raw):
        return context.report(
            BAD_OBJECT, path, "a deadline has an interval, a callback and a reference"
        )
    for key in raw:
        if key not in _DEADLINE_KEYS:
            return context.report(
                BAD_OBJECT,
                (*path, key),
                f"{shown(key)} is no key of a deadline",
                hint=suggest(key, _DEADLINE_KEYS),
                at_key=True,
            )
    kwargs = {
        "reference": _deadline_reference(raw, path, context),
        "interval": DURATION.read(raw["interval"], (*path, "interval"), context),
        "callback": _deadline_callback(raw["callback"], (*path, "callback"), context),
    }
    if "name" in raw:
        kwargs["name"] = raw["name"]
    return INVALID if INVALID in kwargs.values() else Build("airflow.sdk.DeadlineAlert", (), kwargs)


def _deadline_reference(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    said = raw.get("reference", _REFERENCES[1])
    if is_marked(said):
        return read_value(said, (*path, "reference"), context)
    if isinstance(said, str) and said.upper() in _REFERENCES:
        return Dotted(f"airflow.sdk.DeadlineReference.{said.upper()}")
    return context.report(
        BAD_OBJECT,
        (*path, "reference"),
        f"{shown(said)} is no reference of a deadline",
        hint=suggest(str(said).upper(), _REFERENCES) or f"write {' or '.join(_REFERENCES)}",
    )


def _deadline_callback(raw: Any, path: Path, context: Context) -> Value:
    """Give an `AsyncCallback`: Airflow imports it elsewhere, so it names its function by path."""
    read = read_callback(raw, path, context)
    if isinstance(read, Dotted):
        return Build("airflow.sdk.AsyncCallback", (read.path,))
    if not isinstance(read, Build) or read.type.startswith("airflow.sdk."):
        return read
    if read.type == "functools.partial" and isinstance(read.args[0], Dotted):
        return Build(
            "airflow.sdk.AsyncCallback", (read.args[0].path,), {"kwargs": dict(read.kwargs)}
        )
    kwargs = {"kwargs": dict(read.kwargs)} if read.kwargs else {}
    return Build("airflow.sdk.AsyncCallback", (Dotted(read.type),), kwargs)


PARAMS = of(
    _read_params,
    {
        "type": "object",
        "description": "Names and defaults; {default: 5, type: integer, minimum: 1} for a schema",
    },
)
DOC_SCHEMA: Schema = {
    "anyOf": [
        {"type": "string"},
        record("A file read now", {"file": {"type": "string"}}, required=["file"]),
    ]
}
DOC = of(read_doc, shapes.DOC)
ACCESS_CONTROL = Kind(_read_access, {"type": "object"})
IMPORTED = of(_read_imported, {"type": "object"})
_DEADLINE: Schema = record(
    "Until when a run must be done, and what is called if it is not",
    {
        "reference": {"enum": [name.lower() for name in _REFERENCES]},
        "interval": DURATION.schema,
        "callback": CALLBACK_SCHEMA,
        "name": {"type": "string"},
    },
    required=["interval", "callback"],
)
DEADLINE = Kind(_read_deadline, {"anyOf": [_DEADLINE, several(_DEADLINE)]})
