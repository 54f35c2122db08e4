"""Finds the functions that DAGs name on the project's `python_path`, without importing them.

Importing would run the team's code, need its dependencies, and make rendering depend on the
machine; reading the source with `ast` does none of that.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

_ALWAYS_THERE = frozenset({"airflow", "daggen_runtime", "dateutil", "jinja2", "pendulum"})
_MAX_HOPS = 20

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Answer(Enum):
    """What is known of a dotted name that is no function whose source was read."""

    ELSEWHERE = "in the standard library, in Airflow, or in a package declared external"
    NO_PACKAGE = "no such package on the python_path"
    NO_MODULE = "no such module"
    NO_NAME = "no such name in the module"
    OPAQUE = "there, but not a plain function"


@dataclass(frozen=True)
class Lookup:
    """The answer for a dotted name: a function, or what else is known, and names close to it."""

    answer: Answer | Function
    where: str = ""
    known: tuple[str, ...] = ()


@dataclass
class CallableFinder:
    """Looks dotted names up in source files; each file is parsed and each name sought once."""

    python_path: Sequence[Path]
    external: frozenset[str] = frozenset()
    _modules: dict[Path, ast.Module | None] = field(default_factory=dict, repr=False)
    _found: dict[str, Lookup] = field(default_factory=dict, repr=False)

    def find(self, dotted: str) -> Lookup:
        """Find what `package.module.name` is."""
        if dotted not in self._found:
            self._found[dotted] = self._find(dotted, _MAX_HOPS)
        return self._found[dotted]

    def _find(self, dotted: str, hops: int) -> Lookup:
        parts = dotted.split(".")
        top = parts[0]
        if len(parts) < 2 or hops == 0:
            return Lookup(Answer.OPAQUE)
        if not any(_module_file(root, [top]) or (root / top).is_dir() for root in self.python_path):
            if top in _ALWAYS_THERE or top in sys.stdlib_module_names or top in self.external:
                return Lookup(Answer.ELSEWHERE)
            return Lookup(Answer.NO_PACKAGE, top, tuple(self.packages()))
        for size in range(len(parts) - 1, 0, -1):
            if file := self._file(parts[:size]):
                return self._in_module(file, parts[:size], parts[size:], hops)
        return Lookup(Answer.NO_MODULE, ".".join(parts[:-1]), tuple(self._siblings(parts[:-1])))

    def _in_module(self, file: Path, module: list[str], names: list[str], hops: int) -> Lookup:
        tree = self._parse(file)
        if tree is None:
            return Lookup(Answer.OPAQUE)
        bound = _bindings(tree, module, is_package=file.name == "__init__.py")
        target = bound.get(names[0])
        where = ".".join(module)
        if target is None:
            if "*" in bound or "__getattr__" in bound:
                return Lookup(Answer.OPAQUE)
            if len(names) > 1:
                return Lookup(
                    Answer.NO_MODULE, f"{where}.{names[0]}", tuple(self._siblings(module))
                )
            return Lookup(Answer.NO_NAME, where, tuple(bound))
        if isinstance(target, str):
            return self._find(".".join([target, *names[1:]]), hops - 1)
        if len(names) == 1 and isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef):
            return Lookup(Answer.OPAQUE if target.decorator_list else target, where)
        return Lookup(Answer.OPAQUE, where)

    def _file(self, parts: list[str]) -> Path | None:
        files = (_module_file(root, parts) for root in self.python_path)
        return next((file for file in files if file), None)

    def _parse(self, file: Path) -> ast.Module | None:
        if file not in self._modules:
            try:
                self._modules[file] = ast.parse(file.read_bytes())
            except (OSError, SyntaxError, ValueError):
                self._modules[file] = None
        return self._modules[file]

    def source(self, module: str) -> str | None:
        """Give the source of a module on the python_path; None when there is none, or no text."""
        file = self._file(module.split("."))
        try:
            return None if file is None else file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def packages(self) -> Iterator[str]:
        """Give the top-level modules on the `python_path`."""
        for root in self.python_path:
            yield from _children(root)

    def _siblings(self, parts: list[str]) -> Iterator[str]:
        """Give the modules beside the missing one, with their dotted names."""
        prefix = parts[:-1] or parts
        for root in self.python_path:
            for name in _children(root.joinpath(*prefix)):
                yield ".".join([*prefix, name])


def _module_file(root: Path, parts: list[str]) -> Path | None:
    base = root.joinpath(*parts)
    for file in (base / "__init__.py", base.with_name(f"{base.name}.py")):
        if file.is_file():
            return file
    return None


def _children(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    names = (p.stem for p in folder.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file())
    return sorted(name for name in names if name.isidentifier() and name != "__init__")


def _bindings(
    tree: ast.Module, module: list[str], *, is_package: bool
) -> dict[str, ast.stmt | str]:
    """Give what a module binds at its top level: a statement, or the dotted name it imports."""
    bound: dict[str, ast.stmt | str] = {}
    for node in _top_level(tree.body):
        if isinstance(node, ast.ImportFrom):
            base = _absolute(node, module, is_package=is_package)
            for alias in node.names:
                bound[alias.asname or alias.name] = f"{base}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                bound[name] = alias.name if alias.asname else name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            bound |= dict.fromkeys(names, node)
    return bound


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give the statements of a module, with those under `if` and `try`."""
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            for inner in ("body", "orelse", "finalbody"):
                yield from _top_level(getattr(node, inner, []))
            for handler in getattr(node, "handlers", []):
                yield from _top_level(handler.body)
        else:
            yield node


def _absolute(node: ast.ImportFrom, module: list[str], *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    drop = node.level - 1 if is_package else node.level
    base = module[: len(module) - drop]
    return ".".join([*base, *([node.module] if node.module else [])])
