"""How long `daggen plan --base HEAD` takes on 1,000 DAGs with one spec changed.

Beside it, what `git diff --stat` takes to say on the same tree that one file differs.
Run it with the project's Python: `python benchmarks/plan.py [DAGS]`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROUNDS = 5
PERSON = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.com")

TEMPLATE = """{% extends "dag.py.j2" %}
{% block body %}
    {%- set Bash = ref("airflow.providers.standard.operators.bash.BashOperator") %}
    read = {{ Bash }}(task_id="read", bash_command="echo read {{ entity }}")
    check = {{ Bash }}(task_id="check", bash_command="echo check {{ entity }}")
    write = {{ Bash }}(task_id="write", bash_command="echo write {{ entity }}")
    read >> check >> write
{% endblock %}
"""
SCHEMA = """title: Copy
description: Copies one entity.
x-daggen: {kind: dag}
type: object
required: [entity]
properties:
  entity: {type: string, description: What is copied.}
"""
SPEC = """template: copy
dag_id: copy_{number:05}
schedule: "@daily"
start_date: 2026-01-01
with: {{entity: entity_{number:05}}}
"""


def main() -> None:
    """Make the fleet, commit it, change one spec, and time both."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        _make(project, count)
        first = project / "specs/00000.yaml"
        first.write_text(first.read_text().replace("@daily", "@hourly"))
        plan = [sys.executable, "-m", "daggen", "plan", "--base", "HEAD"]
        told = _run(project, *plan)
        if f"1 to change, 0 to destroy; {count - 1} unchanged" not in told:
            raise SystemExit(told)
        check = [*plan[:3], "render", "--check"]
        print(f"{count} DAGs, one spec changed, medians of {ROUNDS}:       elapsed   CPU")
        print(f"  daggen plan --base HEAD   {_timed(project, *plan)}")
        print(f"  daggen render --check     {_timed(project, *check)}")
        print(f"  git diff --stat           {_timed(project, 'git', 'diff', '--stat')}")


def _make(project: Path, count: int) -> None:
    for folder in ("specs", "templates"):
        (project / folder).mkdir()
    (project / "daggen.toml").write_text('airflow = "3.3"\n')
    (project / ".gitignore").write_text(".daggen/\n")
    (project / "templates/copy.py.j2").write_text(TEMPLATE)
    (project / "templates/copy.schema.yaml").write_text(SCHEMA)
    for number in range(count):
        (project / f"specs/{number:05}.yaml").write_text(SPEC.format(number=number))
    _run(project, sys.executable, "-m", "daggen", "render", "--quiet")
    _run(project, "git", "init", "--quiet", "--initial-branch", "main")
    _run(project, "git", "add", "--all")
    _run(project, "git", *PERSON, "commit", "--quiet", "--message", "The fleet")


def _timed(project: Path, *command: str) -> str:
    """Give the elapsed time, and that of the CPU, which other work on the machine disturbs less."""
    elapsed, cpu = [], []
    for _ in range(ROUNDS):
        start, before = time.perf_counter(), _cpu()
        _run(project, *command)
        elapsed.append(time.perf_counter() - start)
        cpu.append(_cpu() - before)
    return f"{median(elapsed):18.2f} s {median(cpu):6.2f} s"


def _cpu() -> float:
    used = os.times()
    return used.children_user + used.children_system


def _run(project: Path, *command: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed commands
        command, cwd=project, check=False, capture_output=True, text=True
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
