"""Differences between disk and specs as diagnostics, for `render --check` and refused writes."""

from __future__ import annotations

from collections.abc import Iterable

from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import drift as codes
from daggen.fleet.plan import FilePlan, Status
from daggen.fleet.stamp import IGNORE_FILE

_RULES = {
    Status.CHANGED: (codes.OUT_OF_DATE, "is out of date", 'run "daggen render"'),
    Status.MISSING: (codes.MISSING, "is missing", 'run "daggen render"'),
    Status.STALE: (codes.STALE, "is stale: no spec renders it", 'run "daggen render"'),
    Status.EDITED: (
        codes.EDITED,
        "was edited by hand",
        "move the edit to the spec or template; --force discards it",
    ),
    Status.FOREIGN: (
        codes.FOREIGN,
        "was not made by daggen but has the name of a generated file",
        "move it away; --force overwrites it",
    ),
}


def drift(plans: Iterable[FilePlan], where: str) -> list[Diagnostic]:
    """Report each file that differs; `where` is the output directory's name from the root."""
    found = []
    for entry in plans:
        if entry.status in _RULES:
            rule, text, hint = _RULES[entry.status]
            if entry.path == IGNORE_FILE and entry.status is Status.FOREIGN:
                hint = "add the line daggen_runtime/ to it; --force overwrites it"
            path = f"{where}/{entry.path}"
            found.append(rule.at(Span(path), f"{path} {text}", hint=hint))
    return found
