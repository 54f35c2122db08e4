"""A line of a generated file leads to what a person can change, and not to daggen's template."""

from pathlib import Path

import pytest

from daggen.config import find_project
from daggen.pipeline import build, locator
from daggen.project import Environment

SPEC = """\
description: Links of owners
dag_id: owned
schedule: null
owner_links: {me: "https://example.com"}
tasks:
  look: {operator: BashOperator, bash_command: ls}
"""


@pytest.mark.parametrize(("text", "line"), [("with DAG(", 2), ("owner_links", 4), ("look = ", 6)])
def test_a_line_leads_to_the_spec(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "daggen.toml").touch()
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "owned.yaml").write_text(SPEC)
    project = find_project(tmp_path)
    (file,) = build(project, Environment()).files.values()
    (at,) = [n for n, each in enumerate(file.content.split("\n"), 1) if text in each]
    span = locator(project, Environment())("owned.py", at)
    assert span is not None
    assert (span.path, span.line) == ("specs/owned.yaml", line)
