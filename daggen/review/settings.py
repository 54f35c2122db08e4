"""What a configuration's text, of any revision, says about the DAGs that an environment has."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Mapping
from typing import Any, Final

_DEFAULTS: Final = {
    "specs": "specs",
    "templates": "templates",
    "output": "generated_dags",
    "airflow": "3.3",
}


def rendering_settings(text: str, environment: str) -> Mapping[str, Any]:
    """Give the settings that what the specs render to depends on.

    Left out is what decides about formatting, checks and pulling, and other environments. A text
    that cannot be read has the default settings.
    """
    table = _table(text)
    found = {key: table.get(key, default) for key, default in _DEFAULTS.items()}
    own = _mapping(_mapping(table.get("environments")).get(environment))
    return {**found, "vars": own.get("vars", {}), "output": own.get("output", found["output"])}


def output_of(text: str, environment: str) -> str | None:
    """Give the output of an environment; None if the configuration does not know it.

    The one without a name, where no environment is configured, is always known.
    """
    known = _mapping(_table(text).get("environments"))
    if environment and environment not in known:
        return None
    output = rendering_settings(text, environment)["output"]
    return posixpath.normpath(output) if isinstance(output, str) else None


def _table(text: str) -> Mapping[str, Any]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    return _mapping(_mapping(data.get("tool")).get("daggen", data))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
