"""What a class of the project's own takes when it is called, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from daggen.code.callables import CallableFinder
from daggen.code.lookup import Answer

_TAKE_NOTHING = frozenset({"object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Bases that say nothing of what their subclasses take."""
_MAX_BASES = 30


@dataclass(frozen=True)
class Layer:
    """A class among the bases of another; `node` is None where its source is not the project's."""

    dotted: str
    module: str = ""
    node: ast.ClassDef | None = None

    def method(self, name: str) -> ast.FunctionDef | None:
        """Give a method that the class itself defines."""
        body = self.node.body if self.node else []
        return next((n for n in body if isinstance(n, ast.FunctionDef) and n.name == name), None)

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing (decorators, a metaclass, `__new__`) changes how it is called."""
        if self.node is None:
            return True
        return not (self.node.decorator_list or self.node.keywords or self.method("__new__"))


def lineage(finder: CallableFinder, dotted: str) -> tuple[Layer, ...]:
    """Give a class and all its bases, nearest first, down to those whose source is elsewhere.

    Empty where `dotted` is no class of the project's own, or its bases cannot be told.
    """
    layers: list[Layer] = []
    if not _collect(finder, dotted, layers) or layers[0].node is None:
        return ()
    last = {layer.dotted: index for index, layer in enumerate(layers)}
    return tuple(each for index, each in enumerate(layers) if last[each.dotted] == index)


def resolve(finder: CallableFinder, module: str, name: ast.expr) -> str:
    """Give the dotted path that a name stands for in a module; "" where that is not certain."""
    text = ast.unparse(name)
    first, _, rest = text.partition(".")
    bound = (finder.bindings(module) or {}).get(first)
    if isinstance(bound, str):
        return f"{bound}.{rest}" if rest else bound
    if bound is not None:
        return f"{module}.{text}"
    return text if text == "object" else ""


def takes(finder: CallableFinder, dotted: str) -> ast.arguments | None:
    """Give what calling a class takes that is the project's own, with all its bases.

    None where that is not certain.
    """
    layers = lineage(finder, dotted)
    if any(layer.node is None or not layer.is_plain for layer in layers):
        return None
    for layer in layers:
        if constructor := layer.method("__init__"):
            return None if constructor.decorator_list else without_self(constructor.args)
    return ast.arguments([], [], None, [], [], None, []) if layers else None


def without_self(arguments: ast.arguments) -> ast.arguments:
    """Give the arguments of a method as its callers see them."""
    places, named = arguments.posonlyargs, arguments.args
    return ast.arguments(
        posonlyargs=places[1:],
        args=named if places else named[1:],
        vararg=arguments.vararg,
        kwonlyargs=arguments.kwonlyargs,
        kw_defaults=arguments.kw_defaults,
        kwarg=arguments.kwarg,
        defaults=arguments.defaults,
    )


def _collect(finder: CallableFinder, dotted: str, layers: list[Layer]) -> bool:
    """Add a class and its bases to `layers`; False where one of them cannot be told."""
    found = finder.find(dotted)
    if found.node is None:
        layers.append(Layer(dotted))
        return found.answer is Answer.ELSEWHERE or not found.where
    layers.append(Layer(f"{found.where}.{found.node.name}", found.where, found.node))
    if len(layers) > _MAX_BASES:
        return False
    bases = list(_bases(finder, found.where, found.node))
    return "" not in bases and all(_collect(finder, base, layers) for base in bases)


def _bases(finder: CallableFinder, module: str, node: ast.ClassDef) -> Iterator[str]:
    for base in node.bases:
        name = base.value if isinstance(base, ast.Subscript) else base
        dotted = resolve(finder, module, name) if isinstance(name, ast.Name | ast.Attribute) else ""
        if dotted not in _TAKE_NOTHING:
            yield dotted
