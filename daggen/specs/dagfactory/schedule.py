"""Schedules: `none`, lists of URIs, and the conditions that dag-factory knew before Airflow 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.arguments import datasets_of
from daggen.specs.dagfactory.nodes import Node, plain
from daggen.specs.dagfactory.notes import Notes

_TOKEN = re.compile(r"[()&|]|[^()&|\s]+")


def translate_schedule(node: Node, notes: Notes) -> Node:
    """Give a schedule as a spec says it."""
    if isinstance(node.value, str):
        return _of_text(node, notes)
    if isinstance(node.value, list):
        return _of_list(node, notes)
    if not node.is_mapping or "__type__" in node.value:
        return node
    is_condition = node.is_object
    node = _with_marks(node, notes)
    if "datasets" in node.value:
        message = "dag-factory fails on datasets with Airflow 3; daggen takes them for assets"
        notes.tell(codes.REPAIRED, node, message)
        return _with_datasets(node, notes)
    if is_condition and any(_is_uri(text) for text in _operands(node)):
        message = "dag-factory makes a text of a condition of texts, and Airflow a cron of that"
        hint = "here they are assets: give each __type__: airflow.sdk.Asset"
        notes.tell(codes.MEANT, node, message, hint=hint)
    return node


def _of_text(node: Node, notes: Notes) -> Node:
    text = node.value.strip()
    if text.lower() == "none":
        return node.of(None)
    if not _is_uri(node):
        return node
    message = "dag-factory takes this text for a cron expression"
    hint = f'write schedule: {{datasets: "{text}"}}, or a list of URIs'
    notes.tell(codes.NOT_A_CONDITION, node, message, hint=hint)
    return node.of(None)


def _of_list(node: Node, notes: Notes) -> Node:
    assets = _assets(node.value)
    if assets:
        return node.of(assets)
    message = "dag-factory makes a condition of no asset, which nothing fulfils"
    notes.tell(codes.MEANT, node, message, hint="write schedule: null")
    return node.of(None)


def _operands(node: Node) -> Iterator[Node]:
    """Give what a condition joins, those inside it included, and nothing inside of objects."""
    if isinstance(node.value, list):
        for item in node.value:
            yield from _operands(item)
    elif node.is_mapping and "__type__" not in node.value:
        for item in node.value.values():
            yield from _operands(item)
    else:
        yield node


def _is_uri(node: Node) -> bool:
    return isinstance(node.value, str) and "://" in node.value


def _with_marks(node: Node, notes: Notes) -> Node:
    """Take `and:` and `or:`, as dag-factory had them before 1.0, for today's marks."""
    if isinstance(node.value, list):
        return node.of([_with_marks(item, notes) for item in node.value])
    if not node.is_mapping or "__type__" in node.value:
        return node
    entries = {}
    for name, item in node.value.items():
        former = name in ("and", "or") and len(node.value) == 1
        if former:
            message = f'dag-factory fails on "{name}" since 1.0'
            notes.tell(codes.REPAIRED, item, message, hint=f"write __{name}__", at_key=True)
        entries[f"__{name}__" if former else name] = _with_marks(item, notes)
    return node.of(entries)


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
