"""Reads dag-factory's files from disk: the file, and the `defaults.yml` above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from daggen.diagnostics import Diagnostic
from daggen.project import Project
from daggen.specs.dagfactory.casting import cast
from daggen.specs.dagfactory.detect import DEFAULTS_FILES, is_dagfactory, is_datasets, is_defaults
from daggen.specs.dagfactory.environment import expand
from daggen.specs.dagfactory.foreign import foreign, only_comments
from daggen.specs.dagfactory.nodes import Node, flatten
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.dagfactory.reading import read_text
from daggen.specs.dagfactory.translate import translate
from daggen.specs.discover import discover
from daggen.specs.document import Document, ResolvedSpec
from daggen.specs.yaml import read_yaml


@dataclass(frozen=True)
class Translated:
    """A dag-factory file as specs; `inputs` are the files read, relative to the root."""

    specs: Sequence[ResolvedSpec]
    diagnostics: Sequence[Diagnostic]
    inputs: tuple[str, ...] = field(default=())


def load_if_dagfactory(
    path: Path, document: Document | None, project: Project, variables: Mapping[str, Any]
) -> Translated | None:
    """Load a file if it is one of dag-factory; None for a spec, and for what is no YAML.

    `document` is the file as strict YAML, None where it is none: a file of dag-factory may become
    YAML only when its variables are replaced.
    """
    document = document or _read_document(path, project, variables)
    if document is None:
        return None
    if path.name in DEFAULTS_FILES and is_defaults(document.data):
        return Translated([], [], (document.path,))
    if is_dagfactory(document):
        return load_dagfactory(path, project, variables)
    if is_datasets(document.data):
        return Translated([], [], (document.path,))
    if document.data is None and not _has_dagfactory(path.parent, project):
        return None
    odd = only_comments(path, document) or foreign(document)
    return Translated([], [odd], (document.path,)) if odd else None


def load_dagfactory(path: Path, project: Project, variables: Mapping[str, Any]) -> Translated:
    """Load a file of dag-factory with the defaults above it.

    `variables` are those of the chosen environment: they are what `$X` stands for.
    """
    notes = Notes(project, project.relative(path), variables)
    file = _read(path, notes)
    if file is None:
        return Translated([], notes.diagnostics, (notes.path,))
    paths = defaults_above(path, project.specs)
    chain = [node for above in paths if (node := _read(above, notes)) and node.is_mapping]
    specs = translate(file, chain, notes)
    inputs = (notes.path, *(project.relative(above) for above in paths), *notes.files_read)
    return Translated(specs, notes.diagnostics, inputs)


def _has_dagfactory(folder: Path, project: Project) -> bool:
    """Tell whether a file of dag-factory lies in a folder or below it."""
    documents = (read_yaml(path, project.root)[0] for path in discover(folder))
    return any(is_dagfactory(document) for document in documents if document)


def _read_document(path: Path, project: Project, variables: Mapping[str, Any]) -> Document | None:
    notes = Notes(project, project.relative(path), variables)
    node = _read(path, notes)
    if node is None:
        return None
    data, locations = flatten(node)
    return Document(notes.path, data, locations)


def defaults_above(path: Path, top: Path) -> list[Path]:
    """Give the `defaults.yml` files that apply to a file, the nearest first."""
    folders = [path.parent, *path.parent.parents]
    folders = folders[: folders.index(top) + 1] if top in folders else folders[:1]
    options = ([folder / name for name in DEFAULTS_FILES] for folder in folders)
    found = (next(filter(Path.is_file, files), None) for files in options)
    return [file for file in found if file]


def _read(path: Path, notes: Notes) -> Node | None:
    name = notes.project.relative(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    node, diagnostics = read_text(expand(name, text, notes.variables))
    notes.note(*diagnostics)
    return cast(node, notes) if node else None
