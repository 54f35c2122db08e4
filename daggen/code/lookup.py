"""What is known of a dotted name, wherever it was looked up."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Answer(Enum):
    """What is known of a dotted name that is no function whose source was read."""

    ELSEWHERE = "in a package declared external, or where daggen does not look"
    NO_PACKAGE = "no such package on the python_path"
    NO_MODULE = "no such module"
    NO_NAME = "no such name in the module"
    OPAQUE = "there, but not a plain function"
    NO_FUNCTION = "there, and certainly nothing that can be called"


MISSING = frozenset({Answer.NO_PACKAGE, Answer.NO_MODULE, Answer.NO_NAME})
"""The answers that say that importing the name fails."""


@dataclass(frozen=True)
class Lookup:
    """The answer for a dotted name: a function, or what else is known, and names close to it.

    `where` is the module (or class) that was looked into; `node` the definition of a class whose
    source was read; `takes` says what calling a class takes, None where that is not certain;
    `kind` what it is that is no function: "a module".
    """

    answer: Answer | Function
    where: str = ""
    known: tuple[str, ...] = ()
    node: ast.ClassDef | None = None
    takes: ast.arguments | None = None
    kind: str = ""


ELSEWHERE = Lookup(Answer.ELSEWHERE)
OPAQUE = Lookup(Answer.OPAQUE)


def parse_arguments(text: str) -> ast.arguments:
    """Read the arguments of a function as they are written between its brackets."""
    (function,) = ast.parse(f"def function({text}): ...").body
    assert isinstance(function, ast.FunctionDef)  # noqa: S101 it was written one line above
    return function.args
