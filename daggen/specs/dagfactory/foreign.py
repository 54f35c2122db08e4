"""YAML among the specs that is neither a spec nor a file of dag-factory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from daggen.diagnostics import Diagnostic, Severity
from daggen.diagnostics.codes import dagfactory as codes
from daggen.diagnostics.codes.expansion import NOT_A_MAPPING
from daggen.specs.dagfactory.detect import has_words_of_specs
from daggen.specs.document import Document


def only_comments(path: Path, document: Document) -> Diagnostic | None:
    """Tell of a file of which all is commented out: it hides no other."""
    if document.data is not None or not path.read_bytes().strip():
        return None
    message = "the file has only comments, and makes no DAG"
    return NOT_A_MAPPING.at(document.locations.root, message, severity=Severity.WARNING)


def foreign(document: Document) -> Diagnostic | None:
    """Report a file with no word at its top that specs know, and no DAG below a key."""
    data = document.data
    if not isinstance(data, Mapping) or not data or has_words_of_specs(data):
        return None
    name, value = next(iter(data.items()))
    hint = "write a DAG below it: its default_args, its tasks"
    if isinstance(value, Mapping) and {"operator", "decorator"} & set(value):
        message = f'"{name}" is a task with no DAG around it'
        hint = "write it under the tasks of a DAG"
    elif value is None and len(data) == 1:
        message = f'"{name}" has nothing below it'
    else:
        message = "this is neither a spec nor a file of dag-factory"
        hint = "move it away, or begin its name with _: such files are never specs"
    return codes.NOT_A_DAG.at(document.locations.key((name,)), message, hint=hint)
