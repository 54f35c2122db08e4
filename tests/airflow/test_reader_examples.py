"""The reader against Airflow itself, on every example file that is installed with it.

For each file that Airflow can load, each DAG read must equal Airflow's own, or the reader must
have said which part it cannot tell. It must never be wrong.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from daggen.airflow.verify.compare import differences
from daggen.airflow.verify.probe import describe, shape
from daggen.code.effective import effective_argument
from daggen.code.graph import DagGraph, Task
from daggen.code.reader import read_file

HERE = Path(__file__).parent / "dags_to_read"


def example_files() -> list[Path]:
    """Find all example files of the installed Airflow and its providers."""
    spec = importlib.util.find_spec("airflow")
    assert spec is not None
    roots = [Path(place) for place in spec.submodule_search_locations or ()]
    found = {
        path
        for root in roots
        for pattern in ("**/example_dags/**/*.py", "**/tests/system/**/*.py")
        for path in root.glob(pattern)
    }
    return sorted(path for path in found if path.name != "__init__.py")


@dataclass
class Verdict:
    """What comparing one file came to."""

    path: Path
    wrong: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def load(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Load a file in Airflow; gives its DAGs and its import errors."""
    from airflow.dag_processing.dagbag import DagBag

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bag = DagBag(str(path), safe_mode=False)
    return dict(bag.dags), dict(bag.import_errors)


def compare_file(path: Path, dags: dict[str, Any]) -> Verdict:
    verdict = Verdict(path)
    read = read_file(path.read_text(encoding="utf-8"), str(path))
    verdict.unknown += [f"file: {doubt.reason}" for doubt in read.doubts]
    graphs = {graph.dag_id: graph for graph in read.dags}
    for graph in read.dags:
        verdict.unknown += [
            f"{graph.dag_id} {doubt.part}: {doubt.reason}" for doubt in graph.doubts
        ]
    for dag_id in dags.keys() - graphs.keys():
        if not read.doubts and "" not in graphs:
            verdict.wrong.append(f"{dag_id} was not read")
    for dag_id, graph in graphs.items():
        if any(doubt.part == "dag_id" for doubt in graph.doubts):
            continue
        if dag_id not in dags:
            verdict.wrong.append(f"{dag_id} is not there")
        else:
            verdict.wrong += [f"{dag_id}: {what}" for what in compare_dag(graph, dags[dag_id])]
    return verdict


def compare_dag(graph: DagGraph, dag: Any) -> Iterator[str]:
    """Compare as `daggen verify` does, then what only a DAG that was not serialized shows."""
    yield from (message for message, _ in differences(graph, real_parts(dag)))
    parts = {doubt.part for doubt in graph.doubts}
    for name in ("description", "catchup", "max_active_runs", "doc_md", "dag_display_name"):
        value = graph.arguments.get(name)
        if name in graph.arguments and is_plain(value) and getattr(dag, name) != value:
            yield f"{name}: {value!r} for {getattr(dag, name)!r}"
    groups = dag.task_group.get_task_group_dict()
    for group_id in graph.groups.keys() & groups.keys():
        mapped = type(groups[group_id]).__name__ == "MappedTaskGroup"
        if bool(graph.groups[group_id].expand) != mapped:
            yield f"mapping of group {group_id}"
    if not parts & {"tasks", "edges"}:
        yield from compare_labels(graph, dag)
    for task_id in graph.tasks.keys() & dag.task_dict.keys():
        if f"task {task_id}" not in parts:
            yield from compare_task(graph, graph.tasks[task_id], dag.task_dict[task_id])


def real_parts(dag: Any) -> dict[str, Any]:
    """Describe a DAG as `daggen verify` does; one that needs a plugin cannot be serialized here."""
    from airflow.exceptions import SerializationError

    try:
        return describe(dag)
    except SerializationError:
        return {"timetable": None, **shape(dag)}


def compare_labels(graph: DagGraph, dag: Any) -> Iterator[str]:
    labels = {(edge.upstream, edge.downstream): edge.label for edge in graph.edges}
    for upstream, ends in dag.edge_info.items():
        for downstream, info in ends.items():
            if (upstream, downstream) in labels:
                read = labels[upstream, downstream]
                if read != info["label"]:
                    yield f"label {upstream} -> {downstream}: {read!r} for {info['label']!r}"


def compare_task(graph: DagGraph, task: Task, real: Any) -> Iterator[str]:
    flags = (task.is_setup, task.is_teardown)
    yield from compare_arguments(task, real)
    for name in ("owner", "queue", "priority_weight", "depends_on_past"):
        value = effective_argument(graph, task, name)
        if is_plain(value) and value is not None and getattr(real, name) != value:
            yield f"{name} of {task.task_id}: {value!r} for {getattr(real, name)!r}"
    if not real.is_mapped and flags != (real.is_setup, real.is_teardown):
        yield f"setup and teardown of {task.task_id}: {flags}"


def compare_arguments(task: Task, real: Any) -> Iterator[str]:
    """Compare the plain arguments with what Airflow's operator holds under their names."""
    held = real.partial_kwargs if real.is_mapped else vars(real)
    for name, value in task.arguments.items():
        if name in held and name not in CONVERTED and is_plain(value) and held[name] != value:
            yield f"{name} of {task.task_id}: {value!r} for {held[name]!r}"


CONVERTED = (
    "defaults",
    "params",
    "retry_delay",
    "skip_on_exit_code",
    "trigger_rule",
    "weight_rule",
)


def is_plain(value: object) -> bool:
    if isinstance(value, list | tuple | set):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    return value is None or isinstance(value, str | int | float)


def report(verdicts: list[Verdict]) -> tuple[int, int]:
    """Print what comparing files came to; gives how many are equal and how many wrong."""
    wrong = [verdict for verdict in verdicts if verdict.wrong]
    unknown = [verdict for verdict in verdicts if verdict.unknown and not verdict.wrong]
    equal = len(verdicts) - len(wrong) - len(unknown)
    counts = f"equal {equal}, partly unknown {len(unknown)}, wrong {len(wrong)}"
    print(f"\nfiles {len(verdicts)}, {counts}")
    for verdict in unknown:
        print(f"  unknown: {verdict.path.name}: {'; '.join(verdict.unknown)}")
    for verdict in wrong:
        print(f"  wrong: {verdict.path.name}: {'; '.join(verdict.wrong)}")
    return equal, len(wrong)


def test_reader_is_never_wrong_about_the_examples() -> None:
    verdicts = []
    for path in example_files():
        dags, errors = load(path)
        if dags and not errors:
            verdicts.append(compare_file(path, dags))
    equal, wrong = report(verdicts)
    assert wrong == 0
    assert len(verdicts) > 50
    assert equal / len(verdicts) > 0.9


@pytest.mark.parametrize("path", sorted(HERE.glob("*.py")), ids=lambda path: path.stem)
def test_reader_equals_airflow(path: Path) -> None:
    dags, errors = load(path)
    assert not errors
    verdict = compare_file(path, dags)
    assert verdict.wrong == []
    assert verdict.unknown == []


def test_our_fleet_is_read_as_airflow_builds_it(bag: Any, fleet_directory: Path) -> None:
    files: dict[Path, dict[str, Any]] = {}
    for dag in bag.dags.values():
        files.setdefault(Path(dag.fileloc), {})[dag.dag_id] = dag
    verdicts = [compare_file(path, dags) for path, dags in sorted(files.items())]
    equal, wrong = report(verdicts)
    assert wrong == 0
    assert equal == len(verdicts) >= 40
