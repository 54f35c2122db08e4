"""What is known of the Python at a place in a template: the state of a lexer between characters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

UNKNOWN_WORD = "?"
"""Stands for the last word where two ways through the template end in different words."""


class Mode(StrEnum):
    """What a character of Python belongs to."""

    CODE = "code"
    STRING = "string"
    COMMENT = "comment"


class Refused(Exception):
    """The template's Python cannot be followed, or a hole stands where none may."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.offset = 0


class Following(NamedTuple):
    """What comes right after holes: which of them it makes a part of a name, and so on."""

    named: frozenset[int] = frozenset()
    shifted: frozenset[int] = frozenset()
    bound: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """The lexer between two characters.

    In strings, `quote` is the closing quote and `run` counts the quotes just before an event in
    a triple-quoted one. In code, `word` is the name that ends here, `touching` and `near` are the
    holes with nothing, or only blanks, between them and here; `after_shift` tells that `>>`, `<<`
    or a decorator's `@` stands before, where only an object makes sense. `cut` is text that only
    makes sense with what follows it. `indent` is that of the line, None where it depends.
    """

    mode: Mode = Mode.CODE
    quote: str = ""
    prefix: str = ""
    run: int = 0
    braces: int = 0
    docstring: bool = False
    cut: str = ""
    word: str = ""
    wants_name: bool = False
    after_quote: str = ""
    after_shift: bool = False
    touching: frozenset[int] = frozenset()
    near: frozenset[int] = frozenset()
    indent: str | None = ""
    line_start: bool = True
    statement_start: bool = True
    depth: int = 0

    @property
    def is_raw(self) -> bool:
        """Tell whether backslashes mean themselves here."""
        return "r" in self.prefix

    @property
    def lexical(self) -> tuple[Mode, str, str]:
        """What must agree where two ways through a template meet."""
        return self.mode, self.quote, self.prefix


def merge(one: State, other: State) -> State:
    """Give the state that is safe after either of two ways. They must agree in `lexical`."""
    return replace(
        one,
        run=max(one.run, other.run),
        docstring=one.docstring or other.docstring,
        word=one.word if one.word == other.word else UNKNOWN_WORD,
        wants_name=one.wants_name or other.wants_name,
        after_quote=one.after_quote or other.after_quote,
        after_shift=one.after_shift or other.after_shift,
        touching=one.touching | other.touching,
        near=one.near | other.near,
        indent=one.indent if one.indent == other.indent else None,
        line_start=one.line_start and other.line_start,
        statement_start=one.statement_start or other.statement_start,
        depth=max(one.depth, other.depth),
    )
