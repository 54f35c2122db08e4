"""The filters a template may use: data to data, with the same result everywhere, every time."""

from __future__ import annotations

import json
import keyword
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from jinja2 import filters, tests

from daggen.code.fragment import Code
from daggen.templates.places import check_identifier

_KEPT = (
    "abs attr batch capitalize center count d default dictsort first float format groupby indent "
    "int items join last length list lower map max min reject rejectattr replace reverse round "
    "select selectattr slice sort string sum title trim truncate unique upper wordcount wordwrap"
)

REMOVED = {
    "e": "values are escaped for Python by daggen itself",
    "escape": "values are escaped for Python by daggen itself",
    "forceescape": "values are escaped for Python by daggen itself",
    "safe": "a value can never become code",
    "random": "rendering is the same every time",
    "pprint": "a hole in code already writes a readable literal",
    "xmlattr": "this is for HTML",
    "urlize": "this is for HTML",
    "striptags": "this is for HTML",
}
"""Filters of Jinja that are not here, and why."""


def template_filters() -> dict[str, Any]:
    """Give the filters: those of Jinja that keep data data, and daggen's own."""
    kept: dict[str, Any] = {name: filters.FILTERS[name] for name in _KEPT.split()}
    return kept | {"identifier": identifier, "tojson": tojson, "variable": variable}


def template_tests() -> dict[str, Any]:
    """Give the tests: Jinja's, but for those about HTML."""
    return {name: test for name, test in tests.TESTS.items() if name != "escaped"}


def identifier(value: object) -> Code:
    """Insist that a text is a name, and let it stand as one anywhere in code."""
    return check_identifier(value)


def variable(value: object) -> str:
    """Make a legal and readable name of any text: `load-orders (EU)` becomes `load_orders_eu`."""
    text = unicodedata.normalize("NFKC", str(value))
    name = re.sub(r"\W+", "_", text).strip("_").lower() or "_"
    name = "".join(char if f"_{char}".isidentifier() else "_" for char in name)
    if not name.isidentifier() or keyword.iskeyword(name):
        name = f"_{name}" if not name.isidentifier() else f"{name}_"
    return name


def tojson(value: Any, indent: int | None = None) -> str:
    """Write data as JSON text, keys in their own order."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=indent)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
