"""Jinja, changed so that everything it writes passes through Python's escaping.

Three changes make it sound. The parser annotates each hole with its place in the Python; the code
generator sends each value through `fill` with that place, and nothing is written otherwise; and
what a macro, a caller or a parent block gives back is `Code`, which a value can never be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import BlockReference, Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace, internalcode

from daggen.code.fragment import Code
from daggen.code.indentation import dedent
from daggen.diagnostics import Span
from daggen.diagnostics.codes import template as codes
from daggen.templates import marks
from daggen.templates.annotate import annotate
from daggen.templates.faults import TemplateFaults
from daggen.templates.filters import template_filters, template_tests
from daggen.templates.places import Misplaced, Place, fill
from daggen.templates.positions import keep_newlines, read_positions


class _CodeGenerator(CodeGenerator):
    """Writes every output expression as `environment.fill(place, value)`."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(f"environment.fill({tuple(vars(node)['place'])!r}, ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")

    def visit_CallBlock(self, node: nodes.CallBlock, frame: Frame) -> None:
        call_frame, macro_ref = self.macro_body(node, frame)
        self.writeline("caller = ")
        self.macro_def(macro_ref, call_frame)
        self.start_write(frame, node)
        self.write(f"environment.fill({tuple(vars(node)['place'])!r}, ")
        self.visit_Call(node.call, frame, forward_caller=True)
        self.write(")")
        self.end_write(frame)

    def return_buffer_contents(self, frame: Frame, force_unescaped: bool = False) -> None:
        self.writeline(f"return environment.template_text(concat({frame.buffer}))")


class _Block(BlockReference):
    """A parent's block, which `super()` renders."""

    @property
    def super(self) -> BlockReference | Undefined:
        above = super().super
        return above if isinstance(above, Undefined) else _as_block(above)

    @internalcode
    def __call__(self) -> Code:  # type: ignore[override]
        environment = self._context.environment
        text = "".join(self._stack[self._depth](self._context))
        return environment.template_text(text)  # type: ignore[attr-defined,no-any-return]


def _as_block(block: BlockReference) -> _Block:
    return _Block(block.name, block._context, block._stack, block._depth)


class _Context(Context):
    def super(self, name: str, current: Callable[..., Any]) -> BlockReference | Undefined:
        parent = super().super(name, current)
        return parent if isinstance(parent, Undefined) else _as_block(parent)


class _Loader(BaseLoader):
    def __init__(self, sources: Mapping[str, tuple[str, str]]) -> None:
        self.sources = sources

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        if template not in self.sources:
            raise TemplateNotFound(template)
        path, source = self.sources[template]
        return source, path, lambda: True


class PythonEnvironment(ImmutableSandboxedEnvironment):
    """A sandboxed Jinja environment whose templates render Python.

    `sources` maps template names to (path for messages, source). `paths` lists the templates
    that were compiled, in the order of the numbers that their line marks carry.
    """

    code_generator_class = _CodeGenerator
    context_class = _Context

    def __init__(self, sources: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(
            loader=_Loader(sources),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
            auto_reload=False,
            cache_size=-1,
        )
        self.filters = template_filters()
        self.tests = template_tests()
        self.globals = {"range": safe_range, "dict": dict, "namespace": Namespace}
        self.sources = sources
        self.paths: list[str] = []

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        source = keep_newlines(self.lexer, source)
        tree = super()._parse(source, name, filename)
        positions = read_positions(self.lexer, source)
        path = filename or name or ""
        self.paths.append(path)
        annotate(tree, positions, path, number=len(self.paths) - 1)
        return tree

    def fill(self, encoded: tuple[Any, ...], value: object) -> str:
        """Give the Python text of a value at a place of a template."""
        place = Place(*encoded)
        try:
            return fill(value, place)
        except Misplaced as error:
            span = Span(place.path, place.line, place.column)
            found = codes.MISPLACED_VALUE.at(span, error.message, hint=error.hint)
            raise TemplateFaults([found]) from None

    def template_text(self, text: str) -> Code:
        """Take a piece of rendered template text as code: at the left edge, without joints."""
        self.check(text)
        return Code(dedent(text.replace(marks.JOINT, ""), _is_blank))

    def check(self, text: str) -> None:
        """Check how the pieces of a rendered text were joined; raises TemplateFaults."""
        try:
            marks.check_marks(text)
        except marks.JoinedWrongly as error:
            span = self.origin(marks.read_marks(text), error.line)
            found = codes.MISPLACED_VALUE.at(span, error.message, hint=error.hint)
            raise TemplateFaults([found]) from None

    def origin(self, table: marks.LineTable, line: int) -> Span | None:
        """Give the template's line that a rendered line comes from."""
        origin = table.origin(line)
        return Span(self.paths[origin[0]], origin[1]) if origin else None

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Keep templates out of code fragments, as out of Python's internals."""
        return not isinstance(obj, Code) and super().is_safe_attribute(obj, attr, value)


def _is_blank(line: str) -> bool:
    return not marks.without_marks(line).strip()
