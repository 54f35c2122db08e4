"""Which arguments of an operator are templated: a task's output given there makes an edge."""

from __future__ import annotations

from collections.abc import Callable

from daggen.code.graph import Ref
from daggen.code.reader import names
from daggen.code.reader.objects import LocalClass

Fields = Callable[[str], frozenset[str] | None]

_PYTHON = "templates_dict op_args op_kwargs"
_VIRTUALENV = f"{_PYTHON} requirements index_urls index_urls_from_connection_ids venv_cache_path"
_FIELDS = {
    "AnalyticsOperator": "datasource_configs queries",
    "ApprovalOperator": "subject body",
    "BaseOperator": "",
    "BaseSensorOperator": "",
    "BashOperator": "bash_command env cwd",
    "BashSensor": "bash_command env",
    "BranchDateTimeOperator": "",
    "BranchDayOfWeekOperator": "",
    "BranchExternalPythonOperator": f"{_PYTHON} python",
    "BranchPythonOperator": _PYTHON,
    "BranchPythonVirtualenvOperator": _VIRTUALENV,
    "BranchSQLOperator": "sql conn_id database hook_params",
    "DateTimeSensor": "target_time",
    "DateTimeSensorAsync": "target_time",
    "DayOfWeekSensor": "",
    "EmailOperator": "to subject html_content from_email files cc bcc mime_subtype mime_charset "
    "conn_id custom_headers",
    "EmptyOperator": "",
    "ExternalPythonOperator": f"{_PYTHON} python",
    "ExternalTaskMarker": "external_dag_id external_task_id logical_date",
    "ExternalTaskSensor": "external_dag_id external_task_id external_task_ids "
    "external_task_group_id",
    "FileSensor": "filepath fs_conn_id",
    "HITLBranchOperator": "subject body",
    "HITLEntryOperator": "subject body",
    "HITLOperator": "subject body",
    "HttpOperator": "endpoint data headers http_conn_id",
    "HttpSensor": "endpoint request_params headers http_conn_id",
    "LatestOnlyOperator": "",
    "PythonOperator": _PYTHON,
    "PythonSensor": _PYTHON,
    "PythonVirtualenvOperator": _VIRTUALENV,
    "SFTPOperator": "local_filepath remote_filepath remote_host ssh_conn_id",
    "SFTPSensor": "path file_pattern newer_than sftp_conn_id",
    "SQLExecuteQueryOperator": "conn_id sql parameters hook_params database",
    "SQLCheckOperator": "sql conn_id database hook_params",
    "SQLColumnCheckOperator": "table partition_clause sql conn_id database hook_params",
    "SQLTableCheckOperator": "table partition_clause sql conn_id database hook_params",
    "SQLThresholdCheckOperator": "sql min_threshold max_threshold conn_id database hook_params",
    "SQLValueCheckOperator": "sql pass_value conn_id database hook_params",
    "SSHOperator": "command environment remote_host ssh_conn_id",
    "ShortCircuitOperator": _PYTHON,
    "SlackAPIPostOperator": "username text attachments blocks channel thread_ts slack_conn_id",
    "SlackWebhookOperator": "message attachments blocks channel username proxy "
    "slack_webhook_conn_id",
    "SqlSensor": "sql hook_params parameters",
    "TimeDeltaSensor": "delta",
    "TimeDeltaSensorAsync": "delta",
    "TimeSensor": "",
    "TriggerDagRunOperator": "trigger_dag_id trigger_run_id logical_date conf "
    "wait_for_completion skip_when_already_exists",
    "WaitSensor": "time_to_wait",
}
_KINDS = {
    "python": ("airflow.providers.standard.decorators.python._PythonDecoratedOperator", _PYTHON),
    "branch": (
        "airflow.providers.standard.decorators.branch_python._BranchPythonDecoratedOperator",
        _PYTHON,
    ),
    "short_circuit": (
        "airflow.providers.standard.decorators.short_circuit._ShortCircuitDecoratedOperator",
        _PYTHON,
    ),
    "virtualenv": (
        "airflow.providers.standard.decorators.python_virtualenv._PythonVirtualenvDecoratedOperator",
        _VIRTUALENV,
    ),
    "external_python": (
        "airflow.providers.standard.decorators.external_python._PythonExternalDecoratedOperator",
        f"{_PYTHON} python",
    ),
    "branch_virtualenv": (
        "airflow.providers.standard.decorators.branch_virtualenv."
        "_BranchPythonVirtualenvDecoratedOperator",
        _VIRTUALENV,
    ),
    "branch_external_python": (
        "airflow.providers.standard.decorators.branch_external_python."
        "_BranchExternalPythonDecoratedOperator",
        f"{_PYTHON} python",
    ),
    "sensor": (
        "airflow.providers.standard.decorators.sensor.DecoratedSensorOperator",
        _PYTHON,
    ),
    "bash": (
        "airflow.providers.standard.decorators.bash._BashDecoratedOperator",
        "op_args op_kwargs bash_command env cwd",
    ),
    "stub": ("airflow.providers.standard.decorators.stub._StubOperator", "op_args op_kwargs"),
    "sql": (
        "airflow.providers.common.sql.decorators.sql._SQLDecoratedOperator",
        "op_args op_kwargs conn_id sql parameters hook_params database",
    ),
    "analytics": (
        "airflow.providers.common.sql.decorators.analytics._AnalyticsDecoratedOperator",
        "op_args op_kwargs datasource_configs queries",
    ),
    "docker": (
        "airflow.providers.docker.decorators.docker._DockerDecoratedOperator",
        "op_args op_kwargs image command environment env_file container_name",
    ),
    "kubernetes": (
        "airflow.providers.cncf.kubernetes.decorators.kubernetes._KubernetesDecoratedOperator",
        "op_args op_kwargs image cmds arguments env_vars labels namespace",
    ),
    "kubernetes_cmd": (
        "airflow.providers.cncf.kubernetes.decorators.kubernetes_cmd."
        "_KubernetesCmdDecoratedOperator",
        "op_args op_kwargs image cmds arguments env_vars labels namespace",
    ),
    "pyspark": (
        "airflow.providers.apache.spark.decorators.pyspark._PySparkDecoratedOperator",
        "op_args op_kwargs",
    ),
    "snowpark": (
        "airflow.providers.snowflake.decorators.snowpark._SnowparkDecoratedOperator",
        "op_args op_kwargs templates_dict snowflake_conn_id",
    ),
    "sftp_sensor": (
        "airflow.providers.sftp.decorators.sensors.sftp._DecoratedSFTPSensor",
        "op_args op_kwargs path file_pattern newer_than sftp_conn_id",
    ),
}


