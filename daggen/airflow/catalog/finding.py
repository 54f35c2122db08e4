"""Something wrong with what an operator is given, before anyone knows where that was written."""

from __future__ import annotations

from dataclasses import dataclass

from daggen.diagnostics import Diagnostic, Rule, Severity, Span


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with an argument; `argument` is "" where it is about several or none."""

    argument: str
    rule: Rule
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """Give how much it weighs."""
        return self.rule.severity

    def at(self, span: Span | None) -> Diagnostic:
        """Report the finding at a place."""
        return self.rule.at(span, self.message, hint=self.hint)
