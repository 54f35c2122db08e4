"""The small modules that generated DAGs may import, copied beside them when they are used.

Generated DAGs run without daggen installed; what Airflow lacks travels with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

from daggen.fleet.stamp import stamp

PACKAGE = "daggen_runtime"
IGNORE_FILE = ".airflowignore"
IGNORE_LINE = f"{PACKAGE}/"

_IMPORT = re.compile(rf"^(?:from|import) {PACKAGE}\.(\w+)", re.MULTILINE)


def modules_used(source: str) -> frozenset[str]:
    """Give the names of the runtime modules that a rendered file imports."""
    return frozenset(_IMPORT.findall(source))


def runtime_files(modules: Iterable[str]) -> dict[str, str]:
    """Give the files to write below the output for the modules used: path → content."""
    names = sorted(set(modules))
    if not names:
        return {}
    contents = {IGNORE_FILE: stamp(f"{IGNORE_LINE}\n", "daggen/runtime")}
    for name in ["__init__", *names]:
        source = files("daggen.runtime").joinpath(f"{name}.py").read_text(encoding="utf-8")
        contents[f"{PACKAGE}/{name}.py"] = stamp(source, f"daggen/runtime/{name}.py")
    return contents
