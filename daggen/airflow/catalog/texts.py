"""Mappings of names to texts, such as an environment, whose values nobody turns into texts.

Signatures say `dict` at most. Each operator here was read: it hands its mapping on as it is, and
what takes it in the end refuses numbers, so that every run of the task fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from daggen.airflow.catalog.finding import Finding
from daggen.airflow.catalog.model import Operator
from daggen.diagnostics.codes.catalog import NO_TEXT


@dataclass(frozen=True)
class _Texts:
    argument: str
    what: str
    or_null: bool = False


_ENVIRONMENT = _Texts("env", "an environment variable")
_HEADERS = _Texts("headers", "a header", or_null=True)
_MAPPINGS: Mapping[str, _Texts] = {
    "airflow.providers.http.operators.http.HttpOperator": _HEADERS,
    "airflow.providers.http.sensors.http.HttpSensor": _HEADERS,
    "airflow.providers.ssh.operators.ssh.SSHOperator": _Texts(
        "environment", "an environment variable"
    ),
    "airflow.providers.standard.decorators.bash.bash_task": _ENVIRONMENT,
    "airflow.providers.standard.operators.bash.BashOperator": _ENVIRONMENT,
    "airflow.providers.standard.sensors.bash.BashSensor": _ENVIRONMENT,
}


def check_texts(operator: Operator, arguments: Mapping[str, object]) -> Iterator[Finding]:
    """Report what stands for a text in a mapping of texts, and is none."""
    known = _MAPPINGS.get(operator.dotted)
    value = arguments.get(known.argument) if known else None
    if known is None or not isinstance(value, Mapping):
        return
    for name, each in value.items():
        if each is None and known.or_null:
            continue
        if isinstance(each, bool | int | float | list | dict | None):
            message = f'"{known.argument}" of {operator.name} has {name}: {_shown(each)}'
            yield Finding(
                known.argument,
                NO_TEXT,
                f"{message}, and {known.what} is a text",
                _hint(each),
            )


def _shown(value: object) -> str:
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a mapping"
    return json.dumps(value)


def _hint(value: object) -> str:
    if value is None:
        return 'leave it out, or write ""'
    return "make a text of it" if isinstance(value, list | dict) else f'quote it: "{_shown(value)}"'
