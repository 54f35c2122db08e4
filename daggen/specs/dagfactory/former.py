"""Keys that dag-factory or Airflow had in former times: what to write today."""

from __future__ import annotations

from typing import Any

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.model.seconds import SECONDS_KEYS

_SLA = ("sla", "sla_secs", "sla_sec", "sla_miss_callback")
_WITH_AIRFLOW_2 = (*_SLA, "default_view", "orientation")
EXTENDS = (
    "dag-factory 1.1.0 has no __extends__: write what files share in a defaults.yml above them"
)


def former_hint(name: str, value: Any) -> str:
    """Say what became of a key of a DAG, "" for one that never was."""
    if name in SECONDS_KEYS:
        return f"gone with dag-factory 1.0: write {_today(name, value)}"
    if name.startswith(_WITH_AIRFLOW_2):
        return "gone with Airflow 3: remove it"
    return EXTENDS if name == "__extends__" else ""


def translate_former(entries: dict[str, Node], notes: Notes) -> None:
    """Tell of old keys of a task; what Airflow 3 ignores is left out."""
    for name in [name for name in entries if name in SECONDS_KEYS]:
        message = f'dag-factory fails on "{name}" since 1.0'
        hint = f"write {_today(name, entries[name].value)}"
        notes.tell(codes.REPAIRED, entries[name], message, hint=hint, at_key=True)
    for name in _SLA:
        if name in entries and notes.project.airflow >= (3, 0):
            _tell_ignored(name, entries.pop(name), notes)


def tell_former_defaults(entries: dict[str, Node], notes: Notes) -> None:
    """Tell of old keys in `default_args`, where nothing reads them and they stay."""
    for name, said in entries.items():
        if name in SECONDS_KEYS:
            message = f'no task takes "{name}" since dag-factory 1.0'
            hint = f"write {_today(name, said.value)}"
            notes.tell(codes.LOST, said, message, hint=hint, at_key=True)
        elif name in _SLA and said.value is not None and notes.project.airflow >= (3, 0):
            _tell_ignored(name, said, notes)


def _tell_ignored(name: str, said: Node, notes: Notes) -> None:
    message = f'Airflow 3 does nothing with "{name}"'
    notes.tell(codes.LOST, said, message, hint="remove it", at_key=True)


def _today(name: str, value: Any) -> str:
    """Say the replacement of a key of seconds."""
    key = SECONDS_KEYS[name]
    seconds = value if isinstance(value, int | float) else "..."
    return f"{key}: {{__type__: datetime.timedelta, seconds: {seconds}}}"
