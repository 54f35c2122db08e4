"""Finds texts that Jinja cannot read, in arguments that Airflow renders when a task runs.

The file loads all the same, and every run of the task fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, TemplateSyntaxError

from daggen.code.finding import Finding
from daggen.code.graph import DagGraph, Task, Value
from daggen.diagnostics import suggest
from daggen.diagnostics.codes.tasks import TEMPLATE_SYNTAX

Fields = Callable[[str], frozenset[str] | None]
"""Gives the template fields of an operator by its dotted path, None where they are not known."""

_NO_FILES = dict.fromkeys(
    (
        "PythonOperator BranchPythonOperator ShortCircuitOperator PythonSensor "
        "_PythonDecoratedOperator _BranchPythonDecoratedOperator "
        "_ShortCircuitDecoratedOperator DecoratedSensorOperator BashSensor"
    ).split(),
    (),
)
_ENDS_OF_FILES: Mapping[str, tuple[str, ...]] = {
    **_NO_FILES,
    "BashOperator": (".sh", ".bash"),
    "_BashDecoratedOperator": (".sh", ".bash"),
    "SQLExecuteQueryOperator": (".sql", ".json"),
}
"""What the name of a file that Airflow renders ends with, of the operators that are used most."""

_ANY_END = re.compile(r"(\.[\w-]+|json|ya?ml)\Z")
"""How the name of such a file may end, of other operators."""

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_TOKENS = {"end of print statement": "}}", "end of statement block": "%}"}
_TAG = re.compile(r"\{%[-+]?\s*(\w+)")
_UNKNOWN_TAG = re.compile(r"Encountered unknown tag '(\w+)'")
_INNERMOST = re.compile(r"innermost block that needs to be closed is '(\w+)'")
_OPEN_BLOCK = ("Unexpected end of template", "Missing end of raw directive")
_TAGS = frozenset(
    "autoescape block call do elif else endautoescape endblock endcall endfilter endfor endif "
    "endmacro endraw endset endwith extends filter for from if import include macro raw set "
    "with".split()
)
_LONGEST_QUOTE = 60
_RAW = "what is meant as it is stands between {% raw %} and {% endraw %}"


@dataclass(frozen=True)
class Fault:
    """What Jinja cannot read in a text: what to say of it, and the part of the text it is."""

    message: str
    hint: str
    start: int
    end: int


def check_jinja_syntax(graph: DagGraph, fields: Fields) -> Iterator[Finding]:
    """Report each text in a template field of Airflow's operators that Jinja cannot read.

    A DAG that sets Jinja up in its own way is passed over.
    """
    if graph.arguments.get("jinja_environment_kwargs") is not None:
        return
    for task in graph.tasks.values():
        templated = fields(task.operator) if task.operator.startswith("airflow.") else None
        for argument, value in _rendered(task, templated or frozenset()):
            for text in dict.fromkeys(_texts(value)):
                if not _may_be_file(text, task) and (fault := find_fault(text)):
                    yield Finding(
                        TEMPLATE_SYNTAX,
                        fault.message,
                        fault.hint,
                        task.task_id,
                        argument,
                        (text,),
                        (fault.start, fault.end),
                    )


def find_fault(text: str) -> Fault | None:
    """Tell what Jinja, set up as Airflow does it, cannot read in a text."""
    reason = _reason(text)
    if reason is None:
        return None
    start, end = _place(text, reason)
    part = text[start:end]
    message, hint = _worded(reason, part)
    return Fault(message, hint, start, end)


def _rendered(task: Task, templated: frozenset[str]) -> Iterator[tuple[str, Value]]:
    """Give the arguments that are template fields, and those of a mapped task's function."""
    for argument, value in task.arguments.items():
        if argument in templated:
            yield argument, value
    of_function = task.is_decorated and "op_kwargs" in templated
    for argument, value in task.expand.items():
        if argument != "expand_kwargs" and (of_function or argument in templated):
            yield argument, value


