"""Where Airflow keeps its names: the same class has moved from version to version.

A name has one *canonical* path, that of today's Airflow (`airflow.sdk.DAG`). `current_path` gives
the path to import it from on the targeted version, `canonical` recognises every older path, and
`available` tells whether the targeted version has it at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from daggen.code import legacy

Version = tuple[int, int]

_ALWAYS: Version = (0, 0)

_MOVED_TO_SDK: tuple[tuple[Version, str, str], ...] = (
    # since when airflow.sdk has the names; where they were before; the names
    ((3, 0), "airflow", "DAG"),
    ((3, 0), "airflow.decorators", "dag setup task task_group teardown"),
    ((3, 0), "airflow.io.path", "ObjectStoragePath"),
    ((3, 0), "airflow.models", "BaseOperator Connection Variable"),
    ((3, 0), "airflow.models.baseoperator", "chain chain_linear cross_downstream"),
    ((3, 0), "airflow.models.baseoperatorlink", "BaseOperatorLink"),
    ((3, 0), "airflow.models.param", "Param ParamsDict"),
    ((3, 0), "airflow.models.xcom_arg", "XComArg"),
    ((3, 0), "airflow.notifications.basenotifier", "BaseNotifier"),
    ((3, 0), "airflow.operators.python", "get_current_context"),
    ((3, 0), "airflow.sensors.base", "BaseSensorOperator PokeReturnValue"),
    ((3, 0), "airflow.utils.context", "Context"),
    ((3, 0), "airflow.utils.dag_parsing_context", "get_parsing_context"),
    ((3, 0), "airflow.utils.edgemodifier", "EdgeModifier Label"),
    ((3, 0), "airflow.utils.task_group", "TaskGroup"),
    ((3, 0), "airflow.datasets.metadata", "Metadata"),
    ((3, 1), "airflow.hooks.base", "BaseHook"),
    ((3, 1), "airflow.utils.state", "DagRunState TaskInstanceState"),
    ((3, 1), "airflow.utils.trigger_rule", "TriggerRule"),
    ((3, 1), "airflow.utils.weight_rule", "WeightRule"),
    ((3, 1), "airflow.utils.template", "literal"),
    ((3, 2), "airflow.timetables.interval", "CronDataIntervalTimetable DeltaDataIntervalTimetable"),
    (
        (3, 2),
        "airflow.timetables.trigger",
        "CronTriggerTimetable DeltaTriggerTimetable MultipleCronTriggerTimetable",
    ),
)

_MOVED_EXCEPTIONS = (
    # to airflow.sdk.exceptions in 3.2, from airflow.exceptions
    "AirflowException AirflowFailException AirflowRescheduleException AirflowSensorTimeout "
    "AirflowSkipException AirflowTaskTimeout TaskDeferred XComNotFound"
)

_RENAMED: dict[str, tuple[tuple[Version, str], ...]] = {
    # the canonical path: since when which path
    "airflow.sdk.Asset": (
        (_ALWAYS, "airflow.datasets.Dataset"),
        ((3, 0), "airflow.sdk.Asset"),
    ),
    "airflow.sdk.AssetAlias": (
        (_ALWAYS, "airflow.datasets.DatasetAlias"),
        ((3, 0), "airflow.sdk.AssetAlias"),
    ),
    "airflow.sdk.AssetAll": (
        (_ALWAYS, "airflow.datasets.DatasetAll"),
        ((3, 0), "airflow.sdk.AssetAll"),
    ),
    "airflow.sdk.AssetAny": (
        (_ALWAYS, "airflow.datasets.DatasetAny"),
        ((3, 0), "airflow.sdk.AssetAny"),
    ),
    "airflow.sdk.AssetOrTimeSchedule": (
        (_ALWAYS, "airflow.timetables.datasets.DatasetOrTimeSchedule"),
        ((3, 0), "airflow.timetables.assets.AssetOrTimeSchedule"),
        ((3, 2), "airflow.sdk.AssetOrTimeSchedule"),
    ),
    "airflow.sdk.BaseBranchOperator": (
        (_ALWAYS, "airflow.providers.standard.operators.branch.BaseBranchOperator"),
        ((3, 2), "airflow.sdk.BaseBranchOperator"),
    ),
    "airflow.sdk.DeadlineAlert": (
        ((3, 1), "airflow.sdk.definitions.deadline.DeadlineAlert"),
        ((3, 2), "airflow.sdk.DeadlineAlert"),
    ),
    "airflow.sdk.DeadlineReference": (
        ((3, 1), "airflow.sdk.definitions.deadline.DeadlineReference"),
        ((3, 2), "airflow.sdk.DeadlineReference"),
    ),
    "airflow.sdk.AsyncCallback": (
        ((3, 1), "airflow.sdk.definitions.deadline.AsyncCallback"),
        ((3, 2), "airflow.sdk.AsyncCallback"),
    ),
    "airflow.sdk.SyncCallback": (((3, 2), "airflow.sdk.SyncCallback"),),
    "airflow.sdk.AssetWatcher": (((3, 0), "airflow.sdk.AssetWatcher"),),
    "airflow.sdk.ExceptionRetryPolicy": (((3, 3), "airflow.sdk.ExceptionRetryPolicy"),),
    "airflow.sdk.RetryAction": (((3, 3), "airflow.sdk.RetryAction"),),
    "airflow.sdk.RetryRule": (((3, 3), "airflow.sdk.RetryRule"),),
    "airflow.sdk.result": (((3, 3), "airflow.sdk.result"),),
}

_NOT_ON_OLDER: dict[str, Version] = {
    "airflow.sdk.MultipleCronTriggerTimetable": (3, 0),
    "airflow.providers.standard.operators.hitl": (3, 1),
}

_MOVED_MODULES: dict[str, str] = {
    # modules of Airflow 1 and 2, and the provider that has their classes now
    "airflow.operators.bash": "airflow.providers.standard.operators.bash",
    "airflow.operators.bash_operator": "airflow.providers.standard.operators.bash",
    "airflow.operators.branch": "airflow.providers.standard.operators.branch",
    "airflow.operators.branch_operator": "airflow.providers.standard.operators.branch",
    "airflow.operators.datetime": "airflow.providers.standard.operators.datetime",
    "airflow.operators.dummy": "airflow.providers.standard.operators.empty",
    "airflow.operators.dummy_operator": "airflow.providers.standard.operators.empty",
    "airflow.operators.email": "airflow.providers.smtp.operators.smtp",
    "airflow.operators.email_operator": "airflow.providers.smtp.operators.smtp",
    "airflow.operators.empty": "airflow.providers.standard.operators.empty",
    "airflow.operators.generic_transfer": (
        "airflow.providers.common.sql.operators.generic_transfer"
    ),
    "airflow.operators.latest_only": "airflow.providers.standard.operators.latest_only",
    "airflow.operators.latest_only_operator": "airflow.providers.standard.operators.latest_only",
    "airflow.operators.python": "airflow.providers.standard.operators.python",
    "airflow.operators.python_operator": "airflow.providers.standard.operators.python",
    "airflow.operators.smooth": "airflow.providers.standard.operators.smooth",
    "airflow.operators.trigger_dagrun": "airflow.providers.standard.operators.trigger_dagrun",
    "airflow.operators.dagrun_operator": "airflow.providers.standard.operators.trigger_dagrun",
    "airflow.operators.weekday": "airflow.providers.standard.operators.weekday",
    "airflow.sensors.bash": "airflow.providers.standard.sensors.bash",
    "airflow.sensors.date_time": "airflow.providers.standard.sensors.date_time",
    "airflow.sensors.external_task": "airflow.providers.standard.sensors.external_task",
    "airflow.sensors.external_task_sensor": "airflow.providers.standard.sensors.external_task",
    "airflow.sensors.filesystem": "airflow.providers.standard.sensors.filesystem",
    "airflow.sensors.python": "airflow.providers.standard.sensors.python",
    "airflow.sensors.sql": "airflow.providers.common.sql.sensors.sql",
    "airflow.sensors.sql_sensor": "airflow.providers.common.sql.sensors.sql",
    "airflow.sensors.time_delta": "airflow.providers.standard.sensors.time_delta",
    "airflow.sensors.time_sensor": "airflow.providers.standard.sensors.time",
    "airflow.sensors.weekday": "airflow.providers.standard.sensors.weekday",
    "airflow.utils.weekday": "airflow.providers.standard.utils.weekday",
    "airflow.hooks.postgres_hook": "airflow.providers.postgres.hooks.postgres",
}

_RENAMED_CLASSES: dict[str, str] = {
    "airflow.kubernetes.secret.Secret": "airflow.providers.cncf.kubernetes.secret.Secret",
    "airflow.providers.standard.operators.empty.DummyOperator": (
        "airflow.providers.standard.operators.empty.EmptyOperator"
    ),
    "airflow.providers.http.operators.http.SimpleHttpOperator": (
        "airflow.providers.http.operators.http.HttpOperator"
    ),
}

_FURTHER_PATHS: dict[str, str] = {
    # paths that were never the one to prefer, but work or worked
    "airflow.hooks.base_hook.BaseHook": "airflow.sdk.BaseHook",
    "airflow.models.DAG": "airflow.sdk.DAG",
    "airflow.models.Param": "airflow.sdk.Param",
    "airflow.models.XComArg": "airflow.sdk.XComArg",
    "airflow.models.baseoperator.BaseOperator": "airflow.sdk.BaseOperator",
    "airflow.models.connection.Connection": "airflow.sdk.Connection",
    "airflow.models.dag.DAG": "airflow.sdk.DAG",
    "airflow.models.variable.Variable": "airflow.sdk.Variable",
    "airflow.sdk.definitions.dag.DAG": "airflow.sdk.DAG",
    "airflow.sdk.definitions.asset.Asset": "airflow.sdk.Asset",
    "airflow.sdk.definitions.asset.AssetAlias": "airflow.sdk.AssetAlias",
    "airflow.sdk.definitions.asset.AssetAll": "airflow.sdk.AssetAll",
    "airflow.sdk.definitions.asset.AssetAny": "airflow.sdk.AssetAny",
    "airflow.sdk.definitions.context.Context": "airflow.sdk.Context",
    "airflow.sdk.definitions.param.Param": "airflow.sdk.Param",
    "airflow.sdk.definitions.taskgroup.TaskGroup": "airflow.sdk.TaskGroup",
    "airflow.sdk.definitions.variable.Variable": "airflow.sdk.Variable",
    "airflow.sdk.bases.notifier.BaseNotifier": "airflow.sdk.BaseNotifier",
    "airflow.sdk.bases.operator.BaseOperator": "airflow.sdk.BaseOperator",
    "airflow.sdk.bases.sensor.BaseSensorOperator": "airflow.sdk.BaseSensorOperator",
    "airflow.sensors.base_sensor_operator.BaseSensorOperator": "airflow.sdk.BaseSensorOperator",
    "airflow.task.trigger_rule.TriggerRule": "airflow.sdk.TriggerRule",
    "airflow.task.weight_rule.WeightRule": "airflow.sdk.WeightRule",
    # Airflow 3.2 and 3.3 cannot serialize the one in airflow.sdk
    "airflow.sdk.EventsTimetable": "airflow.timetables.events.EventsTimetable",
}


def _histories() -> Iterator[tuple[str, tuple[tuple[Version, str], ...]]]:
    for since, module, names in _MOVED_TO_SDK:
        for name in names.split():
            path = f"airflow.sdk.{name}"
            first = _NOT_ON_OLDER.get(path, _ALWAYS)
            yield path, ((first, f"{module}.{name}"), (since, path))
    for name in _MOVED_EXCEPTIONS.split():
        path = f"airflow.sdk.exceptions.{name}"
        yield path, ((_ALWAYS, f"airflow.exceptions.{name}"), ((3, 2), path))
    yield from _RENAMED.items()


_HISTORY = dict(_histories())
_CANONICAL = _FURTHER_PATHS | {
    path: name for name, history in _HISTORY.items() for _, path in history
}


def canonical(dotted: str) -> str:
    """Give today's path of a name of Airflow, from any path it has had; other names unchanged."""
    if known := _CANONICAL.get(dotted):
        return known
    module, _, name = dotted.rpartition(".")
    if home := _MOVED_MODULES.get(module):
        dotted = f"{home}.{name}"
    dotted = legacy.moved(dotted) or dotted
    dotted = _RENAMED_CLASSES.get(dotted, dotted)
    return _CANONICAL.get(dotted, dotted)


