"""What the functions in a DAG file do, in a form that survives renaming and re-formatting."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_AIRFLOW: Final = ("airflow.sdk", "airflow.decorators", "airflow.providers.common.compat.sdk")


@dataclass(frozen=True, slots=True)
class LocalCode:
    """A function or class of a file: `meaning` to compare, its first line, and `source` to show.

    The source begins with the constants and functions of the file that it uses.
    """

    meaning: str
    source: str
    line: int


def local_code(source: str) -> Mapping[str, LocalCode]:
    """Give the functions and classes that a file defines outside of functions, by name.

    Two meanings are equal when only names of local variables, imports' aliases, the name of
    the function itself, comments or formatting differ. Constants and functions of the file
    that a function uses are part of its meaning. Raises SyntaxError.
    """
    module = ast.parse(source)
    names = _ModuleNames(module)
    return {
        name: LocalCode(names.meaning(name), names.shown(name), node.lineno)
        for name, node in names.definitions.items()
    }


class _ModuleNames:
    """What each name at the top of a module stands for."""

    def __init__(self, module: ast.Module) -> None:
        self.definitions: dict[str, Definition] = {}
        self.constants: dict[str, str] = {}
        self.imports: dict[str, str] = {}
        self._meanings: dict[str, str] = {}
        self._uses: dict[str, set[str]] = {}
        for node in _outside_functions(module):
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, _DEFINITIONS):
            self.definitions[node.name] = node
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name if alias.asname else alias.name.partition(".")[0]
                self.imports[alias.asname or top] = top
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            for alias in node.names:
                self.imports[alias.asname or alias.name] = f"{prefix}.{alias.name}"
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    self.constants[target.id] = ast.unparse(node.value)

    def meaning(self, name: str) -> str:
        """Give the meaning of a definition; one that uses itself is known by its name."""
        if name not in self._meanings:
            self._meanings[name] = f"<{name}>"
            node = _copy(self.definitions[name])
            node.name = "_"
            node.decorator_list = [d for d in node.decorator_list if not self._is_airflow(d)]
            renamer = _Renamer(self, _local_names(node))
            self._meanings[name] = ast.unparse(renamer.visit(node))
            self._uses[name] = renamer.used
        return self._meanings[name]

    def shown(self, name: str) -> str:
        """Give the source of a definition after what it uses, each of them once."""
        found: dict[str, str] = {}
        self._collect(name, found, set())
        return "\n".join(found.values())

    def _collect(self, name: str, found: dict[str, str], seen: set[str]) -> None:
        if name in seen:
            return
        seen.add(name)
        if name in self.definitions:
            self.meaning(name)
        for used in sorted(self._uses.get(name, ())):
            self._collect(used, found, seen)
        if name in self.definitions:
            found[name] = _shown(self.definitions[name])
        elif name in self.constants:
            found[name] = f"{name} = {self.constants[name]}"

    def _is_airflow(self, decorator: ast.expr) -> bool:
        """Tell decorators that the reader already folds into a task or a group."""
        root: ast.expr = decorator
        while isinstance(root, ast.Call | ast.Attribute):
            root = root.func if isinstance(root, ast.Call) else root.value
        name = self.imports.get(root.id, "") if isinstance(root, ast.Name) else ""
        return name.startswith(_AIRFLOW)

    def resolve(self, name: str) -> str:
        """Give what stands for a name that a function takes from its module."""
        if name in self.definitions:
            digest = hashlib.sha256(self.meaning(name).encode()).hexdigest()
            return f"<{digest[:16]}>"
        if name in self.constants:
            return f"({self.constants[name]})"
        return self.imports.get(name, name)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Walk the statements of a module; of functions only those that define a DAG or a group."""
    for child in ast.iter_child_nodes(node):
        yield child
        if isinstance(child, ast.FunctionDef) and not child.decorator_list:
            continue
        if isinstance(child, ast.stmt | ast.withitem) and not isinstance(child, ast.ClassDef):
            yield from _outside_functions(child)


def _copy(node: Definition) -> Definition:
    copied = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(copied, _DEFINITIONS)  # noqa: S101
    return copied


def _shown(node: Definition) -> str:
    copied = _copy(node)
    copied.decorator_list = []
    return ast.unparse(copied)


def _local_names(node: Definition) -> dict[str, str]:
    """Number the variables of a function in order of appearance; none where that is unsafe."""
    if isinstance(node, ast.ClassDef):
        return {}
    stored: dict[str, str] = {}
    fixed: set[str] = set()
    for child in ast.walk(node):
        match child:
            case ast.Name(id=name, ctx=ast.Store()) if name not in stored:
                stored[name] = f"_{len(stored)}"
            case ast.arg(arg=name):
                fixed.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                fixed.update(names)
            case ast.ExceptHandler(name=str(name)):
                fixed.add(name)
            case ast.Import() | ast.ImportFrom():
                fixed.update(alias.asname or alias.name for alias in child.names)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                fixed.add(name)
    if fixed & stored.keys():
        return {name: name for name in stored}
    return stored | {name: name for name in fixed}


class _Renamer(ast.NodeTransformer):
    """Replace every name of a function by what it stands for."""

    def __init__(self, module: _ModuleNames, local_names: Mapping[str, str]) -> None:
        self._module = module
        self._locals = local_names
        self.used: set[str] = set()

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Number a local name; resolve one of the module."""
        name = self._locals.get(node.id)
        if name is None:
            self.used.add(node.id)
            name = self._module.resolve(node.id)
        return ast.Name(name, node.ctx)
