"""What the translation of one file shares: its project, its folder, its findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from daggen.diagnostics import Diagnostic, Rule, Severity, Span
from daggen.project import Project
from daggen.specs.dagfactory.nodes import Node


@dataclass
class Notes:
    """A file being translated. `variables` are the configured values of environment variables."""

    project: Project
    path: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return (self.project.root / self.path).parent

    def tell(
        self,
        rule: Rule,
        place: Node | Span,
        message: str,
        *,
        hint: str = "",
        at_key: bool = False,
        severity: Severity | None = None,
        related: Iterable[tuple[Span, str]] = (),
    ) -> None:
        """Note a finding, once: blocks of defaults are part of many DAGs."""
        span = place if isinstance(place, Span) else place.at_key if at_key else place.span
        found = rule.at(span, message, hint=hint, severity=severity, related=related)
        if found not in self.diagnostics:
            self.diagnostics.append(found)
