"""The arguments of a call, evaluated, and their way into a function's parameters."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import Function
from daggen.code.reader.scope import Scope


@dataclass(slots=True)
class Arguments:
    """What a call passes; `unsure` when a `*x` or `**x` of unknown contents is among it."""

    node: ast.Call | None = None
    args: list[object] = field(default_factory=list)
    kwargs: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    unsure: bool = False

    @property
    def line(self) -> int:
        """The line of the call."""
        return self.node.lineno if self.node else 0

    @property
    def end_line(self) -> int:
        """The last line of the call."""
        return (self.node.end_lineno or self.node.lineno) if self.node else 0

    def get(self, name: str, position: int | None = None, default: object = None) -> object:
        """Give an argument by its name, or by the position it may also stand at."""
        if name in self.kwargs:
            return self.kwargs[name]
        if position is not None and position < len(self.args):
            return self.args[position]
        return default

    def values(self) -> list[object]:
        """All values that are passed."""
        return [*self.args, *self.kwargs.values()]


def evaluate_arguments(machine: Machine, node: ast.Call, scope: Scope) -> Arguments:
    """Evaluate what a call passes, in the order in which Python does."""
    found = Arguments(node)
    for item in node.args:
        if isinstance(item, ast.Starred):
            _spread(machine, item, scope, found)
        else:
            found.args.append(machine.evaluate(machine, item, scope))
    for keyword in node.keywords:
        value = machine.evaluate(machine, keyword.value, scope)
        if keyword.arg is not None:
            found.kwargs[keyword.arg] = value
            found.lines[keyword.arg] = keyword.value.lineno
        else:
            _spread_mapping(machine, value, keyword.value.lineno, found)
    return found


def _spread(machine: Machine, item: ast.Starred, scope: Scope, found: Arguments) -> None:
    value = machine.evaluate(machine, item.value, scope)
    if isinstance(value, list | tuple | range | dict | str) and not machine.is_tainted(value):
        found.args.extend(value)
    else:
        found.unsure = True


def _spread_mapping(machine: Machine, value: object, line: int, found: Arguments) -> None:
    if not isinstance(value, dict) or machine.is_tainted(value):
        found.unsure = True
        return
    for key, item in value.items():
        if isinstance(key, str):
            found.kwargs[key] = item
            found.lines[key] = line
        else:
            found.unsure = True


def bind(function: Function, passed: Arguments) -> Scope | None:
    """Give the scope of a function's body, None when the arguments do not fit or are unsure."""
    spec = function.node.args
    scope = Scope(function.scope)
    positional = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
    scope.names.update(zip(positional, passed.args, strict=False))
    extra, named = passed.args[len(positional) :], dict(passed.kwargs)
    for name in (*positional, *(arg.arg for arg in spec.kwonlyargs)):
        if name in named and name in scope.names:
            return None
        if name in named:
            scope.names[name] = named.pop(name)
        elif name not in scope.names and name in function.defaults:
            scope.names[name] = function.defaults[name]
        if name not in scope.names:
            return None
    return None if passed.unsure else _take_rest(spec, scope, extra, named)


def _take_rest(
    spec: ast.arguments, scope: Scope, extra: list[object], named: dict[str, object]
) -> Scope | None:
    """Give what is left over to `*args` and `**kwargs`; None when there are none to take it."""
    if (extra and not spec.vararg) or (named and not spec.kwarg):
        return None
    if spec.vararg:
        scope.names[spec.vararg.arg] = tuple(extra)
    if spec.kwarg:
        scope.names[spec.kwarg.arg] = named
    return scope


def evaluate_defaults(machine: Machine, spec: ast.arguments, scope: Scope) -> dict[str, object]:
    """Evaluate the defaults of parameters, once, where the function is defined."""
    positional = [*spec.posonlyargs, *spec.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(positional[len(positional) - len(spec.defaults) :], spec.defaults, strict=True)
    )
    pairs.extend(zip(spec.kwonlyargs, spec.kw_defaults, strict=True))
    return {
        arg.arg: machine.evaluate(machine, default, scope)
        for arg, default in pairs
        if default is not None
    }


def parameter_names(function: Function) -> list[str]:
    """The names of a function's parameters, without `*args` and `**kwargs`."""
    spec = function.node.args
    return [arg.arg for arg in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
