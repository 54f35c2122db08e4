"""What cannot be known is said, and is never guessed."""

from __future__ import annotations

import pytest

from daggen.code.graph import Call, DagGraph, Ref, TaskOutput, Unknown
from daggen.code.reader import read_dags, read_file

HEADER = """\
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup, Variable, chain, task
from techcorp import anything, FLAG, NAMES, Strange

with DAG("d") as dag:
    a = EmptyOperator(task_id="a")
    b = EmptyOperator(task_id="b")
    names = ["x"]
    options = {"k": 1}
"""


def read(body: str) -> DagGraph:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    (graph,) = read_dags(HEADER + lines, "d.py")
    return graph


def parts(graph: DagGraph) -> set[str]:
    return {doubt.part for doubt in graph.doubts}


@pytest.mark.parametrize(
    "body",
    [
        "if FLAG:\n    EmptyOperator(task_id='c')",
        "for name in NAMES:\n    EmptyOperator(task_id=name)",
        "for name in anything():\n    EmptyOperator(task_id=name)",
        "while FLAG:\n    EmptyOperator(task_id='c')",
        "EmptyOperator(task_id=FLAG)",
        "EmptyOperator(task_id=f'x{FLAG}')",
        "EmptyOperator(**anything())",
        "anything(dag)",
        "anything()",
        "Strange(a)",
        "Strange().build()",
        "FLAG and EmptyOperator(task_id='c')",
        "made = EmptyOperator(task_id='c') if FLAG else None",
        "made = [EmptyOperator(task_id=n) for n in NAMES]",
        "exec('x')",
        "with anything():\n    EmptyOperator(task_id='c')",
        "match FLAG:\n    case 1:\n        EmptyOperator(task_id='c')",
        "def make():\n    return EmptyOperator(task_id='c')\nif FLAG:\n    make()",
        "def make():\n    yield EmptyOperator(task_id='c')\nlist(make())",
        "def make(n):\n    EmptyOperator(task_id=n)\nanything(make)",
        "import itertools\n"
        "list(itertools.starmap(lambda n: EmptyOperator(task_id=n), [('c',)]))",
    ],
)
def test_unknown_tasks_are_doubted(body: str) -> None:
    graph = read(body)
    assert "tasks" in parts(graph)
    assert {"a", "b"} <= set(graph.tasks)


@pytest.mark.parametrize(
    "body",
    [
        "a >> anything",
        "a >> NAMES",
        "[a, b][FLAG] >> b",
        "if FLAG:\n    a >> b",
        "chain(a, NAMES)",
        "chain(*NAMES)",
        "a.set_downstream(NAMES)",
        "nodes = [b]\nanything(nodes)\na >> nodes",
        "getattr(a, FLAG)(b)",
        "a.something(b)",
        "try:\n    import x\nexcept ImportError:\n    a >> b",
        "Strange(task_id='s', value=a.output)",
        "BashOperator(task_id='s', bash_command='x', env=a.output if FLAG else None)",
        "BashOperator(task_id='s', bash_command='x', env=[a.output, b.output][FLAG])",
        "BashOperator(task_id='s', bash_command='x', env={'k': a.output}.get(FLAG))",
        "import random\nnodes = [a, b]\nrandom.shuffle(nodes)\nchain(*nodes)",
        "edges = {}\nedges[FLAG] = b\nfor node in edges.values():\n    a >> node",
    ],
)
def test_unknown_edges_are_doubted(body: str) -> None:
    assert parts(read(body)) & {"edges", "tasks"}


