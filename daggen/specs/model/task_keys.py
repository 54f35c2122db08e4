"""The arguments every task has (Airflow's BaseOperator), those of sensors, and of groups."""

from __future__ import annotations

from collections.abc import Mapping

from daggen.specs.model.assets import ASSETS
from daggen.specs.model.callbacks import CALLBACKS
from daggen.specs.model.dates import DATE
from daggen.specs.model.documentation import DOC
from daggen.specs.model.durations import DURATION, OFFSET, SECONDS
from daggen.specs.model.keys import Gone, Key
from daggen.specs.model.params import PARAMS
from daggen.specs.model.scalars import (
    BOOL,
    CALLABLE,
    COUNT,
    INTEGER,
    MAPPING,
    OBJECT,
    POSITIVE,
    TEXT,
    choice,
    either,
    listed,
    number,
)

TRIGGER_RULES = (
    "all_success",
    "all_failed",
    "all_done",
    "all_done_min_one_success",
    "all_done_setup_success",
    "one_success",
    "one_failed",
    "one_done",
    "none_failed",
    "none_skipped",
    "always",
    "none_failed_min_one_success",
    "all_skipped",
)
_GONE_RULES = {"none_failed_or_skipped": "none_failed_min_one_success", "dummy": "always"}
WEIGHT_RULES = ("downstream", "upstream", "absolute")

TASK_KEYS: Mapping[str, Key] = {
    "owner": Key(TEXT, "Who looks after the task"),
    "email": Key(listed(TEXT), "Where mails about failures and retries go"),
    "email_on_retry": Key(BOOL, "Whether a retry sends a mail"),
    "email_on_failure": Key(BOOL, "Whether a failure sends a mail"),
    "retries": Key(COUNT, "How often the task is tried again before it fails"),
    "retry_delay": Key(DURATION, "The time between two tries"),
    "retry_exponential_backoff": Key(
        either(BOOL, number(0, whole=False), bool), "Whether the delay grows with each try"
    ),
    "max_retry_delay": Key(DURATION, "The longest delay between two tries"),
    "retry_policy": Key(OBJECT, "Which errors are tried again, as a RetryPolicy", (3, 3)),
    "start_date": Key(DATE, "The first logical date of the task"),
    "end_date": Key(DATE, "The last logical date of the task"),
    "depends_on_past": Key(BOOL, "Whether the same task of the run before must have succeeded"),
    "ignore_first_depends_on_past": Key(BOOL, "Whether the first run is free of depends_on_past"),
    "wait_for_past_depends_before_skipping": Key(BOOL, "Whether a skip waits for depends_on_past"),
    "wait_for_downstream": Key(
        BOOL, "Whether the tasks after this one in the run before must have succeeded"
    ),
    "params": Key(PARAMS, "Values that a run may override, over those of the DAG"),
    "priority_weight": Key(
        INTEGER, "The priority of the task in the executor's queue", nullable=False
    ),
    "weight_rule": Key(choice(WEIGHT_RULES), "How the weights of tasks after this one add up"),
    "queue": Key(TEXT, "The queue of workers that runs the task"),
    "pool": Key(TEXT, "The pool whose slots the task takes"),
    "pool_slots": Key(POSITIVE, "How many slots of the pool the task takes", nullable=False),
    "execution_timeout": Key(DURATION, "The longest a try may run"),
    "on_execute_callback": Key(CALLBACKS, "Called before the task runs"),
    "on_failure_callback": Key(CALLBACKS, "Called when the task has failed"),
    "on_success_callback": Key(CALLBACKS, "Called when the task has succeeded"),
    "on_retry_callback": Key(CALLBACKS, "Called when the task will be tried again"),
    "on_skipped_callback": Key(CALLBACKS, "Called when the task was skipped"),
    "pre_execute": Key(CALLABLE, "Called with the context just before the operator runs"),
    "post_execute": Key(CALLABLE, "Called with the context and the result just after"),
    "trigger_rule": Key(
        choice(TRIGGER_RULES, gone=_GONE_RULES),
        "Which states of the tasks before let it run",
        nullable=False,
    ),
    "resources": Key(MAPPING, "What the task asks of the machine it runs on"),
    "run_as_user": Key(TEXT, "The Unix user that runs the task"),
    "map_index_template": Key(TEXT, "Jinja for the name of each mapped instance"),
    "max_active_tis_per_dag": Key(POSITIVE, "How many instances run at once over all runs"),
    "max_active_tis_per_dagrun": Key(POSITIVE, "How many instances run at once in one run"),
    "executor": Key(TEXT, "The executor that runs the task"),
    "executor_config": Key(MAPPING, "Settings for the executor"),
    "do_xcom_push": Key(BOOL, "Whether what the task returns is stored"),
    "multiple_outputs": Key(BOOL, "Whether a returned dict is stored key by key"),
    "inlets": Key(ASSETS, "Assets that the task reads"),
    "outlets": Key(ASSETS, "Assets that the task updates"),
    "doc": Key(TEXT, "Documentation as plain text"),
    "doc_md": Key(DOC, "Documentation as Markdown, or {file: path}"),
    "doc_json": Key(TEXT, "Documentation as JSON"),
    "doc_yaml": Key(TEXT, "Documentation as YAML"),
    "doc_rst": Key(TEXT, "Documentation as reStructuredText"),
    "task_display_name": Key(TEXT, "The name shown in place of the task_id"),
    "logger_name": Key(TEXT, "The logger of the task"),
    "allow_nested_operators": Key(BOOL, "Whether the task may call execute of other operators"),
    "render_template_as_native_obj": Key(
        BOOL, "Whether Jinja yields Python objects in place of texts", (3, 2)
    ),
}

