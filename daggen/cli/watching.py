"""`daggen render --watch`: render again whenever an input changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from daggen.cli.common import Console
from daggen.diagnostics.codes.config import MISSING_EXTRA

if TYPE_CHECKING:
    from daggen.project import Project


def watch(console: Console, project: Project, run: Callable[[], int]) -> None:
    """Call `run` now and after each change of a spec, template, callable or the configuration.

    Ends when the user interrupts it.
    """
    try:
        from watchfiles import watch as changes
    except ImportError:
        hint = 'install it: pip install "daggen[watch]"'
        missing = MISSING_EXTRA.at(None, "--watch needs the package watchfiles", hint=hint)
        raise console.could_not_run([missing], project.root) from None

    run()
    inputs = [project.config_path, project.specs, project.templates, *project.python_path]
    outputs = [project.output, *(e.output for e in project.environments.values() if e.output)]
    console.note("Watching for changes; interrupt to stop.")
    for changed in changes(*(path for path in inputs if path.exists())):
        if any(not any(path.startswith(f"{out}/") for out in outputs) for _, path in changed):
            run()
