"""Labels on edges between tasks, lists and groups."""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Label, TaskGroup, chain, task

with DAG("labels", schedule=None):
    a, b, c, d = (EmptyOperator(task_id=name) for name in "abcd")
    a >> Label("yes") >> b
    c << Label("no") << a
    [b, c] >> Label("joined") >> d
    a.set_downstream(d, edge_modifier=Label("direct"))
    e, f = EmptyOperator(task_id="e"), EmptyOperator(task_id="f")
    chain(a, [Label("to e"), Label("to f")], [e, f])
    shared = Label("shared")
    shared >> EmptyOperator(task_id="late")
    d >> shared

    @task
    def value(x=None):
        return x

    value() >> Label("from output") >> value()

with DAG("labelled_groups", schedule=None):
    start = EmptyOperator(task_id="start")
    with TaskGroup("one") as one:
        p, q = EmptyOperator(task_id="p"), EmptyOperator(task_id="q")
        p >> Label("inside") >> q
    with TaskGroup("two") as two:
        r, s = EmptyOperator(task_id="r"), EmptyOperator(task_id="s")
    start >> Label("into") >> one >> Label("between") >> two
    with TaskGroup("three") as three:
        t, u = EmptyOperator(task_id="t"), EmptyOperator(task_id="u")
    r >> Label("widened") >> t
    u >> Label("out") >> EmptyOperator(task_id="end")
