"""What daggen says Jinja cannot read, Airflow cannot render, native objects or not."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import TemplateSyntaxError

from daggen.code.jinja_syntax import find_fault


def from_string(text: str, *, native: bool = False) -> Any:
    from airflow.sdk.definitions._internal.templater import create_template_env

    return create_template_env(native=native).from_string(text)


@pytest.mark.parametrize("native", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "{{ ds }",
        "{{ ds nodash }}",
        "${#files[@]}",
        "{% if params.full %}",
        "{% raw %}{{ ds }}",
        "{% break %}",
        "{% iff %}",
    ],
)
def test_fault(text: str, native: bool) -> None:
    assert find_fault(text)
    with pytest.raises(TemplateSyntaxError):
        from_string(text, native=native)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ds }}}",
        "{% raw %}${#files[@]}{% endraw %}",
        "{% do params.update(a=1) %}{{ ds | ds_nodash }}{# {{ #}",
    ],
)
def test_no_fault(text: str) -> None:
    assert find_fault(text) is None
    from_string(text)
