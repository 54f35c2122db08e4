"""Functions that dag-factory finds by a name and a file: they become dotted paths."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.environment import ROOT, ROOT_VARIABLE
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes


def named_callable(
    entries: dict[str, Node], prefix: str, target: str, notes: Notes, *, reference: bool = False
) -> None:
    """Replace `<prefix>_name` and `<prefix>_file` among `entries` by `target`, a dotted path.

    With `reference` the path is written as `{__ref__: path}`, for arguments that take any value.
    A lone one of the two stays, and is reported as an unknown argument later.
    """
    name, file = entries.get(f"{prefix}_name"), entries.get(f"{prefix}_file")
    if name is None or file is None or name.value is None or file.value is None:
        return
    dotted = _dotted(name, file, notes)
    before = dict(entries)
    entries.clear()
    for key, item in before.items():
        if key == f"{prefix}_name" and dotted:
            entries[target] = name.of({"__ref__": dotted} if reference else dotted)
        elif key not in (target, f"{prefix}_name", f"{prefix}_file"):
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
    return next((path for path in inside if path.is_file()), None)


def _under(folder: Path, rest: str) -> Path:
    return folder / rest.lstrip("/")


def _dotted(name: Node, file: Node, notes: Notes) -> str | None:
    path = find_file(file, notes)
    if path is None:
        hint = f"$CONFIG_ROOT_DIR is {notes.project.relative(notes.project.specs)}/"
        notes.tell(codes.CALLABLE_FILE, file, "there is no such file in the project", hint=hint)
        return None
    for root in notes.project.python_path:
        if path.is_relative_to(root):
            parts = path.relative_to(root).with_suffix("").parts
            if all(part.isidentifier() for part in parts) and str(name.value).isidentifier():
                return ".".join([*parts, str(name.value)])
    folder = notes.project.relative(path.parent)
    hint = f'add "{folder}" to python_path, or move the file to where it leads'
    message = f'"{notes.project.relative(path)}" is not on the python_path'
    notes.tell(codes.CALLABLE_FILE, file, message, hint=hint)
    return None
