"""Schedules: `none`, lists of URIs, and the conditions that dag-factory knew before Airflow 3."""

from __future__ import annotations

import re
from typing import Any

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.arguments import datasets_of
from daggen.specs.dagfactory.nodes import Node, plain
from daggen.specs.dagfactory.notes import Notes

_TOKEN = re.compile(r"[()&|]|[^()&|\s]+")


def translate_schedule(node: Node, notes: Notes) -> Node:
    """Give a schedule as a spec says it."""
    if isinstance(node.value, str):
        return node.of(None) if node.value.strip().lower() == "none" else node
    if isinstance(node.value, list):
        return node.of(_assets(node.value))
    if node.is_object or not node.is_mapping or "datasets" not in node.value:
        return node
    message = "dag-factory fails on datasets with Airflow 3; daggen takes them for assets"
    notes.tell(codes.REPAIRED, node, message)
    return _with_datasets(node, notes)


def _assets(items: list[Node]) -> list[Node]:
    """Drop empty texts and the blanks around others."""
    kept = []
    for item in items:
        if isinstance(item.value, str):
            item = item.of(item.value.strip())
        if item.value not in (None, ""):
            kept.append(item)
    return kept


def _with_datasets(node: Node, notes: Notes) -> Node:
    known = datasets_of(node, notes) if "file" in node.value else {}
    datasets = node.value["datasets"]
    if isinstance(datasets.value, list):
        condition: Any = [known.get(str(plain(item)), plain(item)) for item in datasets.value]
    elif datasets.is_mapping:
        condition = datasets
    else:
        condition = _Condition(str(datasets.value), known).read()
    if condition is None:
        notes.tell(codes.NOT_A_CONDITION, datasets, f'cannot read "{datasets.value}"')
        return node.of(None)
    timetable = node.get("timetable")
    if timetable is None:
        return node.of(condition)
    return node.of({"timetable": timetable, "assets": condition})


class _Condition:
    """Reads `(a & b) | c` to `{any: [{all: [a, b]}, c]}`; `&` binds tighter."""

    def __init__(self, text: str, known: dict[str, str]) -> None:
        self.tokens = _TOKEN.findall(text)
        self.known = known
        self.at = 0

    def read(self) -> Any:
        """Give the condition, or None where the text is none."""
        try:
            condition = self._any()
        except (IndexError, ValueError):
            return None
        done = self.at == len(self.tokens)
        return ([condition] if isinstance(condition, str) else condition) if done else None

    def _any(self) -> Any:
        return self._joined("|", "any", self._all)

    def _all(self) -> Any:
        return self._joined("&", "all", self._one)

    def _joined(self, sign: str, name: str, read: Any) -> Any:
        parts = [read()]
        while self.at < len(self.tokens) and self.tokens[self.at] == sign:
            self.at += 1
            parts.append(read())
        return parts[0] if len(parts) == 1 else {name: parts}

    def _one(self) -> Any:
        word = self.tokens[self.at]
        self.at += 1
        if word == "(":
            inner = self._any()
            if self.tokens[self.at] != ")":
                raise ValueError(word)
            self.at += 1
            return inner
        if word in ")&|":
            raise ValueError(word)
        return self.known.get(word, word)
