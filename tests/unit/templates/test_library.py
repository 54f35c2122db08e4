"""Templates are found, and what is wrong with them is told before a spec uses them."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from daggen.diagnostics import Diagnostic, Severity
from daggen.templates.library import TemplateLibrary

Load = Callable[[dict[str, str]], tuple[TemplateLibrary, list[Diagnostic]]]
SCHEMA = "x-daggen: {kind: dag}\nproperties:\n"


def told(found: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(one.code, str(one.span).removeprefix("templates/")) for one in found]


def test_a_template_and_its_schema_make_a_template(load: Load) -> None:
    library, found = load(
        {
            "ml/train.py.j2": "x = {{ model }}\n",
            "ml/train.schema.yaml": "title: Training\ndescription: Trains.\n"
            + SCHEMA
            + "  model: {type: string}\n",
        }
    )
    assert found == []
    template = library.get("ml/train")
    assert template is not None
    assert (template.kind, template.title, template.description) == ("dag", "Training", "Trains.")
    assert list(template.parameters) == ["model"]
    assert template.files == ("templates/ml/train.py.j2", "templates/ml/train.schema.yaml")
    assert pickle.loads(pickle.dumps(library)) == library  # noqa: S301


def test_files_of_a_template_include_what_it_extends_and_renders(load: Load) -> None:
    library, found = load(
        {
            "a.py.j2": '{% extends "dag.py.j2" %}{% from "_m.py.j2" import op %}\n'
            '{% block body %}\n    {{ op() }}\n    {{ group("g", "g") }}\n{% endblock %}\n',
            "a.schema.yaml": SCHEMA + "  {}\n",
            "_m.py.j2": "{% macro op() %}\nx = 1\n{% endmacro %}\n",
            "g.py.j2": '{% extends "group.py.j2" %}\n',
            "g.schema.yaml": "x-daggen: {kind: group}\n",
        }
    )
    assert found == []
    template = library.get("a")
    assert template is not None
    assert template.files == (
        "templates/a.py.j2",
        "<daggen>/dag.py.j2",
        "templates/_m.py.j2",
        "templates/g.py.j2",
        "<daggen>/group.py.j2",
        "templates/a.schema.yaml",
    )


PROPERTIES = """\
  entity: {type: string}
  source:
    type: object
    additionalProperties: false
    properties:
      type: {type: string}
  steps:
    type: array
    items: {$ref: "#/$defs/step"}
$defs:
  step:
    type: object
    additionalProperties: false
    properties: {name: {type: string}}
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = {{ entitty }}\n", [("DG302", "t.py.j2:1:8")]),
        (
            "x = 1\ny = [1, {{ a }}, {{ b }}]\n",
            [("DG302", "t.py.j2:2:12"), ("DG302", "t.py.j2:2:21")],
        ),
        ("x = {{ source.typ }}\n", [("DG302", "t.py.j2:1:15")]),
        ("x = {{ source['typ'] }}\n", [("DG302", "t.py.j2:1:15")]),
        ("x = {{ source.items() | list }}\n", []),
        ("{% for s in steps %}\nx = {{ s.nam }}\n{% endfor %}\n", [("DG302", "t.py.j2:2:10")]),
        ("{% for s in steps %}\nx = {{ s.name }}\n{% endfor %}\n", []),
        ("{% for s in steps %}\n{% endfor %}\nx = {{ s }}\n", [("DG302", "t.py.j2:3:8")]),
        ("{% set y = entity %}\nx = {{ y }}\n", []),
        ("{% if entity %}{% set y = 1 %}{% endif %}\nx = {{ y }}\n", []),
        ("{% with y = 1 %}x = {{ y }}{% endwith %}\n", []),
        ("{% macro m(a, b=entity) %}{{ a }}{{ b }}{{ kwargs }}{% endmacro %}\n", []),
        ("{% macro m(a) %}{{ a }}{% endmacro %}\nx = {{ a }}\n", [("DG302", "t.py.j2:2:8")]),
        ("{% for i in range(3) %}\nx = {{ loop.index }}\n{% endfor %}\n", []),
        ("x = {{ ref('a.b') }}, {{ duration('5m') }}, {{ dag.dag_id }}\n", []),
        ("x = {{ group_id }}\n", [("DG302", "t.py.j2:1:8")]),
        ("x = {{ entity\n", [("DG301", "t.py.j2:1:5")]),
        ("x = 1\n{% if entity %}\n", [("DG301", "t.py.j2:2:1")]),
        ("x = {{ entity | upcase }}\n", [("DG301", "t.py.j2:1:17")]),
        ("x = {{ entity is strng }}\n", [("DG301", "t.py.j2:1:18")]),
        ("x = 1\ny = f'{{ entity }}'\n", [("DG304", "t.py.j2:2:7")]),
        ("x = '{{ entity }}\n'\n", [("DG304", "t.py.j2:1:18")]),
        ("{% filter upper %}x{% endfilter %}\n", [("DG314", "t.py.j2:1:1")]),
        ("{% extends 'dg.py.j2' %}\n", [("DG307", "t.py.j2:1:12")]),
        ("x = 1\n{% include '_no.py.j2' %}\n", [("DG307", "t.py.j2:2:12")]),
        ("{% include '_no.py.j2' ignore missing %}\n", []),
        ("{{ group('no', 'g') }}\n", [("DG307", "t.py.j2:1:10")]),
        ("{% extends 'dag.py.j2' %}\n\nx = 1\n", [("DG317", "t.py.j2:3:1")]),
        ("{% extends 'dag.py.j2' %}\n# only a comment\n", []),
    ],
)
def test_what_is_known_before_rendering(
    load: Load, source: str, expected: list[tuple[str, str]]
) -> None:
    _, found = load({"t.py.j2": source, "t.schema.yaml": SCHEMA + PROPERTIES})
    assert told([one for one in found if one.severity is Severity.ERROR]) == expected


