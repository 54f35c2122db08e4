"""What can be known of templates before anything is rendered: names, schemas, other templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from daggen.diagnostics import Diagnostic, Span, suggest
from daggen.diagnostics.codes import template as codes
from daggen.specs.document import Document
from daggen.templates.environment import PythonEnvironment
from daggen.templates.faults import TemplateFaults
from daggen.templates.filters import REMOVED
from daggen.templates.positions import Point, Positions, keep_newlines, read_positions
from daggen.templates.variables import ITEM, Usage, Use, find_usage

_METHODS = frozenset({"get", "items", "keys", "values"})
_SUFFIX = ".py.j2"


@dataclass
class Checked:
    """The findings, and for each template file the paths of all files it is made of."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)


def check_templates(
    sources: Mapping[str, tuple[str, str]],
    schemas: Mapping[str, Document],
    known: frozenset[str],
    group_names: frozenset[str],
) -> Checked:
    """Compile every template and check the names it uses.

    `known` are the names that every template knows, `group_names` those that group templates
    know in addition.
    """
    checked = Checked()
    environment = PythonEnvironment(sources)
    usages = {name: _compile(environment, name, checked) for name in sources}
    checker = _Checker(sources, schemas, usages, known | environment.globals.keys(), group_names)
    for name in sources:
        checked.files[name] = tuple(dict.fromkeys(sources[f][0] for f in checker.closure(name)))
        checked.diagnostics += checker.check_references(name)
    for name, schema in schemas.items():
        if name + _SUFFIX in sources:
            checked.diagnostics += checker.check_names(name, schema)
    checked.diagnostics = list(dict.fromkeys(checked.diagnostics))
    return checked


def _compile(environment: PythonEnvironment, name: str, checked: Checked) -> Usage | None:
    """Compile a template and find what it uses; None when it cannot be compiled."""
    path, source = environment.sources[name]
    try:
        source = keep_newlines(environment.lexer, source)
        positions = read_positions(environment.lexer, source)
        tree = Parser(environment, source, name, path).parse()
        found = list(_check_filters(environment, tree, positions, path))
        checked.diagnostics += found
        if not found:
            environment.get_template(name)
    except TemplateSyntaxError as error:
        checked.diagnostics.append(_syntax_error(error, environment, path, source))
        return None
    except TemplateFaults as faults:
        checked.diagnostics += faults.diagnostics
        return None
    return find_usage(tree, positions)


def _syntax_error(
    error: TemplateSyntaxError, environment: PythonEnvironment, path: str, source: str
) -> Diagnostic:
    lines = source.split("\n")
    line = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
    column = 1 + max(
        0, min((at for at in map(line.find, ("{{", "{%", "{#")) if at >= 0), default=0)
    )
    message = (error.message or "this is no valid Jinja").rstrip(".")
    return codes.TEMPLATE_SYNTAX.at(Span(path, error.lineno, column), message)


def _check_filters(
    environment: PythonEnvironment, tree: nodes.Template, positions: Positions, path: str
) -> Iterator[Diagnostic]:
    for kind, table in ((nodes.Filter, environment.filters), (nodes.Test, environment.tests)):
        for node in tree.find_all(kind):
            if node.name in table:
                continue
            what = "filter" if kind is nodes.Filter else "test"
            span = _span(path, positions.word(node.name, node.lineno), node.name)
            hint = REMOVED.get(node.name) or suggest(node.name, table)
            message = f'there is no {what} "{node.name}"'
            yield codes.TEMPLATE_SYNTAX.at(span, message, hint=hint)


