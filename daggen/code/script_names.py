"""Finds commands that Airflow takes for the name of a file, since they end with that of a script.

Airflow looks for such a file below the directory of the DAG and in `template_searchpath`, to render
what is in it: an absolute path is looked for there too, and so is a command with its arguments.
"""

from __future__ import annotations

from collections.abc import Iterator

from daggen.code.finding import Finding
from daggen.code.graph import DagGraph, Task, listed
from daggen.diagnostics.codes.tasks import SCRIPT_AS_TEMPLATE

_BASH = (
    "airflow.providers.standard.operators.bash.BashOperator",
    "airflow.operators.bash.BashOperator",
)
_ARGUMENT = "bash_command"
_ENDS = (".sh", ".bash")
_ROOTS = frozenset("bin etc home mnt opt root sbin srv tmp usr var".split())
"""Directories at the root of a machine, which nobody has below that of a DAG."""
_PROGRAMS = frozenset(". bash cd chmod echo env exec export nohup sh source sudo time zsh".split())
"""What a command begins with, and no name of a file that has spaces."""
_JOINS = ("&&", "||", ";", "\n")


def check_script_names(graph: DagGraph) -> Iterator[Finding]:
    """Report commands of bash that are no name of a file which Airflow could render.

    A DAG that sets Jinja up in its own way, or looks for files everywhere, is passed over.
    """
    if graph.arguments.get("jinja_environment_kwargs") is not None:
        return
    if "/" in listed(graph.arguments.get("template_searchpath")):
        return
    for task in graph.tasks.values():
        for text in _commands(task) if task.operator in _BASH else ():
            if text.endswith(_ENDS) and _is_no_template(text):
                yield Finding(
                    SCRIPT_AS_TEMPLATE,
                    "Airflow takes this command for the name of a template file, and finds none",
                    "end it with a space, and it is run",
                    task.task_id,
                    _ARGUMENT,
                    (text,),
                )


def _is_no_template(text: str) -> bool:
    first, *more = text.split() or [""]
    if more and (first in _PROGRAMS or any(each in text for each in _JOINS)):
        return True
    return text.startswith("/") and text.split("/")[1] in _ROOTS


def _commands(task: Task) -> Iterator[str]:
    for value in (task.arguments.get(_ARGUMENT), *listed(task.expand.get(_ARGUMENT))):
        if isinstance(value, str):
            yield value
