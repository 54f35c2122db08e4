"""Objects of classes that the file defines itself: plain classes, dataclasses, named tuples."""

from __future__ import annotations

import ast

from daggen.code.graph import Ref
from daggen.code.reader.arguments import Arguments, bind
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import Bound, Function, Instance, LocalClass

_MISSING = object()
_TUPLES = frozenset({"typing.NamedTuple"})
_PLAIN_BASES = frozenset({"abc.ABC", "typing.Generic", "typing.Protocol", "builtins.object"})
_DATACLASSES = frozenset({"dataclasses.dataclass", "attr.define", "attrs.define", "attr.s"})


def instantiate(machine: Machine, kind: LocalClass, passed: Arguments) -> Instance | None:
    """Make an object; None when how it is made cannot be followed."""
    if not _is_plain(kind) or not _decorators_known(machine, kind):
        return None
    made = Instance(kind)
    init = find(kind, "__init__")
    if isinstance(init, Function):
        return made if _call(machine, init, made, passed) is not None else None
    if init is not _MISSING:
        return None
    if _is_record(machine, kind):
        return _fill(machine, made, passed)
    return None if passed.args or passed.kwargs or passed.unsure else made


def _call(machine: Machine, function: Function, owner: object, passed: Arguments) -> object:
    """Run a method; gives a one-tuple of its result, None when the arguments do not fit."""
    given = Arguments(passed.node, [owner, *passed.args], passed.kwargs, {}, passed.unsure)
    scope = bind(function, given)
    if scope is None:
        return None
    return (machine.run_function(machine, function, scope),)


def _is_plain(kind: LocalClass) -> bool:
    return all(
        (
            base.dotted in _PLAIN_BASES | _TUPLES
            if isinstance(base, Ref)
            else isinstance(base, LocalClass) and _is_plain(base)
        )
        for base in kind.bases
    )


def _decorators_known(machine: Machine, kind: LocalClass) -> bool:
    return all(_decorator(machine, kind, node) for node in kind.node.decorator_list)


def _decorator(machine: Machine, kind: LocalClass, node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else node
    value = machine.evaluate(machine, function, kind.scope)
    return isinstance(value, Ref) and value.dotted in _DATACLASSES


def _is_record(machine: Machine, kind: LocalClass) -> bool:
    tuples = any(isinstance(b, Ref) and b.dotted in _TUPLES for b in kind.bases)
    inherited = any(isinstance(b, LocalClass) and _is_record(machine, b) for b in kind.bases)
    return tuples or bool(kind.node.decorator_list) or inherited


def _fields(kind: LocalClass) -> dict[str, LocalClass]:
    """The fields of a record, those of its bases first, by the class that declares them."""
    found: dict[str, LocalClass] = {}
    for base in reversed(kind.bases):
        if isinstance(base, LocalClass):
            found |= _fields(base)
    for statement in kind.node.body:
        if not isinstance(statement, ast.AnnAssign) or "ClassVar" in ast.dump(statement.annotation):
            continue
        if isinstance(statement.target, ast.Name):
            found[statement.target.id] = kind
    return found


def _fill(machine: Machine, made: Instance, passed: Arguments) -> Instance | None:
    """Give the fields of a record their values."""
    names = list(_fields(made.kind))
    if passed.unsure or len(passed.args) > len(names) or set(passed.kwargs) - set(names):
        return None
    made.attributes.update(zip(names, passed.args, strict=False))
    made.attributes.update(passed.kwargs)
    for name in names:
        if name not in made.attributes and find(made.kind, name) is _MISSING:
            return None
    after = find(made.kind, "__post_init__")
    if isinstance(after, Function):
        _call(machine, after, made, Arguments(passed.node))
    return made


def find(kind: LocalClass, name: str) -> object:
    """Find an attribute of a class or of its bases."""
    if name in kind.scope.names:
        return kind.scope.names[name]
    for base in kind.bases:
        found = find(base, name) if isinstance(base, LocalClass) else _MISSING
        if found is not _MISSING:
            return found
    return _MISSING


def attribute_of(machine: Machine, node: ast.Attribute, owner: Instance | LocalClass) -> object:
    """Give an attribute of an object or of a class: a value, a property's value, or a method."""
    name = node.attr
    if isinstance(owner, Instance) and name in owner.attributes:
        return owner.attributes[name]
    kind = owner if isinstance(owner, LocalClass) else owner.kind
    if name == "__name__" and isinstance(owner, LocalClass):
        return owner.name
    if name == "__class__" and isinstance(owner, Instance):
        return kind
    found = find(kind, name)
    if not isinstance(found, Function):
        return Bound(owner, name) if found is _MISSING else found
    if _marked(found, "property") and isinstance(owner, Instance):
        result = _call(machine, found, owner, Arguments())
        return result[0] if isinstance(result, tuple) else machine.opaque(node, tame=False)
    return Bound(owner, name)


def call_method(
    machine: Machine, owner: Instance | LocalClass, name: str, passed: Arguments
) -> object:
    """Call a method of an object or a class of the file; gives None when it is not followed."""
    kind = owner if isinstance(owner, LocalClass) else owner.kind
    found = find(kind, name)
    if not isinstance(found, Function) or _strange(found) or not _is_plain(kind):
        return None
    if _marked(found, "staticmethod"):
        scope = bind(found, passed)
        return None if scope is None else (machine.run_function(machine, found, scope),)
    if _marked(found, "classmethod"):
        return _call(machine, found, kind, passed)
    if isinstance(owner, LocalClass):
        scope = bind(found, passed)
        return None if scope is None else (machine.run_function(machine, found, scope),)
    return _call(machine, found, owner, passed)


_KNOWN_MARKS = ("property", "staticmethod", "classmethod")


def _marks(function: Function) -> list[str]:
    decorators = getattr(function.node, "decorator_list", [])
    return [node.id if isinstance(node, ast.Name) else "?" for node in decorators]


def _marked(function: Function, mark: str) -> bool:
    return mark in _marks(function)


def _strange(function: Function) -> bool:
    """Tell whether a method has a decorator that may change what it does."""
    return any(mark not in _KNOWN_MARKS for mark in _marks(function))
