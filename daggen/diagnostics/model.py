"""The words every room uses to report a finding: `Span`, `Rule`, `Diagnostic`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: only an error stops a run."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file. Lines and columns count from 1; the end column is exclusive.

    `path` is relative to the project's root, with forward slashes. A span without an
    extent (a whole file, a lone point) has `end_line` and `end_column` of 0. `text_column` is
    where the lines of a text begin that stands in the file just as it reads; 0 for other places.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    text_column: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        """Give the place as `path:line:column`, as editors and terminals link it."""
        return f"{self.path}:{self.line}:{self.column}"

    def inside(self, text: str, start: int, end: int) -> Span:
        """Give the place of a part of the text that stands here, by its first and last offset.

        `end` is exclusive, and on the same line as `start`. It is the whole place where that of
        a part cannot be told.
        """
        if not self.text_column:
            return self
        before = text[:start].split("\n")
        line = self.line + len(before) - 1 + (self.end_line > self.line)
        column = self.text_column + len(before[-1])
        return Span(self.path, line, column, line, column + end - start)


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: its stable code, its name, and what `daggen explain` says of it."""

    code: str
    name: str
    summary: str
    explanation: str
    severity: Severity = Severity.ERROR

    def at(
        self,
        span: Span | None,
        message: str,
        *,
        hint: str = "",
        severity: Severity | None = None,
        related: Iterable[tuple[Span, str]] = (),
    ) -> Diagnostic:
        """Report this finding at a place.

        `message` says what was found, `hint` what to try; `related` names further places that
        explain it (the other definition of a duplicate, for example).
        """
        return Diagnostic(
            code=self.code,
            severity=severity or self.severity,
            message=message,
            span=span,
            hint=hint,
            related=tuple(related),
        )


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding, ready to be sorted and reported."""

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    hint: str = ""
    related: tuple[tuple[Span, str], ...] = field(default=())

    @property
    def is_error(self) -> bool:
        """Tell whether this finding stops the run."""
        return self.severity is Severity.ERROR

    @property
    def sort_key(self) -> tuple[Span, str, str]:
        """Order findings by place, then code: the same on every machine."""
        return (self.span or Span(""), self.code, self.message)


def suggest(word: object, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Word a did-you-mean hint for `word`, or give "" when nothing known is close.

    `cutoff` is the least likeness, between 0 and 1.
    """
    matches = get_close_matches(str(word), sorted(known), n=1, cutoff=cutoff)
    return f'did you mean "{matches[0]}"?' if matches else ""
