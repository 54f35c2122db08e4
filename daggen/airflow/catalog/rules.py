"""What no signature tells: names that have moved, ranges, and arguments that exclude each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daggen.airflow.catalog.model import Exclusive

RENAMED_ARGUMENTS: Mapping[str, str] = {
    "schedule_interval": 'write "schedule"',
    "timetable": 'write "schedule"',
    "concurrency": 'write "max_active_tasks"',
    "task_concurrency": 'write "max_active_tis_per_dag"',
    "fail_stop": 'write "fail_fast"',
    "default_view": "Airflow 3 has no such setting; leave it out",
    "orientation": "Airflow 3 has no such setting; leave it out",
    "full_filepath": "Airflow 3 has no such setting; leave it out",
    "provide_context": "the context is always given; leave it out",
    "xcom_push": 'write "do_xcom_push"',
    "execution_date": 'write "logical_date"',
    "skip_exit_code": 'write "skip_on_exit_code"',
    "max_retry_wait": 'write "max_retry_delay"',
}
"""Arguments that Airflow once had, and what to do instead."""

RENAMED_VALUES: Mapping[str, str] = {
    "dummy": "always",
    "none_failed_or_skipped": "none_failed_min_one_success",
}
"""Values that Airflow once had (of trigger_rule), and today's."""

REPLACED_OPERATORS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "ExasolOperator JdbcOperator MsSqlOperator MySqlOperator OracleOperator "
            "PostgresOperator RedshiftSQLOperator SnowflakeOperator SqliteOperator "
            "TrinoOperator VerticaOperator"
        ).split(),
        "use SQLExecuteQueryOperator with conn_id",
    ),
    "SubDagOperator": "use a task group",
    "BigQueryExecuteQueryOperator": "use BigQueryInsertJobOperator",
    "ExternalTaskSensorAsync": "use ExternalTaskSensor with deferrable: true",
}
"""Classes that are gone, and what does their work today; by class name."""

SMALLEST: Mapping[str, int] = {
    "retries": 0,
    "retry_delay": 0,
    "max_retry_delay": 0,
    "poke_interval": 0,
    "timeout": 0,
    "max_wait": 0,
    "pool_slots": 1,
    "max_active_tis_per_dag": 1,
    "max_active_tis_per_dagrun": 1,
}
"""The smallest value of numbers that operators have from Airflow's base classes."""

TIMES_OF_DAY: Mapping[str, Sequence[str]] = {
    "airflow.providers.standard.sensors.time.TimeSensor": ("target_time",),
    "airflow.providers.standard.sensors.time.TimeSensorAsync": ("target_time",),
}
"""Arguments that take a `datetime.time`, by operator; the catalog has one word for all dates."""

ALSO_EXCLUSIVE: Mapping[str, Exclusive] = {
    "airflow.providers.standard.sensors.external_task.ExternalTaskSensor": Exclusive(
        ("external_task_id", "external_task_ids", "external_task_group_id"), limit=True
    ),
}
"""What constructors check in ways that the catalog's builder does not see."""
