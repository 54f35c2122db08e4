"""Which changes of an input can reach the DAGs that were there before."""

from __future__ import annotations

import pytest

from daggen.review.reach import reaches_existing_dags

SPEC = """
template: etl
dag_id: etl_${{ entity.name }}
foreach:
  entity:
    - {name: customers, retries: 1}
    - {name: orders, retries: 1}
"""
SNAPSHOT = 'source: {type: sql}\nrows:\n- {name: a, value: "1"}\n- {name: b, value: "2"}\n'


@pytest.mark.parametrize(
    ("path", "before", "old", "new"),
    [
        ("rows.csv", "name,value\na,1\nb,2\n", "b,2\n", "b,2\nc,3\n"),
        ("rows.csv", "name,value\na,1\nb,2\n", "a,1\n", ""),
        ("rows.json", '[{"name": "a"}, {"name": "b"}]', '[{"name": "a"}, ', "["),
        ("rows.yaml", "- {name: a}\n- {name: b}\n", "- {name: a}\n", ""),
        ("s.yaml", SPEC, "    - {name: orders, retries: 1}\n", ""),
        ("s.yaml", SPEC, "template: etl", "# why\ntemplate: etl"),
        ("_sources/s.yaml", SNAPSHOT, '- {name: a, value: "1"}\n', ""),
        ("_pools.yaml", "pools: {a: {slots: 1}}\n", "slots: 1", "slots: 2"),
        ("_defaults.yaml", "owner: a\n", "owner", "# who\nowner"),
    ],
)
def test_rows_that_come_or_go_reach_nobody_else(path: str, before: str, old: str, new: str) -> None:
    assert old in before
    assert not reaches_existing_dags(path, before, before.replace(old, new))


@pytest.mark.parametrize(
    ("path", "before", "old", "new"),
    [
        ("rows.csv", "name,value\na,1\nb,2\n", "b,2", "b,3"),
        ("rows.csv", "name,value\na,1\nb,2\n", "name,value", "name,worth"),
        ("rows.csv", "", "", "name\n"),
        ("s.yaml", SPEC, "retries: 1}\n    -", "retries: 2}\n    -"),
        ("s.yaml", SPEC, "template: etl", "template: other"),
        ("s.yaml", SPEC, "template: etl", "template: [etl"),
        ("_defaults.yaml", "owner: a\n", "owner: a", "owner: b"),
        ("_sources/s.yaml", SNAPSHOT, '"1"', '"3"'),
        ("_sources/s.yaml", SNAPSHOT, "type: sql", "type: http"),
        ("_pools.yaml", "pools: {a: {slots: 1}}\nrouting: [{pool: a}]\n", "pool: a", "pool: b"),
        ("templates/etl.py.j2", "{% if a %}", "a", "b"),
    ],
)
def test_everything_else_may_reach_them(path: str, before: str, old: str, new: str) -> None:
    assert reaches_existing_dags(path, before, before.replace(old, new) if old else new)
