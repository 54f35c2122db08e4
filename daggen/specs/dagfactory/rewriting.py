"""`daggen import dag-factory`: files of dag-factory become specs, one for each DAG."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from daggen.diagnostics import Diagnostic
from daggen.diagnostics.codes import dagfactory as codes
from daggen.project import Project
from daggen.specs.dagfactory.comments import comments_of, first_line
from daggen.specs.dagfactory.load import Translated, load_if_dagfactory
from daggen.specs.dagfactory.strict import as_strict
from daggen.specs.discover import discover
from daggen.specs.document import ResolvedSpec
from daggen.specs.model.knowledge import Operators
from daggen.specs.yaml import read_yaml


@dataclass
class Rewritten:
    """What an import would write: contents by path; and the files whose DAGs these are."""

    files: dict[Path, str] = field(default_factory=dict)
    originals: list[Path] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def rewrite(
    project: Project,
    directory: Path,
    output: Path,
    variables: Mapping[str, Any],
    operators: Operators | None = None,
) -> Rewritten:
    """Rewrite all files of dag-factory below a directory; nothing is written to disk.

    `operators` tell which `default_args` no task takes.

    Raises ImportError when ruamel.yaml is not installed.
    """
    project = replace(project, specs=directory)
    result = Rewritten()
    for path in discover(directory):
        document, _ = read_yaml(path, project.root)
        translated = load_if_dagfactory(path, document, project, variables)
        if translated is None:
            continue
        if translated.specs:
            result.originals.append(path)
        result.diagnostics += translated.diagnostics
        folder = output / path.parent.relative_to(directory)
        for name, text in _specs_of(translated, folder, project, operators):
            target = folder / name
            if target in result.files:
                message = f'two DAGs would become "{project.relative(target)}"'
                result.diagnostics.append(codes.WOULD_OVERWRITE.at(None, message))
            result.files[target] = text
    return result


def existing(files: Mapping[Path, str], project: Project) -> list[Diagnostic]:
    """Report the files to be written that are there already, with other content."""
    found = []
    for path, text in files.items():
        if path.exists() and path.read_bytes() != text.encode():
            message = f"{project.relative(path)} exists already"
            hint = "choose another --output, or give --force to replace it"
            found.append(codes.WOULD_OVERWRITE.at(None, message, hint=hint))
    return found


def _specs_of(
    translated: Translated, folder: Path, project: Project, operators: Operators | None
) -> Iterator[tuple[str, str]]:
    from daggen.specs.dagfactory.native import write_native

    texts = {name: _read(project.root / name) for name in translated.inputs}
    comments = {name: comments_of(text) for name, text in texts.items()}
    tops = [spec.locations.key(("dag_id",)).line for spec in translated.specs]
    for index, spec in enumerate(translated.specs):
        following = [line for line in tops if line > tops[index]]
        is_first = tops[index] == min(tops)
        first = first_line(texts[translated.inputs[0]]) if is_first else tops[index]
        lines = range(first, min(following, default=sys.maxsize))
        native = _with_moved_docs(as_strict(spec, project, operators), folder, project)
        yield _file_name(spec), write_native(native, comments, lines)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _file_name(spec: ResolvedSpec) -> str:
    """Name the file of a spec; names that begin with `_` or `.` are never specs."""
    dag_id = str(spec.data["dag_id"])
    return f"dag{dag_id}.yaml" if dag_id[:1] in ("_", ".") else f"{dag_id}.yaml"


def _with_moved_docs(spec: ResolvedSpec, folder: Path, project: Project) -> ResolvedSpec:
    """Name a file of documentation relative to the new spec."""
    docs = spec.data.get("doc_md")
    if not isinstance(docs, Mapping) or "file" not in docs:
        return spec
    beside = (project.root / spec.locations.value(("doc_md",)).path).parent
    moved = PurePath(os.path.relpath(beside / str(docs["file"]), folder)).as_posix()
    return replace(spec, data={**spec.data, "doc_md": {"file": moved}})
