"""Annotations boiled down to a vocabulary that literals can be checked against."""

from __future__ import annotations

import ast
import enum
import inspect
import typing
from dataclasses import dataclass

from .source import Names

_WORDS = {
    "str": "str", "AnyStr": "str", "LiteralString": "str",
    "int": "int", "float": "float", "bool": "bool", "bytes": "bytes", "None": "None",
    "NoneType": "None",
    "list": "list", "List": "list", "tuple": "list", "Tuple": "list", "set": "list",
    "Set": "list", "frozenset": "list", "FrozenSet": "list", "MutableSet": "list",
    "MutableSequence": "list", "AbstractSet": "list",
    "Sequence": "iterable", "Collection": "iterable", "Iterable": "iterable",
    "Container": "iterable", "Iterator": "iterable",
    "dict": "dict", "Dict": "dict", "Mapping": "dict", "MutableMapping": "dict",
    "OrderedDict": "dict", "defaultdict": "dict",
    "timedelta": "duration", "relativedelta": "duration",
    "datetime": "datetime", "date": "datetime", "time": "datetime", "DateTime": "datetime",
    "Callable": "callable", "Type": "object", "type": "object",
    "Any": "any", "object": "any",
}  # fmt: skip
_UNIONS = ("Union", "Optional")
_PLAIN = {dict: "dict", str: "str", int: "int", float: "float", list: "list", tuple: "list"}
_NOT_SET = "ArgNotSet"
"""The type of Airflow's mark for an argument that was not given: nobody writes one."""
_PATHS = ("Path", "PathLike", "PurePath", "ObjectStoragePath")


@dataclass(frozen=True)
class Shape:
    """What an argument takes: words of the vocabulary, and the values of its `Literal`."""

    words: frozenset[str]
    choices: tuple[object, ...] = ()

    def __or__(self, other: Shape) -> Shape:
        return Shape(self.words | other.words, (*self.choices, *other.choices))

    @property
    def is_any(self) -> bool:
        """Tell whether nothing is known."""
        return "any" in self.words


ANY = Shape(frozenset({"any"}))


def shape_of(annotation: object, names: Names) -> Shape:
    """Boil an annotation (an object or its text) down; `names` are those of its module."""
    if annotation is inspect.Parameter.empty:
        return ANY
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    shape = _parse(text, names)
    return shape if shape.words else ANY


def _parse(text: str, names: Names) -> Shape:
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return ANY
    return _read(node, names)


def _read(node: ast.expr, names: Names) -> Shape:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _read(node.left, names) | _read(node.right, names)
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return _parse(node.value, names)
        return Shape(frozenset({"None"})) if node.value is None else ANY
    if isinstance(node, ast.Subscript):
        return _subscript(node, names)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return _name(node, names)
    return ANY


def _last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _subscript(node: ast.Subscript, names: Names) -> Shape:
    word = _last(node.value)
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if word in _UNIONS:
        shape = Shape(frozenset({"None"} if word == "Optional" else ()))
        for each in inner:
            shape |= _read(each, names)
        return shape
    if word == "Literal":
        return _literal(inner)
    if word in ("Annotated", "Final", "Required", "NotRequired"):
        return _read(inner[0], names)
    return _name(node.value, names) if word in _WORDS else ANY


def _literal(values: list[ast.expr]) -> Shape:
    constants = [each.value for each in values if isinstance(each, ast.Constant)]
    if len(constants) != len(values):
        return ANY
    words = {"None" if value is None else "enum" for value in constants}
    return Shape(frozenset(words), tuple(value for value in constants if value is not None))


def _name(node: ast.expr, names: Names) -> Shape:
    word = _last(node)
    if word in _WORDS:
        return Shape(frozenset({_WORDS[word]}))
    if word == _NOT_SET:
        return Shape(frozenset())
    if word in _PATHS:
        return Shape(frozenset({"str", "object"}))
    return _object(names.find(ast.unparse(node)), names)


def _object(value: object, names: Names) -> Shape:
    """Tell of a name found in the module: a class, or an alias to look through."""
    if typing.get_origin(value) is not None:
        return _parse(inspect.formatannotation(value), names)
    if not isinstance(value, type) or getattr(value, "_is_protocol", False):
        return ANY
    for plain, word in _PLAIN.items():
        if issubclass(value, plain):
            return Shape(frozenset({word, "object"} if issubclass(value, enum.Enum) else {word}))
    return Shape(frozenset({"object"}))
