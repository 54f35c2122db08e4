"""DAGs made by loops, helpers, comprehensions and conditions over known values."""

import itertools
import os
from collections import OrderedDict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator as Bash
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup, TriggerRule, chain
from airflow.sdk.bases.operator import chain_linear, cross_downstream

TABLES = {"orders": {"daily": True, "size": 3}, "items": {"daily": False, "size": 2}}
PREFIX = "load"
NAME = Path(__file__).stem
DEFAULTS = dict(owner="me", retries=len(TABLES))


def pipeline(dag, table, size=1, *extra, **options):
    """Make a few tasks."""
    if size < 1:
        raise ValueError(size)
    steps = [
        Bash(task_id=f"{PREFIX}_{table}_{i:02d}", bash_command="x", dag=dag) for i in range(size)
    ]
    for left, right in zip(steps, steps[1:]):
        left >> right
    if options.get("check", True) and table != "items":
        checked = EmptyOperator(task_id=f"check_{table.upper()}", dag=dag)
        steps[-1] >> checked
        return checked
    return steps[-1]


for table, options in TABLES.items():
    dag_id = f"{NAME}_{table}"
    with DAG(
        dag_id, schedule="@daily" if options["daily"] else None, default_args=DEFAULTS
    ) as made:
        last = pipeline(made, table, options["size"])
        last >> EmptyOperator(task_id="end", trigger_rule=TriggerRule.ALL_DONE)
    globals()[dag_id] = made

unregistered = [DAG("never_seen")]

with DAG("loops", start_date=datetime(2026, 1, 1), schedule=timedelta(days=1)):
    previous = None
    for i, (kind, number) in enumerate(itertools.product("ab", [1, 2]), start=1):
        current = EmptyOperator(task_id=f"{i}_{kind}{number}")
        if previous is not None:
            previous >> current
        previous = current
        if i == 3:
            continue
        if i > 5:
            break
    else:
        previous >> EmptyOperator(task_id="all_done")
    count = 0
    while count < 3:
        count += 1
        EmptyOperator(task_id="while_%d" % count)
    by_name = {name: EmptyOperator(task_id=name) for name in sorted({"q", "p"} | {"r"})}
    by_name["p"].set_downstream([by_name["q"], by_name["r"]])
    by_name["r"].set_upstream(by_name["q"])
    tasks = [t for name, t in by_name.items() if name != "q"]
    tasks += [EmptyOperator(task_id=n) for n in ("s", "t")]
    tasks.extend(EmptyOperator(task_id=f"gen_{n}") for n in range(2))
    first, *middle, last = tasks
    first >> middle >> last
    make = partial(EmptyOperator, trigger_rule="one_success")
    quick = lambda name, **kw: EmptyOperator(task_id=name, **kw)  # noqa: E731
    quick("lambda_made", trigger_rule="none_failed") >> make(task_id="partial_made")
    ordered = OrderedDict([("k", EmptyOperator(task_id="k")), ("l", EmptyOperator(task_id="l"))])
    chain(*ordered.values())
    list(map(lambda n: EmptyOperator(task_id=f"mapped_{n}"), range(2)))

with DAG("chains", schedule=None) as chains:
    ts = [EmptyOperator(task_id=f"t{i}") for i in range(12)]
    chain(ts[0], [ts[1], ts[2]], [ts[3], ts[4]], ts[5])
    chain_linear(ts[5], [ts[6], ts[7]], [ts[8], ts[9]], ts[10])
    cross_downstream([ts[0], ts[1]], [ts[10], ts[11]])
    ts[0] >> [ts[9]] << ts[8] >> ts[11]
    [ts[2], ts[3]] << ts[1]
    (ts[4], ts[5]) >> ts[9]
    with TaskGroup("g") as g:
        EmptyOperator(task_id="a")
        EmptyOperator(task_id="b")
    chain(ts[0], g, [ts[6], ts[7]])

assigned = DAG("assigned", schedule=None)
one = EmptyOperator(task_id="one", dag=assigned)
two = EmptyOperator(task_id="two", dag=assigned)
free = EmptyOperator(task_id="free")
one >> two >> free


def factory(name):
    """Return a DAG without a with block."""
    dag = DAG(name, schedule=None)
    a = EmptyOperator(task_id="a", dag=dag)
    b = EmptyOperator(task_id="b", dag=dag)
    a >> b
    return dag


from_factory = factory("from_factory")
lost = [factory("not_found")]

if os.environ.get("DAGGEN_NEVER_SET_THIS") == "x" and False:
    raise RuntimeError

if __name__ == "__main__":
    with DAG("only_as_a_script"):
        pass


class Settings:
    """Constants in a class."""

    NAMES = ("u", "v")
    RULE = "all_done"


with DAG("from_class", schedule=None):
    for name in Settings.NAMES:
        EmptyOperator(task_id=name, trigger_rule=Settings.RULE)


class Custom(EmptyOperator):
    """An operator of the file."""

    template_fields = ("value",)

    def __init__(self, value=None, **kwargs):
        super().__init__(**kwargs)
        self.value = value


class Deeper(Custom):
    """An operator that derives from one of the file."""


with DAG("own_operators", schedule=None):
    source = Custom(task_id="source", value=1)
    sink = Deeper(task_id="sink", value=[source.output])
    Custom.partial(task_id="mapped").expand(value=sink.output)
