from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from daggen.airflow.catalog import Catalog
from daggen.cli.import_ import command
from daggen.config import find_project
from daggen.pipeline import Build, Settings, build
from daggen.project import Project
from daggen.specs.dagfactory.comments import Comment, comments_of
from daggen.specs.dagfactory.rewriting import rewrite
from daggen.specs.yaml import parse_yaml

Write = Callable[[str, str], Path]

FILE = """\
# All about orders.

default:
  # They run at night.
  schedule: "@daily"  # at midnight
  default_args:
    owner: data  # the team
    start_date: 2025-01-01

# The first DAG.
orders:
  description: "say ${{ this }}"
  # What nobody passes on.
  fail_fast: true  # not here
  tasks:
    # Load them.
    load:  # all of them
      operator: airflow.providers.standard.operators.bash.BashOperator
      bash_command: |
        # no comment
        set -e
        echo '# neither'
      retries: 2
    check: {operator: airflow.providers.standard.operators.empty.EmptyOperator}  # flow style
# The second.
returns:
  tasks:
    - task_id: load
      operator: airflow.providers.standard.operators.empty.EmptyOperator
    # Then this.
    - task_id: tell
      operator: airflow.providers.standard.operators.empty.EmptyOperator
      dependencies: [load]
# The end.
"""

ORDERS = """\
# All about orders.
# The first DAG.
dag_id: orders
description: say ${{ "${{" }} this }}
# They run at night.
schedule: '@daily' # at midnight
default_args:
  owner: data # the team
  start_date: 2025-01-01
# What nobody passes on.
# not here
tasks:
  # Load them.
  load: # all of them
    operator: airflow.providers.standard.operators.bash.BashOperator
    bash_command: |
      # no comment
      set -e
      echo '# neither'
    retries: 2
  check: # flow style
    operator: airflow.providers.standard.operators.empty.EmptyOperator
"""

RETURNS = """\
# The second.
dag_id: returns
# They run at night.
schedule: '@daily' # at midnight
default_args:
  owner: data # the team
  start_date: 2025-01-01
tasks:
  - task_id: load
    operator: airflow.providers.standard.operators.empty.EmptyOperator
  # Then this.
  - task_id: tell
    operator: airflow.providers.standard.operators.empty.EmptyOperator
    dependencies: [load]
# The end.
"""


def test_comments_stay_with_what_they_are_about(project: Project, write: Write) -> None:
    write("fleet.yml", FILE)
    found = rewrite(project, project.specs, project.specs, {})
    texts = {path.name: text for path, text in found.files.items()}
    assert texts == {"orders.yaml": ORDERS, "returns.yaml": RETURNS}
    assert found.originals == [project.specs / "fleet.yml"]


def test_comments_of_a_text() -> None:
    text = "# a\n\nk: 'v # x' # b\nl:\n  # c\n  - |\n    # text\n  # d\n  - '#'\n#e\n"
    assert comments_of(text) == [
        Comment(3, " a", beside=False),
        Comment(3, " b", beside=True),
        Comment(6, " c", beside=False),
        Comment(9, " d", beside=False),
        Comment(12, "e", beside=False),
    ]


def test_comments_before_a_syntax_error() -> None:
    assert comments_of("# a\nk: v\n\tl: '") == [Comment(2, " a", beside=False)]


def _build(project: Project) -> Build:
    return build(project, project.environments["default"], Settings(jobs=1, use_cache=False))


def _bodies(project: Project) -> dict[str, str]:
    """Give what the specs render to, without the two lines that name the spec."""
    built = _build(project)
    assert [found for found in built.diagnostics if found.is_error] == []
    return {path: file.content.split("\n", 2)[2] for path, file in built.files.items()}


CASES = sorted(Path(__file__).parents[2].glob("airflow/dagfactory/*/specs"))
WITHOUT_EFFECT = {
    "calls": "default_args keep what no task takes",
    "dates": "default_args keep a timezone that no task takes",
    "edges": "groups of no tasks",
    "lost": "default_args keep what no task takes",
    "merging": "a group of no tasks",
    "moments": "default_args keep a timezone that no task takes",
    "sensors": "the timeout that Airflow gives sensors is written out",
    "taskflow": "as above",
    "twice": "default_args keep a timezone that no task takes",
}
"""Cases with something that Airflow drops and specs refuse, or that specs ask for."""


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    text = '[environments.default.vars]\ntoday = "2026-01-01"\nPREFIX = "sales"\nRUNS = 5\n'
    (tmp_path / "daggen.toml").write_text(f'python_path = ["specs"]\n{text}')
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
def test_specs_render_as_the_files_did(case: Path, configured: Path) -> None:
    import shutil

    shutil.copytree(case, configured / "specs")
    project = find_project(configured)
    before = _bodies(project)
    result = CliRunner().invoke(
        command, ["dag-factory", str(project.specs), "--project", str(configured), "--force"]
    )
    assert result.exit_code == 0, result.output
    for path in project.specs.rglob("*.yml"):
        path.unlink()
    for path in project.specs.rglob("defaults.yaml"):
        path.unlink()
    after = _bodies(project)
    assert set(after) == set(before)
    different = {path for path in before if before[path] != after[path]}
    assert bool(different) == (case.parent.name in WITHOUT_EFFECT)


