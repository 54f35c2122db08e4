"""Stamps, plans and writing: nothing is lost, and all or nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from daggen.fleet.diff import diff
from daggen.fleet.plan import FilePlan, Status, plan
from daggen.fleet.stamp import Stamp, companion, read_stamp, stamp
from daggen.fleet.write import WriteError, write

BODY = "x = 1\n"
CONTENT = stamp(BODY, "specs/a.yaml")


def test_a_stamp_tells_an_edit_but_not_a_change_of_line_ends() -> None:
    assert read_stamp(CONTENT.encode()) == Stamp("specs/a.yaml", intact=True)
    assert read_stamp(CONTENT.replace("\n", "\r\n").encode()) == Stamp("specs/a.yaml", True)
    assert read_stamp((CONTENT + "y = 2\n").encode()) == Stamp("specs/a.yaml", intact=False)
    assert read_stamp(BODY.encode()) is None
    assert read_stamp(b"\xff" + CONTENT.encode()) is None


def test_a_stamp_stays_one_line_whatever_the_spec_is_called() -> None:
    assert stamp(BODY, "specs/a\nimport os\n.yaml").count("\n") == 3


def _statuses(output: Path, desired: dict[str, str]) -> dict[str, Status]:
    return {entry.path: entry.status for entry in plan(desired, output)}


def test_every_status(tmp_path: Path) -> None:
    other = stamp("x = 2\n", "specs/a.yaml")
    files = {
        "same.py": CONTENT,
        "old.py": other,
        "gone.py": CONTENT,
        "sub/edited.py": CONTENT + "#\n",
        "gone_edited.py": CONTENT + "#\n",
        "mine.py": BODY,
        "unrelated.py": BODY,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    desired = dict.fromkeys(("same.py", "old.py", "new.py", "sub/edited.py", "mine.py"), CONTENT)
    assert _statuses(tmp_path, desired) == {
        "same.py": Status.UNCHANGED,
        "old.py": Status.CHANGED,
        "gone.py": Status.STALE,
        "new.py": Status.MISSING,
        "sub/edited.py": Status.EDITED,
        "gone_edited.py": Status.EDITED,
        "mine.py": Status.FOREIGN,
    }


def test_a_run_for_some_specs_calls_no_file_of_others_stale(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(stamp(BODY, "specs/b.yaml"))
    assert plan({}, tmp_path, lambda mark: mark.spec == "specs/a.yaml") == []


def test_write_creates_replaces_and_deletes(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/old.py").write_text(CONTENT)
    plans = plan({"a.py": CONTENT}, tmp_path)
    write(plans, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.py"]
    assert {entry.status for entry in plan({"a.py": CONTENT}, tmp_path)} == {Status.UNCHANGED}


def test_a_failure_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("old")
    (tmp_path / "b.py").mkdir()
    plans = [FilePlan(name, Status.CHANGED, b"old", "new") for name in ("a.py", "b.py")]
    with pytest.raises(WriteError, match="no file was changed"):
        write(plans, tmp_path)
    assert (tmp_path / "a.py").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.py", "b.py"]


def test_a_failed_move_puts_the_others_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("old")
    replace = Path.replace

    def fail_for_b(self: Path, target: Path) -> Path:
        if target.name == "b.py":
            raise OSError(5, "Input/output error", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_for_b)
    plans = [FilePlan(name, Status.CHANGED, b"old", "new") for name in ("a.py", "b.py")]
    with pytest.raises(WriteError):
        write(plans, tmp_path)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.py": "old", "b.py": "old"}


def test_no_link_leads_out_of_the_output(tmp_path: Path) -> None:
    output, outside = tmp_path / "out", tmp_path / "outside"
    output.mkdir()
    outside.mkdir()
    (output / "sub").symlink_to(outside)
    with pytest.raises(WriteError, match="outside the output directory"):
        write([FilePlan("sub/a.py", Status.MISSING, None, "new")], output)
    assert list(outside.iterdir()) == []


def test_the_diff_is_one_that_git_reads() -> None:
    plans = [
        FilePlan("a.py", Status.CHANGED, b"x = 1\n", "x = 2\n"),
        FilePlan("b.py", Status.MISSING, None, "y\n"),
        FilePlan("c.py", Status.UNCHANGED, b"z\n", "z\n"),
    ]
    assert diff(plans, "out") == (
        "--- a/out/a.py\n+++ b/out/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"
        "--- /dev/null\n+++ b/out/b.py\n@@ -0,0 +1 @@\n+y\n"
    )


def test_json_with_a_checksum_of_its_own_is_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text("{}\n")
    (tmp_path / "data.json.sha256").write_text(companion("data.json", "{}\n"))
    assert plan({}, tmp_path) == []


def test_an_output_that_is_a_file_is_left_as_it_is(tmp_path: Path) -> None:
    output = tmp_path / "dags"
    output.write_text("mine")
    with pytest.raises(WriteError, match="File exists"):
        write([FilePlan("a.py", Status.MISSING, None, CONTENT)], output)
    assert output.read_text() == "mine"


def test_an_ignore_file_of_ones_own_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    desired = {".airflowignore": stamp("daggen_runtime/\n", "daggen/runtime")}
    own = tmp_path / ".airflowignore"
    own.write_text("drafts/\n")
    assert _statuses(tmp_path, desired) == {".airflowignore": Status.FOREIGN}
    own.write_text("drafts/\ndaggen_runtime/\n")
    assert _statuses(tmp_path, desired) == {".airflowignore": Status.UNCHANGED}
