"""Comments of a YAML text, by the line of what they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#(?P<text>.*)$")


@dataclass(frozen=True)
class Comment:
    """A comment. `line` is that of what it is about: the same line, or the next one with content.

    `text` is without the sign; `beside` tells whether it stands behind something.
    """

    line: int
    text: str
    beside: bool


def comments_of(text: str) -> list[Comment]:
    """Give the comments of a text, in order; those after a syntax error are not seen.

    A comment after all content has the line after the last.
    """
    found: list[Comment] = []
    waiting: list[str] = []
    last = 0
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            start = token.start_mark
            fresh = not text[text.rfind("\n", 0, last) + 1 : last].strip()
            beside, above = _in_gap(text[last : start.index], on_fresh_line=fresh)
            if beside is not None:
                line = text.count("\n", 0, last) + 1
                found.append(Comment(line, beside, beside=True))
            waiting += above
            if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
                waiting += _behind_sign(text[start.index : token.end_mark.index])
            last = max(last, token.end_mark.index)
            if not isinstance(token, yaml.BlockEndToken | yaml.StreamEndToken):
                found += [Comment(start.line + 1, each, beside=False) for each in waiting]
                waiting = []
    except yaml.YAMLError:
        pass
    end = text.count("\n") + 2
    return [*found, *(Comment(end, each, beside=False) for each in waiting)]


def first_line(text: str) -> int:
    """Give the first line that is neither blank nor a comment."""
    lines = enumerate(text.split("\n"), start=1)
    return next((n for n, line in lines if line.strip() and line.lstrip()[0] != "#"), 1)


def _behind_sign(block: str) -> list[str]:
    """Give the comment behind the sign of a block of text, above which it goes."""
    found = _comment(block.partition("\n")[0])
    return [] if found is None else [found]


def _in_gap(gap: str, *, on_fresh_line: bool) -> tuple[str | None, list[str]]:
    """Give the comment behind what stands before a gap, and those on lines of their own."""
    first, *rest = gap.split("\n")
    lines = [first, *rest] if on_fresh_line else rest
    beside = None if on_fresh_line else _comment(first)
    above = [each for line in lines if (each := _comment(line)) is not None]
    return beside, above


def _comment(line: str) -> str | None:
    match = _COMMENT.search(line)
    return match["text"].rstrip() if match else None
