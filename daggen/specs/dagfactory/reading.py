"""YAML as dag-factory reads it (YAML 1.1, PyYAML's FullLoader), with the places of all values.

Where this differs from what daggen reads in its own specs, and the difference shows, it is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import dagfactory as codes
from daggen.diagnostics.codes import yaml as yaml_codes
from daggen.specs.dagfactory.environment import ExpandedText
from daggen.specs.dagfactory.nodes import FORMS_OF_SPECS, Node, node_of

MAX_VALUES = 1_000_000

_PREFIX = "tag:yaml.org,2002:"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SCALARS: dict[str, Callable[[SafeConstructor, Any], Any]] = {
    "null": SafeConstructor.construct_yaml_null,
    "bool": SafeConstructor.construct_yaml_bool,
    "int": SafeConstructor.construct_yaml_int,
    "float": SafeConstructor.construct_yaml_float,
    "timestamp": SafeConstructor.construct_yaml_timestamp,
    "str": SafeConstructor.construct_yaml_str,
}
_FORMER_TAGS = {"!join": "__join__", "!and": "__and__", "!or": "__or__"}
_PYTHON_NAME = "python/name:"
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_OCTAL = re.compile(r"[-+]?0[0-7_]+")


class _Unreadable(Exception):
    """Carries the diagnostic after which nothing more of the file can be read."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def read_text(text: ExpandedText) -> tuple[Node | None, list[Diagnostic]]:
    """Read a file's text; the node is None when it cannot be read at all."""
    diagnostics: list[Diagnostic] = []
    try:
        root = yaml.compose(text.text, Loader=_LOADER)
        if root is None:
            return Node(None, Span(text.path)), diagnostics
        return _Reader(text, diagnostics).read(root), diagnostics
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = text.span(mark.index) if mark else Span(text.path)
        reason = ": ".join(part for part in (error.context, error.problem) if part)
        return None, [yaml_codes.SYNTAX.at(span, reason or "not well-formed YAML")]
    except (yaml.YAMLError, RecursionError) as error:
        return None, [yaml_codes.SYNTAX.at(Span(text.path), str(error))]
    except _Unreadable as error:
        return None, [*diagnostics, error.diagnostic]


