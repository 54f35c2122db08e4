"""No way leads from a value to code: every trick ends in an error or in a literal."""

import ast

import pytest

from daggen.code.scope import Scope
from daggen.diagnostics import Diagnostic
from daggen.templates.engine import Engine
from daggen.templates.library import TemplateLibrary

EVIL = "os.system('x')"
MACRO = "{% macro m() %}x = {{ evil }}{% endmacro %}"


def render(source: str, **values: object) -> str | list[Diagnostic]:
    sources = {
        "t.py.j2": ("t.py.j2", source),
        "macros.py.j2": ("macros.py.j2", MACRO),
        "base.py.j2": ("base.py.j2", values.pop("base", "")),
    }
    engine = Engine(TemplateLibrary(sources=sources))  # type: ignore[arg-type]
    rendered = engine.render(
        "t", {"evil": EVIL, **values}, dag={}, functions={}, scope=Scope((3, 3))
    )
    return rendered if isinstance(rendered, list) else rendered.text


def code_of(text: str) -> list[str]:
    """Give the names that the Python really uses."""
    return [node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]


@pytest.mark.parametrize(
    "source",
    [
        "x = {{ evil }}\n",
        "x = {{ evil | string }}\n",
        "x = {{ evil ~ evil }}\n",
        "x = {{ '%s' | format(evil) }}\n",
        "x = {{ '{}'.format(evil) }}\n",
        "x = {{ [evil, evil] | join(';') }}\n",
        "x = {{ evil | replace('x', 'y') | trim | lower }}\n",
        "x = {{ [evil] | first }}\n",
        "x = {{ {'a': evil} }}\n",
        "x = {{ [evil] | map('upper') }}\n",
        "x = {{ {'a': evil}.items() | list }}\n",
        "x = {{ dict(a=evil) }}\n",
        "x = {{ '%r' | format(ref('os')) }}\n",
        "{% set y = evil %}x = {{ y }}\n",
        "{% set ns = namespace(a='') %}{% set ns.a = evil %}x = {{ ns.a }}\n",
        "{% macro show(v) %}{{ v }}{% endmacro %}x = {{ show(evil) }}\n",
        "{% macro show(v) %}{{ caller(v) }}{% endmacro %}"
        "x = {% call(v) show(evil) %}{{ v }}{% endcall %}\n",
        "{% macro show() %}{{ varargs }}{{ '' }}{% endmacro %}x = {{ (show and evil) }}\n",
        "# {{ evil }}\nx = 1\n",
        "x = '{{ evil }}'\n",
        "x = '''{{ evil }}'''\n",
        "x = {{ task('a.Op', evil, cmd=evil) }}\n",
    ],
)
def test_a_value_stays_a_literal(source: str) -> None:
    text = render(source)
    assert isinstance(text, str), text
    assert "os" not in code_of(text)
    assert "system" not in [
        n.attr for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Attribute)
    ]


@pytest.mark.parametrize(
    "source",
    [
        "x = {{ ref('os') ~ evil }}\n",
        "x = {{ evil ~ ref('os') }}\n",
        "x = {{ ref('os') | string }}\n",
        "x = {{ [ref('os'), evil] | join('') }}\n",
        "x = {{ '%s' | format(ref('os')) }}\n",
        "x = {{ '{}'.format(ref('os')) }}\n",
        "x = {{ '{0.text}'.format(ref('os')) }}\n",
        "x = {{ ref('os').text }}\n",
        "x = {{ ref('os') | attr('text') }}\n",
        "x = {{ [ref('os')] | map(attribute='text') | first }}\n",
        "x = {{ ref('os').__class__(evil) }}\n",
        "x = {{ ref('os') | replace('o', evil) }}\n",
        "x = {{ ref('os')(evil) }}\n",
        "x = {{ ref(evil) }}\n",
        "x = {{ ref('os.' ~ evil) }}\n",
        "x = {{ ref('os') + evil }}\n",
        "x = {{ ref('os') * 2 }}\n",
        "x = {{ ref('os') | upper }}\n",
        "x = {{ ref('os') | list }}\n",
        "x = '{{ ref('os') }}'\n",
        "# {{ ref('os') }}\n",
        "x = {{ ref }}\n",
        "x = {{ evil.__class__ }}\n",
        "x = {{ evil | attr('__class__') }}\n",
        "x = {{ evil.format.__globals__ }}\n",
        "x = {{ ''.__class__.__mro__ }}\n",
        "x = {{ ref.__globals__ }}\n",
        "x = {{ ref.__closure__ }}\n",
        MACRO + "x = {{ m }}\n",
        MACRO + "x = {{ m() ~ evil }}\n",
        MACRO + "x = {{ m() | upper }}\n",
        MACRO + "x = {{ m()[0] }}\n",
        "{% import 'macros.py.j2' as macros %}x = {{ macros }}\n",
        "x = {{ evil | identifier }}\n",
        "{{ evil }} = 1\n",
        "x.{{ evil }}\n",
        "def {{ evil }}(): pass\n",
        "x >> {{ evil }}\n",
        "@{{ evil }}\ndef f(): pass\n",
        "f({{ evil }}=1)\n",
        "x = {{ task(evil, 'a') }}\n",
        "x = {{ task('a.Op', 'a', **{evil: 1}) }}\n",
        "x = {{ duration(evil) }}\n",
        "{{ evil | variable }}{{ '(' }} = 1\n",
        "{{ '_dg0_os_' }} = 1\n",
        "x = [{% for i in [evil, evil] %}{{ i }}{% endfor %}]\n",
        "x = {% if not evil %}1 {% else %}{{ evil }}{% endif %}y\n",
        "x = {% if not evil %}y{% else %}1 +{% endif %}{{ evil }}\n",
        "{{ '_dg0_os' }}_ = 1\n",
        # refused before anything is rendered
        "x = {{ evil | safe }}\n",
        "x = {{ evil | escape }}\n",
        "x = {{ evil | random }}\n",
        "{% print evil %}\n",
        "{% set x %}{{ evil }}{% endset %}{{ x }}\n",
        "{% filter upper %}x = {{ evil }}{% endfilter %}\n",
        "{% autoescape true %}x = {{ evil }}{% endautoescape %}\n",
        "x = {{ self.body() }}\n",
        "{% for x in [[1]] recursive %}{{ loop([]) }}{% endfor %}\n",
        "x = {{ lipsum() }}\n",
        "x = {{ cycler }}\n",
    ],
)
def test_what_would_mix_code_and_values_is_refused(source: str) -> None:
    assert isinstance(render(source), list)


