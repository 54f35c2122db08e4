# ruff: noqa: E501 (one case a line)
"""Tasks, groups and dependencies: what is refused, and what names mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from daggen.airflow.catalog.catalog import Catalog
from daggen.specs.model import Knowledge, spec_span

Findings = Callable[..., list[str]]
Parse = Callable[..., tuple[Any, list[Any]]]


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ("tasks: {a: {}}", '2:9 DG231 the task "a" has no operator'),
        ("tasks: {a: {operatr: EmptyOperator}}", '2:9 DG231 the task "a" has no operator | did you mean "operator"?'),
        ("tasks: {a: {operator: E, decorator: task, python_callable: a.b}}", "2:26 DG232"),
        ("tasks: {a: {decorator: task}}", "2:9 DG231 a decorated task needs a python_callable"),
        ("tasks: {a: 5}", "2:12 DG223 expected a mapping, found 5"),
        ("tasks: 5", "2:8 DG223 expected a mapping by task_id or a list, found 5"),
        ("tasks: {1: {operator: E}}", '2:9 DG223 expected a text, found 1 | quote it: "1"'),
        ("tasks: {a: {task_id: null, operator: E}}", "2:22 DG223 expected a text, found null"),
        ("tasks: [{task_id: .inf, operator: E}]", '2:19 DG223 expected a text, found .inf | quote it: ".inf"'),
        ("tasks: {a: {operator: E, task_group_name: [g]}}", "2:43 DG223 expected a name, found a list"),
        ("tasks: {a: {operator: E, teardown: {setups: {b: c}}}}", "2:45 DG234 expected the name of a task, found a mapping"),
        ("tasks: {a: {operator: E, retry_delay_sec: 1e300}}", "2:43 DG228 1e+300 is longer than any duration Python knows"),
        ("tasks: {a: {operator: E, retry_delay: {weeks: 1e300}}}", "2:39 DG228 this is longer than any duration"),
        ("tasks: [{operator: E}]", "2:9 DG231 this item has no task_id"),
        ("tasks: [{task_id: a, operator: E}, {task_id: a, operator: E}]", '2:37 DG236 the task "a" has the id of another task'),
        ("tasks: {a b: {operator: E}}", '2:9 DG224 "a b" is no legal id'),
        ("tasks: {a: {operator: E, python_callable: f()}}", '2:43 DG240 "f()" is not the dotted path'),
        ("tasks: {a: {operator: E, handler: 5, a-b: 1}}", '2:38 DG220 "a-b" is no name of an argument'),
        ("tasks: {a: {operator: E, trigger_rule: all_sucess}}", '2:40 DG229 "all_sucess" is none of'),
        ("tasks: {a: {operator: E, trigger_rule: none_failed_or_skipped}}", '2:40 DG229 "none_failed_or_skipped" is gone | write "none_failed_min_one_success"'),
        ("tasks: {a: {operator: E, task_concurrency: 1}}", '2:26 DG221 "task_concurrency" is gone'),
        ("tasks: {a: {operator: E, retries: -1}}", "2:35 DG230 -1 is below 0"),
        ("tasks: {a: {operator: E, pool_slots: 0}}", "2:38 DG230 0 is below 1"),
        ("tasks: {a: {operator: E, execution_timeout: soon}}", "2:45 DG228"),
        ("tasks: {a: {operator: E, dependencies: 5}}", "2:40 DG223 expected a list of names"),
        ("tasks: {a: {operator: E, dependencies: [b]}}", '2:41 DG234 there is no task or group "b"'),
        ("tasks: {load: {operator: E}, b: {operator: E, dependencies: [laod]}}", '2:62 DG234 there is no task or group "laod" | did you mean "load"?'),
        ("tasks: {a: {operator: E, dependencies: [a]}}", "2:41 DG235 a circle: a → a"),
        ("tasks: {a: {operator: E, dependencies: [b]}, b: {operator: E, dependencies: [c]}, c: {operator: E, dependencies: [a]}}", "2:115 DG235 a circle: "),
        ("task_groups: {g: {tasks: {a: {operator: E, dependencies: [g]}}}}", "2:59 DG235 a circle: "),
        ("task_groups: {g: {tasks: {a: {operator: E}}, dependencies: [a]}}", "2:61 DG235 a circle: "),
        ("tasks: {a: {operator: E, task_group_name: gx}}", '2:43 DG237 there is no group "gx"'),
        ("task_groups: {gx: {tasks: {b: {operator: E}}}}\ntasks: {a: {operator: E, task_group_name: gxx}}", '3:43 DG237 there is no group "gxx" | did you mean "gx"?'),
        ("task_groups: {g: {tooltip: t}}", '2:15 DG238 the group "g" has no tasks'),
        ("task_groups: {g: {tooltipp: t, tasks: {b: {operator: E}}}}", '2:19 DG220 unknown key "tooltipp" of a task group | did you mean "tooltip"?'),
        ("task_groups: {g.h: {tasks: {b: {operator: E}}}}", '2:15 DG224 "g.h" is no legal id'),
        ("task_groups: {g: {tasks: {b: {operator: E}}}}\ntasks: {g: {operator: E}}", '3:9 DG236 the task "g" has the id of another group'),
        ("task_groups: {g: {prefix_group_id: false, tasks: {b: {operator: E}}}}\ntasks: {b: {operator: E}}", '2:51 DG236 the task "b" has the id of another task'),
        ("task_groups: {g: {template: etl, tasks: {b: {operator: E}}}}", '2:42 DG232 "g" is made by a template and has tasks'),
        ("task_groups: {g: {with: {a: 1}, tasks: {b: {operator: E}}}}", '2:19 DG232 "with" goes only with a template'),
        ("task_groups: {g: {template: etl}}\ntasks: {a: {operator: E, dependencies: [g.x]}}", '3:41 DG234 there is no task or group "g.x" | the tasks of "g" come from its template: depend on the group'),
        ("task_groups: {g: {tasks: {x: {operator: E}}}, h: {tasks: {x: {operator: E}}}}\ntasks: {a: {operator: E, dependencies: [x]}}", '3:41 DG234 "x" may be any of g.x, h.x | write the group before it'),
        ("task_groups: [{group_name: g, parent_group_name: h}, {group_name: h, parent_group_name: g}]\ntasks: {a: {operator: E, task_group_name: g}}", '2:89 DG237 the group "h" would be inside itself'),
        ("tasks: {a: {operator: E, partial: {b: 1}}}", "2:26 DG245 partial without expand"),
        ("tasks: {a: {operator: E, b: 2, partial: {b: 1}, expand: {c: [1]}}}", '2:42 DG232 "b" is given twice'),
        ("tasks: {a: {operator: E, expand: {c: 1}}}", "2:38 DG245 1 cannot be mapped over"),
        ("tasks: {a: {operator: E, expand: {c: b.output}}}", '2:38 DG234 there is no task or group "b"'),
        ("tasks: {a: {operator: E, expand_kwargs: {c: 1}}}", "2:41 DG245 expand_kwargs takes a list of mappings"),
        ("task_groups: {g: {expand: {x: [1]}, tasks: {a: {operator: E, expand: {b: [1]}}}}}", '2:62 DG245 a task of the mapped group "g" cannot be mapped itself'),
        ("task_groups: {g: {expand: {x: [1]}, tasks: {a: {operator: E}}}}\ntasks: {b: {operator: E, dependencies: [g.a]}}", '3:41 DG246 "g.a" and "b" are on two sides of the mapped group "g"'),
        ("tasks: {list: {operator: E}, a: {operator: E, x: +lst}}", '2:50 DG234 there is no task or group "lst" | did you mean "list"?'),
        ("tasks: {a: {operator: E, setup: true, teardown: true}}", "2:39 DG232 a task is a setup or a teardown"),
        ("tasks: {a: {operator: E, teardown: [b]}}", '2:36 DG234 there is no task "b"'),
        ("tasks: {a: {operator: airflow.operators.dummy.DummyOperator}}", "2:23 DG243 airflow.operators.dummy.DummyOperator is the path of an older Airflow | today's: airflow.providers.standard.operators.empty.EmptyOperator"),
        ("fail_fast: true\ntasks: {a: {operator: E, trigger_rule: all_done}}", "3:40 DG232 with fail_fast"),
    ],
)  # fmt: skip
def test_fault_is_found_at_its_place(findings: Findings, tasks: str, expected: str) -> None:
    found = findings(f"dag_id: d\n{tasks}\n")
    assert [line for line in found if line.startswith(expected)], found
    assert len(found) == 1, found


@pytest.mark.parametrize(
    "tasks",
    [
        "tasks: {a: {operator: FileSensor, mode: reschedule, poke_interval: 1m, timeout: 1h}}",
        "tasks: {a: {operator: FileSensor, mode: poke, poke_interval: 5, timeout: 1h}}",
        "tasks: {a: {operator: E, text: +49 30 1234, sign: '+x'}}",
        "tasks: {a: {operator: E, handler: module.function, timeout: 5m}}",
        "task_groups: {g: {template: etl}}\ntasks: {a: {operator: E, dependencies: [g]}}",
        "default_args: {postgres_conn_id: x, deferrable: true, python_callable: x}",
    ],
)
def test_what_is_no_fault(findings: Findings, tasks: str) -> None:
    rest = "" if "tasks" in tasks else "tasks: {a: {operator: E}}\n"
    assert findings(f"dag_id: d\n{tasks}\n{rest}") == []


NAMES = """\
dag_id: d
tasks:
  start: {operator: E}
  end: {operator: E, dependencies: [customers.extract, orders, only]}
