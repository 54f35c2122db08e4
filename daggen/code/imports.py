"""The block of imports at the top of a Python file: reading it, and adding to it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class ImportBlock:
    """Where a file's imports stand: lines `start` (from 0) up to, not including, `end`.

    `names` maps the dotted paths that the block imports to their local names.
    """

    start: int
    end: int
    names: Mapping[str, str]


def import_block(tree: ast.Module, lines: list[str]) -> ImportBlock:
    """Find the imports that open a module, or the place where they belong."""
    body = tree.body[1:] if ast.get_docstring(tree, clean=False) is not None else tree.body
    imports = _leading_imports(body)
    if imports:
        names = dict(pair for node in imports for pair in _imported(node))
        return ImportBlock(imports[0].lineno - 1, _end(imports[-1]), names)
    if body is not tree.body:
        start = _end(tree.body[0])
    else:
        start = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return ImportBlock(start, start, {})


def write_imports(
    lines: list[str],
    block: ImportBlock,
    imports: Iterable[tuple[str, str]],
    *,
    first_party: frozenset[str],
    line_length: int,
) -> str:
    """Add (dotted path, local name) pairs to the block, sort it, and give the whole text."""
    import isort

    wanted = [_statement(dotted, local) for dotted, local in imports]
    unsorted = "\n".join([*lines[block.start : block.end], *wanted]) + "\n"
    ordered = isort.code(unsorted, config=_config(first_party, line_length)).rstrip("\n")
    before, after = lines[: block.start], lines[block.end :]
    if block.start == block.end:
        before = [*before, ""] if before else []
        after = ["", *after]
    return "\n".join([*before, ordered, *after])


def _leading_imports(body: list[ast.stmt]) -> list[ast.Import | ast.ImportFrom]:
    imports: list[ast.Import | ast.ImportFrom] = []
    for index, node in enumerate(body):
        following = body[index + 1] if index + 1 < len(body) else None
        shares_line = following is not None and following.lineno <= _end(node)
        if not isinstance(node, ast.Import | ast.ImportFrom) or shares_line:
            break
        imports.append(node)
    return imports


def _imported(node: ast.Import | ast.ImportFrom) -> Iterable[tuple[str, str]]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield f"{node.module}.{alias.name}", alias.asname or alias.name
        elif isinstance(node, ast.Import) and (alias.asname or "." not in alias.name):
            yield alias.name, alias.asname or alias.name


def _statement(dotted: str, local: str) -> str:
    module, _, name = dotted.rpartition(".")
    alias = "" if local == name else f" as {local}"
    return f"from {module} import {name}{alias}" if module else f"import {name}{alias}"


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


@lru_cache(maxsize=8)
def _config(first_party: frozenset[str], line_length: int) -> Any:
    from isort import Config

    return Config(
        profile="black",
        line_length=line_length,
        src_paths=(),
        known_first_party=tuple(sorted(first_party)),
    )
