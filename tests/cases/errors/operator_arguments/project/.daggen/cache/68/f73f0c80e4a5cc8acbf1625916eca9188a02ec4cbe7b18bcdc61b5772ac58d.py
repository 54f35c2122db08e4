from datetime import timedelta
from math import floor

import pendulum
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.http.operators.http import HttpOperator
from airflow.providers.postgres.operators.postgres import PostgresOperator
from airflow.providers.slack.transfers.sql_to_slack import SqlToSlackApiFileOperator
from airflow.providers.standard.operators.bash import BashOperator, BashOprator
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.providers.standard.sensors.time_delta import TimeDeltaSensorAsync
from airflow.sdk import DAG

with DAG(
    dag_id="typos",
    schedule=None,
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
) as dag:
    misspelt = BashOperator(
        task_id="misspelt",
        bash_comand="echo hi",
        retries=2,
    )

    number_for_string = BashOperator(task_id="number_for_string", bash_command=5)
    missing = BashOperator(task_id="missing", cwd="/data")

    list_for_mapping = BashOperator(
        task_id="list_for_mapping",
        bash_command="echo",
        env=["A=1"],
    )

    misplaced = BashOperator(
        task_id="misplaced",
        bash_command="echo",
        catchup=False,
    )

    sensors_only = BashOperator(
        task_id="sensors_only",
        bash_command="echo",
        poke_interval=60,
    )

    unrendered = BashOperator(
        task_id="unrendered",
        bash_command="echo",
        output_encoding="{{ params.encoding }}",
    )

    both = FileSensor(
        task_id="both",
        filepath="/data/x",
        soft_fail=True,
        never_fail=True,
        timeout=timedelta(hours=1),
    )

    one_of = ExternalTaskSensor(
        task_id="one_of",
        external_dag_id="other",
        external_task_id="a",
        external_task_ids=["b"],
        timeout=timedelta(hours=1),
    )

    connection = SQLExecuteQueryOperator(
        task_id="connection",
        sql="SELECT 1",
        postgres_conn_id="crm",
    )

    endpoint = HttpOperator(task_id="endpoint", enpoint="/health")
    unknown_operator = BashOprator(task_id="unknown_operator", bash_command="echo")

    function = PythonOperator(
        task_id="function",
        python_callable=floor,
        x=5,
    )

    sets_itself = ApprovalOperator(
        task_id="sets_itself",
        subject="Deploy?",
        options=["Approve", "Reject"],
    )

    quoted_boolean = BashOperator(
        task_id="quoted_boolean",
        bash_command="echo",
        append_env="yes",
    )

    formats = SqlToSlackApiFileOperator(
        task_id="formats",
        sql="SELECT 1",
        sql_conn_id="crm",
        slack_filename="x.csv",
        action_on_empty_df="skipp",
    )

    gone = PostgresOperator(task_id="gone", sql="SELECT 1")

    deprecated = TimeDeltaSensorAsync(
        task_id="deprecated",
        delta=timedelta(hours=1),
        timeout=timedelta(hours=2),
    )

    hasty = FileSensor(
        task_id="hasty",
        filepath="/data/x",
        mode="reschedule",
        poke_interval=timedelta(seconds=5),
        timeout=timedelta(hours=1),
    )