def _run(root: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["dag-factory", *arguments, "--project", str(root)])
    return result.exit_code, result.output


def test_a_folder_elsewhere_goes_to_the_specs(configured: Path) -> None:
    old = configured / "old" / "team"
    old.mkdir(parents=True)
    (old / "docs.md").write_text("# D\n")
    text = "d: {doc_md_file_path: $CONFIG_ROOT_DIR/team/docs.md, tasks: {t: {operator: a.b.C}}}\n"
    (old / "fleet.yml").write_text(text)
    assert _run(configured, str(configured / "old")) == (
        0,
        "specs/team/d.yaml\nWrote 1 spec.\n",
    )
    written = (configured / "specs" / "team" / "d.yaml").read_text()
    assert "file: ../../old/team/docs.md" in written


def test_nothing_is_overwritten_without_force(configured: Path) -> None:
    specs = configured / "specs"
    specs.mkdir()
    (specs / "fleet.yml").write_text("d: {tasks: {t: {operator: a.b.C}}}\n")
    (specs / "d.yaml").write_text("dag_id: d\n")
    code, output = _run(configured, str(specs))
    assert code == 1
    assert "DG921" in output
    assert (specs / "d.yaml").read_text() == "dag_id: d\n"
    assert _run(configured, str(specs), "--force")[0] == 0
    assert "a.b.C" in (specs / "d.yaml").read_text()


def test_nothing_is_written_when_a_file_is_refused(configured: Path) -> None:
    specs = configured / "specs"
    specs.mkdir()
    (specs / "good.yml").write_text("g: {tasks: {t: {operator: a.b.C}}}\n")
    (specs / "bad.yml").write_text("b: {start_date: soon, tasks: {t: {operator: a.b.C}}}\n")
    code, output = _run(configured, str(specs))
    assert code == 1
    assert "DG905" in output
    assert sorted(path.name for path in specs.iterdir()) == ["bad.yml", "good.yml"]


def test_the_extra_is_asked_for(configured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    specs = configured / "specs"
    specs.mkdir()
    (specs / "fleet.yml").write_text("d: {tasks: {t: {operator: a.b.C}}}\n")
    monkeypatch.delitem(sys.modules, "daggen.specs.dagfactory.native", raising=False)
    monkeypatch.setitem(sys.modules, "ruamel.yaml", None)
    code, output = _run(configured, str(specs))
    assert code == 2
    assert "daggen[import]" in output


def test_sensors_get_the_timeout_that_they_have(project: Project, write: Write) -> None:
    sensor = "operator: airflow.providers.standard.sensors.filesystem.FileSensor, filepath: f"
    write(
        "fleet.yml",
        f"a: {{tasks: {{t: {{{sensor}}}}}}}\nb: {{tasks: [{{task_id: t, {sensor}}}]}}\n",
    )
    found = rewrite(project, project.specs, project.specs, {})
    assert all("timeout: 7d" in text for text in found.files.values())


def test_names_that_are_no_specs_are_avoided(project: Project, write: Write) -> None:
    write("fleet.yml", "_hidden: {tasks: {t: {operator: a.b.C}}}\n")
    found = rewrite(replace(project), project.specs, project.specs, {})
    assert [path.name for path in found.files] == ["dag_hidden.yaml"]


def test_two_dags_of_one_file_name_are_told(project: Project, write: Write) -> None:
    write(
        "fleet.yml", "_x: {tasks: {t: {operator: a.b.C}}}\ndag_x: {tasks: {t: {operator: a.b.C}}}\n"
    )
    found = rewrite(project, project.specs, project.specs, {})
    assert [d.code for d in found.diagnostics if d.is_error] == ["DG921"]


@pytest.mark.parametrize(
    ("operator", "kept"),
    [
        ("airflow.providers.standard.operators.empty.EmptyOperator", False),
        ("airflow.providers.standard.sensors.time.TimeSensor", True),
        ("a.b.Unknown", True),
    ],
)
def test_default_args_that_no_task_takes(
    project: Project, write: Write, operator: str, kept: bool
) -> None:
    defaults = "default_args: {mode: reschedule, owner: o}"
    write("fleet.yml", f"d: {{{defaults}, tasks: {{t: {{operator: {operator}}}}}}}\n")
    operators = Catalog.load()
    found = rewrite(project, project.specs, project.specs, {}, operators)
    (text,) = found.files.values()
    assert ("mode: reschedule" in text) is kept
    assert "owner: o" in text


def test_odd_line_breaks_come_back_as_they_are(project: Project, write: Write) -> None:
    write("fleet.yml", 'd: {description: "a\\L  b\\P c\\N d", tasks: {t: {operator: a.b.C}}}\n')
    (text,) = rewrite(project, project.specs, project.specs, {}).files.values()
    (document,), _ = parse_yaml(text, "d.yaml")
    assert document.data["description"] == "a\u2028  b\u2029 c\x85 d"
