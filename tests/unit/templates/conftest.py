"""A project directory with templates, written as the test says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from daggen.diagnostics import Diagnostic
from daggen.templates.library import TemplateLibrary

Load = Callable[[dict[str, str]], tuple[TemplateLibrary, list[Diagnostic]]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load a library from files: a template's name and its text, a schema's name and its text."""

    def write_and_load(files: dict[str, str]) -> tuple[TemplateLibrary, list[Diagnostic]]:
        for name, text in files.items():
            path = tmp_path / "templates" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return TemplateLibrary.load([tmp_path / "templates"], tmp_path)

    return write_and_load
