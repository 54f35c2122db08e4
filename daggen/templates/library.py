"""The templates of a project and the built-in ones: found, read, checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from daggen.diagnostics import Diagnostic, Severity, Span, suggest
from daggen.diagnostics.codes import template as codes
from daggen.specs.document import Document
from daggen.specs.yaml import read_yaml
from daggen.templates.checks import check_templates
from daggen.templates.functions import CALLER_NAMES, ENGINE_NAMES, GROUP_NAMES
from daggen.templates.schemas import check_schema

_TEMPLATE, _SCHEMA = ".py.j2", ".schema.yaml"
_BUILT_IN = Path(__file__).parent / "base"
BUILT_IN_PATH = "<daggen>"
"""What messages call the directory of the built-in templates."""


@dataclass(frozen=True)
class Template:
    """A template that specs can name: what it is for, and its parameters.

    `kind` is "dag" or "group"; `path` and `schema_path` are relative to the project's root;
    `files` are the paths of everything it is made of.
    """

    name: str
    kind: str
    path: str
    schema_path: str
    schema: Mapping[str, Any]
    files: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Give what the schema says in a line."""
        return str(self.schema.get("title", self.name))

    @property
    def description(self) -> str:
        """Give what the schema says at length."""
        return str(self.schema.get("description", ""))

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Give the schemas of the parameters, by name."""
        properties = self.schema.get("properties", {})
        return properties if isinstance(properties, Mapping) else {}


@dataclass(frozen=True)
class TemplateLibrary:
    """All templates, by name. It can be pickled, so that worker processes share what was read.

    `sources` has every template file, also those that are only extended or included: by the name
    that Jinja knows it by, (path for messages, text). `described` names every schema.
    """

    templates: Mapping[str, Template] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    described: frozenset[str] = frozenset()

    @classmethod
    def load(
        cls,
        directories: Sequence[Path],
        root: Path,
        functions: frozenset[str] = CALLER_NAMES,
    ) -> tuple[TemplateLibrary, list[Diagnostic]]:
        """Read the templates below `directories`; of two with one name the first wins.

        `functions` are the names that the caller will supply when rendering. Everything that can
        be known before rendering is checked; a template with an error is in `broken`.
        """
        sources: dict[str, tuple[str, str]] = {}
        found: list[Diagnostic] = []
        schemas: dict[str, Document] = {}
        schema_paths: dict[str, str] = {}
        for directory in directories:
            found += _read_sources(directory, root, sources)
            found += _read_schemas(directory, root, schemas, schema_paths)
        _read_built_in(sources)
        known = functions | ENGINE_NAMES
        told = {problem.span.path for problem in found if problem.span}
        found += _incomplete(sources, schema_paths, told)
        checked = check_templates(sources, schemas, known, GROUP_NAMES)
        found += checked.diagnostics
        templates = {
            name: Template(
                name,
                kind=str(schema.data["x-daggen"]["kind"]),
                path=sources[name + _TEMPLATE][0],
                schema_path=schema_paths[name],
                schema=schema.data,
                files=(*checked.files.get(name + _TEMPLATE, ()), schema_paths[name]),
            )
            for name, schema in sorted(schemas.items())
            if name + _TEMPLATE in sources
        }
        return cls(templates, sources, _broken(templates, found), frozenset(schema_paths)), found

    def get(self, name: str) -> Template | None:
        """Give a template by name."""
        return self.templates.get(name)

    @property
    def incomplete(self) -> frozenset[str]:
        """Give the names of templates that cannot be used, for a reason that was already told."""
        names = {file.removesuffix(_TEMPLATE) for file in self.sources} | self.described
        return frozenset(names - self.templates.keys()) | self.broken

    def find(self, name: object, kind: str, span: Span | None) -> Template | Diagnostic:
        """Give the template of a name and kind, or the finding that there is none."""
        template = self.templates.get(name) if isinstance(name, str) else None
        same_kind = [other.name for other in self.templates.values() if other.kind == kind]
        if template is None:
            hint = suggest(name, same_kind) or f"known: {', '.join(same_kind) or 'none'}"
            return codes.UNKNOWN_TEMPLATE.at(span, f'there is no template "{name}"', hint=hint)
        if template.kind != kind:
            message = f'"{name}" is a template of kind {template.kind}, not {kind}'
            hint = f"templates of kind {kind}: {', '.join(same_kind) or 'none'}"
            return codes.UNKNOWN_TEMPLATE.at(span, message, hint=hint)
        return template


def _read_sources(
    directory: Path, root: Path, sources: dict[str, tuple[str, str]]
) -> Iterator[Diagnostic]:
    for file in sorted(directory.rglob(f"*{_TEMPLATE}")):
        name = file.relative_to(directory).as_posix()
        path = _relative(file, root)
        if name in sources:
            continue
        try:
            sources[name] = (path, file.read_bytes().decode("utf-8-sig"))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            yield codes.UNREADABLE_TEMPLATE.at(Span(path), f"cannot read {path}: {reason}")
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode("utf-8-sig").split("\n")
            message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
            place = Span(path, len(before), len(before[-1]) + 1)
            yield codes.UNREADABLE_TEMPLATE.at(place, message, hint="save the file as UTF-8")


def _read_schemas(
    directory: Path,
    root: Path,
    schemas: dict[str, Document],
    paths: dict[str, str],
) -> Iterator[Diagnostic]:
    for file in sorted(directory.rglob(f"*{_SCHEMA}")):
        name = file.relative_to(directory).as_posix().removesuffix(_SCHEMA)
        if name in paths:
            continue
        paths[name] = _relative(file, root)
        document, found = read_yaml(file, root)
        yield from found
        if document is None:
            continue
        problems = list(check_schema(document))
        yield from problems
        if not any(problem.is_error for problem in [*found, *problems]):
            schemas[name] = document


def _read_built_in(sources: dict[str, tuple[str, str]]) -> None:
    """Add the built-in templates; under `daggen/` they are there whatever the project has."""
    for file in sorted(_BUILT_IN.glob(f"*{_TEMPLATE}")):
        source = (f"{BUILT_IN_PATH}/{file.name}", file.read_text("utf-8"))
        sources[f"daggen/{file.name}"] = source
        sources.setdefault(file.name, source)


def _incomplete(
    sources: Mapping[str, tuple[str, str]],
    schema_paths: Mapping[str, str],
    told: Set[str],
) -> Iterator[Diagnostic]:
    """Report schemas and templates that stand alone, but for files of which something was told."""
    for name, path in schema_paths.items():
        beside = path.removesuffix(_SCHEMA) + _TEMPLATE
        if name + _TEMPLATE not in sources and beside not in told:
            message = f"there is no {name.rpartition('/')[2]}{_TEMPLATE} beside this schema"
            yield codes.INCOMPLETE_TEMPLATE.at(Span(path), message)
    for file, (path, _) in sources.items():
        name = file.removesuffix(_TEMPLATE)
        is_partial = name.rpartition("/")[2].startswith("_")
        if path.startswith(BUILT_IN_PATH) or is_partial or name in schema_paths:
            continue
        message = f"there is no {name.rpartition('/')[2]}{_SCHEMA} beside this template"
        hint = "declare its parameters there; name it _… if it is only extended or included"
        yield codes.INCOMPLETE_TEMPLATE.at(Span(path), message, hint=hint)


def _broken(templates: Mapping[str, Template], found: Sequence[Diagnostic]) -> frozenset[str]:
    bad = {d.span.path for d in found if d.span and d.severity is Severity.ERROR}
    return frozenset(name for name, one in templates.items() if bad & set(one.files))


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
