"""Reads specs from text, for the tests of the model."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from daggen.diagnostics import Diagnostic
from daggen.project import Project
from daggen.specs.document import ResolvedSpec
from daggen.specs.model import DagSpec, Knowledge, parse_spec
from daggen.specs.yaml import parse_yaml

BY_NAME = Knowledge()

Parse = Callable[..., tuple[DagSpec | None, list[Diagnostic]]]


@pytest.fixture
def parse(tmp_path: Path) -> Parse:
    """Give a function that reads a spec from YAML text, for a targeted Airflow."""

    def read(
        text: str, airflow: tuple[int, int] = (3, 3), knowledge: Knowledge = BY_NAME
    ) -> tuple[DagSpec | None, list[Diagnostic]]:
        documents, diagnostics = parse_yaml(textwrap.dedent(text), "specs/s.yaml")
        assert not diagnostics
        project = Project(
            root=tmp_path,
            config_path=tmp_path / "daggen.toml",
            specs=tmp_path / "specs",
            templates=tmp_path / "templates",
            output=tmp_path / "dags",
            airflow=airflow,
        )
        document = documents[0]
        spec = ResolvedSpec(document.path, document.data, document.locations)
        return parse_spec(spec, project, knowledge)

    return read


@pytest.fixture
def findings(parse: Parse) -> Callable[..., list[str]]:
    """Give a function that reads a spec and lists `line:column code message | hint`."""

    def read(
        text: str, airflow: tuple[int, int] = (3, 3), knowledge: Knowledge = BY_NAME
    ) -> list[str]:
        _, diagnostics = parse(text, airflow, knowledge)
        return [
            f"{d.span.line if d.span else 0}:{d.span.column if d.span else 0} "
            f"{d.code} {d.message} | {d.hint}"
            for d in sorted(diagnostics, key=lambda d: d.sort_key)
        ]

    return read
