"""Finds names in Jinja that the task context of the targeted Airflow no longer has.

Linters for Airflow look at code, not into the strings that Airflow renders when a task runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from daggen.code.finding import Finding
from daggen.code.graph import Call, DagGraph, Value
from daggen.diagnostics.codes.tasks import GONE_CONTEXT_NAME

_YESTERDAY = "write {{ macros.ds_add(ds, -1) }}"
_TOMORROW = "write {{ macros.ds_add(ds, 1) }}"
_BEFORE = "write prev_data_interval_start_success, or take a fixed step from logical_date"
_AFTER = "write {{ data_interval_end | ds }}"
_GONE: Mapping[str, str] = {
    "conf": "read Airflow's configuration inside a task",
    "execution_date": "write logical_date, or dag_run.run_after for runs that have none",
    "next_ds": _AFTER,
    "next_ds_nodash": "write {{ data_interval_end | ds_nodash }}",
    "next_execution_date": "write data_interval_end",
    "prev_ds": _BEFORE,
    "prev_ds_nodash": _BEFORE,
    "prev_execution_date": _BEFORE,
    "prev_execution_date_success": "write prev_data_interval_start_success",
    "tomorrow_ds": _TOMORROW,
    "tomorrow_ds_nodash": _TOMORROW,
    "yesterday_ds": _YESTERDAY,
    "yesterday_ds_nodash": _YESTERDAY,
}
_EXPRESSION = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)
_TEXT = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", re.DOTALL)
_NAME = re.compile(r"(?<![\w.])([A-Za-z_]\w*)(?!\w*\s*=[^=])")


def check_context_names(graph: DagGraph, airflow: tuple[int, int]) -> Iterator[Finding]:
    """Report each argument of a task whose Jinja uses a name that Airflow 3 has no more."""
    if airflow < (3, 0):
        return
    own = graph.arguments.get("user_defined_macros")
    known = {str(name) for name in own} if isinstance(own, Mapping) else set()
    for task in graph.tasks.values():
        for argument, value in {**task.arguments, **task.expand}.items():
            for text in _texts(value):
                for name in sorted((_names(text) & _GONE.keys()) - known):
                    message = f'"{name}" is gone from the context of Airflow 3'
                    yield Finding(
                        GONE_CONTEXT_NAME, message, _GONE[name], task.task_id, argument, (text,)
                    )


def _names(text: str) -> set[str]:
    """Give the names that stand alone in the Jinja of a text: no attributes, no strings."""
    inside = " ".join(a or b for a, b in _EXPRESSION.findall(text))
    return set(_NAME.findall(_TEXT.sub("''", inside)))


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        if "{{" in value or "{%" in value:
            yield value
    elif isinstance(value, Call):
        for inner in (*value.args, *value.kwargs.values()):
            yield from _texts(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from _texts(inner)
