"""Finds the line of a spec or a template for a finding on generated Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from daggen.code.airflow_names import Version, current_path
from daggen.code.context_calls import CALLBACKS
from daggen.code.finding import Finding
from daggen.code.graph import DagGraph
from daggen.diagnostics import Diagnostic, Span
from daggen.diagnostics.codes import catalog as catalog_codes
from daggen.diagnostics.codes.callables import WRONG_ARGUMENTS
from daggen.specs.document import Path, ResolvedSpec
from daggen.specs.mentions import at, mention
from daggen.specs.model import DagSpec, spec_span
from daggen.specs.model.spec import TaskSpec
from daggen.templates.library import BUILT_IN_PATH

ABOUT_NAMES = frozenset(
    {catalog_codes.UNKNOWN_ARGUMENT.code, catalog_codes.MISPLACED_ARGUMENT.code}
)
"""Findings about the name of an argument, not its value."""

_ABOUT_CLASS = re.compile(r'unknown argument "(\w+)" for (\w+)|(\w+) needs |"(\w+)" of (\w+) ')
"""The messages about a class and what it is given: the argument, if one is named, and the class."""
_IMPORT = re.compile(r"(?:from|import) ([\w.]+)")

Origin = Callable[[int], Span | None]
"""Gives the place in a template that a generated line comes from; None for daggen's own lines."""


