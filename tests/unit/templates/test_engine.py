"""Rendering: what templates write, and what is told when they cannot."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from daggen.code.formatting import format_python
from daggen.code.fragment import Code
from daggen.code.scope import Scope
from daggen.diagnostics import Diagnostic, Span
from daggen.templates.engine import WRITTEN_OUT, Engine
from daggen.templates.library import TemplateLibrary
from daggen.templates.marks import without_marks
from daggen.templates.trace import Rendered

Load = Callable[[dict[str, str]], tuple[TemplateLibrary, list[Diagnostic]]]

FUNCTIONS = {"dag_arguments": lambda: Code('dag_id="d",\nschedule=None,')}
GROUP = (
    "{% extends 'group.py.j2' %}\n{% block body %}\n"
    "    load = {{ ref('a.Load') }}(\n        table={{ table }},\n    )\n{% endblock %}\n"
)
GROUP_SCHEMA = (
    "x-daggen: {kind: group}\nrequired: [table]\nproperties:\n  table: {type: string}\n"
    "  size: {type: integer, default: 1}\n"
)


def engine(**sources: str) -> Engine:
    files = {f"{name}.py.j2": (f"{name}.py.j2", text) for name, text in sources.items()}
    base, _ = TemplateLibrary.load([], Path())
    return Engine(TemplateLibrary(sources={**base.sources, **files}))


def render(engine: Engine, **parameters: object) -> Rendered | list[Diagnostic]:
    scope = Scope((3, 3))
    return engine.render(
        "t", parameters, dag={"dag_id": "d", "tags": ["x"]}, functions=FUNCTIONS, scope=scope
    )


def text_of(source: str, **parameters: object) -> str:
    rendered = render(engine(t=source), **parameters)
    assert isinstance(rendered, Rendered), rendered
    return rendered.text


def findings(source: str, **parameters: object) -> list[tuple[str, str]]:
    found = render(engine(t=source), **parameters)
    assert isinstance(found, list)
    return [(one.code, str(one.span)) for one in found]


def file_of(engine: Engine, scope: Scope, **parameters: object) -> str:
    rendered = engine.render("t", parameters, dag={}, functions=FUNCTIONS, scope=scope)
    assert isinstance(rendered, Rendered), rendered
    formatted = format_python(scope.resolve(rendered.text))
    assert isinstance(formatted, str)
    return formatted


def test_a_template_fills_the_base() -> None:
    source = (
        "{% extends 'dag.py.j2' %}\n{% block module %}\nLIMIT = {{ limit }}\n\n{% endblock %}\n"
        "{% block body %}\n    start = {{ ref('a.Start') }}(n=LIMIT)\n{% endblock %}\n"
    )
    assert file_of(engine(t=source), Scope((3, 3)), limit=3) == (
        "from a import Start\nfrom airflow.sdk import DAG\n\nLIMIT = 3\n\n"
        'with DAG(\n    dag_id="d",\n    schedule=None,\n) as dag:\n    start = Start(n=LIMIT)\n'
    )


def test_the_base_alone_is_a_dag_without_tasks() -> None:
    scope = Scope((2, 11))
    assert file_of(engine(t="{% extends 'daggen/dag.py.j2' %}"), scope) == (
        'from airflow import DAG\n\nwith DAG(\n    dag_id="d",\n    schedule=None,\n) as dag:\n'
        "    pass\n"
    )


def test_a_written_out_dag_takes_its_body_from_the_caller() -> None:
    library, _ = TemplateLibrary.load([], Path())
    body = Code('x = """a\nb"""\ny = 2')
    functions = {**FUNCTIONS, "dag_module": lambda: Code(""), "dag_body": lambda: body}
    rendered = Engine(library).render(
        WRITTEN_OUT, {}, dag={}, functions=functions, scope=Scope((3, 3))
    )
    assert isinstance(rendered, Rendered)
    assert rendered.text.endswith(' as dag:\n    x = """a\nb"""\n    y = 2\n')


def test_engines_travel_to_other_processes() -> None:
    copy = pickle.loads(pickle.dumps(engine(t="x = {{ value }}\n")))  # noqa: S301
    rendered = render(copy, value=1)
    assert isinstance(rendered, Rendered)
    assert rendered.text == "x = 1\n"


def test_the_data_of_the_dag_is_there() -> None:
    assert text_of("x = [{{ dag.dag_id }}, {{ dag.tags }}]\n") == 'x = ["d", ["x"]]\n'


def test_a_tag_beside_text_keeps_its_newline() -> None:
    source = "x = 1{% if a %} + 2{% endif %}\ny = 3  {# note #}\nz = 4\n"
    assert text_of(source, a=True) == "x = 1 + 2\ny = 3  \nz = 4\n"
    assert text_of("{% if a %}\nx = 1\n{% endif %}\ny = 2\n", a=True) == "x = 1\ny = 2\n"


def test_macros_write_at_the_column_of_their_hole() -> None:
    source = (
        "{% macro op(name) %}\n{{ name }} = Op(\n    sql={{ sql }},\n)\n{% endmacro %}\n"
        "if True:\n    if True:\n        {{ op('a') }}\n    {{ op('b') }}\n"
    )
    assert text_of(source, sql="a\n  b") == (
        'if True:\n    if True:\n        a = Op(\n            sql="""a\n  b""",\n        )\n'
        '    b = Op(\n        sql="""a\n  b""",\n    )\n'
    )


def test_moving_a_macro_leaves_its_strings_alone() -> None:
    source = (
        "{% macro m() %}\n    x = '''\n      a\n    b'''  # '\n    y = 1\n{% endmacro %}\n"
        "if True:\n  {{ m() }}\n"
    )
    assert text_of(source) == ("if True:\n  x = '''\n      a\n    b'''  # '\n  y = 1\n")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = {{ v }} ** 2\n", "x = (-1) ** 2\n"),
        ("x = {{ v }}.real\n", "x = (-1).real\n"),
        ("x = {{ v }} + 2\n", "x = -1 + 2\n"),
    ],
)
def test_a_number_stays_whole_where_something_binds_tighter(source: str, expected: str) -> None:
    assert text_of(source, v=-1) == expected


def test_super_is_the_text_of_the_parents_block() -> None:
    parent = "with x:\n{% block body %}\n    a = 1\n    b = 2\n{% endblock %}\n"
    child = (
        "{% extends 'p.py.j2' %}{% block body %}\n    {{ super() }}\n    c = 3\n{% endblock %}\n"
    )
    rendered = render(engine(t=child, p=parent))
    assert isinstance(rendered, Rendered)
    assert rendered.text == "with x:\n    a = 1\n    b = 2\n    c = 3\n"


def test_macros_of_other_files_know_the_functions() -> None:
    rendered = render(
        engine(
            t="{% from 'm.py.j2' import op %}\n{{ op('a') }}\n",
            m="{% macro op(name) %}\n{{ name }} = {{ ref('x.Op') }}()\n{% endmacro %}\n",
        )
    )
    assert isinstance(rendered, Rendered)
    assert rendered.text == "a = _dg0_Op_()\n"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("task('a.b.Op', 'load', sql='x', n=[1])", '_dg0_Op_(task_id="load", sql="x", n=[1])'),
        ("task('a.Op', 'x', f=ref('c.g'))", '_dg1_Op_(task_id="x", f=_dg0_g_)'),
        ("duration('2h30m')", "_dg0_timedelta_(hours=2, minutes=30)"),
        ("duration(90)", "_dg0_timedelta_(minutes=1, seconds=30)"),
        ("duration('PT5M')", "_dg0_timedelta_(minutes=5)"),
        ("'a b' | variable", '"a_b"'),
        ("{'ü': [1, none]} | tojson", "'{\"ü\": [1, null]}'"),
        ("range(3)", "[0, 1, 2]"),
        ("{'a': 1}.items()", '[("a", 1)]'),
    ],
)
def test_functions_and_filters(expression: str, expected: str) -> None:
    assert text_of(f"x = {{{{ {expression} }}}}\n") == f"x = {expected}\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1\ny = [{{ a }}, {{ a.b }}]\n", [("DG311", "t.py.j2:2:20")]),
        ("x = {{ a['b'] }}\n", [("DG311", "t.py.j2:1:5")]),
        ("x = {{ nope }}\n", [("DG311", "t.py.j2:1:8")]),
        ("x = {{ [1, {'a': nope}] }}\n", [("DG311", "t.py.j2:1:18")]),
        ("x = {{ a / 0 }}\n", [("DG311", "t.py.j2:1:5")]),
        ("\n  # c\nx = {{ ref('a b') }}\n", [("DG311", "t.py.j2:3:5")]),
        ("x = {{ duration('5 parsecs') }}\n", [("DG311", "t.py.j2:1:5")]),
        ("x = '{{ {} }}'\n", [("DG312", "t.py.j2:1:6")]),
        ("x = 1; x.{{ 'a b' }}\n", [("DG312", "t.py.j2:1:10")]),
        ("x = 1\nx = = {{ a }}\n", [("DG313", "t.py.j2:2:1")]),
        ("if True:\n{{ a }}\n", [("DG313", "t.py.j2:2:1")]),
        ("{% macro m() %}{{ m() }}{% endmacro %}\nx = {{ m() }}\n", [("DG311", "t.py.j2:1:1")]),
        ("{% include 't.py.j2' %}\n", [("DG311", "t.py.j2:1:1")]),
        ("{% include a ~ '.py.j2' %}\n", [("DG307", "t.py.j2:1:1")]),
        ("{{ group('nope', 'g') }}\n", [("DG307", "t.py.j2:1:1")]),
        ("# coding: {{ 'latin-1' }}\n", [("DG313", "t.py.j2:1:1")]),
        ("x = {{ [1]\n  | first(1, 2) }}\n", [("DG311", "t.py.j2:1:5")]),
    ],
)
def test_what_fails_is_told_at_its_line_and_column(
    source: str, expected: list[tuple[str, str]]
) -> None:
    assert findings(source, a=1) == expected


def test_a_failure_names_the_spec_it_was_rendered_for() -> None:
    at = Span("specs/a.yaml", 2, 11)
    found = engine(t="x = {{ nope }}\n").render(
        "t", {}, dag={}, functions={}, scope=Scope((3, 3)), at=at
    )
    assert isinstance(found, list)
    assert found[0].related == ((at, "rendered for this spec"),)


def test_python_that_does_not_compile_is_shown_as_rendered() -> None:
    found = render(engine(t="{{ ref('airflow.sdk.DAG') }}(= {{ a }})\n"), a="é")
    assert isinstance(found, list)
    assert found[0].hint == 'rendered as: DAG(= "é")'


def test_pythons_warnings_are_told_and_stop_nothing() -> None:
    rendered = render(engine(t="x = 1\ny = '\\d{{ a }}'\n"), a=1)
    assert isinstance(rendered, Rendered)
    [found] = rendered.diagnostics
    assert (found.code, str(found.span)) == ("DG315", "t.py.j2:2:1")
    assert not found.is_error


def test_a_group_template_inside_a_dag_template(load: Load) -> None:
    library, found = load(
        {
            "t.py.j2": "{% extends 'dag.py.j2' %}\n{% block body %}\n"
            '    {{ group("g", "load-eu", table=entity) }}\n'
            '    {{ group("g", "load_us", table="us") }}\n'
            "    load_eu >> load_us\n{% endblock %}\n",
            "t.schema.yaml": "x-daggen: {kind: dag}\nproperties:\n  entity: {type: string}\n",
            "g.py.j2": GROUP,
            "g.schema.yaml": GROUP_SCHEMA,
        }
    )
    assert [one.code for one in found] == ["DG303"]
    assert file_of(Engine(library), Scope((3, 3)), entity="eu").endswith(
        ") as dag:\n"
        '    with TaskGroup(group_id="load-eu") as load_eu:\n        load = Load(\n'
        '            table="eu",\n        )\n'
        '    with TaskGroup(group_id="load_us") as load_us:\n        load = Load(\n'
        '            table="us",\n        )\n'
        "    load_eu >> load_us\n"
    )


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("group('g', 'x')", "DG308"),
        ("group('g', 'x', table=1)", "DG310"),
        ("group('g', 'x', table='a', tabel='b')", "DG309"),
        ("group('t', 'x')", "DG307"),
    ],
)
def test_parameters_of_a_group_are_checked_at_the_hole(load: Load, call: str, code: str) -> None:
    library, _ = load(
        {
            "t.py.j2": f"x = 1\n{{{{ {call} }}}}\n",
            "t.schema.yaml": "x-daggen: {kind: dag}\n",
            "g.py.j2": GROUP,
            "g.schema.yaml": GROUP_SCHEMA,
        }
    )
    found = render(Engine(library))
    assert isinstance(found, list)
    assert [(one.code, str(one.span)) for one in found] == [(code, "templates/t.py.j2:2:1")]


def test_a_group_for_a_spec(load: Load) -> None:
    library, _ = load({"g.py.j2": GROUP, "g.schema.yaml": GROUP_SCHEMA})
    code = Engine(library).render_group(
        "g",
        {"table": "a"},
        group_id="load-eu",
        dag={},
        functions={},
        scope=Scope((3, 3)),
        arguments=Code('tooltip="t"'),
    )
    assert isinstance(code, Code)
    assert without_marks(code.text) == (
        'with _dg0_TaskGroup_(group_id="load-eu", tooltip="t") as load_eu:\n'
        '    load = _dg1_Load_(\n        table="a",\n    )'
    )


def test_every_generated_line_leads_back_to_its_template() -> None:
    sources = {
        "t": "{% extends 'p.py.j2' %}\n{% block body %}\n    a = {{ value }}\n"
        "    {{ op('b') }}\n{% endblock %}\n"
        "{% macro op(n) %}\n{{ n }} = f(\n    1,\n)\n{% endmacro %}\n",
        "p": "# head\nif {{ ref('x.y') }}:\n{% block body %}\n{% endblock %}\n    last = 1\n",
    }
    rendered = render(engine(**sources), value="1\n2\n3")
    assert isinstance(rendered, Rendered)
    lines = rendered.text.split("\n")
    found = {lines[i]: str(rendered.template_line(i + 1)) for i in range(len(lines) - 1)}
    assert found == {
        "# head": "p.py.j2:1:1",
        "if _dg0_y_:": "p.py.j2:2:1",
        '    a = """1': "t.py.j2:3:1",
        "2": "t.py.j2:3:1",
        '3"""': "t.py.j2:3:1",
        "    b = f(": "t.py.j2:7:1",
        "        1,": "t.py.j2:8:1",
        "    )": "t.py.j2:9:1",
        "    last = 1": "p.py.j2:5:1",
    }


def test_lines_of_the_formatted_file_lead_back_too() -> None:
    source = "x = [{{ ref('a.b') }},\n     {{ ref('c.d') }}]\ny = f(x,\n y=2)\n"
    template = engine(t=source)
    scope = Scope((3, 3))
    rendered = template.render("t", {}, dag={}, functions={}, scope=scope)
    assert isinstance(rendered, Rendered)
    final = format_python(scope.resolve(rendered.text))
    assert final == "from a import b\nfrom c import d\n\nx = [b, d]\ny = f(x, y=2)\n"
    locate = rendered.locate(final)
    assert [str(locate(line)) for line in (1, 4, 5)] == ["None", "t.py.j2:1:1", "t.py.j2:3:1"]
