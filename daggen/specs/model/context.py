"""What the readers of values share: where findings go, and what is known around a value."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from daggen.diagnostics import Diagnostic, Rule, Severity, Span, suggest
from daggen.project import Project
from daggen.specs.document import Locations, Path
from daggen.specs.model.values import Value

INVALID: Any = object()
"""What a reader gives for a value it has reported; the key is then left out."""


@dataclass
class Context:
    """One spec being read: its places, its project, and the findings so far."""

    locations: Locations
    project: Project
    timezone: str = "UTC"
    reference: Callable[[str, Path], Value | None] = lambda text, path: None
    """Turns `+task` into a reference, or gives None where the text is only a text."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    tolerant: bool = False
    """Whether what Airflow takes and only looks like a mistake is a warning."""

    @property
    def doubtful(self) -> Severity:
        """How much something weighs that Airflow takes and that is probably a mistake."""
        return Severity.WARNING if self.tolerant else Severity.ERROR

    @property
    def airflow(self) -> tuple[int, int]:
        """The Airflow version that the output targets."""
        return self.project.airflow

    def report(
        self,
        rule: Rule,
        path: Path,
        message: str,
        *,
        hint: str = "",
        at_key: bool = False,
        severity: Severity | None = None,
        related: Iterable[tuple[Span, str]] = (),
    ) -> Any:
        """Note a finding at the value (or the key) of a path; gives `INVALID` to return."""
        span = self.locations.key(path) if at_key else self.locations.value(path)
        self.diagnostics.append(
            rule.at(span, message, hint=hint, severity=severity, related=related)
        )
        return INVALID

    def report_key(self, rule: Rule, path: Path, what: str, known: Iterable[str]) -> Any:
        """Note that the last key of a path is none that `what` has; gives `INVALID` to return."""
        key = path[-1]
        hint = suggest(key, known)
        return self.report(rule, path, f"{shown(key)} is no key of {what}", hint=hint, at_key=True)


Reader = Callable[[Any, Path, Context], Value]
"""Reads a raw value at a path: gives what it means, or reports it and gives `INVALID`."""


def shown(value: Any) -> str:
    """Show a value of a spec in a message, as YAML writes it, shortened."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}..."'
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return {"inf": ".inf", "-inf": "-.inf"}.get(text, ".nan")
    return text if len(text) <= 60 else f"{text[:57]}..."