task_groups:
  customers:
    tasks:
      extract: {operator: E, dependencies: [start]}
      load: {operator: E, dependencies: [extract]}
  orders:
    prefix_group_id: false
    tasks:
      extract: {operator: E}
    task_groups:
      inner:
        tasks:
          only: {operator: E, dependencies: [extract, customers.load]}
"""


def test_names_mean_the_nearest(parse: Parse) -> None:
    spec, diagnostics = parse(NAMES)
    assert diagnostics == []
    assert {(edge.upstream, edge.downstream) for edge in spec.edges} == {
        ("start", "customers.extract"),
        ("customers.extract", "customers.load"),
        ("customers.extract", "end"),
        ("orders", "end"),
        ("inner.only", "end"),
        ("extract", "inner.only"),
        ("customers.load", "inner.only"),
    }


def test_a_leading_dot_names_a_task_at_the_top(parse: Parse, findings: Findings) -> None:
    text = """\
        dag_id: d
        tasks: {a: {operator: E}}
        task_groups:
          g:
            tasks:
              a: {operator: E, dependencies: [.a]}
              b: {operator: E, dependencies: [a], x: "+.a"}
        """
    spec, _ = parse(text)
    ends = {(edge.upstream, edge.downstream) for edge in spec.edges}
    assert ends == {("a", "g.a"), ("g.a", "g.b"), ("a", "g.b")}
    (found,) = findings(text.replace("[.a]", "[.aa]"))
    assert 'DG234 there is no task or group "aa"' in found


def test_a_span_for_every_argument(parse: Parse) -> None:
    spec, _ = parse("""\
        dag_id: d
        schedule: null
        default_args:
          owner: me
        task_groups:
          g:
            default_args: {retries: 2}
            tasks:
              a:
                operator: E
                retry_delay_sec: 5
                expand:
                  x: [1]
        """)
    lines = {
        name: spec_span(spec, "g.a", name).line  # type: ignore[union-attr]
        for name in (None, "operator", "retry_delay", "x", "retries", "owner", "absent")
    }
    assert lines == {
        None: 9, "operator": 10, "retry_delay": 11, "x": 13, "retries": 7, "owner": 4, "absent": 9,
    }  # fmt: skip
    assert spec_span(spec, None, "schedule").line == 2  # type: ignore[union-attr]
    assert spec_span(spec, "g", None).line == 6  # type: ignore[union-attr]
    assert spec_span(spec, "nobody", "x") is None


CATALOG = Knowledge(operators=Catalog.load())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "BashOperatr",
            '2:23 DG233 there is no operator "BashOperatr" | did you mean "BashOperator"?',
        ),
        (
            "NothingLikeIt",
            '2:23 DG233 there is no operator "NothingLikeIt" | write its dotted path; '
            '"daggen catalog" lists those that have a short name',
        ),
        ("Dotted.Path", ""),
        ("BashOperator", ""),
    ],
)
def test_short_names_of_operators(findings: Findings, name: str, expected: str) -> None:
    found = findings(f"dag_id: d\ntasks: {{a: {{operator: {name}}}}}\n", knowledge=CATALOG)
    assert found == ([expected] if expected else [])


def test_keys_of_a_function_are_told_by_its_signature(parse: Parse) -> None:
    text = """\
        dag_id: d
        tasks:
          a: {decorator: task, python_callable: p.f, retries: 1, queue: x, pool: y}
        """
    by_name, _ = parse(text)
    assert by_name.tasks[0].call == {}
    known, _ = parse(text, knowledge=Knowledge(lambda path: ["queue"] if path == "p.f" else None))
    assert known.tasks[0].call == {"queue": "x"}
    assert set(known.tasks[0].arguments) == {"python_callable", "retries", "pool"}
