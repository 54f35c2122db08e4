"""Drift is named with its reason, and `render` repairs it without losing anybody's work."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]


def _tree(folder: Path) -> dict[str, bytes]:
    """Read all files but those of the format cache."""
    files = (path for path in folder.rglob("*") if path.is_file())
    tree = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {path: content for path, content in tree.items() if "/cache/" not in path}


def test_a_second_render_changes_no_byte(daggen: Run, demo: Path) -> None:
    before = _tree(demo)
    again = daggen("render")
    assert again.returncode == 0
    assert "4 unchanged" in again.stderr
    assert _tree(demo) == before
    assert daggen("render", "--check").returncode == 0


def _spoil(demo: Path) -> None:
    """Change a spec, edit a generated file, delete one, and delete a spec."""
    entities = demo / "specs/entities.yaml"
    entities.write_text(entities.read_text().replace('"@daily"', '"0 6 * * *"'))
    with (demo / "generated_dags/etl_orders.py").open("a") as stream:
        stream.write("# a note that must not get lost\n")
    (demo / "generated_dags/etl_products.py").unlink()
    (demo / "specs/hello.yaml").unlink()


def test_check_names_every_kind_of_drift_and_render_repairs_it(daggen: Run, demo: Path) -> None:
    _spoil(demo)
    before = _tree(demo)
    check = daggen("render", "--check", "--output-format", "concise")
    assert check.returncode == 1
    lines = check.stdout.splitlines()
    assert [line.split(" (")[0] for line in lines] == [
        "generated_dags/etl_customers.py:1:1: DG401 generated_dags/etl_customers.py is out of date",
        "generated_dags/etl_orders.py:1:1: DG404 generated_dags/etl_orders.py was edited by hand",
        "generated_dags/etl_products.py:1:1: DG402 generated_dags/etl_products.py is missing",
        "generated_dags/hello.py:1:1: DG403 generated_dags/hello.py is stale: no spec renders it",
    ]
    assert _tree(demo) == before

    render = daggen("render")
    assert render.returncode == 1
    assert "1 created, 1 updated, 1 deleted, 0 unchanged, 1 left alone" in render.stderr
    output = demo / "generated_dags"
    assert sorted(p.name for p in output.iterdir()) == [
        "etl_customers.py",
        "etl_orders.py",
        "etl_products.py",
    ]
    assert "must not get lost" in (output / "etl_orders.py").read_text()

    assert daggen("render", "--force").returncode == 0
    assert daggen("render", "--check").returncode == 0
    assert "must not get lost" not in (output / "etl_orders.py").read_text()


def test_a_stale_file_that_was_edited_is_not_deleted(daggen: Run, demo: Path) -> None:
    generated = demo / "generated_dags/hello.py"
    generated.write_text(generated.read_text() + "# mine\n")
    (demo / "specs/hello.yaml").unlink()
    assert daggen("render").returncode == 1
    assert generated.exists()
    assert daggen("render", "--force").returncode == 0
    assert not generated.exists()


def test_a_foreign_file_is_not_overwritten(daggen: Run, demo: Path) -> None:
    generated = demo / "generated_dags/hello.py"
    generated.write_text("print('mine')\n")
    refused = daggen("render")
    assert (refused.returncode, "DG405" in refused.stdout) == (1, True)
    assert generated.read_text() == "print('mine')\n"


def test_diff_prints_what_git_would(daggen: Run, demo: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=demo, check=True)
    subprocess.run(["git", "add", "-A"], cwd=demo, check=True)
    entities = demo / "specs/entities.yaml"
    entities.write_text(entities.read_text().replace('"@daily"', '"0 6 * * *"'))
    diff = daggen("render", "--diff")
    assert diff.returncode == 1
    assert "1 of 4 files would change" in diff.stderr
    patch = demo / "change.patch"
    patch.write_text(diff.stdout)
    subprocess.run(["git", "apply", patch.name], cwd=demo, check=True)
    assert daggen("render", "--check").returncode == 0


def test_one_changed_key_changes_the_lines_that_depend_on_it(daggen: Run, demo: Path) -> None:
    entities = demo / "specs/entities.yaml"
    entities.write_text(entities.read_text().replace('"@daily"', '"0 6 * * *"'))
    lines = daggen("render", "--diff").stdout.splitlines()
    changed = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert [line for line in changed if "daggen-checksum" not in line] == [
        '-    schedule="@daily",',
        '+    schedule="0 6 * * *",',
    ]


def test_an_error_changes_no_file(daggen: Run, demo: Path) -> None:
    _spoil(demo)
    entities = demo / "specs/entities.yaml"
    entities.write_text(entities.read_text().replace("template: etl", "template: elt"))
    before = _tree(demo)
    failed = daggen("render", "--force")
    assert failed.returncode == 1
    assert 'did you mean "etl"?' in failed.stdout
    assert "no file was changed" in failed.stderr
    assert _tree(demo) == before


def test_rendering_one_spec_leaves_the_files_of_others(daggen: Run, demo: Path) -> None:
    _spoil(demo)
    (demo / "generated_dags/etl_orders.py").unlink()
    assert daggen("render", "specs/entities.yaml").returncode == 0
    assert (demo / "generated_dags/hello.py").exists()


def test_the_json_report_is_what_the_contract_says(daggen: Run, demo: Path) -> None:
    _spoil(demo)
    report = json.loads(daggen("render", "--check", "--output-format", "json").stdout)
    assert set(report) == {"version", "files", "diagnostics"}
    statuses = {Path(file["path"]).stem: file["status"] for file in report["files"]}
    assert statuses == {
        "etl_customers": "changed",
        "etl_orders": "edited",
        "etl_products": "missing",
        "hello": "stale",
    }
    customers = report["files"][0]
    assert customers["dag_ids"] == ["etl_customers"]
    assert customers["spec"] == "specs/entities.yaml"
    assert set(report["diagnostics"][0]) == set(
        "code severity message path line column end_line end_column hint".split()
    )