@pytest.mark.parametrize(
    "source",
    [
        "x = f'{{ evil }}'\n",
        "x = f'{ {{ evil }} }'\n",
        "x = rF'''{{ evil }}'''\n",
        "x = t'{{ evil }}'\n",
        "x = b'{{ evil }}'\n",
        "x = rb'{{ evil }}'\n",
        "x = f{# #}'{{ evil }}'\n",
        "x = {% if evil %}f{% endif %}'{{ evil }}'\n",
        "x = {{ evil }}'a'\n",
        "x = {{ evil }}{# #}'a'\n",
        "x = {% if evil %} {% else %}f{% endif %}'{{ evil }}'\n",
        "x = '''{% if evil %}{% else %}a ''{% endif %}' '''\n",
        "x = {% for i in [1] %}'a'{% endfor %}\n",
        "x = {% if not evil %}{% else %}'a'{% endif %}{{ evil }}\n",
        "x = {{ evil }}'{{ evil }}'\n",
        "{% macro m() %}1  # c{% endmacro %}x = [{{ m() }}, {{ evil }}]\n",
        "x = {{ evil }}{% if evil %}'a'{% endif %}\n",
        "x = 'a'{{ evil }}\n",
        "x = ''{{ evil }}\n",
        "x = '{{ evil }}''b'\n",
        "x = '''a ''{{ evil }}' '''\n",
        "x = '\\{{ evil }}'\n",
        "x = r'\\{{ evil }}'\n",
        "x = '\\x{{ evil }}'\n",
        "x = '\\N{ {{- evil -}} }'\n",
        "x = '\\0{{ evil }}'\n",
        "x = \\{{ evil }}\n",
        "x = '{{ evil }}\ny = 1'\n",
        "x = '{% if evil %}a'{% endif %}\n",
        "x = {% for e in evil %}'{% endfor %}\n",
        "x = {% if evil %}'{% else %}\"{% endif %}\n",
        "x = '{% block b %}{{ evil }}{% endblock %}'\n",
        "x = '{% include 'macros.py.j2' %}'\n",
        "# {% block b %}{{ evil }}{% endblock %}\n",
        "{% block b %}x = '{% endblock %}'\n",
        "{% block b %}x = 1  #{% endblock %}\n",
        "{% macro m() %}'{% endmacro %}x = {{ m() }}\n",
        "x = 'a\\{% if evil %}n{% endif %}'\n",
        "x = f'{d['{{ evil }}']}'\n",
        "x = '\ue000{{ evil }}'\n",
    ],
)
def test_python_that_cannot_be_known_is_refused(source: str) -> None:
    found = render(source)
    assert isinstance(found, list)
    assert {one.code for one in found} <= {"DG304", "DG316"}


@pytest.mark.parametrize(
    "base",
    [
        "x = f{% block b %}'a'{% endblock %}\n",
        "x = f{% block b %}1{% endblock %}\n",
        "x = {% block b %}1{% endblock %}if y else 2\n",
        "x = {% block b %}1{% endblock %}'a'\n",
        "x = 'a'{% block b %}1{% endblock %}\n",
    ],
)
def test_a_block_that_joins_the_text_beside_it_is_refused(base: str) -> None:
    child = "{% extends 'base.py.j2' %}{% block b %}{{ evil }}{% endblock %}\n"
    found = render(child, base=base)
    assert isinstance(found, list)
    assert found[0].code == "DG312"


def test_a_loop_that_writes_names_side_by_side_joins_them() -> None:
    assert render("{% for v in ['a', 'b'] %}{{ v }}{% endfor %} = 1\n") == "ab = 1\n"
    assert isinstance(render("{% for v in ['no', 't'] %}{{ v }}{% endfor %} = 1\n"), list)


def test_a_joined_name_may_not_become_a_keyword_or_a_number() -> None:
    assert isinstance(render("x = a {{ v }}t b\n", v="no"), list)
    assert isinstance(render("x = {{ v }}_000\n", v="1"), list)
    assert render("x{{ v }} = 1\n", v=5) == "x5 = 1\n"


def test_code_may_stand_inside_lists_and_mappings() -> None:
    text = render("x = {{ [ref('a.b'), 'a.b', {'k': ref('a.b')}] }}\n")
    assert text == 'x = [_dg0_b_, "a.b", {"k": _dg0_b_}]\n'
