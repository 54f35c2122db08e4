"""How long rendering takes: cold against warm, one process against two, and beside `black`.

    .venv/bin/python benchmarks/render.py [DAGS]

Prints seconds of this machine and, what counts, ratios of figures measured in one run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROW = '    - {{name: entity_{number:05d}, schedule: "@daily", key: id}}\n'


def run(*command: str, cwd: Path) -> float:
    """Run a command and give its wall time in seconds."""
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - start


def project(folder: Path, dags: int) -> Path:
    """Make a project with one spec of many entities."""
    daggen = [sys.executable, "-m", "daggen"]
    run(*daggen, "init", "fleet", cwd=folder)
    spec = folder / "fleet/specs/entities.yaml"
    head, _, rest = spec.read_text(encoding="utf-8").partition("    - {name: customers")
    tail = rest[rest.index("with:") :]
    rows = "".join(ROW.format(number=number) for number in range(dags))
    spec.write_text(head + rows + tail, encoding="utf-8")
    return folder / "fleet"


def main() -> None:
    """Measure and print."""
    dags = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    daggen = [sys.executable, "-m", "daggen", "render"]
    with tempfile.TemporaryDirectory() as name:
        fleet = project(Path(name), dags)
        cold = run(*daggen, "--no-cache", "--jobs", "1", cwd=fleet)
        two = run(*daggen, "--no-cache", "--jobs", "2", cwd=fleet)
        run(*daggen, cwd=fleet)
        warm = run(*daggen, "--check", "--jobs", "1", cwd=fleet)
        black = run(
            sys.executable, "-m", "black", "-q", "--workers", "1", "generated_dags", cwd=fleet
        )
    print(f"{dags} DAGs, without cache:  {cold:6.1f} s  ({1000 * cold / dags:.1f} ms a DAG)")
    print(f"with two processes:       {two:6.1f} s  ({two / cold:.2f} of one)")
    print(f"with a warm cache:        {warm:6.1f} s  ({warm / cold:.2f} of cold)")
    print(f"black on the same files:  {black:6.1f} s  ({black / cold:.2f} of cold)")


if __name__ == "__main__":
    main()
