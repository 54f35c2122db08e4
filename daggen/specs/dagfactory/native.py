"""Writes a resolved spec as YAML, with the comments of the files that it came from."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from daggen.diagnostics import Span
from daggen.specs.dagfactory.comments import Comment
from daggen.specs.document import Path, ResolvedSpec
from daggen.specs.expressions import OPEN

_INDENT = 2
_ODD_BREAKS = frozenset("\x85\u2028\u2029")
"""Line breaks to YAML 1.1, behind which plain texts would be indented."""


@dataclass(frozen=True)
class _Slot:
    """A place of the new file where comments can go: a key of a mapping, an index of a list."""

    span: Span
    container: Any
    key: Any
    indent: int


@dataclass
class _Notes:
    above: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)


def write_native(spec: ResolvedSpec, comments: Mapping[str, list[Comment]], lines: range) -> str:
    """Write a spec as YAML.

    `comments` are those of each file that its values came from. Those of its own file within
    `lines` are all kept, also where what they are about is not in the spec any more; those of the
    first of these lines come first.
    """
    slots: list[_Slot] = []
    root = _build(spec.data, (), spec, slots, 0)
    notes: dict[int, _Notes] = {}
    rest: list[str] = []
    for path, comment in _all(comments):
        own = path == spec.source and comment.line in lines
        is_first = own and comment.line == lines.start
        index = 0 if is_first else _slot_for(path, comment, slots, nearest=own)
        if index is None:
            rest += [comment.text] if own else []
            continue
        index, beside = _beside(index, comment, slots)
        note = notes.setdefault(index, _Notes())
        (note.beside if beside else note.above).append(comment.text)
    for index, note in notes.items():
        _attach(slots[index], note)
    return _dump(root) + "".join(f"#{text}\n" for text in rest)


def _all(comments: Mapping[str, list[Comment]]) -> Iterator[tuple[str, Comment]]:
    for path, found in comments.items():
        for comment in found:
            yield path, comment


def _slot_for(path: str, comment: Comment, slots: list[_Slot], *, nearest: bool) -> int | None:
    """Find the first slot on a comment's line, or the next one where every comment is kept."""
    best: int | None = None
    for index, slot in enumerate(slots):
        if slot.span.path != path or slot.span.line < comment.line:
            continue
        if slot.span.line == comment.line:
            return index
        if nearest and (best is None or slot.span.line < slots[best].span.line):
            best = index
    return best


def _beside(index: int, comment: Comment, slots: list[_Slot]) -> tuple[int, bool]:
    """Tell whether a comment goes beside its slot, and beside which.

    Beside the dash of a mapping ruamel loses a line break: there it is the first key's, if that
    is on the same line.
    """
    slot = slots[index]
    if not comment.beside or slot.span.line != comment.line:
        return index, False
    if not isinstance(slot.container, list) or not isinstance(
        slot.container[slot.key], dict | list
    ):
        return index, True
    following = slots[index + 1 : index + 2]
    is_first_key = any(each.span.line == comment.line for each in following)
    return (index + 1, True) if is_first_key else (index, False)


def _build(value: Any, path: Path, spec: ResolvedSpec, slots: list[_Slot], indent: int) -> Any:
    if isinstance(value, Mapping):
        mapping = CommentedMap()
        for key, item in value.items():
            here = (*path, key)
            slots.append(_Slot(spec.locations.key(here), mapping, key, indent))
            mapping[_escaped(key)] = _build(item, here, spec, slots, indent + _INDENT)
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq()
        for index, item in enumerate(value):
            here = (*path, index)
            slots.append(_Slot(spec.locations.value(here), sequence, index, indent))
            sequence.append(_build(item, here, spec, slots, indent + _INDENT))
        if all(not isinstance(item, Mapping | list) for item in value):
            sequence.fa.set_flow_style()
        return sequence
    return _scalar(value, path)


def _scalar(value: Any, path: Path) -> Any:
    if not isinstance(value, str):
        return value
    if path[-1:] in (("start_date",), ("end_date",)):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    value = _escaped(value)
    if not _ODD_BREAKS.isdisjoint(value):
        return DoubleQuotedScalarString(value)
    return LiteralScalarString(value) if _is_block(value) else value


def _is_block(text: str) -> bool:
    """Tell whether a text of several lines can stand as a literal block."""
    lines = text.split("\n")
    return len(lines) > 1 and text.isprintable() is False and all(map(_is_block_line, lines))


def _is_block_line(line: str) -> bool:
    return line.isprintable() and line == line.rstrip() and not line.startswith(" ")


def _escaped(value: Any) -> Any:
    """Let `${{` be the text it is, which a spec would evaluate."""
    return value.replace(OPEN, '${{ "${{" }}') if isinstance(value, str) else value


def _attach(slot: _Slot, note: _Notes) -> None:
    """Add the comments of a slot.

    ruamel drops those of items between brackets, and fails on an item that has both kinds.
    """
    if isinstance(slot.container, CommentedSeq):
        slot.container.fa.set_block_style()
        if note.above and note.beside:
            note = _Notes([*note.above, *note.beside])
    if note.above:
        text = "\n".join(line.removeprefix(" ") for line in note.above)
        slot.container.yaml_set_comment_before_after_key(slot.key, before=text, indent=slot.indent)
    if note.beside:
        text = "; ".join(line.strip() for line in note.beside)
        slot.container.yaml_add_eol_comment(text, slot.key, column=0)


class _Representer(RoundTripRepresenter):
    """Writes null as `null`: a key with nothing behind it looks unfinished."""

    def represent_none(self, data: Any) -> Any:
        """Write null."""
        return self.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _Representer.represent_none)


def _dump(root: Any) -> str:
    yaml = YAML(typ="rt")
    yaml.Representer = _Representer
    yaml.width = 100
    yaml.indent(mapping=_INDENT, sequence=2 * _INDENT, offset=_INDENT)
    stream = io.StringIO()
    yaml.dump(root, stream)
    return stream.getvalue()
