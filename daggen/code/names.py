"""Names in Python text: which ones a file uses, and which a new name must keep clear of."""

from __future__ import annotations

import ast
import builtins
import keyword
import unicodedata
from collections.abc import Iterator

BUILTINS = frozenset(dir(builtins))


def is_identifier(name: str) -> bool:
    """Tell whether a name can be bound in Python exactly as it is written.

    Python folds identifiers to NFKC, so a name that would be folded is not itself.
    """
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and unicodedata.normalize("NFKC", name) == name
    )


def bound_names(tree: ast.AST) -> Iterator[str]:
    """Yield every name that a module binds, in any of its scopes."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=asname):
                yield asname or name.partition(".")[0]
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name


def used_names(tree: ast.AST) -> Iterator[str]:
    """Yield every name that a module reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
