"""What may and may not happen in a DAG file when it is parsed."""

from __future__ import annotations

import pytest

from daggen.code.purity import check_purity
from daggen.diagnostics.registry import rules

BAD = {
    "DG501": [
        "open('x')",
        "with open('x') as f:\n    pass",
        "from pathlib import Path\nPath('x').read_text()",
        "from pathlib import Path\np = Path('x')\np.exists()",
        "import pathlib\n(pathlib.Path('a') / 'b').iterdir()",
        "import os\nos.listdir('.')",
        "import glob\nglob.glob('*')",
    ],
    "DG502": [
        "import requests\nrequests.get('http://x')",
        "import httpx as h\nh.Client()",
        "import urllib.request\nurllib.request.urlopen('http://x')",
        "from urllib.request import urlopen\nurlopen('http://x')",
        "import socket\nsocket.create_connection(('x', 1))",
    ],
    "DG503": [
        "import sqlite3\nsqlite3.connect('x')",
        "from sqlalchemy import create_engine\ncreate_engine('sqlite://')",
        "from airflow.providers.postgres.hooks.postgres import PostgresHook\n"
        "PostgresHook('crm').get_records('select 1')",
        "from airflow.providers.postgres.hooks.postgres import PostgresHook\n"
        "hook = PostgresHook('crm')",
    ],
    "DG504": [
        "from airflow.sdk import Variable\nVariable.get('x')",
        "from airflow.models import Variable as V\nV.get('x')",
        "import airflow.models\nairflow.models.Variable.get('x')",
        "from airflow.sdk import Connection\nConnection.get('x')",
        "from airflow.hooks.base import BaseHook\nBaseHook.get_connection('x')",
    ],
    "DG505": [
        "import os\nos.environ['X']",
        "import os\nos.environ.get('X')",
        "import os\nos.getenv('X')",
        "from os import environ\nenviron['X']",
    ],
    "DG506": [
        "exec('x')",
        "eval('x')",
        "__import__('x')",
        "import importlib\nimportlib.import_module('x')",
    ],
    "DG507": [
        "import subprocess\nsubprocess.run(['x'])",
        "import os\nos.system('x')",
    ],
    "DG508": [
        "import pandas as pd",
        "from google.cloud import storage",
        "import sklearn.linear_model",
        "try:\n    import torch\nexcept ImportError:\n    torch = None",
    ],
    "DG509": [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nf(start=datetime.datetime.today())",
        "import pendulum\nf(start=pendulum.now().subtract(days=1))",
        "import uuid\nf(id=str(uuid.uuid4()))",
        "import random\nf(n=random.randint(0, 9))",
        "from airflow.sdk import timezone\nf(timezone.utcnow())",
    ],
    "DG510": ["import time\ntime.sleep(1)", "from time import sleep\nsleep(1)"],
    "DG511": [
        "from x import tables\nfor table in tables():\n    pass",
        "from x import TABLES\nfor table in TABLES:\n    pass",
        "from x import tables\nmade = [t for t in tables()]",
    ],
}


@pytest.mark.parametrize(("code", "source"), [(c, s) for c, ss in BAD.items() for s in ss])
def test_known_bad_things_are_found_at_parse_time(code: str, source: str) -> None:
    assert code in {finding.code for finding in check_purity(source, "d.py")}


@pytest.mark.parametrize(("code", "source"), [(c, s) for c, ss in BAD.items() for s in ss])
def test_the_same_things_are_free_inside_of_a_task(code: str, source: str) -> None:
    body = "".join(f"    {line}\n" for line in source.splitlines())
    inside = f"from airflow.sdk import task\n@task\ndef work():\n{body}"
    assert check_purity(inside, "d.py") == []
    callback = f"def on_failure(context):\n{body}"
    assert check_purity(callback, "d.py") == []


@pytest.mark.parametrize("decorator", ["dag", "dag(schedule=None)", "task_group", "task_group()"])
def test_bodies_that_build_a_dag_run_at_parse_time(decorator: str) -> None:
    source = (
        "from airflow.sdk import Variable, dag, task_group\n"
        f"@{decorator}\ndef build():\n    Variable.get('x')\n"
    )
    assert [finding.code for finding in check_purity(source, "d.py")] == ["DG504"]


def test_helpers_called_at_parse_time_run_at_parse_time() -> None:
    source = (
        "import requests\n"
        "def tables():\n    return fetch()\n"
        "def fetch():\n    return requests.get('http://x')\n"
        "def never():\n    return requests.get('http://y')\n"
        "names = tables()\n"
    )
    findings = check_purity(source, "d.py")
    assert [(finding.code, finding.span.line) for finding in findings if finding.span] == [
        ("DG502", 5)
    ]


def test_constructors_of_own_operators_run_at_parse_time() -> None:
    source = (
        "from airflow.sdk import BaseOperator, Variable\n"
        "class Load(BaseOperator):\n"
        "    def __init__(self, **kwargs):\n"
        "        super().__init__(**kwargs)\n"
        "        self.bucket = Variable.get('bucket')\n"
        "    def execute(self, context):\n"
        "        Variable.get('other')\n"
        "Load(task_id='load')\n"
    )
    assert [f.span.line for f in check_purity(source, "d.py") if f.span] == [5]


