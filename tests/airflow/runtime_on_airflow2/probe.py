"""Runs the runtime modules in Airflow 2.11 and prints what became of the tasks, as JSON.

Run by Airflow 2's interpreter, with the directory that holds `daggen_runtime` as argument.
"""

import json
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, sys.argv[1])

from airflow import DAG
from airflow.models import Variable
from daggen_runtime import circuit_breaker
from daggen_runtime.alerts import HttpAlert
from daggen_runtime.validated_file_sensor import ValidatedFileSensor

circuit_breaker.SETTLE_SECONDS = 0.01
FACTS = {"healthy": False, "calls": 0}


def call() -> None:
    FACTS["calls"] += 1
    if not FACTS["healthy"]:
        raise ConnectionError("the service is down")


def state(dag_id: str, operator: type, **arguments: object) -> str:
    """Run a DAG of one task and give the task's state."""
    alert = {"on_failure_callback": HttpAlert("not_there")}
    with DAG(dag_id, schedule=None, start_date=datetime(2026, 1, 1), default_args=alert) as dag:
        operator(task_id="task", **arguments)
    return str(dag.test().get_task_instances()[0].state)


def breaker(dag_id: str) -> str:
    """Run a task behind the circuit that all these DAGs share."""
    operator = circuit_breaker.CircuitBreakerOperator
    return state(
        dag_id,
        operator,
        python_callable=call,
        circuit="shared",
        failure_threshold=2,
        recovery_timeout=FACTS.get("recovery", timedelta(hours=1)),
        when_open="skip",
    )


def sensor(dag_id: str, rows: int, deferrable: bool = False) -> str:
    """Wait for a CSV file of two rows."""
    path = Path(tempfile.mkdtemp()) / "orders.csv"
    path.write_text("id\n1\n2\n", encoding="utf-8")
    arguments = {"filepath": str(path), "min_rows": rows, "deferrable": deferrable}
    return state(dag_id, ValidatedFileSensor, timeout=0, poke_interval=0.1, **arguments)


found = {"breaker": [breaker("one"), breaker("two"), breaker("three")], "calls": FACTS["calls"]}
FACTS.update(healthy=True, recovery=timedelta(0))
found["recovered"] = breaker("four")
found["state"] = json.loads(Variable.get("circuit_breaker.shared"))["state"]
found["sensor"] = [sensor("s1", 2), sensor("s2", 3), sensor("s3", 2, deferrable=True)]
print("FOUND " + json.dumps(found))
