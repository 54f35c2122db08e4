"""From a dag-factory file to resolved specs: one for each DAG in it."""

from __future__ import annotations

from collections.abc import Sequence

from daggen.diagnostics import Severity
from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.dag import translate_dag
from daggen.specs.dagfactory.detect import DEFAULT, RESERVED
from daggen.specs.dagfactory.environment import ROOT, ROOT_VARIABLE, variables_in
from daggen.specs.dagfactory.former import former_hint
from daggen.specs.dagfactory.groups import tell_unquoted
from daggen.specs.dagfactory.merging import with_defaults
from daggen.specs.dagfactory.nodes import Node, flatten, texts
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.document import ResolvedSpec
from daggen.specs.model.context import shown

_OF_A_SHELL = frozenset({"bash_command", "command", "cmds", "arguments", "commands", "sql"})


def translate(file: Node, chain: Sequence[Node], notes: Notes) -> list[ResolvedSpec]:
    """Translate a file; `chain` are the `defaults.yml` files above it, the nearest first."""
    default = file.get(DEFAULT)
    resolved = []
    for name, dag in file.items().items():
        if name == DEFAULT:
            continue
        if name is None or isinstance(name, bool):
            message = f"{shown(name)} is no dag_id"
            notes.tell(codes.NOT_A_DAG, dag, message, hint="quote it", at_key=True)
        elif name in RESERVED:
            message = f'"{name}" is reserved: dag-factory makes no DAG of it'
            hint = "give the DAG another name"
            notes.tell(codes.RESERVED_NAME, dag, message, hint=hint, at_key=True)
        elif not dag.is_mapping or dag.is_object:
            message = f'"{name}" is taken for a dag_id, and has no DAG below it'
            hint = former_hint(str(name), dag.value)
            notes.tell(codes.NOT_A_DAG, dag, message, hint=hint, at_key=True)
        else:
            tell_unquoted(name, dag, notes)
            merged = with_defaults(dag, default, chain, notes)
            resolved.append(_resolve(translate_dag(str(name), merged, notes), notes))
    return resolved


def _resolve(spec: Node, notes: Notes) -> ResolvedSpec:
    for path, text in texts(spec):
        _check_text(path, text, notes)
    data, locations = flatten(spec)
    return ResolvedSpec(notes.path, data, locations, tolerant=True)


def _check_text(path: tuple[object, ...], text: Node, notes: Notes) -> None:
    """Report what is left of the environment in a text."""
    if ROOT in text.value:
        message = f"${ROOT_VARIABLE} would put a path of this machine into the DAG"
        hint = f"set {ROOT_VARIABLE} in the vars of the environment to where Airflow has the files"
        notes.tell(codes.MACHINE_PATH, text, message, hint=hint)
        return
    names = variables_in(text.value) if "$" in text.value else []
    if not names:
        return
    in_shell = not _OF_A_SHELL.isdisjoint(path)
    upper = any(name.isupper() for name in names)
    severity = Severity.WARNING if upper and not in_shell else Severity.INFO
    listed = ", ".join(f"${name}" for name in dict.fromkeys(names))
    message = f"{listed} has no value and stays as it is"
    hint = "give it a value in the vars of the environment, unless it is meant for run time"
    notes.tell(codes.ENVIRONMENT_VARIABLE, text, message, hint=hint, severity=severity)
