"""The functions a template calls to get code: references, groups, tasks, durations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Undefined

from daggen.code.durations import write_timedelta
from daggen.code.fragment import Code
from daggen.code.literal import expression
from daggen.code.names import is_identifier
from daggen.code.scope import ReferenceError_, Scope
from daggen.specs.duration import parse_duration
from daggen.templates.places import Misplaced, describe

ENGINE_NAMES = frozenset({"dag", "duration", "group", "ref", "task"})
"""What every template knows, besides its parameters."""

GROUP_NAMES = frozenset({"group_arguments", "group_id", "group_variable"})
"""What group templates know in addition."""

CALLER_NAMES = frozenset({"dag_arguments", "dag_body", "dag_module"})
"""What whoever renders a DAG supplies: the arguments of the DAG and, when its tasks are written
out in the spec, what stands inside it and what stands above it."""

RenderGroup = Callable[[str, str, Mapping[str, Any]], Code]
"""Renders a group template by name, group id and parameters."""


def engine_functions(scope: Scope, render_group: RenderGroup) -> dict[str, Callable[..., Code]]:
    """Give the functions of a rendering, bound to the names of its file."""

    def ref(dotted: object) -> Code:
        """Refer to something that is imported, by its dotted path."""
        try:
            return scope.ref(_text(dotted, "the dotted path of a reference"))
        except ReferenceError_ as error:
            raise Misplaced(str(error), "write it as package.module.name") from None

    def duration(value: object) -> Code:
        """Write a duration (`5m`, `PT1H`, seconds) as a timedelta."""
        try:
            return Code(write_timedelta(parse_duration(value), scope))
        except ValueError as error:
            raise Misplaced(str(error), "write it as 5m, 2h30m, 1d, PT5M or seconds") from None

    def task(operator: object, task_id: object, **arguments: object) -> Code:
        """Write the construction of one operator."""
        values = {"task_id": task_id, **arguments}
        return Code(f"{ref(operator).text}({_keywords(values)})")

    def group(template: object, group_id: object, **parameters: object) -> Code:
        """Render a group template."""
        name = _text(template, "the name of a group template")
        return render_group(name, _text(group_id, "a group_id"), parameters)

    return {"ref": ref, "duration": duration, "task": task, "group": group}


def group_arguments(group_id: str, arguments: Code | None) -> Callable[[], Code]:
    """Give the function that writes what stands in `TaskGroup(...)`."""
    text = f"group_id={expression(group_id)}"
    if arguments is not None and arguments.text:
        text = f"{text}, {arguments.text}"
    return lambda: Code(text)


def _keywords(values: Mapping[str, object]) -> str:
    written = []
    for name, value in values.items():
        if not is_identifier(name):
            raise Misplaced(f"{describe(name)} cannot be the name of an argument")
        if isinstance(value, Undefined):
            value._fail_with_undefined_error()
        try:
            written.append(f"{name}={expression(value, multiline=True)}")
        except TypeError:
            raise Misplaced(f"{describe(value)} has no form in Python code") from None
    return ", ".join(written)


def _text(value: object, what: str) -> str:
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    if not isinstance(value, str):
        raise Misplaced(f"{what} is a text, not {describe(value)}")
    return str(value)