def test_methods_called_at_parse_time_run_at_parse_time() -> None:
    source = (
        "import requests\n"
        "class Tables:\n"
        "    def names(self):\n        return requests.get('http://x')\n"
        "    def other(self):\n        return requests.get('http://y')\n"
        "tables = Tables()\nfound = tables.names()\n"
    )
    assert [f.span.line for f in check_purity(source, "d.py") if f.span] == [4]


def test_a_lambda_and_the_main_block_run_later() -> None:
    source = (
        "import time\nfrom typing import TYPE_CHECKING\n"
        "callback = lambda context: time.sleep(1)\n"
        "if TYPE_CHECKING:\n    import pandas\n"
        "if __name__ == '__main__':\n    time.sleep(1)\n"
    )
    assert check_purity(source, "d.py") == []


def test_a_function_of_the_file_shadows_a_builtin() -> None:
    assert check_purity("def open(x):\n    return x\nopen('x')\n", "d.py") == []


def test_columns_count_characters() -> None:
    (finding,) = check_purity('x = "ü"; exec("y")\n', "d.py")
    assert finding.span is not None
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (1, 10, 19)


def test_changing_values_are_errors_where_they_reach_an_argument() -> None:
    source = "from datetime import datetime\nnow = datetime.now()\nf(now=datetime.now())\n"
    assert [f.severity.value for f in check_purity(source, "d.py")] == ["warning", "error"]


CLEAN = '''\
"""A rendered DAG."""

from datetime import timedelta
from functools import partial

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, Label, TaskGroup, chain, task
from techcorp.alerts import notify
from techcorp.notifiers import OpsNotifier

LIMITS = {"max": float("inf"), "min": -1}


def skip(context):
    for name in open("x"):
        print(name)


with DAG(
    dag_id="orders",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    schedule=[Asset("s3://orders"), Asset("s3://items") | Asset("s3://more")],
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    on_failure_callback=[partial(notify, channel="ops"), OpsNotifier("x"), lambda context: None],
) as dag:

    @task(retries=3)
    def extract(limit=LIMITS):
        import pandas

        return pandas.DataFrame()

    @task.branch
    def decide():
        return "load"

    with TaskGroup("group") as group:
        load = BashOperator(task_id="load", bash_command=f"echo {extract()['rows']}")
    mapped = BashOperator.partial(task_id="mapped").expand(bash_command=extract().map(str))
    chain(decide(), Label("x"), group)
    load >> [mapped]
    load.as_teardown(setups=mapped)

if __name__ == "__main__":
    dag.test()
'''


def test_what_daggen_renders_is_clean() -> None:
    assert check_purity(CLEAN, "d.py", strict=True) == []


@pytest.mark.parametrize(
    ("statement", "code", "severity"),
    [
        ("for x in [1]:\n    pass", "DG513", "error"),
        ("while True:\n    pass", "DG513", "error"),
        ("if a:\n    pass", "DG513", "error"),
        ("x = [y for y in (1, 2)]", "DG513", "error"),
        ("x = 1 if y else 2", "DG513", "error"),
        ("try:\n    import x\nexcept ImportError:\n    pass", "DG513", "error"),
        ("x += 1", "DG513", "error"),
        ("assert x", "DG513", "error"),
        ("del x", "DG513", "error"),
        ("print('x')", "DG512", "warning"),
        ("from techcorp import make\nx = make()", "DG512", "warning"),
        ("import os\nx = os.environ['X']", "DG505", "error"),
        ("import pandas", "DG508", "error"),
    ],
)
def test_strict_refuses_all_else(statement: str, code: str, severity: str) -> None:
    findings = check_purity(statement, "d.py", strict=True)
    assert (code, severity) in {(f.code, f.severity.value) for f in findings}


def test_every_rule_explains_itself() -> None:
    purity = [rule for code, rule in rules().items() if code.startswith("DG5")]
    assert len(purity) == 13
    for rule in purity:
        assert "Wrong" in rule.explanation
        assert "Right" in rule.explanation


@pytest.mark.parametrize(
    "source",
    [
        "from kubernetes.client.models import V1Pod, V1PodSpec\npod = V1Pod(spec=V1PodSpec([]))",
        "from kubernetes.client import models as k8s\npod = k8s.V1Pod()",
        "from airflow.providers.slack.notifications.slack import send_slack_notification\n"
        "notify = send_slack_notification(text='failed')",
    ],
)
def test_what_a_dag_needs_to_say_is_free_in_rendered_files(source: str) -> None:
    assert check_purity(source, "d.py", strict=True) == []


def test_long_chains_are_read_without_recursion() -> None:
    source = f"task = 1\n{' >> '.join(['task'] * 1500)}\n"
    assert not check_purity(source, "d.py", strict=True)
    assert check_purity(f"{source}open('x')\n", "d.py", strict=True)