def _texts(value: Value) -> Iterator[str]:
    """Give the texts of a value that Airflow renders: not the keys, and nothing in objects."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _may_be_file(text: str, task: Task) -> bool:
    """Tell whether a text may name a file, which is rendered in its place."""
    ends = _ENDS_OF_FILES.get(task.operator.rpartition(".")[2])
    if ends is None or "templates_exts" in task.arguments:
        return _ANY_END.search(text) is not None
    return text.endswith(ends)


@cache
def _environment() -> Environment:
    return Environment(extensions=["jinja2.ext.do"], autoescape=False)  # noqa: S701 only parses


def _reason(text: str) -> str | None:
    """Give Jinja's words for what it cannot read; None where there is nothing."""
    if not _OPENING.search(text):
        return None
    try:
        _environment().parse(text)
    except TemplateSyntaxError as error:
        return error.message or "it is no template"
    except RecursionError:
        return None
    return None


def _place(text: str, reason: str) -> tuple[int, int]:
    """Find where the fault is: the first part from which on no beginning of the text is read.

    Parts begin where Jinja may begin. A beginning that only lacks the end of a block is read,
    unless just that is the fault.
    """
    starts = [match.start() for match in _OPENING.finditer(text)]
    first = starts[-1]
    for start, following in zip(reversed(starts[:-1]), reversed(starts[1:]), strict=True):
        before = _reason(f"{text[:following]} ")
        if before is None or (
            before.startswith(_OPEN_BLOCK) and not reason.startswith(_OPEN_BLOCK)
        ):
            break
        first = start
    return first, _end(text, first)


def _end(text: str, start: int) -> int:
    """Give the end of what begins at `start`: its closing braces, or one, or the line's end."""
    line = text[start:].partition("\n")[0].rstrip()
    for closing in (_CLOSING[line[:2]], "}"):
        if (found := line.find(closing, 2)) >= 0:
            return start + found + len(closing)
    return start + len(line)


def _worded(reason: str, part: str) -> tuple[str, str]:
    """Word what is wrong with a part of a text, and what to try."""
    quoted = part if len(part) <= _LONGEST_QUOTE else f"{part[:_LONGEST_QUOTE]}…"
    closing = _CLOSING[part[:2]]
    if part.startswith("{#"):
        hint = "Jinja takes {# for a comment: write {% raw %}{#{% endraw %} if it is meant as it is"
        return f'the comment "{quoted}" is not closed', hint
    tag = match[1] if (match := _TAG.match(part)) else ""
    if reason.startswith(_OPEN_BLOCK):
        return f'"{quoted}" is not closed', f"write {{% end{tag} %}} where it ends"
    if unknown := _UNKNOWN_TAG.match(reason):
        return _worded_tag(unknown[1], reason, quoted)
    message = f'Jinja cannot read "{quoted}": {_plain(reason)}'
    if not part.endswith(closing):
        return message, f"close it with {closing}"
    return message, _RAW


def _worded_tag(tag: str, reason: str, quoted: str) -> tuple[str, str]:
    """Word a tag that Jinja does not know, or not where it stands."""
    inner = _INNERMOST.search(reason)
    if tag not in _TAGS:
        return f'Jinja has no tag "{tag}"', suggest(tag, _TAGS) or _RAW
    if inner:
        message = f'"{quoted}" stands inside {{% {inner[1]} %}}, which is not closed'
        return message, f"write {{% end{inner[1]} %}} before it"
    return f'there is nothing before "{quoted}" that it belongs to', "leave it out"


def _plain(reason: str) -> str:
    """Word a reason without the names of Jinja's grammar."""
    reason = re.sub(r" at \d+$", "", reason.rstrip("."))
    for token, braces in _TOKENS.items():
        reason = reason.replace(token, braces)
    reason = re.sub("'([^']+)'", r'"\1"', reason)
    return reason[:1].lower() + reason[1:]
