"""What the translation of one file shares: its project, its folder, its findings."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from daggen.code.callables import CallableFinder
from daggen.code.lookup import Answer
from daggen.diagnostics import Diagnostic, Rule, Severity, Span
from daggen.project import Project
from daggen.specs.dagfactory.nodes import Node


@dataclass
class Notes:
    """A file being translated. `variables` are the configured values of environment variables."""

    project: Project
    path: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    found: dict[Diagnostic, None] = field(default_factory=dict)
    files_read: dict[str, None] = field(default_factory=dict)
    """Further files that the DAGs were made from, relative to the root."""

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """The findings so far, each once: blocks of defaults are part of many DAGs."""
        return list(self.found)

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return (self.project.root / self.path).parent

    def signature_of(self, dotted: str) -> ast.arguments | None:
        """Give the parameters of a function; None where its source is not known."""
        found = self._finder.find(dotted).answer if "." in dotted else None
        return None if found is None or isinstance(found, Answer) else found.args

    def is_in_class(self, dotted: str) -> bool:
        """Tell whether a dotted path leads into a class of the project."""
        return self.class_of(dotted.rpartition(".")[0]) is not None

    def class_of(self, dotted: str) -> ast.ClassDef | None:
        """Give the definition of a class of the project; None for all else."""
        return self._finder.find(dotted).node if "." in dotted else None

    def names_of(self, operator: str) -> set[str]:
        """Give the names of an operator and of the classes that the project derives it from."""
        names: set[str] = set()
        waiting = [operator]
        while waiting:
            module, _, name = waiting.pop().rpartition(".")
            if name in names:
                continue
            names.add(name)
            found = self.class_of(f"{module}.{name}")
            bases = [ast.unparse(base).rpartition(".")[2] for base in found.bases] if found else []
            waiting += [f"{module}.{base}" for base in bases]
        return names

    @cached_property
    def _finder(self) -> CallableFinder:
        return CallableFinder(self.project.python_path)

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
        """Note a finding."""
        span = place if isinstance(place, Span) else place.at_key if at_key else place.span
        self.note(rule.at(span, message, hint=hint, severity=severity, related=related))

    def note(self, *diagnostics: Diagnostic) -> None:
        """Note findings that were made elsewhere."""
        self.found |= dict.fromkeys(diagnostics)

    def read(self, path: Path) -> None:
        """Note that a file was read."""
        self.files_read[self.project.relative(path)] = None
