"""What the standard library of the running Python has: modules, their names, what classes take.

Its modules are imported to be asked. That runs nothing of a team's: a module is taken only where
Python's own directory has it, and those that do more than define names are left alone.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.util
import sys
import sysconfig
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from daggen.code.lookup import ELSEWHERE, OPAQUE, Answer, Lookup, parse_arguments
from daggen.code.signature_text import arguments_text

STANDARD = tuple(sorted(name for name in sys.stdlib_module_names if not name.startswith("_")))
"""The top-level modules that are meant to be imported."""

_LEFT_ALONE = frozenset(
    "__main__ antigravity ensurepip idlelib lib2to3 readline rlcompleter sitecustomize test this "
    "tkinter turtle turtledemo usercustomize".split()
)
"""Modules that act when they are imported, or that a Python may come without."""

_TAKES = {
    # classes written in C, which cannot be asked
    "datetime.date": "year, month, day",
    "datetime.datetime": "year, month, day, hour=..., minute=..., second=..., microsecond=..., "
    "tzinfo=..., *, fold=...",
    "datetime.time": "hour=..., minute=..., second=..., microsecond=..., tzinfo=..., *, fold=...",
    "datetime.timedelta": "days=..., seconds=..., microseconds=..., milliseconds=..., "
    "minutes=..., hours=..., weeks=...",
    "datetime.timezone": "offset, name=...",
}


def is_standard(top: str) -> bool:
    """Tell whether a top-level module is of the standard library."""
    return top in sys.stdlib_module_names


def find_standard(parts: Sequence[str]) -> Lookup:
    """Find what a dotted name of the standard library is."""
    size = module_size(parts)
    if not size:
        return ELSEWHERE
    value: object = importlib.import_module(".".join(parts[:size]))
    for index in range(size, len(parts)):
        if not hasattr(value, parts[index]):
            where = ".".join(parts[:index])
            return Lookup(Answer.NO_NAME, where, tuple(_public(value)))
        value = getattr(value, parts[index])
    return Lookup(OPAQUE.answer, takes=_takes(value, ".".join(parts)))


def module_size(parts: Sequence[str]) -> int:
    """Count the leading parts that are a module of the standard library; 0 where daggen cannot."""
    size = 0
    while size < len(parts) and _is_module(".".join(parts[: size + 1])):
        size += 1
    return size


@lru_cache(maxsize=256)
def _is_module(name: str) -> bool:
    top, _, rest = name.partition(".")
    if top in _LEFT_ALONE or "__main__" in rest or not is_standard(top):
        return False
    if isinstance(sys.modules.get(name), ModuleType):
        return True
    try:
        spec = importlib.util.find_spec(name)
        own = spec is not None and _is_python_own(spec.origin)
        return own and isinstance(importlib.import_module(name), ModuleType)
    except (ImportError, ValueError):
        return False


def _is_python_own(origin: str | None) -> bool:
    if origin in ("built-in", "frozen"):
        return True
    paths = sysconfig.get_paths()
    homes = [Path(paths[key]) for key in ("stdlib", "platstdlib")]
    return any(Path(origin or "").is_relative_to(home) for home in homes)


def _public(value: object) -> list[str]:
    return [name for name in dir(value) if not name.startswith("_")]


def _takes(value: object, dotted: str) -> ast.arguments | None:
    if not isinstance(value, type) or value.__module__ == builtins.__name__:
        return None
    text = _TAKES.get(dotted) or arguments_text(value)
    return None if text is None else parse_arguments(text)
