"""From a project's directory of specs to resolved specs: discover, read, inherit, expand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import expansion as codes
from daggen.project import Environment, Project
from daggen.sources.snapshot import read_snapshot, snapshot_path
from daggen.specs.dagfactory import ambiguity, load_if_dagfactory
from daggen.specs.discover import defaults_for, discover
from daggen.specs.document import Document, ResolvedSpec
from daggen.specs.foreach import Row
from daggen.specs.merging import overlay
from daggen.specs.resolve import resolve
from daggen.specs.rows import Rows, read_rows
from daggen.specs.yaml import read_yaml


@dataclass(frozen=True)
class LoadedSpec:
    """A spec file: the DAGs it asks for, and the files it was read from (relative to the root).

    `rows` are those of the files that hold the rows of its loops.
    """

    source: str
    resolved: Sequence[ResolvedSpec]
    inputs: tuple[str, ...] = field(default=())
    rows: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class SpecLoader:
    """Loads the specs of a project for one environment."""

    project: Project
    environment: Environment
    _defaults: dict[Path, tuple[Document | None, list[Diagnostic]]] = field(
        default_factory=dict, repr=False
    )

    def load_all(self) -> tuple[list[LoadedSpec], list[Diagnostic]]:
        """Load every spec of the project; a file that cannot be read does not hide the others.

        A YAML file that a spec reads rows from is no spec itself. A project without any spec is
        an error: to render it would delete the whole fleet.
        """
        each = {path: self.load(path) for path in discover(self.project.specs)}
        specs = [spec for spec, _ in each.values() if spec]
        rows = {name for spec in specs for name in spec.rows}
        loaded, diagnostics = [], []
        for path, (spec, found) in each.items():
            if self.project.relative(path) not in rows:
                diagnostics += found
                loaded += [spec] if spec else []
        return loaded, diagnostics if each else [self._no_specs()]

    def _no_specs(self) -> Diagnostic:
        folder = self.project.relative(self.project.specs)
        message = f"there is no spec below {folder}/"
        hint = "correct the path in the configuration, or start a spec with daggen new"
        return codes.NO_SPECS.at(Span(self.project.config_path.name), message, hint=hint)

    def load(self, path: Path) -> tuple[LoadedSpec | None, list[Diagnostic]]:
        """Load one spec file with the defaults that apply to it."""
        own, diagnostics = self._mapping(path)
        if foreign := load_if_dagfactory(path, own, self.project, self.environment.vars):
            loaded = LoadedSpec(foreign.inputs[0], foreign.specs, foreign.inputs)
            return loaded, list(foreign.diagnostics)
        if own is None:
            return None, diagnostics
        if odd := ambiguity(own):
            diagnostics.append(odd)
        layers, inputs, sources = [], [], []
        for defaults_path in defaults_for(path, self.project.specs):
            defaults, found = self._read_defaults(defaults_path)
            diagnostics += found
            if defaults:
                layers.append(defaults)
                inputs.append(defaults.path)
        merged = overlay([*layers, own])

        def read(kind: str, name: str, span: Span) -> tuple[list[Row], list[Diagnostic]]:
            rows, source, found = self._read_rows(path, kind, name, span)
            sources.append(source)
            return rows, found

        resolved, found = resolve(merged, self.environment.vars, read)
        unique_inputs = tuple(dict.fromkeys([own.path, *inputs, *sources]))
        loaded = LoadedSpec(own.path, resolved, unique_inputs, tuple(sources))
        return loaded, [*diagnostics, *found]

    def _mapping(self, path: Path) -> tuple[Document | None, list[Diagnostic]]:
        document, diagnostics = read_yaml(path, self.project.root)
        if document is None or isinstance(document.data, dict):
            return document, diagnostics
        if document.data is None:
            message = "the file is empty" if not diagnostics else ""
        else:
            message = "a spec is a mapping of keys to values"
        if message:
            span = document.locations.root
            diagnostics.append(codes.NOT_A_MAPPING.at(span, message))
        return None, diagnostics

    def _read_defaults(self, path: Path) -> tuple[Document | None, list[Diagnostic]]:
        if path not in self._defaults:
            self._defaults[path] = self._mapping(path)
        return self._defaults[path]

    def _read_rows(
        self, spec: Path, kind: str, name: str, span: Span
    ) -> tuple[list[Row], str, list[Diagnostic]]:
        """Read the rows of a file beside the spec, or of a snapshot; also name the file read."""
        if kind == "source":
            rows, found = read_snapshot(self.project, name, span)
            source = self.project.relative(snapshot_path(self.project, name))
        else:
            target = Path(spec.parent, name)
            inside = target.resolve().is_relative_to(self.project.root.resolve())
            if not inside or Path(name).is_absolute():
                message = f'"{name}" lies outside the project'
                return [], "", [codes.OUTSIDE_PROJECT.at(span, message)]
            if not target.exists():
                hint = "the path is relative to the spec's directory"
                message = f'there is no file "{name}"'
                return [], "", [codes.MISSING_FILE.at(span, message, hint=hint)]
            rows, found = read_rows(target, self.project)
            source = self.project.relative(target)
        return _as_rows(rows), source, found


def _as_rows(rows: Rows | None) -> list[Row]:
    if rows is None:
        return []
    return [Row(row, place) for row, place in zip(rows.rows, rows.places, strict=True)]