@dataclass(frozen=True)
class Places:
    """Finds the line of a spec or a template for a finding on generated Python."""

    dag: DagSpec
    graph: DagGraph
    origin: Origin
    source: str
    airflow: Version = (3, 3)

    def move(self, found: Diagnostic) -> Diagnostic:
        """Move a diagnostic from a generated line to where a person can change it."""
        line = found.span.line if found.span else 0
        at_key = found.code in ABOUT_NAMES
        return replace(found, span=self.of_line(line, found.message, at_key=at_key))

    def of_line(self, line: int, message: str = "", *, at_key: bool = False) -> Span:
        """Give the place that a generated line comes from; `message` may name the argument."""
        task_id, argument = self._at(line, message)
        if span := self._in_callback(task_id, message):
            return span
        span = self._in_spec(task_id, argument, at_key=at_key)
        if task_id is None:
            span = self._of_dag(line, message)
        return span or self._of_template(line) or self._fallback()

    def _of_dag(self, line: int, message: str) -> Span | None:
        """Give the place where the spec says an argument of the DAG, or a key of default_args.

        It is what the message names, else the argument that stands at the line.
        """
        locations = self.dag.source.locations
        for word in re.findall(r'"(\w+)"', message):
            for path in (("default_args", word), (word,)):
                if path in locations.keys:
                    return locations.key(path)
        if span := self._of_call(message):
            return span
        around = [
            path
            for path, (first, last) in _dag_lines(self.source, self.graph.line)
            if first <= line <= last and path in locations.values
        ]
        return locations.value(max(around, key=len)) if around else self._of_import(line)

    def _of_call(self, message: str) -> Span | None:
        """Give the place where the spec names the function whose call a message is about."""
        called = re.search(r"what ([\w.]+)\(\) does", message)
        for path, value in _leaves(self.dag.source.data, ()) if called else ():
            if called and isinstance(value, str) and f".{value}".endswith(f".{called[1]}"):
                return self.dag.source.locations.value(path)
        return None

    def _of_import(self, line: int) -> Span | None:
        """Give the place of the first value of the spec for which a line imports something."""
        text = self.source.split("\n")[line - 1] if line else ""
        if not (imported := _IMPORT.match(text)):
            return None
        for path, value in _leaves(self.dag.source.data, ()):
            if isinstance(value, str) and f"{value}.".startswith(f"{imported[1]}."):
                return self.dag.source.locations.value(path)
        return None

    def place(self, finding: Finding) -> Diagnostic:
        """Place a finding about a task's argument."""
        span = self._within(finding) or _narrowed(self._mention(finding), finding)
        span = span or self._in_spec(finding.task_id, finding.argument, finding.words)
        task = self.graph.tasks.get(finding.task_id or "")
        line = task.lines.get(finding.argument, task.line) if task else self.graph.line
        span = span or _narrowed(self._by_words(finding.words), finding)
        span = span or self._of_template(line) or self._fallback()
        return finding.rule.at(span, finding.message, hint=finding.hint)

    def _at(self, line: int, message: str) -> tuple[str | None, str | None]:
        """Give the task and the argument that stand at a generated line.

        Where several arguments share the line, it is the one that the message names.
        """
        for task in self.graph.tasks.values():
            if task.line <= line <= task.end_line:
                latest = max((at for at in task.lines.values() if at <= line), default=0)
                names = [name for name, at in task.lines.items() if at == latest]
                named = [name for name in names if f'"{name}"' in message]
                return task.task_id, (named or names)[0] if len(named or names) == 1 else None
        return None, None

    def _in_spec(
        self,
        task_id: str | None,
        argument: str | None,
        words: tuple[str, ...] = (),
        *,
        at_key: bool = False,
    ) -> Span | None:
        """Give the place where a written-out spec says an argument."""
        if self.dag.template is not None or (task_id is None and argument is None):
            return None
        if argument == "op_kwargs" and words:
            span = spec_span(self.dag, task_id, words[0], at_key=True)
            if span is not None and span != spec_span(self.dag, task_id):
                return span
        found = spec_span(self.dag, task_id, argument, at_key=at_key)
        return found or spec_span(self.dag, task_id)

    def _within(self, finding: Finding) -> Span | None:
        """Give the place that a finding names exactly, where a written-out spec has it."""
        node = self.dag.task(finding.task_id) if finding.task_id else None
        if not finding.within or node is None or self.dag.template is not None:
            return None
        path, places = (*node.path, *finding.within), self.dag.source.locations
        if finding.rule.code in (*ABOUT_NAMES, WRONG_ARGUMENTS.code) and path in places.keys:
            return places.key(path)
        return places.value(path) if path in places.values else None

    def _mention(self, finding: Finding) -> Span | None:
        """Give the place of a name, or of what it is given, inside the argument it is about."""
        spec = self.dag.source
        for path in self._said_at(finding.task_id, finding.argument):
            value = at(spec.data, path)
            if self._is_named(value, finding.words[-1]):
                return spec.locations.value(path)
            if span := mention(value, path, spec.locations, finding.words, self._is_named):
                return span
        return None

    def _in_callback(self, task_id: str | None, message: str) -> Span | None:
        """Give the place, in a callback, of an argument that its class does not take, or needs."""
        found = _ABOUT_CLASS.match(message)
        for callback in CALLBACKS if found else ():
            for path in self._said_at(task_id, callback):
                value, places = at(self.dag.source.data, path), self.dag.source.locations
                words = [each for each in found.groups() if each] if found else []
                if span := mention(value, path, places, words, _is_class):
                    return span
        return None

    def _said_at(self, task_id: str | None, argument: str) -> Iterator[Path]:
        """Give the paths at which a written-out spec may say an argument."""
        if self.dag.template is not None:
            return
        node = self.dag.task(task_id) or self.dag.group(task_id) if task_id else None
        if task_id is None or node is not None:
            base = node.path if node else ()
            for inner in ((), ("partial",), ("expand",), ("default_args",)):
                yield (*base, *inner, argument)
            if isinstance(node, TaskSpec) and node.decorator and argument == "op_kwargs":
                yield from ((*base, name) for name in node.call)
                yield from ((*base, "partial", name) for name in node.mapping.partial)

    def _is_named(self, value: Any, dotted: str) -> bool:
        return isinstance(value, str) and dotted in (value, current_path(value, self.airflow))

    def _by_words(self, words: tuple[str, ...]) -> Span | None:
        """Give the place of a value of the spec that is one of the words."""
        spec = self.dag.source
        for word in words:
            for path, value in _leaves(spec.data, ()):
                if value == word:
                    return spec.locations.value(path)
        return None

    def _of_template(self, line: int) -> Span | None:
        """Give the place in a template of the project that a line comes from."""
        span = self.origin(line)
        return None if span is None or span.path.startswith(BUILT_IN_PATH) else span

    def _fallback(self) -> Span:
        locations = self.dag.source.locations
        if ("dag_id",) in locations.keys:
            return locations.key(("dag_id",))
        return place_of_template(self.dag.source)


def _narrowed(span: Span | None, finding: Finding) -> Span | None:
    """Narrow the place of a text to the part of it that a finding is about."""
    return span.inside(finding.words[-1], *finding.part) if span and finding.part else span


def _dag_lines(source: str, line: int) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Give the first and last line of each argument of the call that begins at a line.

    The values of dicts, such as default_args, are given too, by their path.
    """
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and call.lineno == line:
            for keyword in call.keywords:
                if keyword.arg:
                    yield from _value_lines(keyword.value, (keyword.arg,))


def _value_lines(node: ast.expr, path: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    yield path, (node.lineno, node.end_lineno or node.lineno)
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield from _value_lines(value, (*path, key.value))


def _is_class(value: Any, name: str) -> bool:
    return isinstance(value, str) and value.endswith(f".{name}")


def place_of_template(spec: ResolvedSpec) -> Span:
    """Give the place where a spec names its template."""
    return spec.locations.value(("template",))


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    else:
        yield path, value
