"""Runs under the interpreter that has Airflow: loads DAG files, prints what became of them.

A script on its own, without daggen: it is handed to that interpreter as a file. It reads a JSON
object {"files": [...]} from stdin and writes lines of JSON to the descriptor that its first
argument names, so that nothing a DAG file prints can mix with them: one once Airflow is imported,
then one for each file.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_BETWEEN = ("airflow/sdk/bases/operator.py", "airflow/models/baseoperator.py")


def main() -> None:
    """Load each file, in the order given."""
    request = json.load(sys.stdin)
    with os.fdopen(int(sys.argv[1]), "w", encoding="utf-8") as answer:
        bag_class = _dag_bag()
        _warm_up(bag_class)
        # Airflow's own bytecode may be kept as always; the DAGs' folder is left as it is.
        sys.dont_write_bytecode = True
        answer.write(json.dumps({"ready": True}) + "\n")
        answer.flush()
        for path in request["files"]:
            answer.write(json.dumps(load(bag_class, path)) + "\n")
            answer.flush()


def _warm_up(bag_class: Any) -> None:
    """Load a file without a DAG: what Airflow imports only then is nobody's parsing time."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "empty.py")
        empty.write_text("from airflow import DAG\n", encoding="utf-8")
        load(bag_class, str(empty))


def load(bag_class: Any, path: str) -> dict[str, Any]:
    """Load one file; milliseconds are wall time of importing it.

    Airflow's own modules are imported before, as the dag processor does once for all files.
    """
    _preimport(path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bag = bag_class(os.devnull)
        start = time.perf_counter()
        bag.process_file(path, only_if_updated=False, safe_mode=False)
        milliseconds = (time.perf_counter() - start) * 1000
    dags, errors, names = {}, dict(bag.import_errors), _other_names(path)
    for dag_id, dag in bag.dags.items():
        try:
            dags[dag_id] = {**describe(dag), "other_names": names}
        except Exception as error:
            errors[dag_id] = f"cannot be serialized: {type(error).__name__}: {error}"
    texts = [
        f"{os.path.realpath(str(each.filename))}:{each.lineno}: {each.category.__name__}: "
        f"{each.message}"
        for each in caught
    ]
    return {
        "path": path,
        "milliseconds": milliseconds,
        "errors": list(errors.values()),
        "warnings": sorted(set(_blamed(_captured(bag, path) or texts, path))),
        "dags": dags,
    }


def _other_names(path: str) -> dict[str, str]:
    """Give the names of classes that a file imports by another name, as `Old` after `Old = New`."""
    names = {}
    for node in _nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = sys.modules.get(node.module)
            for alias in node.names:
                found = getattr(module, alias.name, None)
                if isinstance(found, type) and found.__name__ != alias.name:
                    names[f"{node.module}.{alias.name}"] = found.__name__
    return names


def _nodes(path: str) -> Iterator[ast.AST]:
    with contextlib.suppress(OSError, SyntaxError, ValueError):
        yield from ast.walk(ast.parse(Path(path).read_bytes()))


def _preimport(path: str) -> None:
    for node in _nodes(path):
        names = [node.module] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name and name.split(".")[0] == "airflow":
                with contextlib.suppress(Exception):
                    importlib.import_module(name)


def describe(dag: Any) -> dict[str, Any]:
    """Give the parts of Airflow's serialized DAG that are compared, after a round trip."""
    serialization = _serialization()
    data = serialization.to_dict(dag)
    timetable = data["dag"].get("timetable") or data["dag"].get("schedule")
    return {"timetable": _plain(timetable), **shape(serialization.from_dict(data))}


def shape(dag: Any) -> dict[str, Any]:
    """Give the tasks and groups of a DAG, serialized or not."""
    groups = dag.task_group.get_task_group_dict()
    return {
        "tasks": {task.task_id: _task(task) for task in dag.tasks},
        "groups": {key: _around(group) for key, group in groups.items() if key},
    }


def _around(group: Any) -> Any:
    return getattr(getattr(group, "task_group", None) or group.parent_group, "group_id", None)


def _task(task: Any) -> dict[str, Any]:
    group = getattr(task, "task_group", None)
    return {
        "operator": task.task_type,
        "downstream": sorted(task.downstream_task_ids),
        "group": group.group_id if group else None,
        "trigger_rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
        "pool": task.pool,
        "retries": task.retries,
        "mapped": bool(getattr(task, "is_mapped", "Mapped" in type(task).__name__)),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(getattr(key, "value", key)): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _captured(bag: Any, path: str) -> list[str]:
    return list(getattr(bag, "captured_warnings", {}).get(path, ()))


def _blamed(texts: list[str], path: str) -> Iterator[str]:
    """Give the warnings that are about what the file says, as `LINE: CATEGORY: MESSAGE`.

    Others are about how Airflow or a provider is written. The metaclass of operators stands
    between a file and the constructors it calls, so what is told there is the file's, without line.
    """
    for text in texts:
        place, _, message = text.partition(": ")
        file, _, line = place.rpartition(":")
        if file == path:
            yield f"{line}: {message}"
        elif file.endswith(_BETWEEN):
            yield message


def _dag_bag() -> Any:
    importlib.import_module("airflow")
    for name in ("airflow.dag_processing.dagbag", "airflow.models.dagbag"):
        try:
            return importlib.import_module(name).DagBag
        except (ImportError, AttributeError):
            continue
    raise ImportError("this Airflow has no DagBag that is known")


def _serialization() -> Any:
    module = importlib.import_module("airflow.serialization.serialized_objects")
    return getattr(module, "DagSerialization", None) or module.SerializedDAG


if __name__ == "__main__":
    main()
