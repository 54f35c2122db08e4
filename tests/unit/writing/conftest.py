"""Renders specs from text, for the tests of writing."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daggen.airflow.catalog.catalog import Catalog
from daggen.code.formatting import format_python
from daggen.code.indentation import dedent, indent
from daggen.code.scope import Scope
from daggen.project import Project
from daggen.specs.document import ResolvedSpec
from daggen.specs.model import Knowledge, parse_spec
from daggen.specs.yaml import parse_yaml
from daggen.writing import dag_arguments, written_out

KNOWLEDGE = Knowledge(operators=Catalog.load())

Render = Callable[..., str]


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Give a function that renders a spec (YAML text or data) as a formatted Python file."""

    def run(text: str | dict[str, Any], airflow: tuple[int, int] = (3, 3), **groups: Any) -> str:
        spec = _parsed(text, tmp_path, airflow)
        scope = Scope(airflow)
        arguments = dag_arguments(spec, scope)
        body = written_out(spec, scope, **groups)
        lines = [
            f"with {scope.ref('airflow.sdk.DAG').text}(",
            f"    {indent(arguments.text, '    ')}",
            ") as dag:",
            f"    {indent(body.text, '    ')}",
        ]
        source = format_python(scope.resolve("\n".join(lines) + "\n"))
        assert isinstance(source, str)
        return source

    return run


def _parsed(text: str | dict[str, Any], root: Path, airflow: tuple[int, int]) -> Any:
    document = parse_yaml(textwrap.dedent(text) if isinstance(text, str) else "{}", "s.yaml")[0][0]
    data = document.data if isinstance(text, str) else text
    project = Project(
        root=root,
        config_path=root / "daggen.toml",
        specs=root,
        templates=root,
        output=root,
        airflow=airflow,
    )
    spec, diagnostics = parse_spec(
        ResolvedSpec(document.path, data, document.locations), project, KNOWLEDGE
    )
    assert spec is not None, [diagnostic.message for diagnostic in diagnostics]
    return spec


@pytest.fixture
def body(render: Render) -> Render:
    """Give a function that renders tasks and groups and gives what stands inside the DAG."""

    def run(text: str, **groups: Any) -> str:
        source = render("dag_id: d\n" + textwrap.dedent(text), **groups)
        return dedent(source.partition(") as dag:\n")[2]) + "\n"

    return run


@pytest.fixture
def argument(render: Render) -> Render:
    """Give a function that renders one key of a DAG and gives its Python, without the name."""

    def run(line: str, airflow: tuple[int, int] = (3, 3)) -> str:
        source = render(f"dag_id: d\n{textwrap.dedent(line)}\ntasks: {{}}\n", airflow)
        name = line.partition(":")[0]
        inside = source.partition("with DAG(")[2].partition(") as dag:")[0]
        _, _, value = inside.partition(f"{name}=")
        return " ".join(value.split()).removesuffix(" schedule=None,").removesuffix(",")

    return run
