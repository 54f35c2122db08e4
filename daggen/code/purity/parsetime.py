"""Which code of a file runs when the file is parsed, and which only in tasks and callbacks."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from daggen.code.purity.imports import Names

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_EAGER = ("dag", "task_group")
_CONSTRUCTORS = ("__init__", "__post_init__", "__new__")


@dataclass(frozen=True, slots=True)
class ParseTime:
    """The nodes that run at parse time, and the names that they use."""

    nodes: tuple[ast.AST, ...]
    names: Names


def parse_time(tree: ast.Module) -> ParseTime:
    """Find all code that runs when a file is parsed.

    That is the module's own code and the bodies of `@dag` and `@task_group` functions, of
    functions called from such code, and of constructors of classes called from it.
    """
    names = Names()
    own = list(_own_nodes(tree.body))
    names.learn(own)
    definitions = {n.name: n for n in own if isinstance(n, FunctionNode | ast.ClassDef)}
    found: list[ast.AST] = []
    waiting: list[ast.stmt] = list(tree.body)
    done: set[int] = set()
    while waiting:
        nodes = list(_own_nodes(waiting))
        names.learn(nodes)
        definitions |= {n.name: n for n in nodes if isinstance(n, FunctionNode | ast.ClassDef)}
        found.extend(nodes)
        waiting = []
        for definition in _entered(nodes, definitions, names):
            if id(definition) not in done:
                done.add(id(definition))
                waiting.extend(_body(definition))
    return ParseTime(tuple(found), names)


def _entered(
    nodes: Iterable[ast.AST],
    definitions: dict[str, FunctionNode | ast.ClassDef],
    names: Names,
) -> Iterator[FunctionNode | ast.ClassDef]:
    """The definitions whose bodies run because of these nodes."""
    for node in nodes:
        if isinstance(node, FunctionNode) and is_eager(node, names):
            yield node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = definitions.get(node.func.id)
            if isinstance(called, ast.ClassDef) or (called and not called.decorator_list):
                yield called
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            imported = names.dotted(node.func) or node.func.attr in _CONSTRUCTORS
            yield from () if imported else _methods(node.func.attr, definitions)


def _methods(
    name: str, definitions: dict[str, FunctionNode | ast.ClassDef]
) -> Iterator[FunctionNode]:
    """The methods of that name of all classes of the file: one of them is called."""
    for definition in definitions.values():
        if isinstance(definition, ast.ClassDef):
            for item in definition.body:
                if isinstance(item, FunctionNode) and item.name == name:
                    yield item


def is_eager(node: FunctionNode, names: Names) -> bool:
    """Tell whether a function is a `@dag` or a `@task_group`, whose body builds a DAG."""
    return any(decorator_name(item, names).endswith(_EAGER) for item in node.decorator_list)


def decorator_name(node: ast.expr, names: Names) -> str:
    """Name a decorator, with or without arguments, "" when it is nothing imported."""
    return names.dotted(node.func if isinstance(node, ast.Call) else node)


def _body(definition: FunctionNode | ast.ClassDef) -> list[ast.stmt]:
    if not isinstance(definition, ast.ClassDef):
        return definition.body
    return [
        statement
        for item in definition.body
        if isinstance(item, FunctionNode) and item.name in _CONSTRUCTORS
        for statement in item.body
    ]


def _own_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk through code that runs by itself: not the bodies of functions, not `__main__`."""
    waiting = [*nodes][::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [*_own_children(node)][::-1]


def _own_children(node: ast.AST) -> Iterable[ast.AST]:
    """Give what runs by itself of what is directly in a node."""
    if isinstance(node, FunctionNode):
        return [*node.decorator_list, *_defaults(node.args)]
    if isinstance(node, ast.Lambda):
        return _defaults(node.args)
    if isinstance(node, ast.If) and is_never(node.test):
        return node.orelse
    if isinstance(node, ast.AnnAssign):
        return [node.target, *([node.value] if node.value else [])]
    return ast.iter_child_nodes(node)


def _defaults(spec: ast.arguments) -> list[ast.expr]:
    return [*spec.defaults, *(default for default in spec.kw_defaults if default)]


def is_never(test: ast.expr) -> bool:
    """Tell whether a condition is false when Airflow parses a file."""
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name):
        return test.left.id == "__name__" and isinstance(test.ops[0], ast.Eq)
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return name == "TYPE_CHECKING"
