"""`${{ … }}` in specs: sandboxed Jinja expressions over the loop's names and `vars`.

Only data comes out: an expression sees no function, no module and no file, and a result is text,
a number, a boolean, null, a list or a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daggen.diagnostics import suggest
from daggen.specs.bounds import BOUNDED, MAX_SIZE, count_values, size_of, too_large

OPEN = "${{"

_HOLE = re.compile(
    r"""
    \$\{\{
    (?P<source> (?: "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | [^"'}] | \}(?!\}) )* )
    \}\}
    """,
    re.VERBOSE | re.DOTALL,
)
_DOTTED = re.compile(r"\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*)\s*")
_FILTERS = re.findall(
    r"\w+",
    """abs capitalize count d default dictsort first float int items join last length list lower
    map max min reject rejectattr replace reverse round select selectattr slice sort string sum
    title trim truncate unique upper""",
)


class ExpressionError(ValueError):
    """An expression that cannot be evaluated; `hint` says what to try, `kind` what is wrong."""

    def __init__(self, message: str, hint: str = "", kind: str = "expression") -> None:
        super().__init__(message)
        self.hint = hint
        self.kind = kind


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse operations whose result could be made arbitrarily large."""
        number = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "%" and not number:
            raise SecurityError("% is for numbers; use ~ to join texts")
        if operator == "*" and not number and size_of(left) * size_of(right) > MAX_SIZE:
            raise too_large()
        if operator == "**" and (not number or abs(left) > MAX_SIZE or abs(right) > 64):
            raise too_large()
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look a name up among a mapping's keys first: `row.items` is the column `items`."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class Evaluator:
    """Evaluates the expressions of one spec; each is compiled once, however many rows there are."""

    def __init__(self) -> None:
        self._environment = _Sandbox(undefined=StrictUndefined, autoescape=False)
        self._environment.globals.clear()
        filters = self._environment.filters
        self._environment.filters = {name: filters[name] for name in _FILTERS} | BOUNDED
        self._compiled: dict[str, Callable[..., Any]] = {}

    def text(self, text: str, names: Mapping[str, Any]) -> Any:
        """Evaluate the holes of a string; a string that is one hole keeps the result's type.

        Raises `ExpressionError` when a hole cannot be evaluated, or is not closed.
        """
        if OPEN not in text:
            return text
        if whole := _HOLE.fullmatch(text.strip()):
            return self.expression(whole["source"], names)
        result = _HOLE.sub(lambda hole: _as_text(self.expression(hole["source"], names)), text)
        if OPEN in _HOLE.sub("", text):
            raise ExpressionError("${{ is not closed", "end the expression with }}")
        return result

    def expression(self, source: str, names: Mapping[str, Any]) -> Any:
        """Evaluate one expression; raises `ExpressionError`."""
        compiled = self._compiled.get(source)
        if compiled is None:
            compiled = self._compiled[source] = self._compile(source, names)
        try:
            result = compiled(**names)
            if isinstance(result, StrictUndefined):
                raise _undefined(source, names)
            count_values(result)
            return _plain(result)
        except UndefinedError:
            raise _undefined(source, names) from None
        except SecurityError as error:
            raise ExpressionError(f"${{{{{source}}}}} is refused: {error}") from None
        except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError) as error:
            if isinstance(error, ExpressionError):
                raise
            raise ExpressionError(f"${{{{{source}}}}} fails: {error}") from None

    def check(self, source: str) -> None:
        """Check the form of an expression whose names are not known yet.

        Raises `ExpressionError`.
        """
        self._compile(source, dict.fromkeys(names_in(source)))

    def _compile(self, source: str, names: Mapping[str, Any]) -> Callable[..., Any]:
        try:
            tree = self._environment.parse("{{" + source + "}}")
            unknown = sorted({*find_undeclared_variables(tree), *_reserved(tree)} - set(names))
            compiled = self._environment.compile_expression(source.strip(), undefined_to_none=False)
        except TemplateSyntaxError as error:
            raise _no_expression(source, error) from None
        except RecursionError:
            raise ExpressionError("the expression is nested too deep") from None
        if call := tree.find(nodes.Call):
            name = getattr(call.node, "attr", getattr(call.node, "name", ""))
            hint = f"use the filter: … | {name}" if name in _FILTERS else "use filters"
            raise ExpressionError("functions cannot be called in ${{ }}", hint)
        if unknown:
            known = ", ".join(sorted(names)) or "none: the spec has no foreach"
            hint = suggest(unknown[0], names) or f"the names here are {known}"
            raise ExpressionError(f'unknown name "{unknown[0]}"', hint, kind="name")
        return compiled


def _reserved(tree: nodes.Template) -> set[str]:
    """Give the names of Jinja's own that an expression uses: Jinja does not count them."""
    return {name.name for name in tree.find_all(nodes.Name)} & {"self"}


def _no_expression(source: str, error: TemplateSyntaxError) -> ExpressionError:
    """Word a syntax error without the words of Jinja's grammar."""
    if not source.strip():
        return ExpressionError("${{ }} holds no expression")
    if source.count("{") > source.count("}"):
        hint = "put a space between the closing braces of mappings"
        return ExpressionError(f"${{{{{source}}}}} ends inside a mapping", hint)
    reason = (error.message or "").rstrip(".").replace("'end of print statement'", "the end")
    reason = reason.replace("unexpected the end", "it ends too early")
    return ExpressionError(f"${{{{{source}}}}} is no expression: {reason}")


def names_in(source: str) -> frozenset[str]:
    """Give the names that an expression uses; none when it is no expression."""
    try:
        tree = _Sandbox().parse("{{" + source + "}}")
    except (TemplateSyntaxError, RecursionError):
        return frozenset()
    return frozenset(find_undeclared_variables(tree))


def hint_of_braces(text: str) -> str:
    """Give the hint for a text in which `{{ … }}` stands where `${{ … }}` is meant, else ""."""
    braces = re.search(r"(?<!\$)\{\{.*?\}\}", text)
    return f"write ${braces[0]}: an expression of a spec begins with $" if braces else ""


def dotted_path(text: str) -> tuple[str | int, ...] | None:
    """Give the path of a string that only passes a value on: `${{ row.table }}`, else None."""
    hole = _HOLE.fullmatch(text.strip())
    name = _DOTTED.fullmatch(hole["source"]) if hole else None
    if not name:
        return None
    parts = re.findall(r"\w+", name[1])
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _undefined(source: str, names: Mapping[str, Any]) -> ExpressionError:
    """Word a missing key: which part of the dotted name is not there, and what is."""
    value: Any = names
    for part in dotted_path("${{" + source + "}}") or ():
        if isinstance(value, Mapping) and part not in value:
            hint = suggest(part, map(str, value)) or _what_it_has(value, names)
            return ExpressionError(f'${{{{{source}}}}}: there is no "{part}"', hint, kind="name")
        try:
            value = value[part]
        except (LookupError, TypeError):
            break
    return ExpressionError(
        f"${{{{{source}}}}} has no value", "use the filter default(…) if it may be absent", "name"
    )


def _what_it_has(value: Mapping[Any, Any], names: Mapping[str, Any]) -> str:
    """Say what a mapping has; of `vars`, where they are declared."""
    known = ", ".join(map(str, value)) or "nothing"
    if value is not names.get("vars"):
        return f"it has {known}"
    declare = (
        "declare it in the configuration, in vars of environments.NAME that --env NAME chooses"
    )
    return f"{declare}; this one has {known}" if value else declare


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    kind = "null" if value is None else "a list" if isinstance(value, list) else "a mapping"
    hint = "let the expression stand alone to keep its type"
    raise ExpressionError(f"{kind} cannot stand inside text", hint)


def _plain(value: Any) -> Any:
    """Make sure that a result is data; generators of filters become lists."""
    if value is None or isinstance(value, str | bool | int | float):
        if isinstance(value, str) and len(value) > MAX_SIZE:
            raise ExpressionError("the result is too large")
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        return {_plain(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, StrictUndefined):
        raise ExpressionError("a part of the result has no value")
    if callable(value) or not hasattr(value, "__iter__"):
        raise ExpressionError(f"the result is no data but a {type(value).__name__}")
    return [_plain(inner) for inner in value]
