"""Python's own functions and the methods of its own types, on values that are known."""

from __future__ import annotations

import builtins
from collections.abc import Callable

from daggen.code.graph import Ref
from daggen.code.reader.arguments import Arguments
from daggen.code.reader.iteration import elements
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    Built,
    Builtin,
    Function,
    GroupObject,
    LocalClass,
    Opaque,
    TaskObject,
    XCom,
)
from daggen.code.reader.operators import has_wide_format, truth
from daggen.code.reader.values import is_concrete, text_of

UNKNOWN = object()
_PURE: dict[str, Callable[..., object]] = {
    "abs": abs, "ascii": ascii, "bin": bin, "bool": bool, "chr": chr,
    "complex": complex, "divmod": divmod, "float": float, "format": format,
    "hex": hex, "int": int, "max": max, "min": min, "oct": oct, "ord": ord, "range": range,
    "repr": repr, "round": round, "slice": slice, "sorted": sorted, "str": str, "sum": sum,
}  # fmt: skip
WILD = frozenset({"eval", "exec", "__import__", "setattr", "globals", "locals", "vars"})
BUILTINS = frozenset(dir(builtins)) | {"__builtins__", "__package__", "__path__", "__spec__"}
_METHODS = {
    str: frozenset(
        {"capitalize", "casefold", "count", "endswith", "find", "format", "index", "isalnum"}
        | {"isalpha", "isdigit", "isidentifier", "islower", "isnumeric", "isspace", "isupper"}
        | {"join", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace"}
        | {"rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip"}
        | {"swapcase", "title", "upper", "zfill", "encode", "ljust", "rjust", "center"}
    ),
    bytes: frozenset({"decode", "hex"}),
    list: frozenset({"append", "copy", "count", "extend", "index", "insert", "pop", "reverse"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"copy", "get", "items", "keys", "pop", "setdefault", "update", "values"}),
    set: frozenset({"add", "difference", "discard", "intersection", "issubset", "union", "update"}),
    int: frozenset({"bit_length"}),
    float: frozenset({"is_integer"}),
}
PLAIN_METHODS = frozenset(name for names in _METHODS.values() for name in names)
_ABSTRACT_OK = (list, tuple, dict)
_KEYED = {"count": 1, "get": 1, "index": 3, "insert": 1, "pop": 1, "setdefault": 1}
"""Methods by how many of their first arguments must be known: keys, places, things to find."""
_MAX_TEXT = 100_000
_MAX_NUMBER = 10**18


def call_builtin(machine: Machine, name: str, passed: Arguments) -> object:
    """Call one of Python's functions; `UNKNOWN` when its result cannot be known."""
    special = _SPECIAL.get(name)
    if special is not None:
        return special(machine, passed)
    pure = _PURE.get(name)
    if pure is None or passed.unsure:
        return UNKNOWN
    if name == "str" and len(passed.args) == 1:
        text = text_of(passed.args[0])
        return UNKNOWN if text is None else text
    if not all(is_concrete(value) for value in passed.values()):
        return _sorted_by(machine, passed) if name == "sorted" else UNKNOWN
    if any(machine.is_tainted(value) or is_long(value) for value in passed.values()):
        return UNKNOWN
    try:
        return pure(*passed.args, **passed.kwargs)
    except Exception:  # whatever the function's own checks raise
        return UNKNOWN


def call_method(machine: Machine, owner: object, name: str, passed: Arguments) -> object:
    """Call a method of a plain value; `UNKNOWN` when its result cannot be known."""
    kind = next((kind for kind in _METHODS if type(owner) is kind), None)
    if kind is None or name not in _METHODS[kind]:
        return UNKNOWN
    if passed.unsure or machine.is_tainted(owner):
        return UNKNOWN
    args = [text_of(arg) if _is_template(arg, kind) else arg for arg in passed.args]
    kwargs = {k: text_of(v) if _is_template(v, kind) else v for k, v in passed.kwargs.items()}
    values = [*args, *kwargs.values()]
    if any(machine.is_tainted(value) for value in values):
        return UNKNOWN
    if kind not in _ABSTRACT_OK and not all(is_concrete(value) for value in values):
        return UNKNOWN
    if name in _KEYED and not all(is_concrete(value) for value in args[: _KEYED[name]]):
        return UNKNOWN
    if kind is str and (None in args or not _small(owner, values)):
        return UNKNOWN
    return _invoke(owner, name, args, kwargs)


def _is_template(value: object, kind: type) -> bool:
    return kind is str and isinstance(value, XCom)


def _small(owner: object, values: list[object]) -> bool:
    sizes = [value for value in values if isinstance(value, int)]
    texts = [len(value) for value in (owner, *values) if isinstance(value, str)]
    long = sum(texts) > _MAX_TEXT or (isinstance(owner, str) and has_wide_format(owner))
    return max(sizes, default=0) < _MAX_TEXT and not long


def _invoke(owner: object, name: str, args: list[object], kwargs: dict[str, object]) -> object:
    try:
        result = getattr(owner, name)(*args, **kwargs)
    except Exception:  # whatever the method's own checks raise
        return UNKNOWN
    return list(result) if name in ("items", "keys", "values") else result


def is_long(value: object) -> bool:
    """Tell whether a value is too long to compute with."""
    if isinstance(value, int):
        return abs(value) > _MAX_NUMBER
    return isinstance(value, range | str | list) and len(value) > _MAX_TEXT


def _sorted_by(machine: Machine, passed: Arguments) -> object:
    items = elements(machine, passed.args[0]) if len(passed.args) == 1 else None
    key = passed.kwargs.get("key")
    if items is None or not isinstance(key, Function):
        return UNKNOWN
    keys = [machine.call(key, [item]) for item in items]
    if not all(map(is_concrete, keys)):
        return UNKNOWN
    try:
        order = sorted(range(len(items)), key=lambda i: keys[i])  # type: ignore[return-value,arg-type]
    except TypeError:
        return UNKNOWN
    if passed.kwargs.get("reverse") is True:
        order.reverse()
    return [items[i] for i in order]


def _len(machine: Machine, passed: Arguments) -> object:
    items = elements(machine, passed.args[0]) if len(passed.args) == 1 else None
    return UNKNOWN if items is None else len(items)


def _collect(kind: type) -> Callable[[Machine, Arguments], object]:
    def collect(machine: Machine, passed: Arguments) -> object:
        if not passed.args:
            return kind()
        items = elements(machine, passed.args[0])
        if items is None:
            return UNKNOWN
        if kind in (set, frozenset) and not all(map(is_concrete, items)):
            return list(items)
        try:
            return kind(items)
        except TypeError:
            return UNKNOWN

    return collect


def _dict(machine: Machine, passed: Arguments) -> object:
    found: dict[object, object] = {}
    if passed.unsure:
        return UNKNOWN
    for value in passed.args[:1]:
        if isinstance(value, dict) and not machine.is_tainted(value):
            found.update(value)
            continue
        pairs = [elements(machine, pair) for pair in elements(machine, value) or [None]]
        if not all(pair and len(pair) == 2 and is_concrete(pair[0]) for pair in pairs):
            return UNKNOWN
        found.update((pair[0], pair[1]) for pair in pairs if pair)
    found.update(passed.kwargs)
    return found


def _zip(machine: Machine, passed: Arguments) -> object:
    columns = [elements(machine, arg) for arg in passed.args]
    if passed.unsure or any(column is None for column in columns):
        return UNKNOWN
    return list(zip(*(column or [] for column in columns), strict=False))


def _enumerate(machine: Machine, passed: Arguments) -> object:
    items = elements(machine, passed.get("iterable", 0))
    start = passed.get("start", 1, 0)
    if items is None or not isinstance(start, int):
        return UNKNOWN
    return list(enumerate(items, start))


def _reversed(machine: Machine, passed: Arguments) -> object:
    items = elements(machine, passed.args[0]) if passed.args else None
    return UNKNOWN if items is None else items[::-1]


def _map(machine: Machine, passed: Arguments) -> object:
    columns = [elements(machine, arg) for arg in passed.args[1:]]
    if not columns or any(column is None for column in columns):
        return UNKNOWN
    rows = zip(*(column or [] for column in columns), strict=False)
    return [machine.call(passed.args[0], list(row)) for row in rows]


def _filter(machine: Machine, passed: Arguments) -> object:
    items = elements(machine, passed.args[1]) if len(passed.args) == 2 else None
    if items is None:
        return UNKNOWN
    test = passed.args[0]
    kept = [truth(machine, i if test is None else machine.call(test, [i])) for i in items]
    if None in kept:
        return UNKNOWN
    return [item for item, keep in zip(items, kept, strict=True) if keep]


def _quantified(outcome: bool) -> Callable[[Machine, Arguments], object]:
    def quantify(machine: Machine, passed: Arguments) -> object:
        items = elements(machine, passed.args[0]) if passed.args else None
        known = [truth(machine, item) for item in items] if items is not None else [None]
        if outcome in known:
            return outcome
        return UNKNOWN if None in known else not outcome

    return quantify


def _globals(machine: Machine, passed: Arguments) -> object:
    return machine.module.names


def _isinstance(machine: Machine, passed: Arguments) -> object:
    value, kinds = [*passed.args, None, None][:2]
    wanted = kinds if isinstance(kinds, tuple) else (kinds,)
    known = {kind.__name__: kind for kind in (str, int, float, bool, list, dict, tuple, set)}
    if isinstance(value, Opaque | Ref | Built) or not all(isinstance(k, Builtin) for k in wanted):
        return UNKNOWN
    classes = [known.get(kind.name) for kind in wanted if isinstance(kind, Builtin)]
    if None in classes:
        return UNKNOWN
    return isinstance(value, tuple(kind for kind in classes if kind))


def _getattr(machine: Machine, passed: Arguments) -> object:
    import ast

    from daggen.code.reader.attributes import attribute

    if len(passed.args) == 2 and isinstance(passed.args[1], str) and passed.node is not None:
        owner = passed.args[0]
        if not isinstance(owner, Opaque | LocalClass | TaskObject | GroupObject):
            node = ast.Attribute(passed.node.args[0], passed.args[1], ast.Load())
            return attribute(machine, ast.copy_location(node, passed.node), owner)
    return UNKNOWN


def _print(machine: Machine, passed: Arguments) -> object:
    return None


_SPECIAL: dict[str, Callable[[Machine, Arguments], object]] = {
    "all": _quantified(False),
    "any": _quantified(True),
    "dict": _dict,
    "enumerate": _enumerate,
    "filter": _filter,
    "frozenset": _collect(frozenset),
    "getattr": _getattr,
    "globals": _globals,
    "isinstance": _isinstance,
    "iter": _collect(list),
    "len": _len,
    "list": _collect(list),
    "map": _map,
    "print": _print,
    "reversed": _reversed,
    "set": _collect(set),
    "tuple": _collect(tuple),
    "zip": _zip,
}