def decorated(kind: str) -> tuple[str, frozenset[str] | None]:
    """Give the operator and the templated arguments of a `@task.<kind>` decorator."""
    if kind not in _KINDS:
        return f"airflow.sdk.task.{kind}", None
    operator, fields = _KINDS[kind]
    return operator, frozenset(fields.split())


def is_known_kind(kind: str) -> bool:
    """Tell whether the operator behind `@task.<kind>` is known."""
    return kind in _KINDS


def templated(operator: object, further: Fields) -> frozenset[str] | None:
    """Give the templated arguments of an operator's class, None when they are not known.

    `further` gives those of operators that are not known here, by their dotted path.
    """
    if isinstance(operator, Ref):
        known = names.is_airflow(operator.dotted)
        fields = _FIELDS.get(names.last(operator.dotted)) if known else None
        return further(operator.dotted) if fields is None else frozenset(fields.split())
    if isinstance(operator, LocalClass):
        return _of_class(operator, further)
    return None


def _of_class(operator: LocalClass, further: Fields) -> frozenset[str] | None:
    own = operator.scope.names.get("template_fields")
    if isinstance(own, str):
        return frozenset({own})
    if isinstance(own, list | tuple) and all(isinstance(item, str) for item in own):
        return frozenset(str(item) for item in own)
    if own is not None or not operator.bases:
        return None
    inherited = [templated(base, further) for base in operator.bases]
    return inherited[0] if len(inherited) == 1 else None
