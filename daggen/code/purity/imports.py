"""Dotted names of what a file uses, through its imports."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field

_BUILTINS = frozenset(dir(builtins))


@dataclass(slots=True)
class Names:
    """What the names of a file stand for: imported things by dotted name, and its own."""

    imported: dict[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    objects: dict[str, str] = field(default_factory=dict)

    def learn(self, nodes: Iterable[ast.AST]) -> None:
        """Take in the imports and assignments among `nodes`."""
        for node in nodes:
            if isinstance(node, ast.Import):
                self._import(node)
            elif isinstance(node, ast.ImportFrom):
                self._import_from(node)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.own.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.own.add(node.id)
            if isinstance(node, ast.Assign):
                self._assign(node)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            local = alias.asname or alias.name.partition(".")[0]
            self.imported[local] = alias.name if alias.asname else local

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            self.imported[alias.asname or alias.name] = f"{module}.{alias.name}"

    def _assign(self, node: ast.Assign) -> None:
        """Remember the class of an object that a name is given: `path = Path("x")`."""
        if isinstance(node.value, ast.Call):
            made_by = self.dotted(node.value.func)
            for target in node.targets:
                if isinstance(target, ast.Name) and made_by:
                    self.objects[target.id] = made_by

    def dotted(self, node: ast.expr) -> str:
        """Name what an expression refers to: `requests.get`; "" when it is nothing imported."""
        if isinstance(node, ast.Name):
            if node.id in self.imported:
                return self.imported[node.id]
            known = node.id in _BUILTINS and node.id not in self.own
            return f"builtins.{node.id}" if known else ""
        if isinstance(node, ast.Attribute):
            owner = self.dotted(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""

    def made_by(self, node: ast.expr) -> str:
        """Name the class of the object that an expression surely is, "" when that is unknown."""
        if isinstance(node, ast.Call):
            return self.dotted(node.func)
        if isinstance(node, ast.Name):
            return self.objects.get(node.id, "")
        if isinstance(node, ast.BinOp):
            return self.made_by(node.left)
        if isinstance(node, ast.Attribute):
            return self.made_by(node.value)
        return ""