def current_path(dotted: str, airflow: Version) -> str:
    """Give the path from which the targeted Airflow imports a name; other names unchanged.

    A name that the targeted version does not have yet keeps its canonical path: see `available`.
    """
    name = canonical(dotted)
    paths = [path for since, path in _HISTORY.get(name, ()) if since <= airflow]
    return paths[-1] if paths else name


def available(dotted: str, airflow: Version) -> bool:
    """Tell whether the targeted Airflow has a name, as far as is known: unknown names are there."""
    name = canonical(dotted)
    if history := _HISTORY.get(name):
        return history[0][0] <= airflow
    module, _, last = name.rpartition(".")
    if last.isupper() and module in _HISTORY:
        return available(module, airflow)
    if since := _NOT_ON_OLDER.get(module):
        return since <= airflow
    return module != "airflow.sdk" or airflow >= (3, 0)


def former_paths() -> Collection[str]:
    """Give every path that a name of Airflow has, or had on some version."""
    return _CANONICAL.keys()


def is_notifier_alias(dotted: str) -> bool:
    """Tell whether a name is one of the providers' `send_…_notification`, which are classes."""
    module, _, name = dotted.rpartition(".")
    in_notifications = module.startswith("airflow.providers.") and ".notifications" in module
    return in_notifications and name.startswith("send_")
