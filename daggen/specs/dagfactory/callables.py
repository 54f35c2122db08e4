"""Functions that dag-factory finds by a name and a file: they become dotted paths."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.environment import ROOT, ROOT_VARIABLE
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes

_REPORTED = "builtins.callable"
"""Stands for a function that was reported, so that nothing more is said of the argument."""


def named_callable(
    entries: dict[str, Node],
    prefix: str,
    target: str,
    notes: Notes,
    *,
    reference: bool = False,
    needed: bool = True,
) -> None:
    """Replace `<prefix>_name` and `<prefix>_file` among `entries` by `target`, a dotted path.

    With `reference` the path is written as `{__ref__: path}`, for arguments that take any value.
    Where one stands alone, dag-factory fails; if not `needed`, it does nothing.
    """
    keys = (f"{prefix}_name", f"{prefix}_file")
    for key in keys:
        if key in entries and not entries[key].value:
            del entries[key]
    said = {key: entries[key] for key in keys if key in entries}
    if len(said) == 1:
        _tell_half(entries, target, keys, notes, needed=needed)
    elif said:
        if (lost := entries.get(target)) and lost.value is not None:
            message = f'"{target}" is given by its name and file too, which are taken'
            notes.tell(codes.LOST, lost, message, hint="remove one", at_key=True)
        name, file = said.values()
        dotted = _imported(file) or _dotted(name, file, notes) or _REPORTED
        _replace(entries, name.of({"__ref__": dotted} if reference else dotted), target, keys)


def _tell_half(
    entries: dict[str, Node], target: str, keys: tuple[str, str], notes: Notes, *, needed: bool
) -> None:
    there, missing = keys if keys[0] in entries else keys[::-1]
    lone = entries.pop(there)
    if imported := _imported(lone):
        entries[target] = lone.of(imported)
        return
    message = f'"{there}" needs "{missing}" beside it'
    also = "" if "_check_" in there else f", or {target}: package.module.function"
    hint = f"write both{also}"
    if needed:
        entries[target] = lone.of(_REPORTED)
        notes.tell(codes.CALLABLE_FILE, lone, message, hint=hint, at_key=True)
    else:
        notes.tell(codes.LOST, lone, f"{message}, and does nothing", hint=hint, at_key=True)


def tell_in_class(node: Node | None, notes: Notes) -> None:
    """Tell of a path into a class, which dag-factory cannot import."""
    if node is None or not isinstance(node.value, str) or not notes.is_in_class(node.value):
        return
    message = f'dag-factory cannot import "{node.value}": it is in a class'
    notes.tell(codes.REPAIRED, node, message, hint="name a function of the module")


def _imported(node: Node) -> str:
    """Give what `!!python/name:` says in place of a file, "" for a file."""
    found = node.get("__ref__")
    return str(found.value) if found else ""


def _replace(entries: dict[str, Node], function: Node, target: str, keys: tuple[str, str]) -> None:
    before = dict(entries)
    entries.clear()
    for key, item in before.items():
        if key == keys[0]:
            entries[target] = function
        elif key not in (target, keys[1]):
            entries[key] = item


def refuse_lambda(entries: dict[str, Node], prefix: str, notes: Notes) -> None:
    """Report `<prefix>_lambda`, whose text is Python code."""
    found = entries.pop(f"{prefix}_lambda", None)
    if found is None or found.value is None:
        return
    hint = f"put it in a module and write {prefix}_name and {prefix}_file"
    notes.tell(
        codes.CODE_IN_VALUE, found, f"{prefix}_lambda is Python code", hint=hint, at_key=True
    )


def find_file(node: Node, notes: Notes) -> Path | None:
    """Give the file of this project that a path in a dag-factory file means, if it exists.

    `$CONFIG_ROOT_DIR` is the directory of the specs; a relative path is looked for in the folder
    of the file, then there.
    """
    text = str(node.value)
    root = notes.variables.get(ROOT_VARIABLE)
    if text.startswith(ROOT):
        options = [_under(notes.project.specs, text.removeprefix(ROOT))]
    elif root is not None and PurePosixPath(text).is_relative_to(str(root)):
        options = [notes.project.specs / PurePosixPath(text).relative_to(str(root))]
    elif PurePosixPath(text).is_absolute():
        options = [Path(text)]
    else:
        options = [notes.folder / text, notes.project.specs / text]
    normal = [Path(os.path.normpath(option)) for option in options]
    inside = [path for path in normal if path.is_relative_to(notes.project.root)]
    found = next((path for path in inside if path.is_file()), None)
    if found and len(options) > 1:
        message = "dag-factory takes no relative path here"
        notes.tell(codes.REPAIRED, node, message, hint="begin it with $CONFIG_ROOT_DIR/")
    return found


def _under(folder: Path, rest: str) -> Path:
    return folder / rest.lstrip("/")


def hint_for_missing(node: Node, notes: Notes) -> str:
    """Say what to do about a file that is not there: a path may be one of Airflow's machine."""
    path = PurePosixPath(str(node.value))
    if not path.is_absolute() or str(node.value).startswith(ROOT):
        return f"$CONFIG_ROOT_DIR is {notes.project.relative(notes.project.specs)}/"
    folder = path.parent
    for parent in path.parents:
        if (notes.project.specs / path.relative_to(parent)).is_file():
            folder = parent
    return f'if Airflow has the specs in {folder}: {ROOT_VARIABLE} = "{folder}" in the vars'


def _dotted(name: Node, file: Node, notes: Notes) -> str | None:
    path = find_file(file, notes)
    if path is None:
        hint = hint_for_missing(file, notes)
        notes.tell(codes.CALLABLE_FILE, file, "there is no such file in the project", hint=hint)
        return None
    if dotted := _on_python_path(path, str(name.value), notes):
        return dotted
    if not str(name.value).isidentifier():
        message = f'"{name.value}" is no name of a module'
        notes.tell(codes.CALLABLE_FILE, name, message, hint="name a function of the file")
        return None
    folder = notes.project.relative(path.parent)
    hint = f'add "{folder}" to python_path, or move the file to where it leads'
    message = f'"{notes.project.relative(path)}" is not on the python_path'
    notes.tell(codes.CALLABLE_FILE, file, message, hint=hint)
    return None


def _on_python_path(path: Path, name: str, notes: Notes) -> str:
    for root in notes.project.python_path:
        if path.is_relative_to(root):
            parts = (*path.relative_to(root).with_suffix("").parts, name)
            if all(part.isidentifier() for part in parts):
                return ".".join(parts)
    return ""
