"""Callbacks: `_name` and `_file` become dotted paths; the other forms are those of specs."""

from __future__ import annotations

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.callables import named_callable
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes

TASK_CALLBACKS = (
    "on_execute_callback",
    "on_success_callback",
    "on_failure_callback",
    "on_retry_callback",
    "on_skipped_callback",
)


def translate_callbacks(entries: dict[str, Node], notes: Notes, *, needed: bool = False) -> None:
    """Replace callbacks given by name and file, in the entries of a DAG, group or task.

    Of a task both are `needed`; elsewhere Airflow ignores a name or a file that stands alone.
    """
    for name in TASK_CALLBACKS:
        named_callable(entries, name, name, notes, needed=needed)
        said = entries.get(name)
        if said is not None and (isinstance(said.value, list) or said.get("__type__")):
            kind = (
                "a list of callbacks" if isinstance(said.value, list) else "a callback by __type__"
            )
            message = f"dag-factory 1.1.0 fails on {kind}"
            notes.tell(codes.REPAIRED, said, message, at_key=True)
