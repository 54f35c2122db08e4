"""A project's configuration: where its specs, templates and output are, and what they target."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from daggen.diagnostics import Span


@dataclass(frozen=True)
class Environment:
    """A named variation of the fleet: `vars` for `${{ vars.x }}`, and perhaps its own output."""

    name: str = ""
    vars: Mapping[str, Any] = field(default_factory=dict)
    output: Path | None = None


@dataclass(frozen=True)
class SourceConfig:
    """`[tool.daggen.sources.NAME]`: where `daggen pull NAME` reads rows; `options` as written."""

    name: str
    type: str
    options: Mapping[str, Any]
    span: Span


@dataclass(frozen=True)
class Project:
    """A daggen project. All directories are absolute; `root` is where the configuration lies."""

    root: Path
    config_path: Path
    specs: Path
    templates: Path
    output: Path
    python_path: tuple[Path, ...] = ()
    external_packages: tuple[str, ...] = ()
    airflow: tuple[int, int] = (3, 3)
    line_length: int = 88
    environments: Mapping[str, Environment] = field(default_factory=dict)
    sources: Mapping[str, SourceConfig] = field(default_factory=dict)

    def relative(self, path: Path) -> str:
        """Name a path in a message: relative to the root, with forward slashes."""
        return Path(os.path.relpath(path, self.root)).as_posix()

    def file_of(self, spec: str, dag_id: str) -> str:
        """Give the path of a DAG's file below the output: the spec's directory, and the dag_id.

        `spec` is the spec's path relative to the root.
        """
        folder = PurePosixPath(spec).parent.relative_to(PurePosixPath(self.relative(self.specs)))
        return (folder / f"{dag_id}.py").as_posix()
