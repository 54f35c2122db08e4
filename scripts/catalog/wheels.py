"""What the classes of a wheel declare, by reading alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from zipfile import ZipFile

ROOTS = frozenset({"BaseOperator", "BaseSensorOperator", "BaseNotifier"})
"""Airflow's own base classes, whose arguments are no provider's."""

PLAIN = frozenset(
    {"object", "ABC", "Generic", "Protocol", "LoggingMixin", "SkipMixin", "BranchMixIn"}
)
"""Other bases that take no arguments of their own."""

_DEFINITION = re.compile(rb"^(?:class|def) (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Declared:
    """The arguments of a constructor; not `whole` where classes outside the wheel add to them."""

    names: frozenset[str]
    whole: bool


@dataclass(frozen=True)
class Definition:
    """A class or function as its module has it; `own` is None where a class has no constructor.

    `passed` are the names that a constructor passes to the one above, `bases` dotted paths.
    """

    own: frozenset[str] | None = None
    hands_on: bool = False
    passed: frozenset[str] = frozenset()
    bases: tuple[str, ...] = ()


class Wheel:
    """The modules of a wheel, read when they are asked for."""

    def __init__(self, path: Path) -> None:
        self._zip = ZipFile(path)
        self._files = frozenset(self._zip.namelist())
        self._modules: dict[str, Module | None] = {}
        self._declared: dict[str, Declared | None] = {}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all classes and functions at the top of a module."""
        sources = (self._zip.read(name) for name in self._files if name.endswith(".py"))
        found = (each for source in sources for each in _DEFINITION.findall(source))
        return frozenset(name.decode() for name in found)

    def find(self, dotted: str) -> Definition | None:
        """Give the class or function of a dotted path, be it imported there from elsewhere."""
        module_name, _, name = dotted.rpartition(".")
        module = self._module(module_name)
        if module is None:
            return None
        target = module.imports.get(name)
        if name not in module.definitions and target and target != dotted:
            return self.find(target)
        return module.definitions.get(name)

    def declared(self, dotted: str) -> Declared | None:
        """Give what the constructor of a class takes; None where it is not in the wheel."""
        if dotted not in self._declared:
            found = self.find(dotted)
            name = dotted.rpartition(".")[2]
            self._declared[dotted] = self._whole(found, name in ROOTS) if found else None
        return self._declared[dotted]

    def _whole(self, found: Definition, is_root: bool) -> Declared:
        """Add to what a class takes itself what the classes above it take."""
        own = found.own or frozenset()
        if is_root or not found.hands_on:
            return Declared(own, True)
        whole = True
        for base in found.bases:
            if base.rpartition(".")[2] not in ROOTS | PLAIN:
                above = self.declared(base)
                own |= above.names - found.passed if above else frozenset()
                whole = whole and above is not None and above.whole
        return Declared(own, whole)

    def _module(self, dotted: str) -> Module | None:
        if dotted not in self._modules:
            path = dotted.replace(".", "/")
            files = [each for each in (f"{path}.py", f"{path}/__init__.py") if each in self._files]
            self._modules[dotted] = read_module(self._zip.read(files[0]), dotted) if files else None
        return self._modules[dotted]


@dataclass(frozen=True)
class Module:
    """A module's classes and functions, and what its imports stand for."""

    definitions: Mapping[str, Definition]
    imports: Mapping[str, str]


def read_module(source: bytes, dotted: str) -> Module:
    """Read the definitions and the absolute imports of a module."""
    tree = ast.parse(source)
    imports = {
        alias.asname or alias.name: f"{each.module}.{alias.name}"
        for each in ast.walk(tree)
        if isinstance(each, ast.ImportFrom) and each.module and not each.level
        for alias in each.names
    }
    found = {}
    for each in tree.body:
        if isinstance(each, ast.ClassDef):
            bases = (_path_of(base, imports, dotted) for base in each.bases)
            found[each.name] = replace(_constructor(each), bases=tuple(bases))
        elif isinstance(each, ast.FunctionDef):
            found[each.name] = Definition(_parameters(each))
    return Module(found, imports)


def _path_of(base: ast.expr, imports: Mapping[str, str], module: str) -> str:
    """Give the dotted path that a base class has in its module."""
    text = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
    first, dot, rest = text.partition(".")
    return f"{imports.get(first, f'{module}.{first}')}{dot}{rest}"


def _constructor(node: ast.ClassDef) -> Definition:
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            hands_on = each.args.kwarg is not None
            return Definition(_parameters(each), hands_on, _passed(each))
    fields = _fields(node)
    return Definition(fields or None, hands_on=True)


def _parameters(node: ast.FunctionDef) -> frozenset[str]:
    """Give the names a function takes, and those that it pops from its `**kwargs`."""
    places = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return frozenset(each.arg for each in places if each.arg != "self") | frozenset(_popped(node))


def _popped(node: ast.FunctionDef) -> Iterator[str]:
    pop = f"{node.args.kwarg.arg}.pop" if node.args.kwarg else ""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and each.args and ast.unparse(each.func) == pop:
            yield str(getattr(each.args[0], "value", ""))


def _passed(node: ast.FunctionDef) -> frozenset[str]:
    """Give the names that a constructor passes to the one above, and so does not take itself."""
    return frozenset(
        keyword.arg
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "__init__"
        for keyword in call.keywords
        if keyword.arg
    )


def _fields(node: ast.ClassDef) -> frozenset[str]:
    """Give the fields of a class of attrs, which makes its constructor of them."""
    if not any("attrs" in ast.unparse(each) for each in node.decorator_list):
        return frozenset()
    return frozenset(
        each.target.id
        for each in node.body
        if isinstance(each, ast.AnnAssign)
        and isinstance(each.target, ast.Name)
        and "init=False" not in ast.unparse(each)
    )
