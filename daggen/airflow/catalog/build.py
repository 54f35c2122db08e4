"""Making a catalog of an Airflow environment: its own interpreter writes down its operators."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from daggen.airflow.catalog.history import with_history
from daggen.airflow.catalog.store import write_directory, write_file

_PROBE = Path(__file__).with_name("probe")
_BOOTSTRAP = """
import runpy, sys, types
probe = types.ModuleType("daggen_probe")
probe.__path__ = [sys.argv.pop(1)]
sys.modules["daggen_probe"] = probe
runpy.run_module("daggen_probe.__main__", run_name="__main__")
"""
"""Runs the probe without putting daggen's own packages on the other interpreter's path."""


class BuildError(Exception):
    """The environment could not be surveyed; the message says why."""


@dataclass(frozen=True)
class Survey:
    """What an environment has: distributions with their entries, and modules not to be read."""

    distributions: Mapping[str, Any]
    problems: Sequence[tuple[str, str]]

    @property
    def counts(self) -> tuple[int, int]:
        """Give the number of classes and of the arguments that are their own."""
        entries = [each for one in self.distributions.values() for each in one["entries"].values()]
        return len(entries), sum(len(each["arguments"]) for each in entries)

    def limited_to(self, distributions: Collection[str]) -> Survey:
        """Give what it has of some distributions, and of Airflow itself."""
        names = {"apache-airflow", *distributions}
        chosen = {name: each for name, each in self.distributions.items() if name in names}
        return replace(self, distributions=chosen)

    def dated(self) -> Survey:
        """Add since when things are there, as far as the shipped catalog knows it."""
        return replace(self, distributions=with_history(self.distributions))


def survey(python: str, packages: Sequence[str] = (), path: Iterable[Path] = ()) -> Survey:
    """Survey the environment of an interpreter: all its providers, and the packages named.

    `path` are further directories to import packages from. Raises BuildError when the
    interpreter cannot be started or has no Airflow.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "survey.json"
        command = [python, "-c", _BOOTSTRAP, str(_PROBE), str(output), *packages]
        _run(command, _environment(folder, path))
        data = json.loads(output.read_text(encoding="utf-8"))
    problems = [(module, error) for module, error in data["problems"]]
    return Survey(data["distributions"], problems)


def write(found: Survey, output: Path) -> None:
    """Write a survey: to a file where `output` ends in `.gz`, else one file a distribution."""
    if output.suffix == ".gz":
        write_file(output, found.distributions)
    else:
        write_directory(output, found.distributions)


def _environment(folder: str, path: Iterable[Path]) -> dict[str, str]:
    """Give the probe's environment: a home of its own unless one is set, and a quiet Airflow."""
    found = {"AIRFLOW_HOME": str(Path(folder) / "airflow"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    found.update(os.environ)
    entries = [*(str(each) for each in path), *filter(None, [os.environ.get("PYTHONPATH")])]
    if entries:
        found["PYTHONPATH"] = os.pathsep.join(entries)
    return found


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 the interpreter is the user's own choice
            command, env=environment, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise BuildError(f"{command[0]} cannot be started: {error.strerror}") from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise BuildError(f"{command[0]} could not survey its Airflow: {lines[-1]}")
