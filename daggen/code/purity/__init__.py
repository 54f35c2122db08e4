"""Purity: what a DAG file does when Airflow parses it, and what it must leave to its tasks."""

from __future__ import annotations

from dataclasses import replace

from daggen.code.parse import parse_python
from daggen.code.purity.known_bad import check_known_bad
from daggen.code.purity.parsetime import parse_time
from daggen.code.purity.source import SourceFile
from daggen.code.purity.strict import check_strict
from daggen.diagnostics import Diagnostic, Severity
from daggen.diagnostics.codes import purity as codes

__all__ = ["check_purity"]

_STAY_WARNINGS = frozenset({codes.UNKNOWN_CALL.code})


def check_purity(source: str, path: str, *, strict: bool = False) -> list[Diagnostic]:
    """Check what a DAG file does at parse time; findings are in order of their places.

    The default reports what is known to be bad, in any DAG file. `strict` is for rendered files:
    there everything but imports, literals, definitions and the construction of DAGs, groups,
    tasks and dependencies is an error. Code in task functions and callbacks is free.
    Raises SyntaxError when the text is not Python.
    """
    tree = parse_python(source, path)
    code = parse_time(tree)
    file = SourceFile(path, source)
    found = list(check_known_bad(code, file))
    if strict:
        found = [_harden(finding) for finding in found]
        found += check_strict(tree, code.names, file)
    return sorted(found, key=lambda finding: finding.sort_key)


def _harden(finding: Diagnostic) -> Diagnostic:
    if finding.code in _STAY_WARNINGS:
        return finding
    return replace(finding, severity=Severity.ERROR)
