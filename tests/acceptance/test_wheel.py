"""A wheel in a fresh environment without Airflow: init, render, and the editor's schema."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def installed(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment that has the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = [sys.executable, "-m", "uv"]
    build = [*uv, "build", "--quiet", "--wheel", "--out-dir", str(folder), str(repository)]
    subprocess.run(build, check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*uv, "venv", "--quiet", str(folder / "venv")], check=True)
    install = ["pip", "install", "--quiet", "--python", str(folder / "venv/bin/python")]
    constraints = ["--constraint", str(repository / "constraints.txt")]
    subprocess.run([*uv, *install, *constraints, str(wheel)], check=True)
    return folder / "venv/bin"


def test_init_and_render_without_airflow(installed: Path, tmp_path: Path) -> None:
    absent = subprocess.run([installed / "python", "-c", "import airflow"], capture_output=True)
    assert absent.returncode == 1
    daggen = str(installed / "daggen")
    subprocess.run([daggen, "init", "demo"], cwd=tmp_path, check=True)
    demo = tmp_path / "demo"
    rendered = subprocess.run([daggen, "render"], cwd=demo, capture_output=True, text=True)
    assert rendered.returncode == 0, rendered.stdout + rendered.stderr
    assert "4 created" in rendered.stderr
    names = sorted(p.name for p in (demo / "generated_dags").glob("*.py"))
    assert names == ["etl_customers.py", "etl_orders.py", "etl_products.py", "hello.py"]
    hooks = (demo / ".pre-commit-config.yaml").read_text()
    assert "daggen-validate" in hooks
    assert "daggen-render" in hooks
    schema = json.loads((demo / ".daggen/spec.schema.json").read_text())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_init_overwrites_nothing(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "daggen.toml").write_text("# mine\n")
    refused = subprocess.run(
        [installed / "daggen", "init"], cwd=tmp_path, capture_output=True, text=True
    )
    assert refused.returncode == 2
    assert "daggen.toml" in refused.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["daggen.toml"]
