"""One spec, its defaults and its loops become resolved specs: one for each DAG to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import expansion as codes
from daggen.specs.document import Document, Locations, Path, ResolvedSpec
from daggen.specs.expressions import OPEN, Evaluator, ExpressionError, dotted_path
from daggen.specs.foreach import KEY, Combination, ReadRows, combinations


def resolve(
    spec: Document, variables: Mapping[str, Any], read: ReadRows
) -> tuple[list[ResolvedSpec], list[Diagnostic]]:
    """Resolve a spec whose defaults are already merged.

    `variables` are those of the chosen environment; `read` reads rows from outside the spec.
    """
    turns, diagnostics = combinations(spec, read)
    evaluator = Evaluator()
    resolved = []
    for turn in turns:
        expansion = _Expansion(spec, turn, variables, evaluator)
        resolved.append(expansion.run())
        diagnostics += expansion.diagnostics
    return resolved, diagnostics


class _Expansion:
    """Evaluates a spec's expressions for one turn of its loops."""

    def __init__(
        self,
        spec: Document,
        turn: Combination,
        variables: Mapping[str, Any],
        evaluator: Evaluator,
    ) -> None:
        self.spec = spec
        self.turn = turn
        self.names = {**turn.names, "vars": variables}
        self.evaluator = evaluator
        self.diagnostics: list[Diagnostic] = []
        self.keys: dict[Path, Span] = {}
        self.values: dict[Path, Span] = {}

    def run(self) -> ResolvedSpec:
        data = {
            key: self._value(value, (key,)) for key, value in self.spec.data.items() if key != KEY
        }
        places = self.spec.locations
        locations = places
        if self.keys or self.values:
            locations = Locations(
                places.root, {**places.keys, **self.keys}, {**places.values, **self.values}
            )
        rows = {name: row.locations.root for name, row in self.turn.rows.items()}
        return ResolvedSpec(self.spec.path, data, locations, self.turn.names, rows)

    def _value(self, value: Any, path: Path) -> Any:
        if isinstance(value, str):
            return self._text(value, path) if OPEN in value else value
        if isinstance(value, list):
            return [self._value(inner, (*path, index)) for index, inner in enumerate(value)]
        if isinstance(value, dict):
            return dict(self._items(value, path))
        return value

    def _items(self, value: dict[Any, Any], path: Path) -> Iterator[tuple[Any, Any]]:
        seen: set[Any] = set()
        for key, inner in value.items():
            name = self._key(key, (*path, key))
            if name in seen:
                span = self.spec.locations.key((*path, key))
                message = f'the key "{name}" is given twice'
                self.diagnostics.append(codes.BAD_EXPRESSION.at(span, message))
            seen.add(name)
            if name != key:
                self._move((*path, key), (*path, name))
            yield name, self._value(inner, (*path, key))

    def _key(self, key: Any, path: Path) -> Any:
        if not isinstance(key, str) or OPEN not in key:
            return key
        result = self._evaluate(key, self.spec.locations.key(path))
        return result if isinstance(result, str) else str(result)

    def _text(self, text: str, path: Path) -> Any:
        before = len(self.diagnostics)
        span = self.spec.locations.value(path)
        result = self._evaluate(text, span)
        if span.text_column:
            self.values[path] = replace(span, text_column=0)
        way = dotted_path(text) if len(self.diagnostics) == before else None
        if way and isinstance(way[0], str) and way[0] in self.turn.rows:
            self._adopt(self.turn.rows[way[0]].locations, way[1:], path)
        return result

    def _evaluate(self, text: str, span: Span) -> Any:
        try:
            return self.evaluator.text(text, self.names)
        except ExpressionError as error:
            rule = codes.UNKNOWN_NAME if error.kind == "name" else codes.BAD_EXPRESSION
            found = rule.at(span, str(error), hint=error.hint, related=self._rows(span))
            self.diagnostics.append(found)
            return text

    def _rows(self, span: Span) -> list[tuple[Span, str]]:
        """Name the rows of this turn, but those that stand in the line of `span` itself."""
        rows = [(row.locations.root, name) for name, row in self.turn.rows.items()]
        return [
            (place, f'in this row of "{name}"')
            for place, name in rows
            if (place.path, place.line) != (span.path, span.line)
        ]

    def _adopt(self, row: Locations, way: Path, path: Path) -> None:
        """Let a value that was only passed on keep the place it has in its row."""
        size = len(way)
        for places, into in ((row.keys, self.keys), (row.values, self.values)):
            into |= {(*path, *p[size:]): s for p, s in places.items() if p[:size] == way}
        self.values[path] = row.value(way)

    def _move(self, old: Path, new: Path) -> None:
        size = len(old)
        places = self.spec.locations
        self.keys |= {(*new, *p[size:]): s for p, s in places.keys.items() if p[:size] == old}
        self.values |= {(*new, *p[size:]): s for p, s in places.values.items() if p[:size] == old}
