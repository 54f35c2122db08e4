"""What is no change, and what a plan compares with."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

FORMATS = ("text", "markdown", "json", "html")


def _says_no_changes(repository: Any, *arguments: str) -> None:
    written = {
        form: repository.daggen("plan", "--format", form, *arguments).stdout for form in FORMATS
    }
    assert written["text"].startswith("No changes."), written["text"]
    assert "**No changes.**" in written["markdown"]
    assert json.loads(written["json"])["dags"] == []
    assert '"dags":[]' in written["html"]


def test_a_fresh_branch_changes_nothing(repository: Any) -> None:
    _says_no_changes(repository)


def test_a_renamed_variable_in_a_template_is_no_change(repository: Any) -> None:
    repository.edit("templates/copy.py.j2", "read = ", "reader = ")
    repository.edit("templates/copy.py.j2", "read >> write", "reader >> write")
    repository.render()
    assert "reader" in (repository.root / "generated_dags/copy_orders.py").read_text()
    _says_no_changes(repository)


def test_a_new_format_is_no_change(repository: Any) -> None:
    repository.edit(
        "templates/copy.py.j2",
        'task_id="read", bash_command="echo read {{ entity }}"',
        'bash_command="echo read {{ entity }}",  # first\n        task_id="read"',
    )
    repository.edit("specs/hourly.yaml", "schedule:", "# when\nschedule:")
    with (repository.root / "daggen.toml").open("a") as config:
        config.write("line-length = 60\n")
    repository.render()
    assert "# first" in (repository.root / "generated_dags/copy_orders.py").read_text()
    _says_no_changes(repository)


def test_the_base_is_where_the_branch_left_main(repository: Any) -> None:
    repository.edit("specs/hourly.yaml", "@daily", "@hourly")
    repository.render()
    repository.commit("On the branch")
    repository.git("switch", "--quiet", "main")
    repository.edit("specs/mapped.yaml", "echo write", "echo main")
    repository.render()
    repository.commit("On main")
    repository.git("switch", "--quiet", "change")
    told = repository.daggen("plan").stdout
    assert "~ hourly" in told
    assert "mapped" not in told


def test_a_named_base_is_compared_with(repository: Any) -> None:
    repository.edit("specs/hourly.yaml", "@daily", "@hourly")
    repository.render()
    repository.commit("On the branch")
    _says_no_changes(repository, "--base", "HEAD")
    assert "~ hourly" in repository.daggen("plan", "--base", "HEAD~1").stdout


def test_what_is_not_committed_counts(repository: Any) -> None:
    spec = (repository.root / "specs/hourly.yaml").read_text().replace("hourly", "new_one")
    repository.write("specs/new_one.yaml", spec)
    told = repository.daggen("plan", "--base", "HEAD").stdout
    assert "+ new_one: 3 tasks" in told
    assert "spec specs/new_one.yaml" in told


def test_a_project_below_the_top_of_its_repository(repository: Any) -> None:
    for path in repository.git("ls-files").splitlines():
        target = repository.root / "data/platform" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (repository.root / path).rename(target)
    repository.commit("Move")
    below = type(repository)(repository.root / "data/platform")
    below.edit("specs/hourly.yaml", "@daily", "@hourly")
    told = below.daggen("plan", "--base", "HEAD").stdout
    assert "~ hourly  (directly: spec specs/hourly.yaml)" in told
    assert "1 to change" in told


def test_a_revision_that_does_not_exist(repository: Any) -> None:
    result = repository.daggen("plan", "--base", "mian")
    assert result.exit_code == 2
    assert 'error[DG082]: unknown revision "mian"' in result.stdout


@pytest.mark.parametrize("revision", ["--output=x", "-p", "HEAD:specs", "main..change"])
def test_a_revision_is_never_an_option(repository: Any, revision: str) -> None:
    result = repository.daggen("plan", f"--base={revision}")
    assert result.exit_code == 2
    assert "DG082" in result.stdout


def test_without_git_the_disk_is_the_base(repository: Any, tmp_path: Path) -> None:
    plain = type(repository)(tmp_path / "plain")
    for path in repository.git("ls-files").splitlines():
        plain.write(path, (repository.root / path).read_text())
    _says_no_changes(plain)
    plain.edit("specs/hourly.yaml", "@daily", "@hourly")
    told = plain.daggen("plan").stdout
    assert "~ hourly\n" in told
    assert "Compared with the files on disk." in told
    result = plain.daggen("plan", "--base", "main")
    assert result.exit_code == 2
    assert "DG081" in result.stdout


def test_a_shallow_clone_says_what_to_fetch(repository: Any, tmp_path: Path) -> None:
    repository.write("note.txt", "x\n")
    repository.commit("On the branch")
    repository.git("switch", "--quiet", "main")
    repository.write("other.txt", "x\n")
    repository.commit("On main")
    clone = tmp_path / "clone"
    options = ["--quiet", "--depth=1", "--no-single-branch", "--branch=change"]
    subprocess.run(
        ["git", "clone", *options, repository.root.as_uri(), clone], check=True, capture_output=True
    )
    result = type(repository)(clone).daggen("plan")
    assert result.exit_code == 2
    assert "DG083" in result.stdout
    assert "fetch-depth: 0" in result.stdout


def test_a_hand_edit_on_disk_is_mentioned(repository: Any) -> None:
    repository.edit("generated_dags/edited.py", "echo edited", "echo EDITED")
    result = repository.daggen("plan")
    assert "No changes." in result.stdout
    assert "generated_dags/edited.py was edited by hand" in result.stderr


def test_a_broken_spec_is_reported_and_nothing_is_planned(repository: Any) -> None:
    repository.edit("specs/hourly.yaml", "dag_id: hourly", "dag_id: hourly\ndag_idd: x")
    result = repository.daggen("plan")
    assert result.exit_code == 1
    assert "specs/hourly.yaml:2" in result.stdout
    assert "to change" not in result.stdout


def test_a_plan_goes_to_a_file(repository: Any, tmp_path: Path) -> None:
    target = tmp_path / "plan.md"
    result = repository.daggen("plan", "--format", "markdown", "--output", str(target))
    assert result.stdout == ""
    assert target.read_text().startswith("**No changes.**")


@pytest.mark.parametrize("command", [("plan",), ("graph", "hourly")])
def test_a_file_that_cannot_be_written(
    repository: Any, tmp_path: Path, command: tuple[str, ...]
) -> None:
    result = repository.daggen(*command, "--output", str(tmp_path / "absent/plan"))
    assert result.exit_code == 2
    assert f"error[DG410]: cannot write {tmp_path}/absent/plan: No such file" in result.stdout


def test_a_site_where_no_folder_can_be(repository: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = repository.daggen("site", str(tmp_path / "file/site"))
    assert result.exit_code == 2
    assert "error[DG410]: cannot write" in result.stdout
