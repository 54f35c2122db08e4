"""The arguments of Airflow's DAG, in the order in which they are written."""

from __future__ import annotations

from collections.abc import Mapping

from daggen.specs.model.access import ACCESS_CONTROL, IMPORTED
from daggen.specs.model.callbacks import CALLBACKS
from daggen.specs.model.dates import DATE, TIMEZONE
from daggen.specs.model.deadline import DEADLINE
from daggen.specs.model.default_args import DEFAULT_ARGS
from daggen.specs.model.documentation import DOC
from daggen.specs.model.durations import DURATION
from daggen.specs.model.keys import Gone, Key
from daggen.specs.model.params import PARAMS
from daggen.specs.model.scalars import (
    BOOL,
    CLASS,
    COUNT,
    LINK,
    MAPPING,
    POSITIVE,
    TEXT,
    choice,
    listed,
    mapped,
    text,
)
from daggen.specs.model.schedule import SCHEDULE

LONGEST_TAG = 100
RUN_TYPES = (
    "scheduled",
    "manual",
    "backfill",
    "asset_triggered",
    "asset_materialization",
    "operator_triggered",
)

DAG_KEYS: Mapping[str, Key] = {
    "dag_id": Key(TEXT, "The name of the DAG, unique in the fleet"),
    "dag_display_name": Key(TEXT, "The name shown in place of the dag_id"),
    "description": Key(TEXT, "What the DAG is for, in a line"),
    "schedule": Key(
        SCHEDULE, "When the DAG runs: cron, preset, duration, assets, timetable, or null"
    ),
    "start_date": Key(DATE, "The first logical date"),
    "end_date": Key(DATE, "The last logical date"),
    "catchup": Key(BOOL, "Whether runs missed since the start_date are made up for"),
    "max_active_runs": Key(POSITIVE, "How many runs of the DAG are active at once"),
    "max_active_tasks": Key(POSITIVE, "How many tasks of the DAG run at once"),
    "max_consecutive_failed_dag_runs": Key(COUNT, "After how many failed runs the DAG pauses"),
    "dagrun_timeout": Key(DURATION, "The longest a run may take"),
    "default_args": Key(DEFAULT_ARGS, "Arguments of every task that does not set them itself"),
    "params": Key(PARAMS, "Values that a run may override"),
    "tags": Key(listed(text(LONGEST_TAG), lone=False), "Words to find the DAG by"),
    "doc_md": Key(DOC, "Documentation as Markdown, or {file: path}"),
    "owner_links": Key(mapped(LINK), "A link for each owner"),
    "access_control": Key(ACCESS_CONTROL, "What each role may do with the DAG"),
    "is_paused_upon_creation": Key(BOOL, "Whether a new DAG waits to be unpaused"),
    "fail_fast": Key(BOOL, "Whether the first failure ends the run", (3, 0)),
    "fail_stop": Key(BOOL, "Whether the first failure ends the run (Airflow 2)"),
    "auto_register": Key(BOOL, "Whether the DAG is registered where it is made"),
    "allowed_run_types": Key(
        listed(choice(RUN_TYPES), wrapped=True), "Which kinds of runs the DAG may have", (3, 2)
    ),
    "disable_bundle_versioning": Key(
        BOOL, "Whether tasks run the newest code, not that of the run", (3, 0)
    ),
    "rerun_with_latest_version": Key(
        BOOL, "Whether a cleared run uses the newest version of the DAG", (3, 3)
    ),
    "deadline": Key(DEADLINE, "Until when a run must be done, and what happens if not", (3, 1)),
    "on_success_callback": Key(CALLBACKS, "Called when a run has succeeded"),
    "on_failure_callback": Key(CALLBACKS, "Called when a run has failed"),
    "sla_miss_callback": Key(CALLBACKS, "Called when a task misses its SLA (Airflow 2)"),
    "template_searchpath": Key(listed(TEXT), "Directories in which Jinja looks for files"),
    "template_undefined": Key(CLASS, "The class that stands for undefined names in Jinja"),
    "render_template_as_native_obj": Key(
        BOOL, "Whether Jinja yields Python objects in place of texts"
    ),
    "jinja_environment_kwargs": Key(MAPPING, "Arguments of the Jinja environment"),
    "user_defined_macros": Key(IMPORTED, "Names for Jinja, each the dotted path of an object"),
    "user_defined_filters": Key(IMPORTED, "Filters for Jinja, each the path of a function"),
    "default_view": Key(TEXT, "The page that opens first (Airflow 2)"),
    "orientation": Key(TEXT, "The direction of the graph (Airflow 2)"),
}

DAG_GONE: Mapping[str, Gone] = {
    "schedule_interval": Gone("write schedule"),
    "timetable": Gone("write it under schedule"),
    "concurrency": Gone("write max_active_tasks"),
    "fail_stop": Gone("write fail_fast", (3, 0)),
    "default_view": Gone("remove it; the interface of Airflow 3 has no such setting", (3, 0)),
    "orientation": Gone("remove it; the interface of Airflow 3 has no such setting", (3, 0)),
    "sla_miss_callback": Gone("Airflow 3 has no SLAs; write deadline", (3, 0)),
    "full_filepath": Gone("remove it"),
}

SPEC_KEYS: Mapping[str, Key] = {
    "timezone": Key(TIMEZONE, "The timezone of dates without an offset, and so of cron"),
}
"""Keys that shape arguments of the DAG without being one."""

STRUCTURE_KEYS = ("template", "with", "tasks", "task_groups")
"""Keys that say what is in the DAG."""
