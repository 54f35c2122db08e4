"""Setup and teardown tasks: as endpoints, as context managers, nested, in groups."""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup


def make(name):
    return EmptyOperator(task_id=name)


with DAG("teardown_leaves", schedule=None):
    with TaskGroup("g") as g:
        s = make("s").as_setup()
        w1, w2 = make("w1"), make("w2")
        t = make("t").as_teardown(setups=s)
        s >> [w1, w2] >> t
    with TaskGroup("h") as h:
        s2 = make("s").as_setup()
        t2 = make("t").as_teardown(setups=[s2])
        s2 >> t2
    g >> h >> make("end")

with DAG("managed", schedule=None):
    up, down = make("up").as_setup(), make("down")
    down.as_teardown(setups=up)
    with down:
        a, b, c = make("a"), make("b"), make("c")
        a >> b
    other_up = make("other_up").as_setup()
    with other_up:
        d = make("d")
        e = make("e")
        d >> e

with DAG("nested_managers", schedule=None):
    u1, d1 = make("u1").as_setup(), make("d1")
    u2, d2 = make("u2").as_setup(), make("d2")
    with d1.as_teardown(setups=u1):
        first = make("first")
        with d2.as_teardown(setups=u2):
            second = make("second")
            third = make("third")
            second >> third

with DAG("manager_around_group", schedule=None):
    up = make("up").as_setup()
    with make("down").as_teardown(setups=up):
        with TaskGroup("inside") as inside:
            x = make("x")
            y = make("y")
            x >> y
        z = make("z")
    z >> make("out")
    inside >> make("out2")

with DAG("chain_of_teardowns", schedule=None):
    with TaskGroup("tg") as tg:
        w = make("w")
        td1 = make("td1").as_teardown()
        td2 = make("td2").as_teardown()
        w >> td1 >> td2
    tg >> make("last")

with DAG("two_setups", schedule=None):
    sa, sb = make("sa").as_setup(), make("sb").as_setup()
    td = make("td").as_teardown(setups=[sa, sb])
    with td:
        make("p") >> make("q")
