"""What a class's constructor takes, through all the constructors above it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .annotations import ANY, Shape, shape_of
from .checks import Exclusive, checks_of
from .forwarding import Forwarding, SuperCall, forwarding_of
from .source import FunctionNode, Names, default_text, function_node

_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_INTERNAL = ("_airflow_mapped_validation_only", "_airflow_from_mapped")


@dataclass(frozen=True)
class Argument:
    """An argument of a constructor; `default` is Python text, None where it has none."""

    shape: Shape
    required: bool
    default: str | None
    positional: bool


@dataclass
class Accepted:
    """All that a constructor takes; `open` where it takes any name, `fixed` what it sets itself."""

    arguments: dict[str, Argument] = field(default_factory=dict)
    open: bool = False
    exclusive: list[Exclusive] = field(default_factory=list)
    fixed: set[str] = field(default_factory=set)


def accepted(cls: type, start: int = 0) -> Accepted:
    """Tell what the constructor of `cls` takes, looking from `start` in its method resolution."""
    mro = cls.__mro__
    for index in range(start, len(mro)):
        constructor = mro[index].__dict__.get("__init__")
        if constructor is not None and mro[index] is not object:
            return _constructor(cls, index, inspect.unwrap(constructor))
    return Accepted()


def function_arguments(function: Callable[..., Any]) -> dict[str, Argument]:
    """Tell what a function takes by name."""
    texts = default_text(function)
    names = Names(function)
    return {
        name: _argument(parameter, texts.get(name), names)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind not in _VARIADIC and name not in ("self", *_INTERNAL)
    }


def _argument(parameter: inspect.Parameter, text: str | None, names: Names) -> Argument:
    required = parameter.default is parameter.empty
    shape = shape_of(parameter.annotation, names)
    if parameter.default is None and not shape.is_any:
        shape |= Shape(frozenset({"None"}))
    if not required and text is None:
        text = _literal_text(parameter.default)
    return Argument(
        shape=shape,
        required=required,
        default=None if required else text or "",
        positional=parameter.kind is parameter.POSITIONAL_OR_KEYWORD,
    )


def _literal_text(value: object) -> str:
    text = repr(value)
    try:
        return text if ast.literal_eval(text) == value else ""
    except (ValueError, SyntaxError):
        return ""


def _constructor(cls: type, index: int, function: Callable[..., Any]) -> Accepted:
    own = function_arguments(function)
    kinds = {each.kind for each in inspect.signature(function).parameters.values()}
    variadic = inspect.Parameter.VAR_KEYWORD in kinds
    node = function_node(function)
    exclusive = _checked(node, own) if node else []
    if not variadic or _is_root(cls, index):
        return Accepted(own, exclusive=exclusive)
    if node is None:
        return Accepted(own, open=True)
    forwarding = forwarding_of(node)
    above = []
    for call in forwarding.handed_on():
        parent = _parent(cls, function, call)
        found = accepted(cls, index + 1) if parent is None else accepted(parent)
        _adopt(own, found)
        above.append(_handed_on(found, call))
    result = Accepted(dict(own), not above, exclusive)
    for each in above:
        result.open = result.open or each.open
        result.exclusive += each.exclusive
        result.fixed |= each.fixed
        for name, argument in each.arguments.items():
            result.arguments.setdefault(name, argument)
    for helper in _helpers(function, forwarding):
        for name, argument in accepted(helper).arguments.items():
            result.arguments.setdefault(name, _optional(argument))
    _apply_taken(result, own, forwarding)
    result.fixed -= result.arguments.keys()
    return result


def _checked(node: FunctionNode, own: dict[str, Argument]) -> list[Exclusive]:
    """Note in `own` what a constructor checks of single names; give what excludes each other."""
    checks = checks_of(node, frozenset(own))
    for name in checks.needed:
        if own[name].default in ("None", "''", '""'):
            words = own[name].shape.words - {"None"}
            shape = replace(own[name].shape, words=words)
            own[name] = replace(own[name], shape=shape, required=True, default=None)
    for name, values in checks.choices.items():
        argument = own[name]
        if argument.shape.words <= {"str", "None"}:
            words = (argument.shape.words - {"str"}) | {"enum"}
            own[name] = replace(argument, shape=Shape(words, values))
    return checks.exclusive


def _is_root(cls: type, index: int) -> bool:
    """Tell whether this is Airflow's own base, which refuses what is left in `**kwargs`."""
    return cls.__mro__[index].__name__ == "BaseOperator"


def _adopt(own: dict[str, Argument], above: Accepted) -> None:
    """Let a parent's annotation stand where the subclass gives none."""
    for name, argument in own.items():
        if argument.shape is ANY and name in above.arguments:
            own[name] = replace(argument, shape=above.arguments[name].shape)


def _handed_on(found: Accepted, call: SuperCall) -> Accepted:
    """Tell what a parent, which takes `found`, still takes of the `**kwargs` of this call."""
    given = set(call.named)
    by_place = [name for name, each in found.arguments.items() if each.positional]
    given.update(by_place[: call.positional])
    rest = {name: each for name, each in found.arguments.items() if name not in given}
    if call.opaque:
        rest = {name: _optional(each) for name, each in rest.items()}
    kept = [each for each in found.exclusive if rest.keys() >= set(each.names)]
    return Accepted(rest, found.open, kept, found.fixed | (given & found.arguments.keys()))


def _parent(cls: type, function: Callable[..., Any], call: SuperCall) -> type | None:
    if not call.parent:
        return None
    value = Names(function).find(call.parent)
    return value if isinstance(value, type) else None


def _helpers(function: Callable[..., Any], forwarding: Forwarding) -> Iterator[type]:
    """Give the classes that a constructor makes of its `**kwargs`: `Generator(**kwargs)`."""
    names = Names(function)
    for text in sorted(forwarding.lent):
        if isinstance(value := names.find(text), type):
            yield value


def _optional(argument: Argument) -> Argument:
    return replace(argument, required=False, default=argument.default or "")


def _apply_taken(result: Accepted, own: dict[str, Argument], forwarding: Forwarding) -> None:
    """Add the names a constructor pops, and make those optional that it fills in itself."""
    for name, default in forwarding.taken.items():
        if name not in result.arguments and name not in _INTERNAL:
            result.arguments[name] = Argument(ANY, False, default or "", False)
    for name in (*forwarding.supplied, *forwarding.taken):
        if name in result.arguments and name not in own:
            result.arguments[name] = _optional(result.arguments[name])