class _Checker:
    def __init__(
        self,
        sources: Mapping[str, tuple[str, str]],
        schemas: Mapping[str, Document],
        usages: Mapping[str, Usage | None],
        known: frozenset[str],
        group_names: frozenset[str],
    ) -> None:
        self.sources = sources
        self.schemas = schemas
        self.usages = usages
        self.known = known
        self.group_names = group_names

    def closure(self, name: str, *, groups: bool = True) -> list[str]:
        """Give all template files that one is made of, itself first."""
        found: list[str] = []
        waiting = [name]
        while waiting:
            current = waiting.pop(0)
            usage = self.usages.get(current)
            if current in found or current not in self.sources:
                continue
            found.append(current)
            for reference in usage.references if usage else ():
                if reference.how != "group":
                    waiting.append(reference.name)
                elif groups:
                    waiting.append(reference.name + _SUFFIX)
        return found

    def check_references(self, name: str) -> Iterator[Diagnostic]:
        """Check that the templates a template names are there."""
        usage = self.usages[name]
        for reference in usage.references if usage else ():
            span = Span(self.sources[name][0], *reference.point)
            if reference.how == "group":
                yield from self._check_group(reference.name, span)
            elif reference.how != "optional" and reference.name not in self.sources:
                hint = suggest(reference.name, self.sources)
                message = f'there is no template file "{reference.name}"'
                yield codes.UNKNOWN_TEMPLATE.at(span, message, hint=hint)

    def _check_group(self, name: str, span: Span) -> Iterator[Diagnostic]:
        groups = [known for known, schema in self.schemas.items() if _kind(schema) == "group"]
        if name not in groups:
            hint = suggest(name, groups) or f"group templates: {', '.join(groups) or 'none'}"
            message = f'there is no group template "{name}"'
            yield codes.UNKNOWN_TEMPLATE.at(span, message, hint=hint)

    def check_names(self, name: str, schema: Document) -> Iterator[Diagnostic]:
        """Check the names that a template and all it is made of use against its schema."""
        files = self.closure(name + _SUFFIX, groups=False)
        usages = [(file, self.usages[file]) for file in files]
        declared = schema.data.get("properties", {})
        names = self.known | (self.group_names if _kind(schema) == "group" else frozenset())
        shared = (
            set().union(*(usage.sets for _, usage in usages if usage)) if len(files) > 1 else ()
        )
        used: set[str] = set()
        undeclared: list[Diagnostic] = []
        for file, usage in usages:
            for use in usage.uses if usage else ():
                used.add(use.name)
                last = use.steps[-1] if use.steps and use.steps[-1] != ITEM else use.name
                span = _span(self.sources[file][0], use.point, last)
                if use.name in declared:
                    yield from _check_steps(use, declared[use.name], schema.data, span)
                elif use.name not in names and use.name not in shared:
                    undeclared.append(self._undeclared(use, declared, names, span, name, file))
        yield from undeclared
        is_known = all(usage is not None and not usage.is_open for _, usage in usages)
        if is_known and not undeclared:
            for parameter in declared:
                if parameter not in used:
                    span = schema.locations.key(("properties", parameter))
                    message = f'the template never uses its parameter "{parameter}"'
                    yield codes.UNUSED_PARAMETER.at(span, message)

    def _undeclared(
        self,
        use: Use,
        declared: Mapping[str, Any],
        names: frozenset[str],
        span: Span,
        name: str,
        file: str,
    ) -> Diagnostic:
        schema = f"{name.rpartition('/')[2]}.schema.yaml"
        where = "" if file == name + _SUFFIX else f', which "{name}" uses,'
        message = f'"{use.name}"{where} is not declared in {schema}'
        hint = suggest(use.name, [*declared, *names]) or "declare it there under properties"
        return codes.UNDECLARED_VARIABLE.at(span, message, hint=hint)


def _span(path: str, point: Point, word: str) -> Span:
    return Span(path, *point, point.line, point.column + len(word))


def _kind(schema: Document) -> str:
    return str(schema.data["x-daggen"]["kind"])


def _check_steps(
    use: Use, schema: Any, whole: Mapping[str, Any], span: Span
) -> Iterator[Diagnostic]:
    """Follow the keys taken from a parameter through its schema, as far as it is closed."""
    path = [use.name]
    for index, step in enumerate(use.steps):
        schema = _resolve(schema, whole)
        if not isinstance(schema, Mapping):
            return
        if step == ITEM:
            schema = schema.get("items")
            continue
        properties = schema.get("properties", {})
        if step not in properties:
            closed = schema.get("additionalProperties") is False
            last = index == len(use.steps) - 1
            if closed and not (last and step in _METHODS):
                hint = suggest(step, properties) or f"known: {', '.join(properties)}"
                message = f'"{".".join(path)}" has no key "{step}" in the schema'
                yield codes.UNDECLARED_VARIABLE.at(span, message, hint=hint)
            return
        schema = properties[step]
        path.append(step)


def _resolve(schema: Any, whole: Mapping[str, Any]) -> Any:
    """Follow references inside the schema's own document."""
    for _ in range(10):
        reference = schema.get("$ref") if isinstance(schema, Mapping) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return schema
        schema = whole
        for part in _parts(reference):
            schema = schema.get(part) if isinstance(schema, Mapping) else None
    return None


def _parts(reference: str) -> Sequence[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/")]
