"""The names a generated file takes from elsewhere: registered while it is rendered, then imported.

While a template is rendered nobody knows yet which names the whole file binds. So a reference
is written as a placeholder identifier, and `Scope.resolve` chooses the local names at the end.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from daggen.code.airflow_names import canonical, current_path
from daggen.code.fragment import Code
from daggen.code.imports import import_block, write_imports
from daggen.code.names import BUILTINS, bound_names, is_identifier, used_names
from daggen.code.standard_library import module_size

PLACEHOLDER = re.compile(r"_dg\d+_\w+_")
"""What a reference looks like until the file is resolved; no other name may look so."""

_OBJECTS = {("airflow", "sdk", "task"), ("airflow", "decorators", "task")}
"""Objects with attributes whose names do not tell, as a class's does: `task.branch`."""


class ReferenceError_(ValueError):
    """A reference names something that cannot be imported."""


class Scope:
    """The imports of one rendered file.

    `airflow` is the targeted version, `first_party` the top-level modules of the project itself
    (their imports form a section of their own), `line_length` that of the formatted file.
    """

    def __init__(
        self,
        airflow: tuple[int, int],
        first_party: frozenset[str] = frozenset(),
        line_length: int = 100,
    ) -> None:
        self.airflow = airflow
        self.first_party = first_party
        self.line_length = line_length
        self._placeholders: dict[str, str] = {}

    def ref(self, dotted: str) -> Code:
        """Register an import and give the expression that stands for it.

        `dotted` is a module, a name in a module, or an attribute of a class in a module
        (`airflow.sdk.TriggerRule.ALL_DONE`) or of Airflow's `task`; Airflow's names are mapped to
        where the targeted version has them. Raises ReferenceError_ when it is no legal dotted name.
        """
        parts = dotted.split(".") if isinstance(dotted, str) else []
        if not parts or not all(map(is_identifier, parts)):
            raise ReferenceError_(f'"{dotted}" is not a dotted Python name')
        if parts[0] in BUILTINS and len(parts) == 1:
            parts = ["builtins", *parts]
        target, attributes = self._split_attributes(canonical(".".join(parts)).split("."))
        path = current_path(target, self.airflow)
        placeholder = self._placeholders.setdefault(path, self._placeholder(path))
        return Code(".".join([placeholder, *attributes]))

    def resolve(self, text: str) -> str:
        """Put real names in place of the placeholders and import them.

        Only references that stand in the text are imported. Raises SyntaxError when the text
        is not Python.
        """
        tree = ast.parse(text)
        lines = text.split("\n")
        block = import_block(tree, lines)
        dotted_by_placeholder = {name: path for path, name in self._placeholders.items()}
        places = _references(tree, dotted_by_placeholder)
        order = list(dict.fromkeys(dotted_by_placeholder[node.id] for node in places))
        locals_ = _local_names(order, tree, block.names, dotted_by_placeholder)
        _replace(lines, [(node, locals_[dotted_by_placeholder[node.id]]) for node in places])
        imports = [
            (dotted, locals_[dotted])
            for dotted in order
            if dotted not in block.names
            and not (_is_builtin(dotted) and locals_[dotted] == _name(dotted))
        ]
        if not imports and block.start == block.end:
            return "\n".join(lines)
        return write_imports(
            lines, block, imports, first_party=self.first_party, line_length=self.line_length
        )

    def _split_attributes(self, parts: list[str]) -> tuple[str, list[str]]:
        """Part a dotted name where an object begins: what is imported, and attributes of it."""
        size = 0 if parts[0] in self.first_party else module_size(parts)
        for index in range(1, len(parts) - 1):
            is_object = size == index or parts[index][0].isupper()
            if is_object or tuple(parts[: index + 1]) in _OBJECTS:
                return ".".join(parts[: index + 1]), parts[index + 1 :]
        return ".".join(parts), []

    def _placeholder(self, path: str) -> str:
        return f"_dg{len(self._placeholders)}_{_name(path)}_"


def _references(tree: ast.AST, placeholders: Mapping[str, str]) -> list[ast.Name]:
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    found = [node for node in nodes if node.id in placeholders]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _local_names(
    order: Iterable[str],
    tree: ast.AST,
    imported: Mapping[str, str],
    placeholders: Mapping[str, str],
) -> dict[str, str]:
    bound = set(bound_names(tree))
    taken = bound | (set(used_names(tree)) - placeholders.keys())
    chosen: dict[str, str] = {}
    for dotted in order:
        local = imported.get(dotted)
        if local is None and _is_builtin(dotted) and _name(dotted) not in bound:
            local = _name(dotted)
        if local is None:
            local = next(name for name in _candidates(dotted) if name not in taken)
        chosen[dotted] = local
        taken.add(local)
    return chosen


def _candidates(dotted: str) -> Iterable[str]:
    """Yield readable local names, best first; the last kind never runs out."""
    parts = dotted.split(".")
    for size in range(1, len(parts) + 1):
        yield "_".join(parts[-size:])
    name = parts[-1]
    while True:
        name += "_"
        yield name


def _replace(lines: list[str], names: list[tuple[ast.Name, str]]) -> None:
    """Put local names in place of placeholders, from the end so that columns stay true."""
    for node, local in reversed(names):
        line = lines[node.lineno - 1].encode()
        changed = line[: node.col_offset] + local.encode() + line[node.end_col_offset :]
        lines[node.lineno - 1] = changed.decode()


def _is_builtin(dotted: str) -> bool:
    return dotted.startswith("builtins.") and _name(dotted) in BUILTINS


def _name(dotted: str) -> str:
    return dotted.rpartition(".")[2]
