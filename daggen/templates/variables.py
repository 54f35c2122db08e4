"""Which names a template uses that it does not set itself, and which other templates it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2 import nodes

from daggen.templates.positions import Point, Positions

ITEM = "[]"
"""Stands in the path of an access for any item of a list."""

Steps = tuple[str, ...]
_MACRO_NAMES = ("caller", "kwargs", "varargs")


class Use(NamedTuple):
    """A free name in a template, and the keys and items taken from it: `source.type`."""

    name: str
    steps: Steps
    point: Point


class Reference(NamedTuple):
    """Another template that is named: how (extends, include, import, group), and its name."""

    how: str
    name: str
    point: Point


@dataclass
class Usage:
    """What a template uses and sets. `is_open` tells that it names templates by expressions."""

    uses: list[Use] = field(default_factory=list)
    sets: set[str] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)
    is_open: bool = False


_Scope = Mapping[str, Use | None]
"""Names that are bound here; for an alias of (a part of) a free name, that use."""


def find_usage(tree: nodes.Template, positions: Positions) -> Usage:
    """Walk through a template and note what it uses."""
    finder = _Finder(positions)
    finder.body(tree.body, {})
    return finder.usage


class _Finder:
    def __init__(self, positions: Positions) -> None:
        self.positions = positions
        self.usage = Usage()

    def body(self, body: Iterable[nodes.Node], scope: _Scope) -> None:
        statements = list(body)
        scope = {**scope, **{name: None for name in _set_by(statements) if name not in scope}}
        for node in statements:
            self.visit(node, scope)

    def visit(self, node: nodes.Node, scope: _Scope) -> None:
        """Visit a node with the names that are bound around it."""
        self.usage.sets |= set(_targets(node))
        match node:
            case nodes.For():
                self._for(node, scope)
            case nodes.Macro() | nodes.CallBlock():
                self._macro(node, scope)
            case nodes.With():
                self._all(node.values, scope)
                self.body(node.body, {**scope, **dict.fromkeys(_names(node.targets))})
            case nodes.Block():
                self.body(node.body, {**scope, "super": None})
            case nodes.If():
                self._all([node.test, *node.elif_], scope)
                self.body(node.body, scope)
                self.body(node.else_, scope)
            case nodes.Extends() | nodes.Include() | nodes.Import() | nodes.FromImport():
                self._template(node, scope)
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                self._access(node, scope)
            case _:
                if isinstance(node, nodes.Call):
                    self._call(node)
                self._all(node.iter_child_nodes(), scope)

    def _all(self, children: Iterable[nodes.Node], scope: _Scope) -> None:
        for child in children:
            self.visit(child, scope)

    def _for(self, node: nodes.For, scope: _Scope) -> None:
        self.visit(node.iter, scope)
        bound: dict[str, Use | None] = dict.fromkeys([*_names([node.target]), "loop"])
        whole = self._path(node.iter, scope)
        if isinstance(node.target, nodes.Name) and whole is not None:
            bound[node.target.name] = whole._replace(steps=(*whole.steps, ITEM))
        inner = {**scope, **bound}
        if node.test is not None:
            self.visit(node.test, inner)
        self.body(node.body, inner)
        self.body(node.else_, scope)

    def _macro(self, node: nodes.Macro | nodes.CallBlock, scope: _Scope) -> None:
        self._all(node.defaults, scope)
        if isinstance(node, nodes.CallBlock):
            self.visit(node.call, scope)
        self.body(node.body, {**scope, **dict.fromkeys([*_names(node.args), *_MACRO_NAMES])})

    def _template(
        self, node: nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport, scope: _Scope
    ) -> None:
        self.visit(node.template, scope)
        how = {nodes.Extends: "extends", nodes.Include: "include"}.get(type(node), "import")
        names = node.template.items if isinstance(node.template, nodes.List) else [node.template]
        optional = isinstance(node, nodes.Include) and (node.ignore_missing or len(names) > 1)
        for name in names:
            if isinstance(name, nodes.Const) and isinstance(name.value, str):
                point = self.positions.string(name.value, name.lineno)
                self.usage.references.append(
                    Reference("optional" if optional else how, name.value, point)
                )
            else:
                self.usage.is_open = True

    def _call(self, node: nodes.Call) -> None:
        if not (isinstance(node.node, nodes.Name) and node.node.name == "group" and node.args):
            return
        name = node.args[0]
        if isinstance(name, nodes.Const) and isinstance(name.value, str):
            point = self.positions.string(name.value, name.lineno)
            self.usage.references.append(Reference("group", name.value, point))

    def _access(self, node: nodes.Expr, scope: _Scope) -> None:
        use = self._path(node, scope)
        if use is not None:
            self.usage.uses.append(use)
        if isinstance(node, nodes.Getitem):
            self.visit(node.arg, scope)
        if use is None and isinstance(node, nodes.Getattr | nodes.Getitem):
            self.visit(node.node, scope)

    def _path(self, node: nodes.Node, scope: _Scope) -> Use | None:
        """Give the free name and the steps that an expression consists of, if it is only that."""
        if isinstance(node, nodes.Name):
            if node.ctx != "load":
                return None
            if node.name in scope:
                return scope[node.name]
            return Use(node.name, (), self.positions.word(node.name, node.lineno))
        if not isinstance(node, nodes.Getattr | nodes.Getitem):
            return None
        base = self._path(node.node, scope)
        if base is None:
            return None
        if isinstance(node, nodes.Getattr):
            point = self.positions.word(node.attr, node.lineno, attribute=True)
            return Use(base.name, (*base.steps, node.attr), point)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            point = self.positions.string(node.arg.value, node.lineno)
            return Use(base.name, (*base.steps, node.arg.value), point)
        return Use(base.name, (*base.steps, ITEM), base.point)


def _set_by(body: Iterable[nodes.Node]) -> set[str]:
    """Give the names that statements set for what stands beside and after them."""
    found: set[str] = set()
    for node in body:
        found |= set(_targets(node))
        if isinstance(node, nodes.If):
            found |= _set_by([*node.body, *node.else_])
            found |= _set_by(inner for other in node.elif_ for inner in other.body)
    return found


def _targets(node: nodes.Node) -> Iterable[str]:
    if isinstance(node, nodes.Assign | nodes.AssignBlock):
        return _names([node.target])
    if isinstance(node, nodes.Macro):
        return [node.name]
    if isinstance(node, nodes.Import):
        return [node.target]
    if isinstance(node, nodes.FromImport):
        return [name if isinstance(name, str) else name[1] for name in node.names]
    return []


def _names(targets: Iterable[nodes.Node]) -> list[str]:
    found = []
    for target in targets:
        if isinstance(target, nodes.Name):
            found.append(target.name)
        elif isinstance(target, nodes.Tuple):
            found += _names(target.items)
    return found
