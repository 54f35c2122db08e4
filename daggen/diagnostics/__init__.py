"""What daggen tells a person about a mistake: where it is, what was found, what to try."""

from daggen.diagnostics.model import Diagnostic, Rule, Severity, Span, suggest

__all__ = ["Diagnostic", "Rule", "Severity", "Span", "suggest"]
