"""The small modules that generated DAGs may import, copied beside them when they are used.

Generated DAGs run without daggen installed; what Airflow lacks travels with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path

from daggen.fleet.stamp import IGNORE_FILE, stamp

PACKAGE = "daggen_runtime"
SOURCE = Path(str(files("daggen.runtime")))
IGNORE_LINE = f"{PACKAGE}/"

_IMPORT = re.compile(rf"^(?:from|import) {PACKAGE}\.(\w+)", re.MULTILINE)
_ANY_IMPORT = re.compile(r"^(?:from|import) ([\w.]+)", re.MULTILINE)


def modules_used(source: str, read_module: Callable[[str], str | None]) -> frozenset[str]:
    """Give the names of the runtime modules that a rendered file imports.

    Those count too that the project's own modules import which the file names: an operator of
    the team may build on them. `read_module` gives a module's source, None for foreign ones.
    """
    own = [read_module(module) for module in sorted(set(_ANY_IMPORT.findall(source)))]
    return frozenset(name for text in [source, *own] for name in _IMPORT.findall(text or ""))


def runtime_files(modules: Iterable[str]) -> dict[str, str]:
    """Give the files to write below the output for the modules used: path → content."""
    names = sorted(set(modules))
    if not names:
        return {}
    contents = {IGNORE_FILE: stamp(f"{IGNORE_LINE}\n", "daggen/runtime")}
    for name in ["__init__", *names]:
        source = (SOURCE / f"{name}.py").read_text(encoding="utf-8")
        contents[f"{PACKAGE}/{name}.py"] = stamp(source, f"daggen/runtime/{name}.py")
    return contents