@pytest.mark.parametrize(
    "body",
    [
        "import os\nif os.environ.get('X'):\n    names.append('y')\n"
        "for n in names:\n    EmptyOperator(task_id=n)",
        "def more():\n    names.append('y')\nif FLAG:\n    more()\n"
        "for n in names:\n    EmptyOperator(task_id=n)",
        "import random\nrandom.shuffle(names)\nfor n in names:\n    EmptyOperator(task_id=n)",
        "for line in Variable.get('x').split():\n    names.extend(line.split(','))\n"
        "for n in names:\n    EmptyOperator(task_id=n)",
        "alias = {'inner': names}\nif FLAG:\n    alias['inner'].append('y')\n"
        "for n in names:\n    EmptyOperator(task_id=n)",
        "if FLAG:\n    names = ['y']\nfor n in names:\n    EmptyOperator(task_id=n)",
        "if FLAG:\n    del names[0]\nfor n in names:\n    EmptyOperator(task_id=n)",
        "class Box:\n    def __init__(self):\n        self.items = ['x']\n"
        "    def more(self):\n        self.items = ['x', 'y']\n"
        "box = Box()\nif FLAG:\n    box.more()\n"
        "for n in box.items:\n    EmptyOperator(task_id=n)",
        "count = 1\ndef more():\n    global count\n    count = 2\nif FLAG:\n    more()\n"
        "for n in range(count):\n    EmptyOperator(task_id=f'n{n}')",
    ],
)
def test_what_unknown_code_may_have_changed_is_not_believed(body: str) -> None:
    graph = read(body)
    assert "tasks" in parts(graph)
    assert set(graph.tasks) <= {"a", "b"}


@pytest.mark.parametrize(
    "body",
    [
        "import os\nx = os.environ.get('X', 'y')",
        "x = Variable.get('x').split(',')",
        "import json\nx = json.loads(Variable.get('x'))['y'].strip()",
        "import logging\nlogging.getLogger(__name__).info('x')",
        "from datetime import datetime\nx = datetime.now().strftime('%Y')",
        "try:\n    import yaml\nexcept ImportError:\n    yaml = None",
        "for name in Variable.get('x').split(','):\n    names.append(name.strip())",
        "if FLAG:\n    raise ValueError(FLAG)",
        "assert FLAG",
        "print(FLAG)",
        "def helper():\n    return anything(dag)",
        "x = f'{FLAG} {NAMES!r}'",
    ],
)
def test_what_adds_nothing_to_a_dag_raises_no_doubt(body: str) -> None:
    assert read(body).doubts == ()


def test_unknown_arguments_are_unknown_and_the_rest_is_known() -> None:
    graph = read(
        "import os\nfrom datetime import timedelta\nfrom techcorp.etl import load\n"
        "def own(): pass\n"
        "BashOperator(task_id='c', bash_command='x', pool=os.environ['POOL'], "
        "retry_delay=timedelta(minutes=5), env={'a': a.output['key'], 'b': [load, own]}, "
        "append_env=not FLAG)"
    )
    arguments = graph.tasks["c"].arguments
    assert arguments == {
        "bash_command": "x",
        "pool": Unknown("os.environ['POOL']"),
        "retry_delay": Call("datetime.timedelta", (), {"minutes": 5}),
        "env": {"a": TaskOutput("a", "key"), "b": [Ref("techcorp.etl.load"), Ref(".own")]},
        "append_env": Unknown("not FLAG"),
    }
    assert [(e.upstream, e.downstream) for e in graph.edges] == [("a", "c")]
    assert graph.doubts == ()


def test_a_changed_argument_is_unknown() -> None:
    graph = read(
        "import random\nrandom.shuffle(options)\nEmptyOperator(task_id='c', params=options)"
    )
    assert isinstance(graph.tasks["c"].arguments["params"], Unknown)


def test_an_attribute_set_under_a_condition_is_doubted() -> None:
    assert "arguments" in parts(read("if FLAG:\n    a.trigger_rule = 'all_done'"))


def test_a_value_that_holds_itself_is_read() -> None:
    graph = read("names.append(names)\nEmptyOperator(task_id='c', params=names)")
    assert graph.tasks["c"].arguments["params"] == ["x", Unknown("a value that holds itself")]


def test_enums_of_airflow_are_their_values() -> None:
    graph = read(
        "from airflow.sdk import TriggerRule\n"
        "EmptyOperator(task_id='c', trigger_rule=TriggerRule.ALL_DONE)"
    )
    assert graph.tasks["c"].arguments == {"trigger_rule": "all_done"}


def test_lines_are_told() -> None:
    graph = read("c = BashOperator(\n    task_id='c',\n    bash_command='x',\n)")
    task = graph.tasks["c"]
    assert (task.line, task.end_line) == (11, 14)
    assert task.lines == {"task_id": 12, "bash_command": 13}
    assert graph.line == 6


