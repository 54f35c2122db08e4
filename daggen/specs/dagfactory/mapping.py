"""`expand` and `partial` of a task, around which dag-factory loses or fails on arguments."""

from __future__ import annotations

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.callbacks import TASK_CALLBACKS
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes


def translate_mapping(entries: dict[str, Node], notes: Notes, *, is_decorated: bool) -> None:
    """Leave out of a task what is lost, and repair what fails."""
    expand, partial = entries.get("expand"), entries.get("partial")
    if expand is not None and not expand.value:
        del entries["expand"]
    if partial is not None and not partial.value:
        del entries["partial"]
    if partial is None or not partial.is_mapping:
        return
    if "expand" not in entries:
        entries.pop("partial", None)
        _without_expand(entries, partial, notes, is_decorated=is_decorated)
    elif not is_decorated:
        _tell_letters(partial, notes)
        _drop_doubles(entries, partial, notes)


def _without_expand(
    entries: dict[str, Node], partial: Node, notes: Notes, *, is_decorated: bool
) -> None:
    if not partial.value:
        return
    if is_decorated:
        message = "without expand, dag-factory passes on nothing of partial"
        hint = "write these arguments beside the others"
        notes.tell(codes.LOST, partial, message, hint=hint, at_key=True)
        return
    message = "dag-factory fails on partial without expand; these are plain arguments"
    notes.tell(codes.REPAIRED, partial, message, at_key=True)
    entries |= partial.value


def _drop_doubles(entries: dict[str, Node], partial: Node, notes: Notes) -> None:
    for name in partial.value:
        if name in entries:
            message = f'"{name}" is given in partial too, which wins'
            notes.tell(codes.LOST, entries.pop(name), message, hint="remove one", at_key=True)


def _tell_letters(partial: Node, notes: Notes) -> None:
    """Tell of callbacks: dag-factory reads those of the task, and none in `partial`."""
    for name in TASK_CALLBACKS:
        said = partial.get(name)
        if said is not None and isinstance(said.value, str):
            message = f'dag-factory makes a list of letters of "{said.value}" here'
            hint = f"write {name} beside partial"
            notes.tell(codes.MEANT, said, message, hint=hint)
