"""Names and what they stand for, nested as Python nests them."""

from __future__ import annotations

from dataclasses import dataclass, field

_MISSING = object()


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, a function or a comprehension."""

    parent: Scope | None = None
    names: dict[str, object] = field(default_factory=dict)
    elsewhere: dict[str, Scope] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    in_class: bool = False

    def lookup(self, name: str, default: object) -> object:
        """Give what a name stands for here, or `default` when nothing binds it."""
        scope: Scope | None = self
        while scope is not None:
            if scope is self or not scope.in_class:
                value = scope.names.get(name, _MISSING)
                if value is not _MISSING:
                    return value
            scope = scope.parent
        return default

    def assign(self, name: str, value: object) -> None:
        """Bind a name, in the scope that `global` or `nonlocal` names if one of them does."""
        self.elsewhere.get(name, self).names[name] = value

    def forget(self, name: str) -> None:
        """Unbind a name, as `del` does."""
        self.elsewhere.get(name, self).names.pop(name, None)

    @property
    def module(self) -> Scope:
        """The outermost scope, the file's own."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def owner(self, name: str) -> Scope | None:
        """Find the scope around this one that binds a name."""
        scope = self.parent
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope
