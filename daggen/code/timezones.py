"""Names of timezones."""

from __future__ import annotations

from zoneinfo import ZoneInfo


def is_timezone(name: object) -> bool:
    """Tell whether the timezone database has a name."""
    try:
        return isinstance(name, str) and bool(name) and ZoneInfo(name) is not None
    except (KeyError, ValueError, OSError):
        return False
