"""The operators that daggen knows: finding one by any name people give it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from daggen.airflow.catalog.model import Operator, operator_from
from daggen.airflow.catalog.rules import REPLACED_OPERATORS
from daggen.airflow.catalog.store import Layer, open_layer
from daggen.code import legacy
from daggen.code.airflow_names import canonical

_ABSTRACT = re.compile("(?<!Knowledge)Base(?=[A-Z])")
"""What the names of classes to derive from have: `EcsBaseOperator`."""

_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")

SHIPPED = Path(__file__).with_name("data")
SHIPPED_FOR_2 = SHIPPED / "airflow-2.11"
"""What differs for the last Airflow 2: its base classes, and the providers of its time."""

PROJECT_FILE = Path(".daggen") / "catalog.json.gz"
"""Where a project keeps the catalog of its own environment, relative to its root."""


class Catalog:
    """Catalogs layered: what an earlier layer has of a distribution hides the later ones'."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = tuple(layers)
        self._found: dict[str, Operator] = {}

    @classmethod
    def load(cls, extra: Sequence[Path] = (), airflow: tuple[int, int] = (3, 3)) -> Catalog:
        """Open the shipped catalog for an Airflow, under the `extra` ones; the first of these wins.

        Operators are read when they are asked for. Raises CatalogError.
        """
        shipped = [SHIPPED] if airflow >= (3, 0) else [SHIPPED_FOR_2, SHIPPED]
        return cls([open_layer(path) for path in (*extra, *shipped)])

    @classmethod
    def of_project(cls, root: Path, airflow: tuple[int, int] = (3, 3)) -> Catalog:
        """Open the shipped catalog under the project's own, if it has one. Raises CatalogError."""
        own = root / PROJECT_FILE
        return cls.load([own] if own.is_file() else [], airflow)

    def find(self, name: str) -> Operator | None:
        """Give the operator of a dotted path (today's or a former one) or a short name.

        A short name is a class's (`BashOperator`) or a decorator's (`task.bash`, or `task` for
        the one of Python); None where it is unknown or several classes have it.
        """
        plain = name.removeprefix("@")
        dotted = self._dotted("task.python" if plain == "task" else plain)
        return self._operator(dotted) if dotted else None

    def resolve(self, short_name: str) -> str | None:
        """Give the dotted path of a short name; None where it is unknown or ambiguous.

        Of several classes of that name the standard provider's is meant, or the one that is not
        deprecated.
        """
        candidates = self.candidates(short_name)
        for preferred in (_is_standard, lambda each: not self._operator(each).deprecated):
            if len(candidates) > 1:
                candidates = [each for each in candidates if preferred(each)] or candidates
        return candidates[0] if len(candidates) == 1 else None

    def candidates(self, short_name: str) -> list[str]:
        """Give the dotted paths of all classes of that name, sorted."""
        return self._by_name.get(short_name, [])

    def replacement(self, name: str) -> str:
        """Say what does the work of a class that is gone today; "" for other names."""
        return legacy.advice(name) or REPLACED_OPERATORS.get(name.rpartition(".")[2], "")

    def is_gone(self, dotted: str) -> bool:
        """Tell whether an operator of Airflow that is not found is certain to be nowhere today."""
        is_today = not self.versions.get("apache-airflow", "").startswith("2.")
        return is_today and (legacy.is_gone(dotted) or bool(self.replacement(dotted)))

    def nearest(self, name: str) -> str:
        """Give the known name closest to `name`: what it is called today, or how it is spelt.

        It is "" when none is close.
        The answer is a short name where that is what was asked for and tells one class apart,
        and a dotted path otherwise.
        """
        decorator = name.removeprefix("@").removeprefix("airflow.sdk.")
        if decorator.startswith("task."):
            decorators = (each for layer in self._layers for each in layer.decorators)
            return next(iter(get_close_matches(decorator, decorators, n=1)), "")
        last = name.rpartition(".")[2]
        today = "" if self.candidates(last) else legacy.successor(last)
        if today in self._places:
            short = today.rpartition(".")[2]
            return short if "." not in name and self.resolve(short) == today else today
        known = sorted(each for each in self._by_name if not _ABSTRACT.search(each))
        same = [each for each in known if _words(each) == _words(last)]
        matches = same if len(same) == 1 else get_close_matches(last, known, n=1, cutoff=0.8)
        if not matches:
            return ""
        candidates = self.candidates(matches[0])
        if "." not in name and len(candidates) == 1:
            return matches[0]
        return (get_close_matches(name, candidates, n=1, cutoff=0.0) or candidates)[0]

    def names(self) -> Iterator[str]:
        """Give the dotted paths of all entries, sorted."""
        yield from sorted(self._places)

    def operators(self, prefix: str = "") -> Iterator[Operator]:
        """Give all operators whose dotted path begins with `prefix`, sorted by it."""
        for dotted in self.names():
            if dotted.startswith(prefix):
                yield self._operator(dotted)

    @property
    def versions(self) -> dict[str, str]:
        """Give the distributions described, and their versions."""
        found: dict[str, str] = {}
        for layer in self._layers:
            for distribution, version in layer.versions.items():
                found.setdefault(distribution, version)
        return dict(sorted(found.items()))

    @cached_property
    def _places(self) -> dict[str, tuple[Layer, str]]:
        """Say for each dotted path which layer and distribution it is read from."""
        places: dict[str, tuple[Layer, str]] = {}
        hidden: set[str] = set()
        for layer in self._layers:
            for dotted, distribution in layer.places.items():
                if distribution not in hidden:
                    places.setdefault(dotted, (layer, distribution))
            hidden.update(layer.versions)
        return places

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for dotted in sorted(self._places):
            names.setdefault(dotted.rpartition(".")[2], []).append(dotted)
        return names

    def _dotted(self, name: str) -> str | None:
        if name in self._places:
            return name
        for layer in self._layers:
            if (dotted := layer.aliases.get(name)) in self._places:
                return dotted
        if "." not in name:
            return self.resolve(name)
        current = canonical(name)
        return self._dotted(current) if current != name else None

    def _operator(self, dotted: str) -> Operator:
        if dotted not in self._found:
            layer, distribution = self._places[dotted]
            entry = layer.entries(distribution)[dotted]
            base = self.find(entry["base"]) if "base" in entry else None
            self._found[dotted] = operator_from(
                dotted, entry, base, distribution, layer.versions[distribution]
            )
        return self._found[dotted]


def _words(name: str) -> list[str]:
    """Give the words of a class's name in no order: people write PythonBranchOperator."""
    return sorted(each.lower() for each in _WORD.findall(name))


def _is_standard(dotted: str) -> bool:
    return dotted.startswith("airflow.providers.standard.")
