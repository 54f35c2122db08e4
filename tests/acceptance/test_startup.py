"""The command line answers at once: nothing heavy is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"jinja2", "pydantic", "black", "airflow", "yaml", "isort", "jsonschema", "sqlalchemy"}


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["render", "--help"], ["plan", "-h"]])
def test_imports_nothing_heavy(args: list[str]) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['daggen', *{args!r}]\n"
        "from daggen.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "print('modules:', *sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(run.stdout.splitlines()[-1].split()[1:])
    assert "click" in modules
    assert not modules & HEAVY
