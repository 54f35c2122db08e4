"""Finds what DAGs name: in the project's source, the standard library, and Airflow's own modules.

What is on the `python_path` is read as source and never imported.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from daggen.code.airflow_names import Version
from daggen.code.airflow_objects import find_in_airflow
from daggen.code.beside_airflow import ALWAYS_THERE
from daggen.code.bindings import bindings
from daggen.code.lookup import ELSEWHERE, OPAQUE, Answer, Lookup
from daggen.code.modules import Modules
from daggen.code.names import BUILTINS
from daggen.code.no_function import kind_of_variable
from daggen.code.standard_library import STANDARD, find_standard, is_standard

_MAX_HOPS = 20


@dataclass
class CallableFinder:
    """Looks dotted names up; each file is parsed and each name sought once.

    `airflow` is the targeted version.
    """

    python_path: Sequence[Path]
    external: frozenset[str] = frozenset()
    airflow: Version = (3, 3)
    copied: Mapping[str, Path] = field(default_factory=dict)
    """Packages that are copied beside the DAGs, and where their source is."""
    _found: dict[str, Lookup] = field(default_factory=dict, repr=False)

    @cached_property
    def modules(self) -> Modules:
        """The modules on the python_path."""
        return Modules(self.python_path, self.copied)

    def find(self, dotted: str) -> Lookup:
        """Find what `package.module.name`, or a module itself, is."""
        if dotted not in self._found:
            self._found[dotted] = self._find(dotted, _MAX_HOPS)
        return self._found[dotted]

    def bindings(self, module: str) -> Mapping[str, ast.stmt | str] | None:
        """Give what a module on the python_path binds: statements, or dotted names it imports.

        None where there is no such module, or it is no Python.
        """
        parts = module.split(".")
        file = self.modules.file(parts)
        tree = self.modules.parse(file) if file else None
        if file is None or tree is None:
            return None
        return bindings(tree, parts, is_package=file.name == "__init__.py")

    def _find(self, dotted: str, hops: int) -> Lookup:
        parts = dotted.split(".")
        if hops == 0:
            return OPAQUE
        if not self.modules.has(parts[:1]):
            return self._outside(parts)
        for size in range(len(parts) - 1, 0, -1):
            if self.modules.file(parts[:size]):
                return self._in_module(parts[:size], parts[size:], hops)
        if self.modules.has(parts):
            return Lookup(Answer.NO_FUNCTION, ".".join(parts[:-1]), kind="a module")
        known = tuple(self.modules.siblings(parts[:-1]))
        return Lookup(Answer.NO_MODULE, ".".join(parts[:-1]), known)

    def _outside(self, parts: list[str]) -> Lookup:
        """Find a name of a package that is not on the python_path."""
        top = parts[0]
        if top in self.external or top in ALWAYS_THERE:
            return ELSEWHERE
        if top == "airflow":
            return find_in_airflow(parts, self.airflow)
        if is_standard(top):
            return find_standard(parts)
        if len(parts) == 1 and top in BUILTINS:
            return OPAQUE
        further = STANDARD if len(parts) == 1 else ()
        return Lookup(Answer.NO_PACKAGE, top, (*self.modules.packages(), *further))

    def _in_module(self, module: list[str], names: list[str], hops: int) -> Lookup:
        where = ".".join(module)
        bound = self.bindings(where)
        if bound is None:
            return OPAQUE
        target = bound.get(names[0])
        if target is None:
            return self._missing(module, names, bound)
        if len(names) > 1 and not isinstance(target, ast.ClassDef):
            return self._below(module, names, target, hops)
        if isinstance(target, str):
            return self._imported([*target.split("."), *names[1:]], hops)
        if len(names) > 1:
            return Lookup(Answer.OPAQUE, where)
        if isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef):
            return Lookup(Answer.OPAQUE if target.decorator_list else target, where)
        if isinstance(target, ast.ClassDef):
            return Lookup(Answer.OPAQUE, where, node=target)
        return self._variable(module, names[0], target, bound)

    def _variable(
        self,
        module: list[str],
        name: str,
        target: ast.stmt,
        bound: Mapping[str, ast.stmt | str],
    ) -> Lookup:
        where, file = ".".join(module), self.modules.file(module)
        tree = self.modules.parse(file) if file else None
        kind = kind_of_variable(tree, target, name, bound) if tree else ""
        return Lookup(Answer.NO_FUNCTION if kind else Answer.OPAQUE, where, kind=kind)

    def _below(
        self, module: list[str], names: list[str], target: ast.stmt | str, hops: int
    ) -> Lookup:
        """Find what is below a name that is no class: nothing is imported from there."""
        if isinstance(target, str):
            if not self.modules.has(target.split(".")):
                return self._imported([*target.split("."), *names[1:]], hops)
            return Lookup(Answer.NO_MODULE, ".".join([*module, names[0]]), (target,))
        known = tuple(self.modules.siblings(module))
        return Lookup(Answer.NO_MODULE, ".".join([*module, names[0]]), known)

    def _imported(self, parts: list[str], hops: int) -> Lookup:
        """Find what the project's own source imports: of other versions it may have its reasons."""
        found = self._find(".".join(parts), hops - 1)
        if found.answer is Answer.NO_NAME and not self.modules.has(parts[:1]):
            return ELSEWHERE
        return found

    def _missing(
        self, module: list[str], names: list[str], bound: Mapping[str, ast.stmt | str]
    ) -> Lookup:
        """Tell of a name that its module does not bind: a module below it, or a mistake."""
        where = ".".join(module)
        if "*" in bound or "__getattr__" in bound:
            return OPAQUE
        if self.modules.has([*module, names[0]]):
            if len(names) > 1:
                return OPAQUE
            return Lookup(Answer.NO_FUNCTION, where, kind="a module")
        if len(names) > 1:
            known = tuple(self.modules.siblings(module))
            return Lookup(Answer.NO_MODULE, f"{where}.{names[0]}", known)
        return Lookup(Answer.NO_NAME, where, (*bound, *self.modules.below(module)))
