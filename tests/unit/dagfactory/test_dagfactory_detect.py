from __future__ import annotations

import pytest

from daggen.specs.dagfactory import ambiguity, is_dagfactory
from daggen.specs.dagfactory.detect import is_defaults
from daggen.specs.dagfactory.foreign import foreign
from daggen.specs.document import Document
from daggen.specs.yaml import parse_yaml

TASK = "{t: {operator: a.b.C}}"


def _document(text: str) -> Document:
    (document,), _ = parse_yaml(text, "specs/x.yaml")
    return document


@pytest.mark.parametrize(
    "text",
    [
        f"d: {{tasks: {TASK}}}",
        "d: {start_date: 2025-01-01}",
        "default: {schedule: '@daily'}",
        f"default: {{}}\nd: {{tasks: {TASK}}}",
        "d: {tasks: [{task_id: t, decorator: airflow.sdk.task}]}",
        f"tags: {{tasks: {TASK}}}",
        f"task_groups: {{start_date: 2025-01-01, tasks: {TASK}}}",
        f"tasks: {{tasks: {TASK}}}",
    ],
)
def test_dag_ids_at_the_top(text: str) -> None:
    assert is_dagfactory(_document(text))


@pytest.mark.parametrize(
    "text",
    [
        f"dag_id: d\ntasks: {TASK}",
        f"tasks: {TASK}",
        "template: etl\nwith: {tasks: {a: {operator: a.b.C}}}",
        "dag_id: d\ntemplate: etl\nforeach: {x: {file: a.csv}}",
        "dagid: d\nschedule: '@daily'\ndefault_args: {start_date: 2025-01-01}",
        f"dag_id: d\ntask_groups: {{g: {{tasks: {TASK}}}}}",
        "dag_id: d\nparams: {description: {type: string}}",
        "- a\n- b",
        "just text",
        "",
        "{}",
        "a: 1\nb: {c: d}",
    ],
)
def test_keys_of_a_spec_at_the_top(text: str) -> None:
    assert not is_dagfactory(_document(text))


def test_both_are_told_apart_for_the_reader() -> None:
    document = _document(f"dag_id: d\nschedule: null\nother:\n  tasks: {TASK}\n")
    found = ambiguity(document)
    assert found is not None
    assert (found.code, str(found.span)) == ("DG900", "specs/x.yaml:3:1")


@pytest.mark.parametrize(
    "text", ["dag_id: d\ntemplate: etl\nwith: {tasks: [a]}", f"d: {{tasks: {TASK}}}"]
)
def test_what_is_clear_is_not_ambiguous(text: str) -> None:
    assert ambiguity(_document(text)) is None


def test_defaults_are_what_is_no_spec() -> None:
    assert is_defaults({"default_args": {}, "tags": [], "operator_aliases": []})
    assert is_defaults({})
    assert is_defaults(None)
    assert not is_defaults({"dag_id": "d", "tags": []})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "version: 2\nmodels: [{name: orders}]\n",
            "this is neither a spec nor a file of dag-factory",
        ),
        ("a:\n", '"a" has nothing below it'),
        ("a: {operator: x.Y}\n", '"a" is a task with no DAG around it'),
    ],
)
def test_files_of_others_have_one_finding(text: str, message: str) -> None:
    found = foreign(_document(text))
    assert found is not None
    assert (found.code, found.message, str(found.span)) == ("DG902", message, "specs/x.yaml:1:1")


def test_a_spec_with_a_mistake_is_not_of_others() -> None:
    assert foreign(_document("dag_id: d\nmodels: []\n")) is None
