"""Reading a DAG file back: Python source in, what Airflow would make of it out.

Nothing is imported or executed. The file is followed by a small abstract interpreter that knows
Airflow's building blocks; what it cannot know it says, as a `Doubt` or an `Unknown` value.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import PurePosixPath

from daggen.code.graph import DagFile, DagGraph, Doubt
from daggen.code.parse import parse_python
from daggen.code.reader.calls import invoke
from daggen.code.reader.expressions import evaluate
from daggen.code.reader.machine import Exhausted, Machine, Raised
from daggen.code.reader.objects import DagObject, FilePath, Opaque
from daggen.code.reader.result import finish
from daggen.code.reader.statements import run_block, run_function
from daggen.code.reader.values import Freezer

__all__ = ["read_dags", "read_file"]


def read_dags(source: str, path: str, airflow: tuple[int, int] = (3, 3)) -> tuple[DagGraph, ...]:
    """Read the DAGs of a file, in the order in which they stand there.

    `path` is used only for the file's name; `airflow` is the version whose rules count. Raises
    SyntaxError when the text is not Python.
    """
    return read_file(source, path, airflow).dags


def read_file(
    source: str,
    path: str,
    airflow: tuple[int, int] = (3, 3),
    templated: Callable[[str], frozenset[str] | None] = lambda dotted: None,
) -> DagFile:
    """Read the DAGs of a file, and what about the file as a whole cannot be told.

    `templated` gives the template fields of operators that are not known here. Raises
    SyntaxError when the text is not Python.
    """
    tree = parse_python(source, path)
    machine = Machine(source, evaluate, run_block, run_function, invoke, airflow, templated)
    machine.module.names.update(_module_names(tree, path))
    failure = _run(machine, tree)
    seen = [dag for dag in machine.dags if dag.registered or _is_global(machine, dag)]
    extra = (failure,) if failure else ()
    freezer = Freezer(machine.tainted)
    return DagFile(
        path=path,
        dags=tuple(finish(dag, freezer, extra) for dag in seen),
        doubts=(*machine.doubts, *extra),
    )


def _module_names(tree: ast.Module, path: str) -> dict[str, object]:
    return {
        "__name__": Opaque("__name__"),
        "__file__": FilePath(PurePosixPath(path).name),
        "__doc__": ast.get_docstring(tree, clean=False),
    }


def _run(machine: Machine, tree: ast.Module) -> Doubt | None:
    """Follow the file; gives a doubt about all of it when that came to no end."""
    try:
        run_block(machine, tree.body, machine.module)
    except Raised:
        return Doubt("dags", "the file raises an exception when it is loaded", 1)
    except Exhausted:
        return Doubt("tasks", "the file does more than is worth following", 1)
    except RecursionError:
        return Doubt("tasks", "the file is nested too deeply to be followed", 1)
    return None


def _is_global(machine: Machine, dag: DagObject) -> bool:
    """Tell whether Airflow finds a DAG among the names of the module."""
    return any(value is dag for value in machine.module.names.values())
