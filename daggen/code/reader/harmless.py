"""Whether code surely adds nothing to any DAG, whatever values it meets when it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from daggen.code.graph import Ref
from daggen.code.reader import names
from daggen.code.reader.builtins import BUILTINS, PLAIN_METHODS, WILD
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    NODES,
    Built,
    Builtin,
    DagObject,
    Function,
    GroupMaker,
    Instance,
    LocalClass,
    Opaque,
    Partial,
    TaskMaker,
)
from daggen.code.reader.scope import Scope

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
_ACTORS = (*NODES, DagObject, TaskMaker, GroupMaker, LocalClass, Instance, Partial)


def is_harmless(machine: Machine, nodes: Iterable[ast.AST], scope: Scope) -> bool:
    """Tell whether code surely adds nothing to any DAG."""
    return _Check(machine, may_set_self=False).code(list(nodes), scope, frozenset())


def is_harmless_constructor(machine: Machine, kind: LocalClass) -> bool:
    """Tell whether making an object of a class of the file adds nothing to any DAG."""
    check = _Check(machine, may_set_self=True)
    methods = [
        statement
        for statement in kind.node.body
        if isinstance(statement, ast.FunctionDef) and statement.name in _CONSTRUCTORS
    ]
    return all(check.function(method, kind.scope) for method in methods)


_CONSTRUCTORS = ("__init__", "__post_init__", "__new__")


class _Check:
    """One search through code and the functions of the file that it calls."""

    def __init__(self, machine: Machine, *, may_set_self: bool) -> None:
        self._machine = machine
        self._may_set_self = may_set_self
        self._seen: set[int] = set()

    def code(self, nodes: list[ast.AST], scope: Scope, bound: frozenset[str]) -> bool:
        """Check code; `bound` are names that stand for values nobody knows."""
        bound |= frozenset(assigned_names(nodes))
        for node in _effective_nodes(nodes):
            self._machine.step()
            if isinstance(node, ast.With | ast.AsyncWith | ast.Yield | ast.YieldFrom):
                return False
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift | ast.LShift):
                return False
            if isinstance(node, ast.Attribute | ast.Subscript) and self._sets(node):
                return False
            if isinstance(node, ast.Call) and not self._call(node, scope, bound):
                return False
        return True

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> bool:
        """Check the body of a function, whose parameters may be anything."""
        spec = node.args
        args = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
        return self.code(list(node.body), scope, frozenset(arg.arg for arg in args if arg))

    def _sets(self, node: ast.Attribute | ast.Subscript) -> bool:
        """Tell whether an attribute of some object is changed: it may be a task's."""
        if not isinstance(node.ctx, ast.Store | ast.Del):
            return False
        if isinstance(node, ast.Subscript):
            return any(isinstance(part, ast.Attribute) for part in ast.walk(node.value))
        own = isinstance(node.value, ast.Name) and node.value.id == "self"
        return not (own and self._may_set_self)

    def _call(self, node: ast.Call, scope: Scope, bound: frozenset[str]) -> bool:
        root, path = _root(node.func)
        if isinstance(root, ast.Constant | ast.JoinedStr):
            return True
        if not isinstance(root, ast.Name):
            return path[-1:] != [] and path[-1] in PLAIN_METHODS
        if root.id in bound:
            return path[-1:] != [] and path[-1] in PLAIN_METHODS
        value = scope.lookup(root.id, Builtin(root.id))
        if isinstance(value, Builtin) and value.name == "super":
            return True
        return self._method(value, path) if path else self._value(value)

    def _method(self, value: object, path: list[str]) -> bool:
        if isinstance(value, Ref):
            return names.is_tame(".".join([value.dotted, *path]))
        if isinstance(value, Built) and names.is_tame(value.function):
            return True
        if isinstance(value, Opaque) and value.tame:
            return True
        return not isinstance(value, _ACTORS) and path[-1] in PLAIN_METHODS

    def _value(self, value: object) -> bool:
        if isinstance(value, Builtin):
            return value.name in BUILTINS and value.name not in WILD
        if isinstance(value, Ref):
            return names.is_tame(value.dotted)
        if isinstance(value, Opaque):
            return value.tame
        if not isinstance(value, Function) or isinstance(value.node, ast.Lambda):
            return False
        if id(value) in self._seen:
            return True
        self._seen.add(id(value))
        return self.function(value.node, value.scope)


def _root(function: ast.expr) -> tuple[ast.expr, list[str]]:
    """Follow `a.b(c).d[e].f` to `a`; gives the attributes on the way, calls and items left out."""
    path: list[str] = []
    while isinstance(function, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(function, ast.Attribute):
            path.append(function.attr)
        function = function.func if isinstance(function, ast.Call) else function.value
    return function, path[::-1]


def assigned_names(nodes: Iterable[ast.AST]) -> list[str]:
    """The names that code binds, in order, without those inside its functions."""
    found: dict[str, None] = {}
    for node in _own_nodes(nodes):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            found[node.id] = None
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = None
        elif isinstance(node, ast.alias):
            found[(node.asname or node.name).partition(".")[0]] = None
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            found[node.name] = None
    return list(found)


def _own_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk through code without entering the bodies of functions and classes."""
    for node in nodes:
        yield node
        if not isinstance(node, _FUNCTIONS):
            yield from _own_nodes(ast.iter_child_nodes(node))


def _effective_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk through code that runs, with decorators but without the bodies of functions."""
    for node in nodes:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _effective_nodes(node.decorator_list)
        elif not isinstance(node, ast.Lambda):
            yield from _effective_nodes(ast.iter_child_nodes(node))
