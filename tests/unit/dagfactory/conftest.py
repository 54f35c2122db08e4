from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from daggen.project import Project
from daggen.specs.dagfactory import Translated, load_dagfactory

Files = Mapping[str, str]


def make_project(root: Path, **changes: Any) -> Project:
    """Make a project whose specs are also on its python_path."""
    specs = root / "specs"
    specs.mkdir(exist_ok=True)
    fields: dict[str, Any] = {
        "root": root,
        "config_path": root / "daggen.toml",
        "specs": specs,
        "templates": root / "templates",
        "output": root / "generated_dags",
        "python_path": (specs,),
    }
    return Project(**(fields | changes))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


@pytest.fixture
def write(project: Project) -> Callable[[str, str], Path]:
    """Write a file below the specs."""

    def write_file(name: str, text: str) -> Path:
        path = project.specs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write_file


@pytest.fixture
def translated(project: Project, write: Callable[[str, str], Path]) -> Callable[..., Translated]:
    """Translate the text of a file; keywords are variables of the environment."""

    def translate_text(text: str, **variables: Any) -> Translated:
        return load_dagfactory(write("dags.yml", text), project, variables)

    return translate_text


@pytest.fixture
def data(translated: Callable[..., Translated]) -> Callable[..., Any]:
    """Give the data of the only DAG in a text."""

    def data_of(text: str, **variables: Any) -> Any:
        (spec,) = translated(text, **variables).specs
        return spec.data

    return data_of


@pytest.fixture
def findings(translated: Callable[..., Translated]) -> Callable[..., list[str]]:
    """Give the findings on a text, each as `CODE line:column severity`."""

    def findings_in(text: str, **variables: Any) -> list[str]:
        found = translated(text, **variables).diagnostics
        return [f"{d.code} {d.span.line}:{d.span.column} {d.severity}" for d in found if d.span]

    return findings_in
