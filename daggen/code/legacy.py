"""The operators of Airflow 1, and of providers of old: where they are today, or what replaces them.

Airflow 2 still redirected most of these paths; on Airflow 3 the file that imports one is broken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("airflow_data") / "legacy.json"
_OLD = re.compile(r"airflow\.(contrib|operators|sensors)\.")

_TASK_DECORATORS = "bash branch branch_external_python branch_virtualenv external_python sensor "
_TASK_DECORATORS += "short_circuit virtualenv"
_FURTHER: Mapping[str, str] = {
    "airflow.providers.cncf.kubernetes.operators.kubernetes_pod.KubernetesPodOperator": (
        "airflow.providers.cncf.kubernetes.operators.pod.KubernetesPodOperator"
    ),
    "airflow.decorators.python_task": "airflow.sdk.task",
    **{
        f"airflow.decorators.{name}_task": f"airflow.sdk.task.{name}"
        for name in _TASK_DECORATORS.split()
    },
}

_GONE: Mapping[str, str] = {
    # the pattern of a class name: what does its work today
    "BigQuery(ExecuteQuery)?Operator": (
        "use BigQueryInsertJobOperator with configuration: {query: {query: …, useLegacySql: false}}"
    ),
    "BigQueryCreate(Empty|External)TableOperator": "use BigQueryCreateTableOperator",
    "BigQueryPatchDatasetOperator": "use BigQueryUpdateDatasetOperator",
    "(DataFlow|DataflowCreate)Java(Job)?Operator": "use BeamRunJavaPipelineOperator",
    "(DataFlow|DataflowCreate)Python(Job)?Operator": "use BeamRunPythonPipelineOperator",
    "CreateDataPipelineOperator": "use DataflowCreatePipelineOperator",
    "RunDataPipelineOperator": "use DataflowRunPipelineOperator",
    "Dataproc(ScaleCluster|ClusterScale)Operator": "use DataprocUpdateClusterOperator",
    "Data[Pp]roc(Submit)?(Hadoop|Hive|Pig|PySpark|Spark|SparkSql)(Job)?Operator": (
        "use DataprocSubmitJobOperator"
    ),
    "MLEngine(Manage)?(Model|Version)Operator": "use the operators of Vertex AI's model registry",
    "MLEngine(StartTraining|Training)(Job)?Operator": (
        "use CreateCustomPythonPackageTrainingJobOperator"
    ),
    "MLEngine(Start)?BatchPrediction(Job)?Operator": "use CreateBatchPredictionJobOperator",
}


def moved(dotted: str) -> str:
    """Give today's path of an operator that has moved; "" for other names."""
    if further := _FURTHER.get(dotted):
        return further
    return _moved().get(dotted, "") if _OLD.match(dotted) else ""


def successor(name: str) -> str:
    """Give today's path of the class that once had a short name; "" for none, or several."""
    found = _successors().get(name, set())
    return next(iter(found)) if len(found) == 1 else ""


def advice(dotted: str) -> str:
    """Say what to write instead of a class that is gone; "" for other names."""
    name = dotted.rpartition(".")[2]
    return next((text for known, text in _GONE.items() if re.fullmatch(known, name)), "")


def is_gone(dotted: str) -> bool:
    """Tell whether Airflow 3 is certain not to have a path that no table knows."""
    return bool(_OLD.match(dotted))


@cache
def _moved() -> Mapping[str, str]:
    table: Mapping[str, Mapping[str, str]] = json.loads(_DATA.read_text(encoding="utf-8"))
    found = {}
    for old, targets in table.items():
        for new, names in targets.items():
            for name, _, renamed in (each.partition(":") for each in names.split()):
                found[f"{old}.{name}"] = f"{new}.{renamed or name}"
    return found


@cache
def _successors() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for old, new in _moved().items():
        found.setdefault(old.rpartition(".")[2], set()).add(new)
    return found
