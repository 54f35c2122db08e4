"""dag-factory's files, rendered by daggen and loaded by Airflow, equal what dag-factory builds.

The project's own cases are the directories of `dagfactory/`: their `expected.json` was taken from
DAGs that dag-factory 1.1.0 built on Airflow 3.3.2, with its day frozen at 2026-01-01. Further
files of the same kind are tried where they lie beside the checkout.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from daggen.config import find_project
from daggen.pipeline import Build, Settings, build

HERE = Path(__file__).parent
OWN = sorted(path.parent for path in HERE.glob("dagfactory/*/expected.json"))
SHARED = HERE.parents[2] / "shared" / "conformance" / "dagfactory"

pytestmark = pytest.mark.filterwarnings(
    "ignore:The `airflow.utils.operator_helpers.determine_kwargs` attribute is deprecated"
)
"""The standard provider's own sensors use what Airflow declares obsolete."""

CONFIG = """\
python_path = ["specs"]
[environments.default.vars]
today = "2026-01-01"
PREFIX = "sales"
RUNS = 5
"""

LAMBDAS = {
    'success_check_lambda: "lambda x: x == 1"': (
        "success_check_name: one, success_check_file: $CONFIG_ROOT_DIR/helpers.py"
    ),
    "response_check_lambda: \"lambda r: 'ok' in r.text\"": (
        "response_check_name: one, response_check_file: $CONFIG_ROOT_DIR/helpers.py"
    ),
}
"""What daggen asks people to write in place of code in a value, for the one file that has it."""

REFUSED = {
    "p08e_type_arbitrary_call.yml": "DG241: a value would run a command at each parse",
}
"""Files that daggen refuses, with the finding that says so."""

DIFFERENT = {
    "p09_sensors.yml": {
        "a.tasks.h2.template_fields.data": "the JSON body is text, not a function that gives it",
        "a.tasks.h2.template_fields_scalar.data": "as above: text is a scalar",
    },
    "p39_variables_as_arguments.yml": {
        "a.tasks.t.template_fields.bash_command": "the Variable is read at run time, by Jinja",
        "a.tasks.t.template_fields_scalar.bash_command": "as above",
    },
    "x02_retry_delay_int.yml": {
        "d.default_args.retry_delay": "a number of seconds is written as timedelta; the task's "
        "own retry_delay is compared too, and equal",
        "d.default_args.max_retry_delay": "as above",
    },
}
"""Fields that differ on purpose, by file, with the reason."""


def _describe(output: Path, package: Path) -> dict[str, Any]:
    """Load rendered files as the dag processor does and describe their DAGs."""
    from airflow.dag_processing.dagbag import DagBag

    sys.path.insert(0, str(package))
    try:
        bag = DagBag(str(output), safe_mode=False)
    finally:
        sys.path.remove(str(package))
        for name in [file.stem for file in package.glob("*.py")]:
            sys.modules.pop(name, None)
    assert not bag.import_errors
    oracle = _oracle()
    return {dag_id: oracle.describe_dag(dag) for dag_id, dag in bag.dags.items()}


def _oracle() -> Any:
    spec = importlib.util.spec_from_file_location("oracle", HERE / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _render(root: Path) -> Build:
    (root / "daggen.toml").write_text(CONFIG)
    project = find_project(root)
    built = build(project, project.environments["default"], Settings(jobs=1, use_cache=False))
    for path, file in built.files.items():
        target = root / "output" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.content)
    return built


def _differences(found: Any, expected: Any, path: str = "") -> Iterator[str]:
    """Give the fields in which two descriptions differ; lists of tasks are compared by task_id."""
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        for name in sorted({*found, *expected}):
            inner = f"{path}.{name}" if path else name
            yield from _differences(found.get(name, "<none>"), expected.get(name, "<none>"), inner)
    elif path.endswith(".tasks"):
        yield from _differences(_by_id(found), _by_id(expected), path)
    elif found != expected:
        yield f"{path}: {found!r}, dag-factory: {expected!r}"


def _by_id(tasks: list[dict[str, Any]]) -> dict[str, Any]:
    return {task["task_id"]: task for task in tasks}


