"""Tells files of dag-factory from specs: dag_ids at the top, or Airflow's arguments there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daggen.diagnostics import Diagnostic
from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.document import Document
from daggen.specs.model.dag_keys import DAG_KEYS

DEFAULT = "default"
RESERVED = (DEFAULT, "task_groups")
DEFAULTS_FILES = ("defaults.yml", "defaults.yaml")

_DAG_WORDS = frozenset(
    "tasks task_groups default_args schedule schedule_interval start_date end_date catchup tags "
    "description dag_display_name max_active_runs max_active_tasks concurrency dagrun_timeout "
    "params doc_md doc_md_file_path on_success_callback on_failure_callback timezone "
    "is_paused_upon_creation access_control template_searchpath render_template_as_native_obj "
    "user_defined_macros timetable".split()
) | (DAG_KEYS.keys() - {"dag_id"})
_OF_SPECS = frozenset({"dag_id", "template", "foreach"})
_SPEC_WORDS = frozenset("exclude with tasks".split()) | _OF_SPECS | _DAG_WORDS


def is_dagfactory(document: Document) -> bool:
    """Tell whether a file is one of dag-factory; what has a spec's keys at its top is a spec."""
    data = document.data
    return isinstance(data, Mapping) and not _is_spec(data) and bool(_dag_ids(data))


def ambiguity(document: Document) -> Diagnostic | None:
    """Report a file that is a spec by some of its keys and dag-factory's by others."""
    data = document.data
    if not isinstance(data, Mapping) or not _is_spec(data):
        return None
    odd = [name for name in _dag_ids(data) if _has_tasks(data[name])]
    if not odd:
        return None
    message = f'"{odd[0]}" is a DAG as dag-factory writes it, in a file with the keys of a spec'
    hint = "move it to a file of its own"
    return codes.AMBIGUOUS_FILE.at(document.locations.key((odd[0],)), message, hint=hint)


def is_defaults(data: object) -> bool:
    """Tell whether the data of a `defaults.yml` is dag-factory's, as all is that is no spec."""
    return data is None or (isinstance(data, Mapping) and not _OF_SPECS & set(data))


def has_words_of_specs(data: Mapping[Any, Any]) -> bool:
    """Tell whether one of the keys is a spec's."""
    return not _SPEC_WORDS.isdisjoint(data)


def is_datasets(data: object) -> bool:
    """Tell whether the data is a list of datasets that other files name under `file`."""
    entries = data.get("datasets") if isinstance(data, Mapping) and len(data) == 1 else None
    return isinstance(entries, list) and all(
        isinstance(entry, Mapping) and {"name", "uri"} <= set(entry) for entry in entries
    )


def _is_spec(data: Mapping[Any, Any]) -> bool:
    """Tell whether the top has what only a spec can have there."""
    if any(isinstance(data.get(key), str) for key in ("dag_id", "template")):
        return True
    tasks = data.get("tasks")
    return isinstance(tasks, list) or (isinstance(tasks, Mapping) and not _is_dag(tasks))


def _dag_ids(data: Mapping[Any, Any]) -> list[Any]:
    found = [name for name, value in data.items() if _names_dag(name, value)]
    if isinstance(data.get(DEFAULT), Mapping):
        found.append(DEFAULT)
    return found


def _names_dag(name: Any, value: Any) -> bool:
    if name == "task_groups":
        return isinstance(value, Mapping) and _has_tasks(value) and _has_scalars(value)
    if name in _SPEC_WORDS:
        return _has_tasks(value)
    return _is_dag(value)


def _is_dag(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(_DAG_WORDS & set(map(str, value)))


def _has_tasks(value: Any) -> bool:
    """Tell whether a value has tasks that have an operator or a decorator."""
    tasks = value.get("tasks") if isinstance(value, Mapping) else None
    entries = list(tasks.values()) if isinstance(tasks, Mapping) else tasks
    if not isinstance(entries, list):
        return False
    return any(isinstance(e, Mapping) and {"operator", "decorator"} & set(e) for e in entries)


def _has_scalars(value: Mapping[Any, Any]) -> bool:
    return any(not isinstance(item, Mapping | list) for item in value.values())
