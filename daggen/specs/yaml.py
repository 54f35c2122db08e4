"""Strict YAML 1.2 with positions: text in, a `Document` and diagnostics out.

PyYAML's parser delivers the events; everything above them is done here, because its composer
keeps the last of two equal keys and its resolver follows YAML 1.1, where `on` is true and
`1:30` is 90. The types of plain scalars are those of the YAML 1.2.2 core schema
(https://yaml.org/spec/1.2.2/, section 10.3.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import yaml as codes
from daggen.specs.document import Document, Locations
from daggen.specs.document import Path as DataPath
from daggen.specs.line_breaks import OldBreaks
from daggen.specs.scalars import TAGS, ScalarError, resolve
from daggen.specs.text_column import text_column
from daggen.specs.yaml_syntax import end_of, syntax_error, unquoted_jinja

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 100
MAX_VALUES = 1_000_000

_FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Stop(Exception):
    """Carries the diagnostic after which nothing more of the file can be read."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(eq=False, slots=True)
class _Node:
    """A value as the text has it: `content` is a str, a list of nodes, or a list of pairs."""

    kind: str
    content: Any
    span: Span
    tag: str | None = None
    plain: bool = False
    complete: bool = False


def read_yaml(path: Path, root: Path) -> tuple[Document | None, list[Diagnostic]]:
    """Read a file that holds one YAML document.

    `root` is the directory that messages name the file from. The document is None when the file
    cannot be read at all; an empty file is a document whose data is None.
    """
    documents, diagnostics = read_yaml_documents(path, root)
    if len(documents) > 1:
        span = documents[1].locations.root
        message = "a second document begins here, and a file holds one"
        hint = 'put it in a file of its own, or remove the "---" before it'
        diagnostics.append(codes.SEVERAL_DOCUMENTS.at(span, message, hint=hint))
    return (documents[0] if documents else None), diagnostics


def read_yaml_documents(path: Path, root: Path) -> tuple[list[Document], list[Diagnostic]]:
    """Read a file that holds any number of YAML documents, separated by `---`."""
    name = Path(path).relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    try:
        return parse_yaml(_decode(_read_bytes(path, name), name), name)
    except _Stop as stop:
        return [], [stop.diagnostic]


def parse_yaml(text: str, name: str) -> tuple[list[Document], list[Diagnostic]]:
    """Read YAML text; `name` is the path that its spans carry."""
    diagnostics: list[Diagnostic] = []
    try:
        composer = _Composer(text, name)
        roots = list(composer.documents())
        lines = composer.lines
        documents = [_Constructor(name, diagnostics, lines).document(node) for node in roots]
    except _Stop as stop:
        return [], [*diagnostics, stop.diagnostic]
    return documents or [Document(name, None, Locations(Span(name)))], diagnostics


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _Stop(codes.TOO_LARGE.at(Span(name), f"{name} has more than {MAX_BYTES} bytes"))
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _Stop(codes.UNREADABLE.at(Span(name), f"cannot read {name}: {reason}")) from None


