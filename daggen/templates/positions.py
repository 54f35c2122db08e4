"""Where things stand in a template's source: Jinja's nodes know lines, people need columns too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2.lexer import Lexer


class Point(NamedTuple):
    """A place in a template. Lines and columns count from 1."""

    line: int
    column: int


class Tag(NamedTuple):
    """A `{% name … %}`; `indent` is the blank text before it when it is the first on its line."""

    point: Point
    name: str
    indent: str | None


class Word(NamedTuple):
    """A name inside a hole or a tag; `attribute` tells that a dot stands before it."""

    point: Point
    text: str
    attribute: bool


@dataclass
class Positions:
    """The pieces of a template in the order of its source."""

    data: list[Point] = field(default_factory=list)
    holes: list[Point] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    strings: list[tuple[Point, str]] = field(default_factory=list)

    def word(self, text: str, line: int, *, attribute: bool = False) -> Point:
        """Find a name at a line or after it; the line itself where there is none."""
        for word in self.words:
            if word.text == text and word.attribute == attribute and word.point.line >= line:
                return word.point
        return self.first_on(line)

    def string(self, text: str, line: int) -> Point:
        """Find a string constant at a line or after it."""
        for point, content in self.strings:
            if content == text and point.line >= line:
                return point
        return self.first_on(line)

    def first_on(self, line: int) -> Point:
        """Give the first hole or tag that begins on a line, or the one that goes on there."""
        points = [*self.holes, *(tag.point for tag in self.tags)]
        before = max((point for point in points if point.line < line), default=Point(line, 1))
        return min((point for point in points if point.line == line), default=before)

    def tags_named(self, name: str) -> list[Tag]:
        """Give the tags of one name."""
        return [tag for tag in self.tags if tag.name == name]


def read_positions(lexer: Lexer, source: str) -> Positions:
    """Note where the data, the holes, the tags and their names stand.

    Raises jinja2.TemplateSyntaxError as the lexer does.
    """
    source = _normalized(source)
    positions = Positions()
    offset, line, line_start = 0, 1, 0
    before = ""
    for _, kind, value in lexer.tokeniter(source, None):
        found = source.find(value, offset)
        skipped = source[offset:found]
        if "\n" in skipped:
            line += skipped.count("\n")
            line_start = offset + skipped.rfind("\n") + 1
        point = Point(line, found - line_start + 1)
        _note(positions, kind, value, point, before, source[line_start:found])
        if kind != "whitespace":
            before = "{%" if kind == "block_begin" else value
        if "\n" in value:
            line += value.count("\n")
            line_start = found + value.rfind("\n") + 1
        offset = found + len(value)
    return positions


def _note(
    positions: Positions, kind: str, value: str, point: Point, before: str, on_line: str
) -> None:
    if kind == "data" and value:
        positions.data.append(point)
    elif kind == "variable_begin":
        positions.holes.append(point)
    elif kind == "block_begin":
        indent = on_line if not on_line.strip(" \t") else None
        positions.tags.append(Tag(point, "", indent))
    elif kind == "name" and before == "{%":
        positions.tags[-1] = positions.tags[-1]._replace(name=value)
    elif kind == "name":
        positions.words.append(Word(point, value, before == "."))
    elif kind == "string":
        positions.strings.append((point, value[1:-1]))


def keep_newlines(lexer: Lexer, source: str) -> str:
    """Keep the newline after a tag that shares its line with text; give the changed source.

    Jinja's `trim_blocks` drops it always, which would join the line to the next one. The sign
    that keeps it (`+%}`) is put where it is needed, so no column before it moves.
    """
    source = _normalized(source)
    pieces: list[str] = []
    offset, shared = 0, False
    for _, kind, value in lexer.tokeniter(source, None):
        found = source.find(value, offset)
        pieces.append(source[offset:found])
        if kind in ("block_end", "comment_end", "raw_end") and value.endswith("}\n"):
            keep = shared and value[0] in "%#"
            pieces.append(f"+{value}" if keep else value)
            shared = False
        else:
            pieces.append(value)
            if kind == "data":
                line = value.rpartition("\n")[2]
                shared = bool(line.strip(" \t")) or (shared and "\n" not in value)
            shared = shared or kind == "variable_end"
        offset = found + len(value)
    return "".join([*pieces, source[offset:]])


def _normalized(source: str) -> str:
    """Give the source with the newlines that Jinja's lexer works on."""
    return source.replace("\r\n", "\n").replace("\r", "\n")
