"""Parameters are checked against the schema, in words, each at its place."""

from collections.abc import Callable

import pytest

from daggen.diagnostics import Diagnostic
from daggen.specs.yaml import parse_yaml
from daggen.templates.library import TemplateLibrary
from daggen.templates.parameters import validate_parameters

Load = Callable[[dict[str, str]], tuple[TemplateLibrary, list[Diagnostic]]]
SCHEMA = "x-daggen: {kind: dag}\nproperties:\n"

PROPERTIES = """\
  entity: {type: string, minLength: 2, pattern: "^[a-z]+$"}
  retries: {type: integer, minimum: 0, maximum: 5, default: 2}
  mode: {enum: [append, overwrite], default: append}
  source:
    type: object
    required: [type]
    additionalProperties: false
    properties:
      type: {type: string}
      batch: {type: integer, default: 100}
  columns: {type: array, items: {type: string}, minItems: 1}
  when: {anyOf: [{type: string}, {type: integer}]}
  shape:
    oneOf:
      - {type: object, required: [a], properties: {a: {type: integer}}}
      - {type: "null"}
required: [entity]
"""
ALL = "entity retries mode source columns when shape"


def check(load: Load, spec: str) -> tuple[dict[str, object], list[Diagnostic]]:
    use = "\n".join(f"x = {{{{ {name} }}}}" for name in ALL.split())
    library, found = load({"t.py.j2": use, "t.schema.yaml": SCHEMA + PROPERTIES})
    assert found == []
    template = library.get("t")
    assert template is not None
    [document], _ = parse_yaml(spec, "s.yaml")
    return validate_parameters(
        template, document.data.get("with", {}), document.locations, ("with",)
    )


def test_defaults_are_filled_in_at_every_depth(load: Load) -> None:
    filled, found = check(load, "template: t\nwith: {entity: ab, source: {type: pg}}\n")
    assert found == []
    assert filled == {
        "entity": "ab",
        "retries": 2,
        "mode": "append",
        "source": {"type": "pg", "batch": 100},
    }


def test_defaults_are_not_shared(load: Load) -> None:
    first, _ = check(load, "template: t\nwith: {entity: ab, source: {type: pg}}\n")
    second, _ = check(load, "template: t\nwith: {entity: ab, source: {type: pg}}\n")
    first["source"]["batch"] = 1  # type: ignore[index]
    assert second["source"] == {"type": "pg", "batch": 100}


@pytest.mark.parametrize(
    ("given", "code", "column", "message"),
    [
        ("{}", "DG308", 1, 'the parameter "entity" is missing'),
        ("{entity: ab, entty: 1}", "DG309", 20, 'the template "t" has no parameter "entty"'),
        ("{entity: 3}", "DG310", 16, '"entity" must be text, not the number 3'),
        ("{entity: null}", "DG310", 16, '"entity" must be text, not null'),
        ("{entity: [a]}", "DG310", 16, '"entity" must be text, not a list'),
        ("{entity: a}", "DG310", 16, '"entity" is shorter than 2 characters'),
        ("{entity: AB}", "DG310", 16, '"entity" is "AB", which does not match ^[a-z]+$'),
        ("{entity: ab, retries: 9}", "DG310", 29, '"retries" is 9; the most is 5'),
        ("{entity: ab, retries: true}", "DG310", 29, '"retries" must be a whole number, not true'),
        (
            "{entity: ab, mode: apend}",
            "DG310",
            26,
            '"mode" must be one of "append", "overwrite", not the text "apend"',
        ),
        ("{entity: ab, source: {}}", "DG308", 20, 'the parameter "source.type" is missing'),
        ("{entity: ab, source: {type: a, typ: b}}", "DG309", 38, '"source" has no key "typ"'),
        ("{entity: ab, columns: []}", "DG310", 29, '"columns" has fewer than 1 items'),
        (
            "{entity: ab, columns: [a, 1]}",
            "DG310",
            33,
            '"columns[1]" must be text, not the number 1',
        ),
        (
            "{entity: ab, when: []}",
            "DG310",
            26,
            '"when" must be text or a whole number, not a list',
        ),
        (
            "{entity: ab, shape: {a: x}}",
            "DG310",
            31,
            '"shape.a" must be a whole number, not the text "x"',
        ),
    ],
)
def test_each_finding_is_at_its_place(
    load: Load, given: str, code: str, column: int, message: str
) -> None:
    _, [found] = check(load, f"template: t\nwith: {given}\n")
    assert (found.code, found.message) == (code, message)
    assert found.span is not None
    assert (found.span.line, found.span.column) == (2, column)


def test_a_missing_with_is_told_at_the_template(load: Load) -> None:
    _, [found] = check(load, "dag_id: a\ntemplate: t\n")
    assert str(found.span) == "s.yaml:2:11"


def test_all_findings_come_at_once(load: Load) -> None:
    _, found = check(load, "with: {retries: x, mode: y, columns: 3, nope: 1}\n")
    assert sorted(one.code for one in found) == ["DG308", "DG309", "DG310", "DG310", "DG310"]


def test_a_near_name_is_suggested(load: Load) -> None:
    _, found = check(load, "with: {entity: ab, retires: 1, mode: apend}\n")
    assert {one.hint for one in found} == {'did you mean "retries"?', 'did you mean "append"?'}