def _decode(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", "replace")
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        hint = "save the file as UTF-8"
        raise _Stop(codes.NOT_UTF8.at(end_of(before, name), message, hint=hint)) from None


class _Composer:
    """Turns the parser's events into nodes, without recursion, within `MAX_DEPTH`."""

    def __init__(self, text: str, name: str) -> None:
        self.breaks = OldBreaks(text)
        self.text = self.breaks.hide(text)
        self.lines = self.text.split("\n")
        self.name = name
        self.anchors: dict[str, _Node] = {}

    def documents(self) -> Iterator[_Node]:
        stack: list[_Node] = []
        for event in self._events():
            if isinstance(event, yaml.DocumentStartEvent):
                self.anchors = {}
            elif isinstance(event, yaml.CollectionEndEvent):
                closed = stack.pop()
                closed.complete = True
                if not stack:
                    yield closed
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event)
                self._attach(stack, node)
                if isinstance(event, yaml.CollectionStartEvent):
                    self._push(stack, node)
                elif not stack:
                    yield node

    def _events(self) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(self.text, Loader=_FAST_LOADER)
        except yaml.YAMLError as error:
            raise _Stop(self._syntax_error(error)) from None

    def _syntax_error(self, error: yaml.YAMLError) -> Diagnostic:
        """Word a syntax error. The parser in Python words it better than the one in C."""
        try:
            for _ in yaml.parse(self.text, Loader=yaml.SafeLoader):
                pass
        except yaml.YAMLError as better:
            error = better
        return syntax_error(error, self.text, self.name)

    def _node(self, event: yaml.NodeEvent) -> _Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        span = self._span(event)
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.ScalarEvent):
            value = self.breaks.show(event.value)
            span = replace(span, text_column=text_column(event, self.lines))
            node = _Node("scalar", value, span, tag, event.implicit[0], complete=True)
        else:
            kind = "sequence" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
            node = _Node(kind, [], span, tag)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: yaml.AliasEvent) -> _Node:
        span = self._span(event)
        node = self.anchors.get(event.anchor or "")
        if node is None:
            raise _Stop(codes.ALIAS.at(span, f'no anchor "&{event.anchor}" stands before this'))
        if not node.complete:
            message = f'the anchor "&{event.anchor}" contains itself'
            raise _Stop(codes.ALIAS.at(span, message))
        return node

    def _span(self, event: yaml.NodeEvent) -> Span:
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:
            return Span(self.name)
        if isinstance(event, yaml.CollectionStartEvent):
            return Span(self.name, start.line + 1, start.column + 1)
        return Span(self.name, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _push(self, stack: list[_Node], node: _Node) -> None:
        if len(stack) >= MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep"
            raise _Stop(codes.TOO_LARGE.at(node.span, message))
        stack.append(node)

    @staticmethod
    def _attach(stack: list[_Node], node: _Node) -> None:
        if not stack:
            return
        parent = stack[-1].content
        if stack[-1].kind == "sequence":
            parent.append(node)
        elif parent and len(parent[-1]) == 1:
            parent[-1].append(node)
        else:
            parent.append([node])


class _Constructor:
    """Turns nodes into plain data and records where each piece stands."""

    def __init__(self, name: str, diagnostics: list[Diagnostic], lines: Sequence[str]) -> None:
        self.name = name
        self.diagnostics = diagnostics
        self.lines = lines
        self.keys: dict[DataPath, Span] = {}
        self.values: dict[DataPath, Span] = {}

    def document(self, node: _Node) -> Document:
        data = self._value(node, ())
        return Document(self.name, data, Locations(node.span, self.keys, self.values))

    def _value(self, node: _Node, path: DataPath) -> Any:
        self.values[path] = node.span
        if len(self.values) > MAX_VALUES:
            message = f"more than {MAX_VALUES} values once aliases are expanded"
            raise _Stop(codes.TOO_LARGE.at(node.span, message))
        if node.tag not in TAGS[node.kind]:
            message = f"the tag {_short_tag(node.tag)} is not allowed"
            hint = "a spec is data only; write plain values, or a mapping with __type__"
            self.diagnostics.append(codes.UNKNOWN_TAG.at(node.span, message, hint=hint))
            return None
        if node.kind == "scalar":
            return self._scalar(node)
        if node.kind == "sequence":
            return [self._value(item, (*path, index)) for index, item in enumerate(node.content)]
        return self._mapping(node, path)

    def _scalar(self, node: _Node) -> Any:
        try:
            return resolve(node.content, node.tag, node.plain)
        except ScalarError as error:
            found = codes.AMBIGUOUS_NUMBER.at(node.span, str(error), hint=error.hint)
            self.diagnostics.append(found)
            return node.content

    def _mapping(self, node: _Node, path: DataPath) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        merges: list[_Node] = []
        seen: dict[Any, Span] = {}
        for key_node, value_node in node.content:
            if key_node.plain and key_node.content == "<<":
                merges.append(value_node)
                continue
            key = self._key(key_node)
            if key in seen:
                self._duplicate(key, key_node.span, seen[key])
                continue
            seen[key] = key_node.span
            self.keys[*path, key] = key_node.span
            result[key] = self._value(value_node, (*path, key))
        for merge in merges:
            self._merge(merge, path, result)
        return result

    def _key(self, node: _Node) -> Any:
        if node.kind != "scalar":
            if jinja := self._jinja(node.span):
                raise _Stop(jinja)
            hint = 'quote the key if it is text: "{{ … }}"'
            found = codes.BAD_KEY.at(node.span, f"a key that is a {node.kind}", hint=hint)
            raise _Stop(found)
        return self._scalar(node)

    def _jinja(self, span: Span) -> Diagnostic | None:
        """Report a key that comes of the two braces of a `{{ … }}` without quotes."""
        return unquoted_jinja(self.lines[span.line - 1], span, codes.BAD_KEY)

    def _duplicate(self, key: Any, span: Span, first: Span) -> None:
        name = str(key).lower() if isinstance(key, bool) else key
        message = f'the key "{name}" stands twice in this mapping'
        hint = f"it was first given in line {first.line}; keep one of the two"
        related = [(first, "first given here")]
        self.diagnostics.append(codes.DUPLICATE_KEY.at(span, message, hint=hint, related=related))

    def _merge(self, node: _Node, path: DataPath, into: dict[Any, Any]) -> None:
        """Copy the keys of `<<`'s mappings that `into` does not have; the first named wins."""
        for source in node.content if node.kind == "sequence" else [node]:
            if not isinstance(source, _Node) or source.kind != "mapping":
                self.diagnostics.append(codes.BAD_MERGE.at(node.span, "<< takes a mapping"))
                continue
            inner = _Constructor(self.name, self.diagnostics, self.lines)
            inner.keys, inner.values = {}, {}
            merged = inner._value(source, ())
            for key, value in merged.items():
                if key not in into:
                    into[key] = value
                    self._adopt(inner, key, path)

    def _adopt(self, inner: _Constructor, key: Any, path: DataPath) -> None:
        self.keys |= {(*path, *p): s for p, s in inner.keys.items() if p[0] == key}
        self.values |= {(*path, *p): s for p, s in inner.values.items() if p and p[0] == key}
        if len(self.values) > MAX_VALUES:
            raise _Stop(codes.TOO_LARGE.at(Span(self.name), "aliases expand to too many values"))


def _short_tag(tag: str | None) -> str:
    return (tag or "").replace("tag:yaml.org,2002:", "!!")
