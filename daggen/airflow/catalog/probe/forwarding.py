"""What a constructor does with its `**kwargs`: which it keeps, sets itself, and hands on."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from .source import FunctionNode


@dataclass(frozen=True)
class SuperCall:
    """A call of a parent's constructor; `parent` is its name, "" for `super()`."""

    parent: str
    named: frozenset[str]
    positional: int
    forwards: bool
    opaque: bool


@dataclass
class Forwarding:
    """How one constructor treats its `**kwargs`."""

    taken: dict[str, str | None] = field(default_factory=dict)
    """Names that it pops, with the text of their default; None where there is no default."""
    supplied: set[str] = field(default_factory=set)
    """Names that it puts into `**kwargs` itself (`setdefault`, `kwargs["x"] = …`, `update`)."""
    lent: set[str] = field(default_factory=set)
    """What else is called with `**kwargs`, as it is written: `Generator`, `super().__init__`."""
    calls: list[SuperCall] = field(default_factory=list)
    uses: int = 0
    """How often the name of `**kwargs` occurs in the body."""

    def handed_on(self) -> list[SuperCall]:
        """Give the calls that get the `**kwargs`, be it through another mapping."""
        direct = [call for call in self.calls if call.forwards]
        return direct or [call for call in self.calls if call.opaque and self.uses]


def forwarding_of(node: FunctionNode) -> Forwarding:
    """Read a constructor."""
    name = node.args.kwarg.arg if node.args.kwarg else ""
    found = Forwarding()
    for each in (inner for statement in node.body for inner in ast.walk(statement)):
        if isinstance(each, ast.Name) and each.id == name:
            found.uses += 1
        if isinstance(each, ast.Assign):
            found.supplied.update(_keys_set(each.targets, name))
        if isinstance(each, ast.Delete):
            found.taken.update(dict.fromkeys(_keys_set(each.targets, name)))
        if isinstance(each, ast.Call):
            _read_call(each, name, found)
    return found


def passed_beside(node: FunctionNode) -> frozenset[str]:
    """Give the names that a function passes to whatever it hands its `**kwargs` on to."""
    name = node.args.kwarg.arg if node.args.kwarg else ""
    return frozenset(
        keyword.arg
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and any(_is_name(each.value, name) for each in call.keywords)
        for keyword in call.keywords
        if keyword.arg
    )


def _keys_set(targets: list[ast.expr], name: str) -> set[str]:
    return {
        target.slice.value
        for target in targets
        if isinstance(target, ast.Subscript)
        and _is_name(target.value, name)
        and isinstance(target.slice, ast.Constant)
        and isinstance(target.slice.value, str)
    }


def _read_call(call: ast.Call, name: str, found: Forwarding) -> None:
    function = call.func
    if any(each.arg is None and _is_name(each.value, name) for each in call.keywords):
        found.lent.add(ast.unparse(function))
    if not isinstance(function, ast.Attribute):
        return
    if function.attr == "__init__":
        found.calls.append(_super_call(call, function.value, name))
    elif _is_name(function.value, name):
        _read_method(call, function.attr, found)


def _read_method(call: ast.Call, method: str, found: Forwarding) -> None:
    first = call.args[0] if call.args else None
    key = first.value if isinstance(first, ast.Constant) else None
    if method == "pop" and isinstance(key, str):
        found.taken[key] = ast.unparse(call.args[1]) if len(call.args) > 1 else None
    elif method == "setdefault" and isinstance(key, str):
        found.supplied.add(key)
    elif method == "update":
        found.supplied.update(keyword.arg for keyword in call.keywords if keyword.arg)
        if isinstance(first, ast.Dict):
            found.supplied.update(
                each.value
                for each in first.keys
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


def _super_call(call: ast.Call, owner: ast.expr, name: str) -> SuperCall:
    is_super = isinstance(owner, ast.Call) and _is_name(owner.func, "super")
    spreads = [keyword.value for keyword in call.keywords if keyword.arg is None]
    mentions = [_mentions(each, name) for each in spreads]
    return SuperCall(
        parent="" if is_super else ast.unparse(owner),
        named=frozenset(keyword.arg for keyword in call.keywords if keyword.arg),
        positional=sum(not isinstance(each, ast.Starred) for each in call.args)
        - bool(not is_super),
        forwards=any(mentions),
        opaque=any(not _is_name(each, name) for each in spreads if not _is_of_function(each)),
    )


def _is_of_function(spread: ast.expr) -> bool:
    """Tell whether this is what Airflow hands on of a decorated function, and of nothing else."""
    return _is_name(spread, "kwargs_to_upstream")


def _mentions(node: ast.expr, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and bool(name) and node.id == name
