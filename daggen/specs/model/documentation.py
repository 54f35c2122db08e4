"""Documentation of a DAG, a group or a task: Markdown, or a file that is read now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from daggen.diagnostics.codes.keys import PARSE_TIME_FILE, UNREADABLE_FILE, WRONG_TYPE
from daggen.specs.document import Path
from daggen.specs.model import shapes
from daggen.specs.model.context import Context, shown
from daggen.specs.model.scalars import of
from daggen.specs.model.shapes import Schema, record
from daggen.specs.model.values import Value


def read_doc(raw: Any, path: Path, context: Context) -> Value:
    """Read documentation: text, or `{file: path}` read now, relative to where it is written."""
    if isinstance(raw, Mapping) and set(raw) == {"file"}:
        return _doc_file(raw["file"], (*path, "file"), context)
    if not isinstance(raw, str):
        return context.report(
            WRONG_TYPE, path, f"expected a text or {{file: path}}, found {shown(raw)}"
        )
    if raw.endswith((".md", ".txt")) and "\n" not in raw and " " not in raw:
        context.report(
            PARSE_TIME_FILE,
            path,
            "Airflow takes this for a file and reads it at each parse",
            hint=f"let daggen read it: {{file: {raw}}}",
        )
    return raw


def _doc_file(name: Any, path: Path, context: Context) -> Value:
    if not isinstance(name, str):
        return context.report(WRONG_TYPE, path, f"expected a path, found {shown(name)}")
    root = context.project.root.resolve()
    beside = PurePosixPath(context.locations.value(path).path).parent
    file = (root / beside / name).resolve()
    if not file.is_relative_to(root):
        return context.report(UNREADABLE_FILE, path, f"{shown(name)} lies outside the project")
    try:
        return file.read_text("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return context.report(UNREADABLE_FILE, path, f"{shown(name)} is not UTF-8 text")
    except (OSError, ValueError):
        return context.report(
            UNREADABLE_FILE,
            path,
            f"{shown(name)} cannot be read",
            hint=f"the path is relative to {beside}/",
        )


DOC_SCHEMA: Schema = {
    "anyOf": [
        {"type": "string"},
        record("A file read now", {"file": {"type": "string"}}, required=["file"]),
    ]
}
DOC = of(read_doc, shapes.DOC)
