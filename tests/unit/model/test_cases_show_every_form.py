"""Every key of a written-out DAG, and every form that its value may have, stands in a case.

What the forms are is read off the JSON Schema for editors: each alternative of a key is one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from daggen.specs.model.dag_keys import DAG_GONE
from daggen.specs.model.schema import json_schema
from daggen.specs.model.shapes import EXPRESSION, NULL, OBJECT
from daggen.specs.yaml import parse_yaml

CASES = Path(__file__).parents[2] / "cases"
SCHEMA = json_schema()
DEFINED: Mapping[str, Any] = SCHEMA["$defs"]
OF_TEMPLATES = {"foreach", "template", "with"}
"""Keys whose forms the cases of templates and of `foreach` have."""

Form = tuple[str, str]
"""Where a key stands (dag, task, group), and the key."""


def specs() -> Iterator[Any]:
    for path in sorted(CASES.glob("written/*/project/specs/**/*.yaml")):
        documents, found = parse_yaml(path.read_text("utf-8"), str(path))
        assert not found
        yield from (document.data for document in documents if not path.name.startswith("_"))


def said() -> Mapping[Form, list[Any]]:
    """Collect the values that the cases give each key."""
    values: dict[Form, list[Any]] = defaultdict(list)
    for spec in specs():
        collect("dag", spec, values)
        collect_tasks(spec, values)
    return values


def collect(place: str, raw: Mapping[str, Any], values: dict[Form, list[Any]]) -> None:
    for key, value in raw.items():
        values[place, key].append(value)
    collect_defaults(raw, values)


def collect_defaults(raw: Mapping[str, Any], values: dict[Form, list[Any]]) -> None:
    for key, value in raw.get("default_args", {}).items():
        values["task", key].append(value)


def collect_tasks(raw: Mapping[str, Any], values: dict[Form, list[Any]]) -> None:
    for task in entries(raw.get("tasks")):
        collect("task", {**task, **task.get("partial", {})}, values)
    for group in entries(raw.get("task_groups")):
        collect("group", group, values)
        collect_tasks(group, values)


def entries(raw: Any) -> list[Any]:
    return list(raw.values()) if isinstance(raw, Mapping) else raw or []


SAID = said()


def properties() -> Iterator[tuple[Form, Mapping[str, Any]]]:
    for place, schema in (
        ("dag", SCHEMA),
        ("task", DEFINED["task"]),
        ("group", DEFINED["task_group"]),
    ):
        for key, described in all_properties(schema).items():
            if key not in OF_TEMPLATES and not (place == "dag" and key in DAG_GONE):
                yield (place, key), described


def all_properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the properties of a schema; where they depend on others, those that are typed."""
    found = dict(schema["properties"])
    for each in schema.get("allOf", ()):
        for side in (each["then"], each["else"]):
            typed = {k: v for k, v in side["properties"].items() if set(v) != {"description"}}
            found = {**side["properties"], **found, **typed}
    return found


def alternatives(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give the forms of a schema, those of its definitions among them."""
    reference = schema.get("$ref", "").removeprefix("#/$defs/")
    if schema in (EXPRESSION, OBJECT, NULL):
        return
    if reference:
        yield from alternatives(DEFINED[reference])
    elif "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from alternatives(each)
    else:
        yield schema
        if schema.get("type") == "array" and "items" in schema:
            yield from ({"type": "array", "contains": e} for e in alternatives(schema["items"]))


def forms() -> Mapping[str, list[Form]]:
    """Give each form, as text, and the keys that may have it."""
    found: dict[str, list[Form]] = defaultdict(list)
    for key, schema in properties():
        for each in alternatives(schema):
            plain = {word: value for word, value in each.items() if word != "description"}
            found[json.dumps(plain, sort_keys=True)].append(key)
    return found


FORMS = forms()


@pytest.mark.parametrize("form", sorted(form for form, _ in properties()), ids=".".join)
def test_a_case_has_the_key(form: Form) -> None:
    assert SAID.get(form), f"no case below {CASES.name}/written says {form[1]} of a {form[0]}"


@pytest.mark.parametrize("form", sorted(FORMS), ids=lambda form: ".".join(FORMS[form][0]))
def test_a_case_has_the_form(form: str) -> None:
    validator = jsonschema.Draft202012Validator({**json.loads(form), "$defs": DEFINED})
    values = [value for key in FORMS[form] for value in SAID.get(key, ())]
    assert any(validator.is_valid(value) for value in values), f"of {FORMS[form]}"


@pytest.mark.parametrize("mark", [each["required"][0] for each in DEFINED["object"]["anyOf"]])
def test_a_case_has_the_object(mark: str) -> None:
    assert f'"{mark}":' in json.dumps(list(specs()))


def test_editors_underline_nothing_in_a_case() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    todays = [spec for spec in specs() if spec["dag_id"] != "airflow_2"]
    found = [(s["dag_id"], error.message) for s in todays for error in validator.iter_errors(s)]
    assert not found
