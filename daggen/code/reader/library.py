"""Functions of the standard library that only compute, called when all they are given is known."""

from __future__ import annotations

import collections
import inspect
import itertools
import json
import math
import posixpath
import re
import string
import textwrap
from collections.abc import Callable

from daggen.code.reader.arguments import Arguments
from daggen.code.reader.builtins import UNKNOWN, is_long
from daggen.code.reader.iteration import elements
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import FilePath
from daggen.code.reader.values import is_concrete

_MAX_ITEMS = 20_000
_ON_DATA: dict[str, Callable[..., object]] = {
    "inspect.cleandoc": inspect.cleandoc,
    "json.dumps": json.dumps,
    "json.loads": json.loads,
    "math.ceil": math.ceil,
    "math.floor": math.floor,
    "os.path.basename": posixpath.basename,
    "os.path.dirname": posixpath.dirname,
    "os.path.join": posixpath.join,
    "os.path.splitext": posixpath.splitext,
    "re.escape": re.escape,
    "string.capwords": string.capwords,
    "textwrap.dedent": textwrap.dedent,
    "textwrap.indent": textwrap.indent,
}
_ON_ITEMS: dict[str, Callable[..., object]] = {
    "collections.OrderedDict": collections.OrderedDict,
    "itertools.chain": itertools.chain,
    "itertools.combinations": itertools.combinations,
    "itertools.pairwise": itertools.pairwise,
    "itertools.permutations": itertools.permutations,
    "itertools.product": itertools.product,
    "itertools.zip_longest": itertools.zip_longest,
}
_PATHS = frozenset({"os.path.abspath", "os.path.realpath", "pathlib.Path", "pathlib.PurePath"})


def call_library(machine: Machine, dotted: str, passed: Arguments) -> object:
    """Call a function of the standard library; `UNKNOWN` when that cannot be known."""
    if passed.unsure:
        return UNKNOWN
    if len(passed.args) == 1 and isinstance(passed.args[0], FilePath):
        return _on_file(dotted, passed.args[0])
    if dotted == "itertools.chain.from_iterable":
        return _flatten(machine, passed)
    if dotted == "functools.reduce":
        return _reduce(machine, passed)
    if dotted in _ON_ITEMS:
        return _on_items(machine, _ON_ITEMS[dotted], passed)
    if dotted not in _ON_DATA or any(machine.is_tainted(v) or is_long(v) for v in passed.values()):
        return UNKNOWN
    if not all(is_concrete(value) for value in passed.values()):
        return UNKNOWN
    try:
        return _ON_DATA[dotted](*passed.args, **passed.kwargs)
    except Exception:  # whatever the function's own checks raise
        return UNKNOWN


def _on_file(dotted: str, path: FilePath) -> object:
    if dotted in _PATHS:
        return path
    return path.name if dotted == "os.path.basename" else UNKNOWN


def _on_items(machine: Machine, function: Callable[..., object], passed: Arguments) -> object:
    args = [elements(machine, a) if isinstance(a, _ITERABLE) else a for a in passed.args]
    if any(arg is None for arg in args):
        return UNKNOWN
    try:
        result = function(*args, **passed.kwargs)
        if isinstance(result, dict):
            return dict(result)
        found = list(itertools.islice(result, _MAX_ITEMS + 1))  # type: ignore[call-overload]
    except Exception:  # whatever the function's own checks raise
        return UNKNOWN
    return found if len(found) <= _MAX_ITEMS else UNKNOWN


_ITERABLE = (list, tuple, dict, str, range, set, frozenset)


def _reduce(machine: Machine, passed: Arguments) -> object:
    items = elements(machine, passed.args[1]) if len(passed.args) > 1 else None
    if items is None or not (items or passed.args[2:]):
        return UNKNOWN
    items = [*passed.args[2:], *items]
    result = items[0]
    for item in items[1:]:
        result = machine.call(passed.args[0], [result, item])
    return result


def _flatten(machine: Machine, passed: Arguments) -> object:
    outer = elements(machine, passed.args[0]) if passed.args else None
    inner = [elements(machine, item) for item in outer or []]
    if outer is None or any(items is None for items in inner):
        return UNKNOWN
    return [item for items in inner for item in items or []]
