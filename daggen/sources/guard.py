"""Guard rails: a pull that would take away too much of a fleet is refused."""

from __future__ import annotations

from daggen.diagnostics import Diagnostic
from daggen.diagnostics.codes.source import TOO_MANY_REMOVED
from daggen.project import SourceConfig
from daggen.sources.base import Snapshot, SourceOptions
from daggen.sources.drift import Drift


def check_removals(
    config: SourceConfig, options: SourceOptions, previous: Snapshot | None, drift: Drift
) -> Diagnostic | None:
    """Refuse to remove more than `max_removed` of a snapshot's rows."""
    before = len(previous.rows) if previous else 0
    removed = len(drift.removed)
    if removed <= before * options.max_removed:
        return None
    message = (
        f'source "{config.name}" would remove {removed} of {before} rows '
        f"({removed / before:.0%}; max_removed is {options.max_removed:.0%})"
    )
    hint = f'if that is meant, run "daggen pull {config.name} --allow-removals"'
    return TOO_MANY_REMOVED.at(config.span, message, hint=hint)
