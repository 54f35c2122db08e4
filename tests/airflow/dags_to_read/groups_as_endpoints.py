"""Groups at both ends of dependencies, nested, empty, unprefixed, filled late."""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup

with DAG("nested_groups", schedule=None):
    start, end = EmptyOperator(task_id="start"), EmptyOperator(task_id="end")
    with TaskGroup("outer") as outer:
        first = EmptyOperator(task_id="first")
        with TaskGroup("inner", prefix_group_id=False) as inner:
            a = EmptyOperator(task_id="a")
            b = EmptyOperator(task_id="b")
            with TaskGroup("deep") as deep:
                c = EmptyOperator(task_id="c")
            a >> deep
        first >> inner
        lone = EmptyOperator(task_id="lone")
    start >> outer >> end
    inner >> EmptyOperator(task_id="after_inner")

with DAG("groups_in_lists", schedule=None) as dag:
    groups = []
    for name in ("x", "y", "z"):
        with TaskGroup(name) as group:
            one = EmptyOperator(task_id="one")
            two = EmptyOperator(task_id="two")
            one >> two
        groups.append(group)
    begin = EmptyOperator(task_id="begin")
    begin >> groups
    groups >> EmptyOperator(task_id="finish")
    groups[0] >> groups[1] << groups[2]

with DAG("empty_group", schedule=None):
    before = EmptyOperator(task_id="before")
    with TaskGroup("empty") as empty:
        pass
    after = EmptyOperator(task_id="after")
    before >> empty >> after

with DAG("late_tasks", schedule=None) as late:
    group = TaskGroup("group", dag=late)
    t1 = EmptyOperator(task_id="t1", task_group=group)
    t2 = EmptyOperator(task_id="t2")
    t2 >> group
    t3 = EmptyOperator(task_id="t3", task_group=group, dag=late)
    with group:
        t4 = EmptyOperator(task_id="t4")
    group >> EmptyOperator(task_id="t5")
    child = TaskGroup("child", parent_group=group)
    with child:
        EmptyOperator(task_id="t6")

with DAG("group_defaults", schedule=None, default_args={"trigger_rule": "all_done"}):
    EmptyOperator(task_id="plain")
    with TaskGroup("g", default_args={"trigger_rule": "one_failed"}):
        EmptyOperator(task_id="inherits")
        EmptyOperator(task_id="own", trigger_rule="always")
        with TaskGroup("h", default_args={"retries": 1}):
            EmptyOperator(task_id="through")