def test_a_repeated_task_after_something_unknown_has_no_known_id() -> None:
    graph = read("@task\ndef t(): pass\nif FLAG:\n    t()\nt()\nt.override(task_id='u')()")
    assert set(graph.tasks) == {"a", "b"}


def test_duplicate_ids_and_undefined_names_are_doubts() -> None:
    assert "duplicate" in parts(read("EmptyOperator(task_id='a')"))
    assert "duplicate" in parts(read("with TaskGroup('a'):\n    pass"))
    assert "name" in parts(read("a >> not_there"))


def test_a_dag_whose_id_is_unknown() -> None:
    (graph,) = read_dags(
        "from airflow.sdk import DAG\nfrom x import n\nwith DAG(n):\n    pass\n", "d"
    )
    assert graph.dag_id == ""
    assert parts(graph) == {"dag_id"}


@pytest.mark.parametrize(
    "source",
    [
        "from techcorp import make\nmake()",
        "from techcorp import make\ndags = make()",
        "from airflow.sdk import DAG\nfrom x import C\nif C:\n    dag = DAG('d')",
        "import importlib\nexec('x')",
        "raise SystemExit",
    ],
)
def test_a_file_may_have_more_dags_than_are_read(source: str) -> None:
    assert read_file(source, "d.py").doubts


def test_an_empty_group_passes_dependencies_on_since_airflow_3() -> None:
    source = HEADER + "    with TaskGroup('g') as g:\n        pass\n    a >> g >> b\n"
    (new,) = read_dags(source, "d.py", (3, 0))
    (old,) = read_dags(source, "d.py", (2, 11))
    assert [(edge.upstream, edge.downstream) for edge in new.edges] == [("a", "b")]
    assert old.edges == frozenset()


def test_dags_by_where_they_are() -> None:
    source = (
        "from airflow.sdk import DAG\n"
        "seen = DAG('assigned')\n"
        "with DAG('with'): pass\n"
        "lost = [DAG('in a list')]\n"
        "DAG('dropped')\n"
        "with DAG('not registered', auto_register=False): pass\n"
        "with DAG('registered by name', auto_register=False) as kept: pass\n"
    )
    found = [graph.dag_id for graph in read_dags(source, "d.py")]
    assert found == ["assigned", "with", "registered by name"]


@pytest.mark.parametrize("source", ["def", "x = \0", "(" * 5000])
def test_only_syntax_errors_are_raised(source: str) -> None:
    with pytest.raises(SyntaxError):
        read_dags(source, "d.py")


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "-" * 400 + "1",
        "def f(n):\n    return f(n + 1)\nf(0)",
        "while True:\n    pass",
        "x = 'a' * 10 ** 12",
        "x = 9 ** 9 ** 9",
        "x = 9\nfor i in range(60):\n    x = x * x",
        "x = f'{1:999999999}'",
        "x = 1 << 10 ** 10",
        "x = '%999999999d' % 1",
        "x = 'a'.ljust(10 ** 12)",
        "x = 'a'.zfill(10 ** 10)",
        "for i in range(10 ** 12):\n    for j in range(10 ** 12):\n        pass",
        "x = [0]\nfor i in x:\n    x.append(i)",
        "x = ['a']\nfor i in range(60):\n    x = x + x",
        "x = 'ab'\nfor i in range(60):\n    x = x + x",
        "x = list(range(19999))\ny = [(a, b) for a in x for b in x]",
        "x = bytes(10 ** 12)",
        "x = ' ' * 99999\ny = [x.replace(' ', x) for i in range(9)]",
        "import itertools\nx = list(itertools.product(range(10000), repeat=10))",
        "x = '{:>999999999}'.format(1)",
        "x = sorted(range(10 ** 12))",
        "x = sum(range(10 ** 12))",
        "x = max(range(10 ** 12))",
        "x = bytes(range(10 ** 9))",
        "import re\nx = re.sub('(a+)+$', '', 'a' * 40 + 'b')",
    ],
)
def test_a_hostile_file_is_read_in_bounded_time_and_memory(source: str) -> None:
    read_file(source, "d.py")
