"""Operators and notifiers of the project's own, described from their source as the catalog does.

Where it cannot be told what a class takes (a base that nobody knows, a decorator, `__new__`), there
is no description, and nothing of it is checked.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from daggen.airflow.catalog.catalog import Catalog
from daggen.airflow.catalog.model import NOT_LITERAL, Argument, Exclusive, Operator
from daggen.airflow.catalog.probe.annotations import shape_of
from daggen.airflow.catalog.probe.forwarding import Forwarding, SuperCall, forwarding_of
from daggen.airflow.catalog.probe.source import Names
from daggen.code.callables import CallableFinder
from daggen.code.classes import Layer, lineage, resolve, without_self
from daggen.code.references import required

_HARMLESS_DECORATORS = frozenset({"apply_defaults"})


class ProjectCatalog(Catalog):
    """A catalog that also knows the operators on the project's `python_path`."""

    def __init__(self, catalog: Catalog, finder: CallableFinder) -> None:
        super().__init__(catalog._layers)
        self._finder = finder
        self._own: dict[str, Operator | None] = {}

    def find(self, name: str) -> Operator | None:
        """Give the operator of a dotted path or a short name, the project's own ones included."""
        if known := super().find(name):
            return known
        if name not in self._own:
            self._own[name] = describe(name, self._finder, super().find) if "." in name else None
        return self._own[name]


@dataclass
class _Accepted:
    """What a constructor takes; `is_open` where it takes any name, `fixed` what it sets itself."""

    arguments: dict[str, Argument] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    is_open: bool = False
    fixed: set[str] = field(default_factory=set)
    exclusive: tuple[Exclusive, ...] = ()


def describe(
    dotted: str, finder: CallableFinder, known: Callable[[str], Operator | None]
) -> Operator | None:
    """Describe a class on the `python_path`; `known` gives the operators of Airflow it builds on.

    None where it is no such class, or what it takes is not certain.
    """
    layers = lineage(finder, dotted)
    foreign = [layer for layer in layers if layer.node is None]
    base = known(foreign[0].dotted) if len(foreign) == 1 else None
    if base is None or not all(layer.is_plain for layer in layers):
        return None
    found = _Reader(finder, layers, base).accepted(0)
    if found is None or (base.is_task and "task_id" not in found.arguments and not found.is_open):
        return None
    return replace(
        base,
        dotted=dotted,
        arguments=found.arguments,
        own=frozenset(found.own),
        fixed=frozenset(found.fixed - found.arguments.keys()),
        templated=_templated(layers, base, found),
        summary=_summary(layers[0]),
        distribution="",
        version="",
        deprecated="",
        base=base.dotted,
        is_open=found.is_open,
        aliases=(),
        exclusive=found.exclusive,
    )


@dataclass(frozen=True)
class _Reader:
    """Reads the constructors of a class and its bases, from the nearest on."""

    finder: CallableFinder
    layers: Sequence[Layer]
    base: Operator

    def accepted(self, start: int) -> _Accepted | None:
        """Tell what the first constructor from a layer on takes; None where it cannot be told."""
        for index in range(start, len(self.layers)):
            if self.layers[index].node is None:
                given = dict(self.base.arguments)
                return _Accepted(given, set(), self.base.is_open, set(), self.base.exclusive)
            if constructor := self.layers[index].method("__init__"):
                return self._constructor(index, constructor)
        return None

    def _constructor(self, index: int, node: ast.FunctionDef) -> _Accepted | None:
        decorators = {ast.unparse(each).rpartition(".")[2] for each in node.decorator_list}
        if not decorators <= _HARMLESS_DECORATORS:
            return None
        own = _own_arguments(node)
        if node.args.kwarg is None:
            return _Accepted(own, set(own))
        forwarding = forwarding_of(node)
        if forwarding.uses != sum(1 for _ in _clear_uses(node, node.args.kwarg.arg)):
            return None
        calls = forwarding.handed_on()
        above = self._above(index, calls[0]) if len(calls) == 1 else None
        if above is None:
            return None
        return _joined(own, _left(above, calls[0]), forwarding)

    def _above(self, index: int, call: SuperCall) -> _Accepted | None:
        """Tell what the parent takes that a call names."""
        if not call.parent:
            return self.accepted(index + 1)
        name = ast.parse(call.parent, mode="eval").body
        dotted = resolve(self.finder, self.layers[index].module, name)
        places = [place for place, each in enumerate(self.layers) if each.dotted == dotted]
        return self.accepted(places[0]) if places and places[0] > index else None


