"""Starts the interpreter that has Airflow on a list of files, and collects its answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PROBE = Path(__file__).with_name("probe.py")
TRACEBACK_DEPTH = 100
"""How many frames of an import error Airflow keeps: the line of the DAG file must be among them."""


class ProbeError(Exception):
    """The interpreter could not load anything; the message is its own last words."""


@dataclass(frozen=True)
class Loaded:
    """What Airflow made of a file. `milliseconds` is the wall time of importing it.

    Errors are Airflow's tracebacks, warnings are told as `LINE: CATEGORY: MESSAGE`, and DAGs are
    what `probe.describe` gave of each, by its id.
    """

    path: Path
    milliseconds: float = 0.0
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    dags: Mapping[str, Any] = field(default_factory=dict)


def load_files(
    files: Sequence[Path], *, python: str, python_path: Sequence[Path], isolated: bool = False
) -> list[Loaded]:
    """Load DAG files in the Airflow of the interpreter `python`, in a fresh, empty AIRFLOW_HOME.

    `python_path` is put before the interpreter's own path, as the dags folder is. With `isolated`
    each file has a process of its own, so that none can lean on what another imported.

    Raises `ProbeError` when the interpreter cannot be started, or has no Airflow.
    """
    with tempfile.TemporaryDirectory(prefix="daggen-verify-") as home:
        environment = _environment(Path(home), python_path)
        if not isolated:
            return list(_run(python, files, environment))
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            runs = pool.map(lambda file: list(_run(python, [file], environment)), files)
            return [loaded for run in runs for loaded in run]


def _environment(home: Path, python_path: Sequence[Path]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
    return {
        **kept,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACK_DEPTH": str(TRACEBACK_DEPTH),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
        "PYTHONPATH": os.pathsep.join(map(str, python_path)),
    }


def _run(python: str, files: Sequence[Path], environment: Mapping[str, str]) -> Iterator[Loaded]:
    """Run the probe; a file that ends its process (os._exit, a crash) is an error of that file."""
    left = list(files)
    while left:
        answers, last_words = _probe(python, left, environment)
        if not answers:
            raise ProbeError(last_words or f"{python} ended before it could load a file")
        for answer in answers[1:]:
            yield Loaded(
                left.pop(0),
                answer["milliseconds"],
                tuple(answer["errors"]),
                tuple(answer["warnings"]),
                answer["dags"],
            )
        if left:
            words = "the process ended while it loaded this file"
            error = f"{words}; its last words: {last_words}" if last_words else words
            yield Loaded(left.pop(0), errors=(error,))


def _probe(
    python: str, files: Sequence[Path], environment: Mapping[str, str]
) -> tuple[list[dict[str, Any]], str]:
    request = json.dumps({"files": [str(file) for file in files]})
    with tempfile.TemporaryFile() as answers:
        try:
            run = subprocess.run(  # noqa: S603 - the interpreter that the user names
                [python, str(_PROBE), str(answers.fileno())],
                input=request,
                env=dict(environment),
                pass_fds=[answers.fileno()],
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise ProbeError(f"cannot start {python}: {error.strerror}") from None
        answers.seek(0)
        lines = answers.read().decode("utf-8").splitlines()
    last = [line for line in run.stderr.splitlines() if line.strip()][-1:]
    return [json.loads(line) for line in lines], last[0].strip() if last else ""


def default_python() -> str:
    """Give the interpreter that runs daggen, which has Airflow if it is installed beside it."""
    return sys.executable