class _Reader:
    """Turns PyYAML's nodes into ours."""

    def __init__(self, text: ExpandedText, diagnostics: list[Diagnostic]) -> None:
        self.text = text
        self.diagnostics = diagnostics
        self.constructor = SafeConstructor()
        self.open: set[int] = set()
        self.count = 0

    def read(self, node: yaml.Node, key: Span | None = None) -> Node:
        """Read a value and all that is in it."""
        span = self._span(node)
        self.count += 1
        if self.count > MAX_VALUES:
            message = f"more than {MAX_VALUES} values once aliases are expanded"
            raise _Unreadable(yaml_codes.TOO_LARGE.at(span, message))
        if id(node) in self.open:
            raise _Unreadable(yaml_codes.ALIAS.at(span, "the anchor contains itself"))
        self.open.add(id(node))
        try:
            return Node(self._value(node, span), span, key)
        finally:
            self.open.discard(id(node))

    def _value(self, node: yaml.Node, span: Span) -> Any:
        tag = node.tag.removeprefix(_PREFIX)
        if (form := self._former(node, tag, span)) is not None:
            return form
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, tag, span)
        if isinstance(node, yaml.SequenceNode) and tag in ("seq", "python/tuple", "python/list"):
            return [self.read(item) for item in node.value]
        if isinstance(node, yaml.MappingNode) and tag in ("map", "python/dict"):
            return self._native(self._mapping(node))
        if isinstance(node, yaml.MappingNode) and tag == "set":
            return _object("builtins.set", span, items=[*self._mapping(node)])
        return self._refuse(tag, span)

    def _native(self, entries: dict[Any, Node]) -> dict[Any, Node]:
        """Keep forms that only specs have the plain mappings that they are to dag-factory."""
        mark = next((entries[mark] for mark in FORMS_OF_SPECS if mark in entries), None)
        kind = Node("builtins.dict", mark.at_key, mark.key) if mark else None
        return {"__type__": kind, **entries} if kind else entries

    def _former(self, node: yaml.Node, tag: str, span: Span) -> Any:
        """Take the tags that dag-factory had before 1.0; it fails on them now."""
        if tag in _FORMER_TAGS and isinstance(node, yaml.SequenceNode):
            name = _FORMER_TAGS[tag]
            hint = f"write {name}"
            form: Any = Node([self.read(item) for item in node.value], span, span)
        elif tag.startswith(_PYTHON_NAME):
            name = "__ref__"
            path = tag.removeprefix(_PYTHON_NAME)
            form = Node(path, span, span)
            hint = f'write "{path}" as a text, as in python_callable: {path}'
        else:
            return None
        message = f"dag-factory fails on the tag {node.tag.replace(_PREFIX, '!!')}"
        self.diagnostics.append(codes.REPAIRED.at(span, message, hint=hint))
        return {name: form}

    def _scalar(self, node: yaml.ScalarNode, tag: str, span: Span) -> Any:
        construct = _SCALARS.get(tag.removeprefix("python/").replace("none", "null"))
        if construct is None and tag == "binary":
            binary = self.constructor.construct_yaml_binary(node)
            return _object("builtins.bytes", span, __args__=[binary.decode("latin-1"), "latin-1"])
        if construct is None:
            return self._refuse(tag, span)
        try:
            value = construct(self.constructor, node)
        except (ValueError, ConstructorError, OverflowError) as error:
            raise _Unreadable(yaml_codes.SYNTAX.at(span, f"{node.value}: {error}")) from None
        self._tell_old_number(node, value, span)
        return value

    def _tell_old_number(self, node: yaml.ScalarNode, value: Any, span: Span) -> None:
        """Tell of numbers that only YAML 1.1 sees: 1:30 is 90 and 010 is 8."""
        if isinstance(value, str | bool | date) or value is None or node.style:
            return
        if _SEXAGESIMAL.fullmatch(node.value) or _OCTAL.fullmatch(node.value):
            message = f"dag-factory reads {node.value} as {value}"
            hint = f'write {value}, or "{node.value}" if it is text'
            self.diagnostics.append(codes.OLD_YAML.at(span, message, hint=hint))

    def _refuse(self, tag: str, span: Span) -> None:
        message = f"the tag !!{tag} is not allowed"
        hint = "write plain values, or a mapping with __type__"
        self.diagnostics.append(yaml_codes.UNKNOWN_TAG.at(span, message, hint=hint))

    def _mapping(self, node: yaml.MappingNode) -> dict[Any, Node]:
        merged: dict[Any, Node] = {}
        own: dict[Any, Node] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _PREFIX + "merge":
                merged |= self._merge(value_node)
                continue
            span = self._span(key_node)
            key = self._key(key_node, span)
            if key in own:
                before = next(each for each in own if each == key)
                self._tell_duplicate(before, key, span, own[key])
            own[key] = self.read(value_node, span)
        return {**merged, **own}

    def _key(self, node: yaml.Node, span: Span) -> Any:
        if isinstance(node, yaml.ScalarNode):
            key = self._scalar(node, node.tag.removeprefix(_PREFIX), span)
            if not isinstance(key, date | dict):
                return key
            raise _Unreadable(yaml_codes.BAD_KEY.at(span, "a date as a key", hint="quote it"))
        raise _Unreadable(yaml_codes.BAD_KEY.at(span, "a key that is no scalar"))

    def _merge(self, node: yaml.Node) -> dict[Any, Node]:
        """Give the entries that `<<` brings; of several mappings the first wins."""
        merged: dict[Any, Node] = {}
        sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for source in reversed(sources):
            if isinstance(source, yaml.MappingNode):
                merged |= self.read(source).items()
            else:
                span = self._span(node)
                self.diagnostics.append(yaml_codes.BAD_MERGE.at(span, "<< takes a mapping"))
        return merged

    def _tell_duplicate(self, before: Any, key: Any, span: Span, first: Node) -> None:
        same = f'the key "{key}" stands twice in this mapping'
        if type(before) is not type(key):
            same = f'"{before}" and "{key}" are one key to Python'
        message = f"{same}; dag-factory takes this one"
        related = [(first.at_key, "this one has no effect")]
        hint = "remove the one without effect"
        found = codes.DUPLICATE_KEY.at(span, message, hint=hint, related=related)
        self.diagnostics.append(found)

    def _span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark.index, node.end_mark.index
        return self.text.span(start, end if isinstance(node, yaml.ScalarNode) else None)


def _object(kind: str, span: Span, **arguments: list[Any]) -> dict[str, Any]:
    entries: dict[str, Any] = node_of({"__type__": kind, **arguments}, span).value
    return entries