def test_errors_of_several_templates_come_at_once(load: Load) -> None:
    library, found = load(
        {
            "a.py.j2": "x = {{ nope }}\n",
            "a.schema.yaml": SCHEMA + "  {}\n",
            "b.py.j2": "x = {{ }}\n",
            "b.schema.yaml": SCHEMA + "  {}\n",
            "c.py.j2": "x = 1\n",
            "c.schema.yaml": SCHEMA + "  {}\n",
        }
    )
    assert {one.span.path for one in found if one.span} == {
        "templates/a.py.j2",
        "templates/b.py.j2",
    }
    assert library.broken == {"a", "b"}


def test_hints_name_what_was_meant(load: Load) -> None:
    _, found = load({"t.py.j2": "x = {{ entitty }}\n", "t.schema.yaml": SCHEMA + PROPERTIES})
    assert 'did you mean "entity"?' in [one.hint for one in found]
    _, found = load({"t.py.j2": "x = {{ entity | safe }}\n"})
    assert "a value can never become code" in [one.hint for one in found]


def test_a_name_is_underlined_as_a_whole(load: Load) -> None:
    _, found = load({"t.py.j2": "x = {{ source.typ }}\n", "t.schema.yaml": SCHEMA + PROPERTIES})
    [span] = [one.span for one in found if one.code == "DG302"]
    assert span is not None
    assert (span.column, span.end_line, span.end_column) == (15, 1, 18)


def test_a_parameter_that_nothing_uses_is_a_warning_at_its_key(load: Load) -> None:
    schema = SCHEMA + "  entity: {type: string}\n  other: {type: string}\n"
    _, found = load({"t.py.j2": "x = {{ entity }}\n", "t.schema.yaml": schema})
    assert told(found) == [("DG303", "t.schema.yaml:4:3")]
    assert found[0].severity is Severity.WARNING


def test_use_in_an_included_template_counts(load: Load) -> None:
    _, found = load(
        {
            "t.py.j2": "{% include '_p.py.j2' %}\n",
            "_p.py.j2": "x = {{ entity }}\n",
            "t.schema.yaml": SCHEMA + "  entity: {type: string}\n",
        }
    )
    assert found == []


def test_an_undeclared_name_of_an_included_template_is_told_there(load: Load) -> None:
    _, found = load(
        {
            "t.py.j2": "{% include '_p.py.j2' %}\n",
            "_p.py.j2": "x = {{ entity }}\n",
            "t.schema.yaml": SCHEMA + "  {}\n",
        }
    )
    assert told(found) == [("DG302", "_p.py.j2:1:8")]


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ("- a\n", "t.schema.yaml:1:1"),
        ("properties: {}\n", "t.schema.yaml:1:1"),
        ("x-daggen: {kind: dags}\n", "t.schema.yaml:1:18"),
        (SCHEMA + "  a: {type: strin}\n", "t.schema.yaml:3:13"),
        (SCHEMA + "  a: {pattern: '('}\n", "t.schema.yaml:3:16"),
        (SCHEMA + "  group: {type: string}\n", "t.schema.yaml:3:3"),
        (SCHEMA + "  a-b: {type: string}\n", "t.schema.yaml:3:3"),
        ("x-daggen: {kind: dag}\nproperties: 5\n", "t.schema.yaml:2:13"),
        (SCHEMA + "  a: {type: string, default: 5}\n", "t.schema.yaml:3:30"),
        (
            SCHEMA + "  a: {type: array, items: {type: string}, examples: [[a], [1]]}\n",
            "t.schema.yaml:3:60",
        ),
        (SCHEMA + "  a: {$ref: '#/nowhere', default: 5}\n", "t.schema.yaml:3:3"),
    ],
)
def test_a_schema_that_is_wrong(load: Load, schema: str, place: str) -> None:
    _, found = load({"t.py.j2": "x = 1\n", "t.schema.yaml": schema})
    assert ("DG305", place) in told(found)


def test_a_template_needs_a_schema_and_a_schema_a_template(load: Load) -> None:
    _, found = load(
        {"a.py.j2": "x = 1\n", "b.schema.yaml": SCHEMA + "  {}\n", "_c.py.j2": "x = 1\n"}
    )
    assert told(found) == [("DG306", "b.schema.yaml:1:1"), ("DG306", "a.py.j2:1:1")]


def test_a_template_that_is_no_text(load: Load, tmp_path: Path) -> None:
    load({"t.schema.yaml": SCHEMA + "  {}\n"})
    (tmp_path / "templates/t.py.j2").write_bytes(b"x = 1\ny = '\xff'\n")
    _, found = load({})
    assert told(found) == [("DG316", "t.py.j2:2:6")]


def test_a_name_finds_a_template_of_its_kind(load: Load) -> None:
    library, _ = load({"etl.py.j2": "x = 1\n", "etl.schema.yaml": SCHEMA + "  {}\n"})
    missing = library.find("elt", "dag", None)
    wrong = library.find("etl", "group", None)
    assert isinstance(missing, Diagnostic)
    assert isinstance(wrong, Diagnostic)
    assert missing.hint == 'did you mean "etl"?'
    assert "kind dag, not group" in wrong.message
    assert library.find("etl", "dag", None) is library.get("etl")