_RELATIONS = [
    f"{side}_{kind}_ids" for side in ("upstream", "downstream") for kind in ("group", "task")
]


def _members(dag: dict[str, Any]) -> dict[str, set[str]]:
    """Give the tasks of each group and of the groups inside."""
    groups = dag["task_groups"]
    members: dict[str, set[str]] = {name: set() for name in groups}
    for task in dag["tasks"]:
        name = task["task_group"]
        while name in groups:
            members[name].add(task["task_id"])
            name = groups[name]["parent"]
    return members


def _settle(dag: dict[str, Any]) -> None:
    """Level what means the same to Airflow, and dag-factory says in its own way.

    It passes `start_date=None` where only default_args have one: DAG.start_date is then None, and
    Airflow takes the dates of the tasks. It writes `load << extract`, where daggen writes
    `extract >> load`: between groups, Airflow notes the same edge with the tasks of the one or of
    the other. The edges of the tasks, and those between the groups, are compared as they are, but
    for groups of no task: there Airflow draws in `g >> x` what it does not draw in `x << g`, so
    that daggen leaves the dependency out.
    Timetables are named by class: a path of Airflow 2 comes out as today's. Their arguments are
    compared in their serialized form.
    """
    dag["timetable"]["class"] = dag["timetable"]["class"].rpartition(".")[2]
    if isinstance(dag["schedule"], dict) and "object" in dag["schedule"]:
        dag["schedule"] = dag["schedule"]["object"].rpartition(".")[2]
    if dag["start_date"] is None:
        dag["start_date"] = dag["default_args"].get("start_date")
    members = _members(dag)
    empty = {name for name in members if not members[name]}
    for name, group in dag["task_groups"].items():
        for key in _RELATIONS:
            group[key] = [] if name in empty else sorted(set(group[key]) - empty)
        for side in ("upstream", "downstream"):
            others = [members[other] for other in group[f"{side}_group_ids"]]
            group[f"{side}_task_ids"] = sorted(set(group[f"{side}_task_ids"]).difference(*others))


def _check(
    root: Path, expected: Mapping[str, Any], reasons: Mapping[str, str] | None = None
) -> None:
    built = _render(root)
    errors = [found for found in built.diagnostics if found.is_error]
    assert not errors
    described = json.loads(json.dumps(_describe(root / "output", root / "specs")))
    wanted = json.loads(json.dumps(expected))
    for dag in (*described.values(), *wanted.values()):
        _settle(dag)
    for dag in wanted.values():
        dag.pop("doc_md_user", None)
        dag["tags"] = [tag for tag in dag["tags"] if tag != "dagfactory"]
    different = list(_differences(described, wanted))
    unexplained = [line for line in different if line.partition(": ")[0] not in (reasons or {})]
    assert not unexplained, "\n".join(unexplained)
    assert len(different) == len(reasons or {}), "a difference that is explained is gone"


@pytest.mark.parametrize("case", OWN, ids=lambda path: path.name)
def test_own_case(case: Path, tmp_path: Path) -> None:
    shutil.copytree(case / "specs", tmp_path / "specs")
    recorded = json.loads((case / "expected.json").read_text())
    _check(tmp_path, recorded["dags"], recorded.get("differences"))


def test_there_are_own_cases() -> None:
    assert len(OWN) >= 10


def _shared_files() -> list[Path]:
    return sorted(SHARED.glob("*.yml"))


@pytest.mark.parametrize("file", _shared_files(), ids=lambda path: path.stem)
def test_shared_case(file: Path, tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    specs.mkdir()
    shutil.copy(SHARED / "helpers.py", specs)
    text = file.read_text()
    if file.name in REFUSED:
        (specs / file.name).write_text(text)
        codes = [found.code for found in _render(tmp_path).diagnostics if found.is_error]
        assert codes == [REFUSED[file.name].partition(":")[0]]
        return
    for refused, accepted in LAMBDAS.items():
        text = text.replace(refused, accepted)
    (specs / file.name).write_text(text)
    expected = json.loads(file.with_suffix(".oracle.json").read_text())["dags"]
    _check(tmp_path, expected or {}, DIFFERENT.get(file.name))
