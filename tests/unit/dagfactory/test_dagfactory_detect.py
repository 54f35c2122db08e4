from __future__ import annotations

import pytest

from daggen.specs.dagfactory import ambiguity, is_dagfactory
from daggen.specs.dagfactory.detect import is_defaults
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


def test_defaults_are_arguments_without_a_dag() -> None:
    assert is_defaults({"default_args": {}, "tags": [], "operator_aliases": []})
    assert not is_defaults({"dag_id": "d", "tags": []})
    assert not is_defaults({"other": {"tags": []}})
