"""Decorated tasks in all forms: repeated, overridden, expanded, nested in groups."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, dag, setup, task, task_group, teardown


def plain(x):
    return x


@task
def add(x, y=1):
    return x + y


@task(task_id="renamed", retries=3, trigger_rule="one_success")
def other(x):
    return x


@task(multiple_outputs=True)
def pair():
    return {"a": 1, "b": 2}


@dag(schedule=None, tags=["x"])
def decorated(limit: int = 3):
    """A decorated DAG."""
    first = add(1)
    second = add(first)
    third = add.override(task_id="third", trigger_rule="all_done")(second, y=first)
    fourth = add.override(task_id="add")(third)
    values = pair()
    other(values["a"]) >> fourth
    other({"deep": [values["b"], (first,)]})
    add(limit)


decorated()


@dag("named_dag", schedule=None)
def function_of_another_name():
    task(plain)(1)
    task(task_id="inline")(plain)([task(plain)(2)])
    task.bash(task_id="bashed")(lambda: "echo")()
    task.branch(task_id="branching")(plain)("renamed")
    task.short_circuit(plain)(True)
    task.sensor(poke_interval=3, mode="reschedule")(plain)(1)
    task.virtualenv(requirements=["x"])(plain)(1)
    task.external_python(python="/usr/bin/python")(plain)(1)


kept = function_of_another_name()

with DAG("mapping", schedule=None):
    numbers = add.partial(y=10).expand(x=[1, 2, 3])
    doubled = add.expand(x=numbers, y=numbers.map(lambda v: v + 1))
    zipped = numbers.zip(doubled, fillvalue=0)
    add.override(task_id="zipped").expand(x=zipped)
    add.override(task_id="concat").expand(x=numbers.concat(doubled))
    add.expand_kwargs([{"x": 1}, {"x": numbers}])
    add.expand_kwargs(numbers.map(lambda v: {"x": v}))
    BashOperator.partial(task_id="bash", env={"A": numbers}).expand(bash_command=["a", "b"])
    mapped = BashOperator.partial(task_id="kw").expand_kwargs([{"bash_command": "x"}])
    PythonOperator.partial(task_id="py", python_callable=plain).expand(op_args=numbers) >> mapped

    @task_group
    def each(value, fixed):
        got = add(value)
        add(got, fixed)

    each.partial(fixed=1).expand(value=numbers) >> mapped

    @task_group(group_id="other_group", prefix_group_id=False)
    def returning(value):
        return add.override(task_id="inside")(value)

    returning(5) >> returning.override(group_id="again", prefix_group_id=True)(6)

    @task_group
    def repeated():
        add(0)

    repeated() >> repeated() >> repeated()

with DAG("outputs", schedule=None) as outputs:
    make = BashOperator(task_id="make", bash_command="echo")
    use = BashOperator(task_id="use", bash_command="echo", env={"X": make.output})
    text = BashOperator(task_id="text", bash_command=f"echo {make.output['key']} and {add(1)}")
    cwd = BashOperator(task_id="append", bash_command="echo", append_env=False)
    cwd.cwd = use.output
    attribute_of_an_output = add.override(task_id="attribute")(1)
    attribute_of_an_output.trigger_rule = "all_done"
    python = PythonOperator(
        task_id="python", python_callable=plain, op_kwargs={"x": [make.output, {"y": use.output}]}
    )
    not_templated = BashOperator(task_id="not_templated", bash_command="x", skip_on_exit_code=None)
    not_templated.doc_md = make.output

with DAG("flags", schedule=None):

    @setup
    def up():
        return 1

    @setup
    @task(task_id="other_up")
    def up2():
        return 1

    @teardown(on_failure_fail_dagrun=True)
    def down(x):
        return x

    @teardown
    @task(retries=1)
    def down2():
        return 1

    @task
    def work(x=None):
        return x

    made = up()
    with down(made):
        work(made)
        work()
    with up2() as scope:
        inner = work.override(task_id="managed")()
        scope.add_task(work.override(task_id="added")())
    lonely = down2()
    inner >> lonely
