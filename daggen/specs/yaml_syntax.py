"""Words YAML's syntax errors for people: where the mistake was made, and what to write instead."""

from __future__ import annotations

import re

import yaml

from daggen.diagnostics import Diagnostic, Rule, Span
from daggen.diagnostics.codes import yaml as codes

_CRON = re.compile(r"\*\S*(?: +[\w*/,#-]*[\w*/#-]){4}")
_JINJA_IN_BRACKETS = re.compile(r"\{\{.*?\}\}[^,\]}]*")
_JINJA = re.compile(r"\{\{.*?\}\}.*?(?=\s*$|:\s|:$|\s+#)")
_START_OF_JINJA = re.compile(r"(?:^\s*|[:,-]\s+|[\[{,]\s*)(?P<braces>\{\{)")
_SIGNS = {"while scanning an alias": "*", "while scanning an anchor": "&"}
_OPENED = {"while parsing a flow sequence": "[", "while parsing a flow mapping": "{"}

_HINTS = (
    ("mapping values are not allowed", "quote the value if its text has a colon and a space"),
    ("cannot start any token", "quote values that start with %, @ or a backquote"),
    ("could not find expected ':'", "a key needs a colon and a space after it"),
    ("expected ',' or", "a bracket or brace may be left open"),
    ("unexpected end of stream", "a quote may be left open"),
    ("expected <block end>", "indent this line like its siblings"),
    ("'<document start>'", "the document ended before this line: compare their indentation"),
    ("unhashable", "quote values that start with {{"),
)


def end_of(text: str, name: str) -> Span:
    """Give the place just after `text`; `name` is the path of its file."""
    lines = re.split(r"\r\n|[\n\r]", text)
    return Span(name, len(lines), len(lines[-1]) + 1)


def syntax_error(error: yaml.YAMLError, text: str, name: str) -> Diagnostic:
    """Word a syntax error of a text; `name` is the path of its file."""
    if isinstance(error, yaml.reader.ReaderError):
        code = ord(text[error.position])
        message = f"the character U+{code:04X} may not stand in YAML"
        hint = "write it as an escape in double quotes"
        return codes.NOT_UTF8.at(end_of(text[: error.position], name), message, hint=hint)
    if not isinstance(error, yaml.MarkedYAMLError):
        return codes.SYNTAX.at(Span(name), str(error))
    mark = error.problem_mark or error.context_mark
    span = _place(mark, name)
    problem = error.problem or ""
    if "'\\t'" in problem:
        return codes.TAB.at(span, "a tab stands here", hint="indent with spaces")
    for known in (_of_star, _of_jinja, _of_quote, _of_bracket):
        if found := known(error, text, name):
            return found
    hint = next((hint for part, hint in _HINTS if part in problem), "")
    return codes.SYNTAX.at(span, _sentence(error), hint=hint)


def unquoted_jinja(line: str, span: Span, rule: Rule = codes.SYNTAX) -> Diagnostic | None:
    """Report a text `{{ … }}` without quotes that begins at or before a place in its line.

    `line` is the line that the place is in; None where no such text stands there.
    """
    starts = [found.start("braces") for found in _START_OF_JINJA.finditer(line)]
    start = max((each for each in starts if each < span.column), default=None)
    in_brackets = start is not None and re.search(r"[\[{]", line[:start])
    pattern = _JINJA_IN_BRACKETS if in_brackets else _JINJA
    found = pattern.match(line, start) if start is not None else None
    if found is None:
        return None
    place = Span(span.path, span.line, found.start() + 1, span.line, found.end() + 1)
    message = "a text that begins with {{ is a mapping to YAML"
    return rule.at(place, message, hint=f"quote it: {_quoted(found[0])}")


def _of_star(error: yaml.MarkedYAMLError, text: str, name: str) -> Diagnostic | None:
    """Word a `*` or `&` that names no anchor: most often cron without quotes."""
    sign = _SIGNS.get(error.context or "")
    mark = error.context_mark
    if not sign or mark is None:
        return None
    cron = _CRON.match(_line(text, mark.line), mark.column)
    value = cron[0] if cron else sign
    end = mark.column + len(value)
    span = Span(name, mark.line + 1, mark.column + 1, mark.line + 1, end + 1)
    of_yaml = "an alias" if sign == "*" else "an anchor"
    hint = f"quote it: {_quoted(value)}" if cron else "quote the value"
    return codes.SYNTAX.at(span, f"a value that begins with {sign} is {of_yaml} to YAML", hint=hint)


def _of_jinja(error: yaml.MarkedYAMLError, text: str, name: str) -> Diagnostic | None:
    """Word a `{{ … }}` without quotes on which the parser stumbles in its line."""
    mark = error.problem_mark
    if mark is None or "unexpected" in (error.problem or ""):
        return None
    return unquoted_jinja(_line(text, mark.line), _place(mark, name))


def _of_quote(error: yaml.MarkedYAMLError, text: str, name: str) -> Diagnostic | None:
    """Word a quote that is never closed, or only by the next that opens another text."""
    hint, mark = "close the quote where its text ends", error.problem_mark
    is_open = "found unexpected" in (error.problem or "")
    if is_open and error.context == "while scanning a quoted scalar":
        message = "the quote that is opened here is not closed"
        return codes.SYNTAX.at(_place(error.context_mark, name), message, hint=hint)
    if mark is None or mark.column == 0 or _line(text, mark.line)[mark.column - 1] not in "\"'":
        return None
    opened = _text_before(mark, text)
    if opened is None or opened.line == mark.line:
        return None
    message = f"the quote that is opened here is closed only in line {mark.line + 1}"
    related = [(_place(mark, name), "what follows it there is no YAML")]
    return codes.SYNTAX.at(_place(opened, name), message, hint=hint, related=related)


def _text_before(mark: yaml.Mark, text: str) -> yaml.Mark | None:
    """Give where the text in quotes begins that ends at a place."""
    start: yaml.Mark | None
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if token.end_mark.index == mark.index and getattr(token, "style", None):
                start = token.start_mark
                return start
            if token.start_mark.index >= mark.index:
                return None
    except yaml.YAMLError:
        pass
    return None


def _of_bracket(error: yaml.MarkedYAMLError, text: str, name: str) -> Diagnostic | None:
    """Word a bracket that is left open in an earlier line, or after which a comma is missing."""
    sign, opened, mark = _OPENED.get(error.context or ""), error.context_mark, error.problem_mark
    if not sign or opened is None or mark is None or "expected ','" not in (error.problem or ""):
        return None
    if "<stream end>" in (error.problem or ""):
        message, hint = f'the "{sign}" that is opened here is not closed', "close it where it ends"
        return codes.SYNTAX.at(_place(opened, name), message, hint=hint)
    if opened.line == mark.line:
        return None
    hint = f'close the "{sign}" of line {opened.line + 1}, or put a comma before this'
    related = [(_place(opened, name), f'the "{sign}" is opened here')]
    return codes.SYNTAX.at(_place(mark, name), _sentence(error), hint=hint, related=related)


def _place(mark: yaml.Mark | None, name: str) -> Span:
    return Span(name, mark.line + 1, mark.column + 1) if mark else Span(name)


def _line(text: str, number: int) -> str:
    lines = re.split(r"\r\n|[\n\r]", text)
    return lines[number] if number < len(lines) else ""


def _quoted(value: str) -> str:
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def _sentence(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return ": ".join(parts) or "not well-formed YAML"
