"""Every example DAG of the installed Airflow is drawn, in every format, with all its tasks."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from importlib.util import find_spec
from pathlib import Path

import pytest

from daggen.code.graph import DagGraph
from daggen.code.reader import read_dags
from daggen.review.compare import compare
from daggen.review.definitions import local_code
from daggen.review.picture import picture_of
from daggen.review.render.dot import render_dot
from daggen.review.render.json import render_graph_json
from daggen.review.render.mermaid import render_mermaid
from daggen.review.render.outline import render_outline
from daggen.review.render.svg import render_svg

TEXT = "{http://www.w3.org/2000/svg}text"


def _examples() -> list[Path]:
    spec = find_spec("airflow")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(next(iter(spec.submodule_search_locations)), "example_dags")
    return sorted(folder.glob("*.py"))


@pytest.fixture(scope="module")
def dags() -> list[DagGraph]:
    return [dag for path in _examples() for dag in read_dags(path.read_text(), path.name)]


def test_every_task_is_in_every_picture(dags: list[DagGraph]) -> None:
    import pygraphviz

    assert len(dags) > 50
    for dag in dags:
        picture = picture_of(dag)
        tasks = set(dag.tasks)
        assert {node.task_id for node in picture.nodes} == tasks
        drawn = render_svg(picture)
        assert isinstance(drawn, str)
        shown = [each.text for each in ElementTree.fromstring(drawn).iter(TEXT)]  # noqa: S314
        assert all(node.title in shown for node in picture.nodes)
        assert set(pygraphviz.AGraph(string=render_dot(picture)).nodes()) == tasks
        mermaid = render_mermaid(picture)
        assert len(re.findall(r"^ +t\d+[\[{]", mermaid, re.MULTILINE)) == len(tasks)
        (data,) = json.loads(render_graph_json([dag]))["dags"]
        assert {task["task_id"] for task in data["tasks"]} == tasks
        assert all(node.title in render_outline(dag) for node in picture.nodes)


def test_no_example_differs_from_itself_in_another_format() -> None:
    import black

    for path in _examples():
        source = path.read_text()
        narrow = black.format_str(source, mode=black.Mode(line_length=40))
        old, new = read_dags(source, path.name), read_dags(narrow, path.name)
        assert [dag.dag_id for dag in old] == [dag.dag_id for dag in new]
        for before, after in zip(old, new, strict=True):
            change = compare(before, after, local_code(source), local_code(narrow))
            assert not change.changes, (path.name, change.changes)
