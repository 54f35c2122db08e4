"""Errors of a rendering as diagnostics, at the line and column of the template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import template as codes
from daggen.templates.environment import PythonEnvironment
from daggen.templates.faults import TemplateFaults
from daggen.templates.places import Misplaced
from daggen.templates.positions import Positions, keep_newlines, read_positions

_EVALUATION = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_MISSING = re.compile(r"has no (?:attribute|element) '(?P<key>.*)'\Z")
_UNDEFINED = re.compile(r"'(?P<name>.*)' is undefined\Z")


def failure(error: Exception, environment: PythonEnvironment) -> Sequence[Diagnostic] | None:
    """Explain an error that ended a rendering; None when it is no fault of template or values."""
    if isinstance(error, TemplateFaults):
        place = _place(error, environment)
        return [_placed(found, place) for found in error.diagnostics]
    span = _place(error, environment)
    if isinstance(error, UndefinedError):
        return [_undefined(str(error.message), span, environment)]
    if isinstance(error, Misplaced):
        return [codes.RENDERING_FAILED.at(span, error.message, hint=error.hint)]
    if isinstance(error, TemplateNotFound):
        return [codes.UNKNOWN_TEMPLATE.at(span, f'there is no template file "{error.name}"')]
    if isinstance(error, TemplateSyntaxError):
        place = Span(error.filename or "", error.lineno)
        return [codes.TEMPLATE_SYNTAX.at(place, str(error.message))]
    if isinstance(error, RecursionError):
        hint = "does a template, or a macro, contain itself?"
        return [codes.RENDERING_FAILED.at(span, "the template is nested too deeply", hint=hint)]
    if isinstance(error, SecurityError):
        return [codes.RENDERING_FAILED.at(span, f"this is not allowed: {error}")]
    if isinstance(error, _EVALUATION) and span is not None:
        words = str(error) or type(error).__name__
        return [codes.RENDERING_FAILED.at(span, f"this cannot be evaluated: {words}")]
    return None


def _placed(found: Diagnostic, place: Span | None) -> Diagnostic:
    return found if found.span and found.span.path else replace(found, span=place)


def _undefined(message: str, span: Span | None, environment: PythonEnvironment) -> Diagnostic:
    if match := _UNDEFINED.search(message):
        words = f'"{match["name"]}" is undefined'
        span = _at_word(span, match["name"], environment, attribute=False)
    elif match := _MISSING.search(message):
        words = f'the value has no key "{match["key"]}"'
        span = _at_word(span, match["key"], environment, attribute=True)
    else:
        words = message
    hint = "use `| default(…)`, or test with `is defined`"
    return codes.RENDERING_FAILED.at(span, words, hint=hint)


def _place(error: Exception, environment: PythonEnvironment) -> Span | None:
    """Find the innermost line of a template in the traceback, and what begins there."""
    paths = set(environment.paths)
    found: Span | None = None
    step: TracebackType | None = error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if name in paths:
            found = Span(name, step.tb_lineno)
        step = step.tb_next
    if found is None:
        return None
    return Span(found.path, *_positions(found.path, environment).first_on(found.line))


def _at_word(
    span: Span | None, word: str, environment: PythonEnvironment, *, attribute: bool
) -> Span | None:
    if span is None:
        return None
    point = _positions(span.path, environment).word(word, span.line, attribute=attribute)
    return Span(span.path, *point) if point.line == span.line else span


def _positions(path: str, environment: PythonEnvironment) -> Positions:
    source = next(text for place, text in environment.sources.values() if place == path)
    return read_positions(environment.lexer, keep_newlines(environment.lexer, source))
