"""dag-factory's `*_sec` keys: `retry_delay_sec: 300` says `retry_delay: 5m`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.diagnostics.codes.keys import BAD_DURATION
from daggen.diagnostics.codes.tasks import CONFLICTING_KEYS
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.offsets import read_duration

_DURATIONS = (
    "retry_delay",
    "max_retry_delay",
    "execution_timeout",
    "dagrun_timeout",
    "execution_delta",
)
SECONDS_KEYS: Mapping[str, str] = {
    f"{name}_{suffix}": name for name in _DURATIONS for suffix in ("sec", "secs")
}


def expand_seconds(raw: Mapping[Any, Any], path: Path, context: Context) -> dict[Any, Any]:
    """Give a mapping with its `*_sec` keys replaced by the durations they say."""
    plain: dict[Any, Any] = {}
    for key, value in raw.items():
        name = SECONDS_KEYS.get(key) if isinstance(key, str) else None
        if name is None:
            plain[key] = value
        elif name in raw:
            context.report(
                CONFLICTING_KEYS, (*path, key), f'"{key}" and "{name}" say the same', at_key=True
            )
        elif isinstance(value, bool) or not isinstance(value, int | float):
            context.report(
                BAD_DURATION, (*path, key), f"expected a number of seconds, found {shown(value)}"
            )
        else:
            duration = read_duration(value, (*path, key), context)
            if duration is not INVALID:
                plain[name] = duration
    return plain
