"""The runtime modules in a real Airflow 2.11: the same source serves both."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

PROBE = Path(__file__).parent / "runtime_on_airflow2" / "probe.py"


def test_the_runtime_modules_work_in_airflow_2(
    repository: Path, runtime_package: Path, tmp_path: Path
) -> None:
    python = repository / ".venv-airflow2" / "bin" / "python"
    assert python.exists(), "make test sets this environment up"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
    environment = {
        **inherited,
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(python), *arguments], env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("-m", "airflow", "db", "migrate")
    output = run(str(PROBE), str(runtime_package))
    (line,) = (line for line in output.splitlines() if line.startswith("FOUND "))
    assert json.loads(line.removeprefix("FOUND ")) == {
        "breaker": ["failed", "failed", "skipped"],
        "calls": 2,
        "recovered": "success",
        "state": "closed",
        "sensor": ["success", "failed", "success"],
    }
