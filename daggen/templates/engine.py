"""Rendering a template: parameters in, Python or diagnostics out; nothing is read or kept."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from daggen.code.fragment import Code
from daggen.code.scope import Scope
from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import template as codes
from daggen.diagnostics.collect import has_errors
from daggen.specs.document import Locations
from daggen.templates import marks
from daggen.templates.environment import PythonEnvironment
from daggen.templates.failures import failure
from daggen.templates.faults import TemplateFaults
from daggen.templates.filters import variable
from daggen.templates.functions import engine_functions, group_arguments
from daggen.templates.library import Template, TemplateLibrary
from daggen.templates.parameters import validate_parameters
from daggen.templates.trace import Rendered

WRITTEN_OUT = "daggen/written_out"
"""The built-in template of DAGs whose tasks stand in the spec; it calls `dag_body()`."""

_HERE = Span("")
"""Stands for the place of the hole that is being rendered, until that is known."""

_ENCODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")

Functions = Mapping[str, Callable[..., Any]]


class Engine:
    """Renders the templates of a library. It can be pickled: each process compiles for itself."""

    def __init__(self, library: TemplateLibrary) -> None:
        self.library = library

    def __reduce__(self) -> tuple[type[Engine], tuple[TemplateLibrary]]:
        return Engine, (self.library,)

    @cached_property
    def _environment(self) -> PythonEnvironment:
        return PythonEnvironment(self.library.sources)

    def render(
        self,
        name: str,
        parameters: Mapping[str, Any],
        *,
        dag: Mapping[str, Any],
        functions: Functions,
        scope: Scope,
        at: Span | None = None,
    ) -> Rendered | list[Diagnostic]:
        """Render a DAG template to Python, or say why it cannot be.

        `parameters` are validated ones, `dag` is the data of the spec's common keys (`dag_id`
        first of all), `functions` what else the templates may call: see `CALLER_NAMES`. `scope`
        gathers the imports and resolves the text later. `at` is the spec's line, for messages.
        """
        context = {**parameters, **functions, "dag": dict(dag)}
        try:
            text = self._render(name, context, scope)
            self._environment.check(text)
        except TemplateFaults as faults:
            return _for_spec(faults.diagnostics, at)
        table = replace(marks.read_marks(text), exact=name == WRITTEN_OUT)
        rendered = Rendered(marks.without_marks(text), table, tuple(self._environment.paths))
        found = _for_spec(_check_python(rendered), at)
        if has_errors(found):
            return found
        rendered.diagnostics = found
        return rendered

    def render_group(
        self,
        name: str,
        parameters: Mapping[str, Any],
        *,
        group_id: str,
        dag: Mapping[str, Any],
        functions: Functions,
        scope: Scope,
        arguments: Code | None = None,
        at: Span | None = None,
    ) -> Code | list[Diagnostic]:
        """Render a group template for a place outside of templates.

        `group_id` is the id within the group around it; `arguments` are further arguments of the
        `TaskGroup`. Statements of the group bind it to the variable that `variable(group_id)`
        names. The code is marked: its lines lead back to the templates they come from.
        """
        context = {**parameters, **functions, "dag": dict(dag)}
        try:
            code = self._group(name, group_id, context, scope, arguments)
        except TemplateFaults as faults:
            return _for_spec(faults.diagnostics, at)
        return Code(marks.mark_every_line(code.text))

    def _render(self, name: str, context: Mapping[str, Any], scope: Scope) -> str:
        """Render a template to marked text. Raises TemplateFaults."""

        def group(template_name: str, group_id: str, given: Mapping[str, Any]) -> Code:
            template = self.library.find(template_name, "group", _HERE)
            if isinstance(template, Diagnostic):
                raise TemplateFaults([template])
            parameters = self._validated(template, given)
            kept = {key: context[key] for key in context.keys() - self._parameters(name)}
            return self._group(template_name, group_id, {**kept, **parameters}, scope, None)

        environment = self._environment
        variables = {**context, **engine_functions(scope, group)}
        try:
            return environment.get_template(f"{name}.py.j2").render(variables)
        except Exception as error:
            found = failure(error, environment)
            if found is None:
                raise
            raise TemplateFaults(found) from None

    def _group(
        self,
        name: str,
        group_id: str,
        context: Mapping[str, Any],
        scope: Scope,
        arguments: Code | None,
    ) -> Code:
        own = {
            "group_id": group_id,
            "group_variable": variable(group_id),
            "group_arguments": group_arguments(group_id, arguments),
        }
        return self._environment.template_text(self._render(name, {**context, **own}, scope))

    def _validated(self, template: Template, given: Mapping[str, Any]) -> dict[str, Any]:
        """Validate the arguments of `group(...)`; findings get the place of the hole later."""
        filled, found = validate_parameters(template, given, Locations(_HERE))
        if found:
            raise TemplateFaults(found)
        return filled

    def _parameters(self, name: str) -> Iterable[str]:
        template = self.library.get(name)
        return template.parameters if template else ()


def _for_spec(found: Iterable[Diagnostic], at: Span | None) -> list[Diagnostic]:
    """Say for which spec a template failed."""
    related = ((at, "rendered for this spec"),) if at else ()
    return [replace(one, related=(*one.related, *related)) for one in found]


def _check_python(rendered: Rendered) -> Iterable[Diagnostic]:
    for number, line in enumerate(rendered.text.split("\n")[:2], 1):
        match = _ENCODING.match(line)
        if match and match[1].lower() not in ("utf-8", "utf8"):
            span = rendered.template_line(number)
            message = f"this comment would declare the encoding {match[1]}"
            yield codes.RENDERED_PYTHON.at(span, message, hint="put another line before it")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            compile(rendered.text, "<rendered>", "exec", dont_inherit=True)
    except SyntaxError as error:
        span = rendered.template_line(error.lineno or 1)
        line = rendered.text.split("\n")[(error.lineno or 1) - 1].strip()
        hint = f"rendered as: {_readable(line)}" if line else ""
        yield codes.RENDERED_PYTHON.at(span, f"this is no Python: {error.msg}", hint=hint)
    except (ValueError, RecursionError, MemoryError) as error:
        message = f"this is no Python: {error or type(error).__name__}"
        yield codes.RENDERED_PYTHON.at(rendered.template_line(1), message)
    for warning in caught:
        span = rendered.template_line(warning.lineno)
        yield codes.PYTHON_WARNING.at(span, f"Python warns: {warning.message}")


def _readable(line: str) -> str:
    line = re.sub(r"_dg\d+_(\w+?)_\b", r"\1", line)
    return line if len(line) <= 100 else f"{line[:99]}…"
