"""Texts that Jinja cannot read: which they are, and which part of them it is."""

from __future__ import annotations

import pytest

from daggen.code.jinja_syntax import find_fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no template",
        "{{ ds }} {{ ds }}}",
        "{{ '{{' }}${ {% raw %}{{ {% {# {% endraw %}",
        "{# {{ #}{{ ds }}",
        "{%- if a -%}{% for b in c %}{{ b | nosuch }}{% endfor %}{% elif d %}{% endif %}",
        "{% do x.append(1) %}{% set y = '}}' %}",
        "{% extends 'base.sql' %}",
    ],
)
def test_read(text: str) -> None:
    assert find_fault(text) is None


@pytest.mark.parametrize(
    ("text", "part", "message"),
    [
        ("a {{ ds }", "{{ ds }", 'Jinja cannot read "{{ ds }": unexpected "}"'),
        ("{{ ds", "{{ ds", 'unexpected end of template, expected "}}"'),
        ("{{ ds\nthen {{ ds }}", "{{ ds", 'expected token "}}", got "then"'),
        ("{{ ds }} {{ a b }} {{ ds }}", "{{ a b }}", 'expected token "}}", got "b"'),
        ("{{ ds }} {{ }} x", "{{ }}", 'expected an expression, got "}}"'),
        ("{{ a? }}", "{{ a? }}", 'unexpected char "?"'),
        ("{{ 'a }} {{ ds }}", "{{ 'a }}", """unexpected char "'\""""),
        ("{% if a = 1 %}{% endif %}", "{% if a = 1 %}", 'expected token "%}", got "="'),
        ("{% if a %}{{ b c }}{% endif %}", "{{ b c }}", 'got "c"'),
        ("{% if a %}b{% for c in d %}{% endfor %}", "{% if a %}", '"{% if a %}" is not closed'),
        ("{% raw %}{{ ds }}", "{% raw %}", '"{% raw %}" is not closed'),
        ("{% if a %}{% for b in c %}{% endif %}", "{% endif %}", "stands inside {% for %}"),
        ("{% if a %}{% endif %}{% endif %}", "{% endif %}", "nothing before"),
        ("{% if a %}{% fi %}", "{% fi %}", 'Jinja has no tag "fi"'),
        ("n=${#a[@]}\n{{ ds }}", "{#a[@]}", 'the comment "{#a[@]}" is not closed'),
        ("{" * 2 + " a" * 60, "{{" + " a" * 60, "…"),
    ],
)
def test_faults(text: str, part: str, message: str) -> None:
    fault = find_fault(text)
    assert fault is not None
    assert text[fault.start : fault.end] == part
    assert message in fault.message
