"""Findings of a whole run, as they are reported: without repetition, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterable

from daggen.diagnostics.model import Diagnostic


def ordered(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort findings by place and drop repetitions.

    A mistake in a file of defaults, or in a spec with many rows, is found once for each DAG it
    reaches, and told once; findings that differ only in related places count as repetitions.
    """
    seen: dict[tuple[object, ...], Diagnostic] = {}
    for found in diagnostics:
        seen.setdefault((found.code, found.span, found.message), found)
    return sorted(seen.values(), key=lambda found: found.sort_key)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether a run must stop."""
    return any(found.is_error for found in diagnostics)