TASK_GONE: Mapping[str, Gone] = {
    "task_concurrency": Gone("write max_active_tis_per_dag"),
    "sla": Gone("Airflow 3 has none; use deadline on the DAG", (3, 0)),
    "provide_context": Gone("leave it out; the context is always provided"),
    "execution_date_fn_name": Gone("write execution_date_fn: package.module.function"),
}

SENSOR_KEYS: Mapping[str, Key] = {
    "poke_interval": Key(SECONDS, "The time between two looks", nullable=False),
    "timeout": Key(SECONDS, "How long the sensor waits before it fails"),
    "mode": Key(
        choice(("poke", "reschedule")),
        "Whether the worker is freed between two looks",
        nullable=False,
    ),
    "soft_fail": Key(BOOL, "Whether the sensor is skipped when it times out"),
    "silent_fail": Key(BOOL, "Whether an error in a look counts as not yet"),
    "never_fail": Key(BOOL, "Whether any error skips the sensor"),
    "exponential_backoff": Key(BOOL, "Whether the time between two looks grows"),
    "max_wait": Key(SECONDS, "The longest time between two looks"),
}

DURATION_ARGUMENTS: Mapping[str, Key] = {
    "execution_delta": Key(OFFSET, "How far back the awaited run lies"),
    "sla": Key(DURATION, "By when the task should be done (Airflow 2)"),
    "response_timeout": Key(DURATION, "How long a person has to answer"),
    "max_age": Key(DURATION, "How long ago a file was modified at most"),
    "recovery_timeout": Key(DURATION, "How long an open circuit stays open"),
    "probe_timeout": Key(DURATION, "How long the probe of a half-open circuit may take"),
}

CALLABLE_ARGUMENTS = frozenset(
    {
        "python_callable",
        "execution_date_fn",
        "response_check",
        "response_filter",
        "pagination_function",
        "request_filter",
        "process_func",
        "handler",
        "output_processor",
        "event_handler",
    }
)
"""Arguments of operators that take a function, written as its dotted path."""

CALLBACK_ARGUMENTS = frozenset({"notifiers"})
"""Arguments of operators that take notifiers or functions, as callbacks do."""

GROUP_KEYS: Mapping[str, Key] = {
    "tooltip": Key(TEXT, "What the graph shows when the mouse is over the group"),
    "prefix_group_id": Key(BOOL, "Whether the group's name goes before the ids in it"),
    "ui_color": Key(TEXT, "The colour of the group"),
    "ui_fgcolor": Key(TEXT, "The colour of the group's text"),
    "group_display_name": Key(TEXT, "The name shown in place of the group's id", (3, 0)),
    "add_suffix_on_collision": Key(BOOL, "Whether a name that is taken gets a number"),
    "doc_md": Key(DOC, "Documentation as Markdown, or {file: path}", (3, 3)),
}
