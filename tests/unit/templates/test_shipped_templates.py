"""Whatever text stands in a parameter of a shipped template, the Python holds that very text."""

import ast
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daggen.code.fragment import Code
from daggen.code.scope import Scope
from daggen.diagnostics import Severity, Span
from daggen.library import library_path
from daggen.rendering import FUNCTIONS
from daggen.specs.document import Locations
from daggen.templates.engine import Engine
from daggen.templates.library import Template, TemplateLibrary
from daggen.templates.marks import without_marks
from daggen.templates.parameters import validate_parameters

FOLDER = library_path()
NAMES = sorted(path.name.removesuffix(".schema.yaml") for path in FOLDER.glob("*.schema.yaml"))
TEXTS = st.sampled_from(
    [
        '"); import os; os.system("1") #',
        "'''); import os #",
        '"""',
        "\\",
        "\\N{DASH}",
        "a\nb",
        "\x00\ud800\u2028",
        "{{ ds }}",
        "# x",
        "__import__('os')",
        "\ue000\U000f0001",
    ]
) | st.text(st.characters() | st.sampled_from("\"'\\\n\r{}%#\u2028\ud800"), max_size=8)


@cache
def engine() -> Engine:
    library, found = TemplateLibrary.load([FOLDER], FOLDER.parent, FUNCTIONS)
    assert [one for one in found if one.severity is Severity.ERROR] == []
    return Engine(library)


def sample(schema: Any) -> Any:
    """Make a value that a schema accepts, from its examples and defaults."""
    if "examples" in schema:
        return deepcopy(schema["examples"][0])
    if "default" in schema:
        return deepcopy(schema["default"])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {name: sample(inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema.get("items", {"type": "string"}))]
    return {"integer": 1, "number": 1.5, "boolean": True}.get(str(kind), "a")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the paths of all texts in a value."""
    if isinstance(value, str):
        yield path
    for key, inner in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value if isinstance(value, list) else ())
    ):
        yield from leaves(inner, (*path, key))


def put(value: Any, path: tuple[Any, ...], leaf: str) -> Any:
    changed = deepcopy(value)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = leaf
    return changed


def render(template: Template, parameters: dict[str, Any]) -> str | None:
    """Render a template; None when its schema or a place in it refuses the values."""
    filled, found = validate_parameters(template, parameters, Locations(Span("s")))
    if found:
        return None
    scope = Scope((3, 3))
    functions: dict[str, Any] = {
        "dag_arguments": lambda: Code('dag_id="d"'),
        "route": lambda **keys: {"pool": "default_pool"},
    }
    if template.kind == "group":
        code = engine().render_group(
            template.name, filled, group_id="g", dag={}, functions=functions, scope=scope
        )
        text = without_marks(code.text) if isinstance(code, Code) else None
    else:
        rendered = engine().render(
            template.name, filled, dag={"dag_id": "d"}, functions=functions, scope=scope
        )
        text = None if isinstance(rendered, list) else rendered.text
    if text is None:
        return None
    return scope.resolve(text)


def constants(source: str) -> list[str]:
    nodes = ast.walk(ast.parse(source))
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def shape(source: str) -> list[str]:
    """Give the kinds of all nodes of the Python: its structure, without names and values."""
    return [type(node).__name__ for node in ast.walk(ast.parse(source))]


def pairs() -> list[tuple[str, tuple[Any, ...]]]:
    return [
        (name, path)
        for name in NAMES
        if (template := engine().library.get(name))
        for path in leaves({key: sample(inner) for key, inner in template.parameters.items()})
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_template_render(name: str) -> None:
    template = engine().library.get(name)
    assert template is not None
    parameters = {key: sample(inner) for key, inner in template.parameters.items()}
    assert render(template, parameters) is not None


@pytest.mark.parametrize(("name", "path"), pairs(), ids=str)
@given(text=TEXTS)
@settings(max_examples=20, deadline=None)
def test_a_text_in_a_parameter_is_that_text(name: str, path: tuple[Any, ...], text: str) -> None:
    template = engine().library.get(name)
    assert template is not None
    parameters = {key: sample(inner) for key, inner in template.parameters.items()}
    source = render(template, put(parameters, path, text))
    if source is None:
        return
    before = render(template, put(parameters, path, "marked_text"))
    if before is not None and "marked_text" in constants(before):
        assert text in constants(source)
        assert shape(source) == shape(before)
