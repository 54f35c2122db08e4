"""`daggen graph` in all its formats."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from daggen.cli import cli

FILE = """
from airflow.sdk import DAG, TaskGroup, Label, task
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator

with DAG(dag_id="night", schedule="@daily"):
    @task.branch
    def choose():
        return "tables.load"

    with TaskGroup("tables"):
        with TaskGroup("inner"):
            check = EmptyOperator(task_id="check")
        load = BashOperator.partial(task_id="load").expand(bash_command=["a", "b"])
        load >> check
    chosen = choose()
    chosen >> Label('if "<any>" & all') >> load
    for name in open("x"):
        EmptyOperator(task_id=name)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    target = tmp_path / "night.py"
    target.write_text(FILE, encoding="utf-8")
    return target


def draw(*arguments: str | Path) -> str:
    result = CliRunner().invoke(cli, ["graph", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_text(file: Path) -> None:
    lines = draw(file).splitlines()
    assert lines[:6] == [
        'night: 3 tasks, 2 groups, schedule "@daily"',
        '  choose (@task.branch, branch) → tables.load "if \\"<any>\\" & all"',
        "  [tables]",
        "    load [N] (BashOperator, mapped) → tables.inner.check",
        "    [inner]",
        "      check (EmptyOperator)",
    ]
    assert lines[6].startswith("  ? line ")


def test_mermaid(file: Path) -> None:
    assert draw(file, "--format", "mermaid") == (
        "flowchart LR\n"
        '  t0{{"choose"}}\n'
        '  subgraph g0["tables"]\n'
        '    t1[["load [N]"]]\n'
        '    subgraph g1["inner"]\n'
        '      t2["check"]\n'
        "    end\n"
        "  end\n"
        '  t0 -->|"if #34;#60;any#62;#34; #38; all"| t1\n'
        "  t1 --> t2\n"
    )


def test_dot_is_read_by_graphviz(file: Path) -> None:
    import pygraphviz

    graph = pygraphviz.AGraph(string=draw(file, "--format", "dot"))
    assert sorted(graph.nodes()) == ["choose", "tables.inner.check", "tables.load"]
    assert sorted(graph.edges()) == [
        ("choose", "tables.load"),
        ("tables.load", "tables.inner.check"),
    ]
    assert graph.get_edge("choose", "tables.load").attr["label"] == 'if "<any>" & all'
    (outer,) = graph.subgraphs()
    assert sorted(outer.nodes()) == ["tables.inner.check", "tables.load"]


def test_svg_is_well_formed_and_the_same_twice(file: Path) -> None:
    written = draw(file, "--format", "svg")
    assert written == draw(file, "--format", "svg")
    root = ElementTree.fromstring(written)  # noqa: S314 - our own output
    texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"choose", "load [N]", "check", "tables", "inner", 'if "<any>" & all'} <= texts
    assert len(root.findall(".//{http://www.w3.org/2000/svg}polygon")) == 1


def test_svg_without_graphviz_says_what_to_install(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    result = CliRunner().invoke(cli, ["graph", str(file), "--format", "svg"])
    assert result.exit_code == 2
    assert "DG086" in result.stdout
    assert 'pip install "daggen[graph]"' in result.stdout


def test_json(file: Path) -> None:
    (dag,) = json.loads(draw(file, "--format", "json"))["dags"]
    assert [task["task_id"] for task in dag["tasks"]] == [
        "tables.inner.check",
        "tables.load",
        "choose",
    ]
    assert dag["dependencies"][0] == {
        "upstream": "choose",
        "downstream": "tables.load",
        "label": 'if "<any>" & all',
    }
    assert dag["unknown"]


def test_a_dag_of_the_fleet(repository: Any) -> None:
    told = repository.daggen("graph", "hourly").stdout
    assert told.startswith('hourly: 3 tasks, schedule "@daily"\n  read (BashOperator) → check\n')


def test_an_unknown_dag(repository: Any) -> None:
    result = repository.daggen("graph", "hurly")
    assert result.exit_code == 2
    assert "DG085" in result.stdout
    assert 'did you mean "hourly"?' in result.stdout


def test_a_file_that_is_not_python(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("def (")
    result = CliRunner().invoke(cli, ["graph", str(tmp_path / "x.py")])
    assert result.exit_code == 2
    assert "DG084" in result.stdout


def test_one_of_several_dags(tmp_path: Path) -> None:
    source = 'from airflow.sdk import DAG\nwith DAG("a"): pass\nwith DAG("b"): pass\n'
    (tmp_path / "x.py").write_text(source)
    assert draw(tmp_path / "x.py").count("0 tasks") == 2
    result = CliRunner().invoke(cli, ["graph", str(tmp_path / "x.py"), "--format", "html"])
    assert result.exit_code == 2
    assert "choose one with --dag: a, b" in result.stdout
    assert "<h1>b</h1>" in draw(tmp_path / "x.py", "--format", "html", "--dag", "b")
