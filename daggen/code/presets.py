"""The schedule presets of Airflow, and the cron expressions they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CRON_PRESETS: Final[Mapping[str, str]] = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
}
"""Presets as Airflow expands them (its documentation: "Cron Presets")."""