def _clear_uses(node: ast.FunctionDef, name: str) -> Iterator[ast.AST]:
    """Give the places that tell which names of `**kwargs` they take, or hand all of them on."""
    for each in ast.walk(node):
        match each:
            case ast.Call(func=ast.Attribute(attr="__init__"), keywords=keywords):
                for keyword in keywords:
                    if keyword.arg is None and _is_name(keyword.value, name):
                        yield keyword
            case ast.Call(func=ast.Attribute(attr=method, value=owner), args=args):
                is_constant = bool(args) and isinstance(args[0], ast.Constant)
                named = method in ("get", "pop", "setdefault") and is_constant
                if _is_name(owner, name) and (named or method == "update"):
                    yield each
            case ast.Subscript(value=owner, slice=ast.Constant()) if _is_name(owner, name):
                yield each
            case ast.Compare(left=ast.Constant(), comparators=[right]) if _is_name(right, name):
                yield each


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _left(found: _Accepted, call: SuperCall) -> _Accepted:
    """Tell what is left to give of what a parent takes, once a call has given its own."""
    given = set(call.named)
    by_place = [name for name, each in found.arguments.items() if each.positional]
    given.update(by_place[: call.positional])
    rest = {name: each for name, each in found.arguments.items() if name not in given}
    if call.opaque:
        rest = {name: replace(each, required=False) for name, each in rest.items()}
    kept = tuple(each for each in found.exclusive if rest.keys() >= set(each.names))
    fixed = found.fixed | (given & found.arguments.keys())
    return _Accepted(rest, found.own - given, found.is_open, fixed, kept)


def _joined(own: dict[str, Argument], above: _Accepted, forwarding: Forwarding) -> _Accepted:
    """Put a constructor's own arguments before those that its `**kwargs` hand on."""
    popped = {name: Argument(name) for name in forwarding.taken}
    arguments = {**popped, **above.arguments, **own}
    for name in (*forwarding.supplied, *forwarding.taken):
        if name in arguments and name not in own:
            arguments[name] = replace(arguments[name], required=False)
    names = above.own | own.keys() | popped.keys()
    return _Accepted(arguments, names, above.is_open, above.fixed, above.exclusive)


class _NoNames(Names):
    """The names of a module that is not imported: words for types must do."""

    def __init__(self) -> None:
        super().__init__(print)

    def find(self, dotted: str) -> None:
        """Give nothing: a class by any other name may be anything."""


def _own_arguments(node: ast.FunctionDef) -> dict[str, Argument]:
    arguments = without_self(node.args)
    needed = set(required(arguments))
    defaults = _defaults(arguments)
    places = {each.arg for each in (*arguments.posonlyargs, *arguments.args)}
    found = {}
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        default = defaults.get(each.arg)
        shape = shape_of(ast.unparse(each.annotation) if each.annotation else "Any", _NoNames())
        types = shape.words
        if isinstance(default, ast.Constant) and default.value is None and not shape.is_any:
            types |= {"None"}
        found[each.arg] = Argument(
            each.arg,
            types,
            shape.choices,
            each.arg in needed,
            _literal(default),
            ast.unparse(default) if default else "",
            each.arg in places,
        )
    return found


def _defaults(arguments: ast.arguments) -> dict[str, ast.expr]:
    places = [*arguments.posonlyargs, *arguments.args]
    late = places[len(places) - len(arguments.defaults) :]
    found = {each.arg: default for each, default in zip(late, arguments.defaults, strict=True)}
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            found[each.arg] = default
    return found


def _literal(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else NOT_LITERAL


def _templated(layers: Sequence[Layer], base: Operator, found: _Accepted) -> frozenset[str]:
    """Give the template fields; all arguments where the class computes them."""
    for layer in layers:
        for statement in layer.node.body if layer.node else ():
            if isinstance(statement, ast.Assign | ast.AnnAssign) and _assigns(statement):
                try:
                    return frozenset(ast.literal_eval(statement.value or ast.Tuple([])))
                except (TypeError, ValueError):
                    return frozenset(found.arguments)
    return base.templated


def _assigns(statement: ast.Assign | ast.AnnAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(each, ast.Name) and each.id == "template_fields" for each in targets)


def _summary(layer: Layer) -> str:
    text = ast.get_docstring(layer.node) if layer.node else None
    return text.splitlines()[0] if text else ""
