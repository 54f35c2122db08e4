# ruff: noqa: E501 (specs as they are written)
"""Tasks, groups and dependencies as Python: written as a person would."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from daggen.code.fragment import Code

Body = Callable[..., str]


def lines(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


def chains(body: Body, edges: str) -> list[str]:
    """Render tasks `a: b c=x` (a waits for b and, labelled x, c), and give the lines with their order."""
    tasks = {
        name: needed.split() for name, _, needed in (e.partition(":") for e in edges.split(","))
    }
    text = "tasks:\n" + "".join(
        f"  {name.strip()}: {{operator: EmptyOperator, dependencies: [{said(needed)}]}}\n"
        for name, needed in tasks.items()
    )
    return [line for line in body(text).splitlines() if ">>" in line or "cross" in line]


def said(needed: list[str]) -> str:
    """Write what a task waits for, labels too: `b=good` is b with the label "good"."""
    pairs = [each.partition("=") for each in needed]
    return ", ".join(f"{{task: {name}, label: '{label}'}}" for name, _, label in pairs)


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ("a:,b:", []),
        ("a:,b:a,c:b", ["a >> b >> c"]),
        ("a:,b:a,c:a,d:b c", ["a >> [b, c] >> d"]),
        ("a:,b:a,c:a,d:b,e:c", ["a >> [b, c]", "b >> d", "c >> e"]),
        ("a:,b:a,c:a b", ["a >> b", "[a, b] >> c"]),
        ("a:,b:,c:a b,d:a b,e:c d", ["cross_downstream([a, b], [c, d])", "[c, d] >> e"]),
        ("c:b,b:a,a:", ["a >> b >> c"]),
        ("a:,b:a,c:b,e:a", ["a >> [b, e]", "b >> c"]),
        ("a:,b:,c:b a,d:c", ["[a, b] >> c >> d"]),
        ("a:,b:a a", ["a >> b"]),
    ],
)
def test_chains(body: Body, edges: str, expected: list[str]) -> None:
    assert chains(body, edges) == expected


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ("a:,b:a=x,c:b", ['a >> Label("x") >> b >> c']),
        ("a:,b:a=x,c:a=y,d:b c", ['a >> Label("x") >> b >> d', 'a >> Label("y") >> c >> d']),
        ("a:,b:a=x,c:a=x,d:b c", ['a >> Label("x") >> [b, c] >> d']),
        ("a:,b:a=x,c:a,d:b c", ['a >> Label("x") >> b', "a >> c", "[b, c] >> d"]),
        ("a:,b:a,c:b=x,d:b=y", ["a >> b", 'b >> Label("x") >> c', 'b >> Label("y") >> d']),
        ("a:,b:,c:a=x b=x,d:c", ['[a, b] >> Label("x") >> c >> d']),
        ("a:,b:,c:a=x b=x,d:a=x b=x", ['[a, b] >> Label("x") >> [c, d]']),
        ("a:,b:,c:a=x b=y", ['a >> Label("x") >> c', 'b >> Label("y") >> c']),
    ],
)
def test_labels_stand_inside_of_chains(body: Body, edges: str, expected: list[str]) -> None:
    assert chains(body, edges) == expected


def test_a_label_out_of_a_group_is_not_taken_for_the_whole_group(body: Body) -> None:
    text = body("""\
        task_groups:
          g: {tasks: {a: {operator: EmptyOperator}, b: {operator: EmptyOperator}}}
        tasks:
          c: {operator: EmptyOperator, dependencies: {task: g.a, label: good}}
        """)
    assert text.endswith('\na.set_downstream(c, edge_modifier=Label("good"))\n')


def test_long_chains_go_on_in_another_statement(body: Body) -> None:
    names = [f"t{number}" for number in range(120)]
    text = chains_of(body, names)
    statements = [line for line in text.splitlines() if line == "("]
    assert len(statements) == 3
    assert "    >> t50\n)\n(\n    t50\n    >> t51\n" in text


def chains_of(body: Body, names: list[str]) -> str:
    """Render tasks each of which waits for the one before."""
    dependencies = ["", *names]
    return body(
        "tasks:\n"
        + "".join(
            f"  {name}: {{operator: EmptyOperator, dependencies: [{before}]}}\n"
            for before, name in zip(dependencies, names, strict=False)
        )
    )


def test_operators_and_their_arguments(body: Body) -> None:
    assert (
        body("""\
        tasks:
          hello: {operator: BashOperator, bash_command: echo hello}
          query:
            operator: airflow.providers.common.sql.operators.sql.SQLExecuteQueryOperator
            conn_id: pg
            sql: |
              SELECT *
              FROM "t"
            handler: airflow.providers.common.sql.hooks.handlers.fetch_all_handler
          wait:
            operator: airflow.sensors.filesystem.FileSensor
            filepath: /data/{{ ds }}
            poke_interval: 5m
            timeout: 3600
            mode: reschedule
        """)
        == lines('''
        hello = BashOperator(task_id="hello", bash_command="echo hello")

        query = SQLExecuteQueryOperator(
            task_id="query",
            conn_id="pg",
            sql="""SELECT *
        FROM "t"
        """,
            handler=fetch_all_handler,
        )

        wait = FileSensor(
            task_id="wait",
            filepath="/data/{{ ds }}",
            poke_interval=timedelta(minutes=5),
            timeout=3600,
            mode="reschedule",
        )
        ''')
    )


def test_arguments_are_read_by_the_types_of_the_catalog(body: Body) -> None:
    assert (
        body("""\
        tasks:
          pause: {operator: TimeDeltaSensor, delta: 5m}
          check: {operator: SqlSensor, conn_id: c, sql: select 1, success: pkg.is_done, timeout: 1h}
          call: {operator: AzureServiceBusTopicCreateOperator, lock_duration: PT5M}
          other: {operator: company.Operator, delta: 5m, success: pkg.is_done, handler: a.b}
        """)
        == lines("""
        pause = TimeDeltaSensor(task_id="pause", delta=timedelta(minutes=5))

        check = SqlSensor(
            task_id="check",
            conn_id="c",
            sql="select 1",
            success=is_done,
            timeout=timedelta(hours=1),
        )

        call = AzureServiceBusTopicCreateOperator(task_id="call", lock_duration="PT5M")

        other = Operator(
            task_id="other",
            delta="5m",
            success="pkg.is_done",
            handler="a.b",
        )
        """)
    )


def test_legacy_paths_become_todays(render: Body) -> None:
    tasks = "tasks: {a: {operator: airflow.operators.bash_operator.BashOperator, bash_command: x}}"
    assert "from airflow.providers.standard.operators.bash import BashOperator\n" in render(
        f"dag_id: d\n{tasks}\n"
    )


def test_decorated_functions(body: Body) -> None:
    assert (
        body("""\
        tasks:
          extract: {decorator: task, python_callable: pkg.extract_rows, entity: x, retries: 2}
          load: {decorator: airflow.sdk.task, python_callable: pkg.load_rows, rows: +extract}
          keyed:
            decorator: airflow.decorators.task
            python_callable: pkg.f
            op_kwargs: {retries: "+extract['n']"}
          branch: {decorator: task.branch, python_callable: pkg.choose}
          sensor:
            decorator: airflow.providers.standard.decorators.sensor.sensor_task
            python_callable: pkg.is_there
            mode: poke
            timeout: 1h
          fan: {decorator: task, python_callable: pkg.two, partial: {b: 5}, expand: {a: [1, 2]}}
        """)
        == lines("""
        extract = task(task_id="extract", retries=2)(extract_rows)(entity="x")
        load = task(task_id="load")(load_rows)(rows=extract)
        keyed = task(task_id="keyed")(f)(retries=extract["n"])
        branch = task.branch(task_id="branch")(choose)()
        sensor = task.sensor(task_id="sensor", mode="poke", timeout=timedelta(hours=1))(is_there)()
        fan = task(task_id="fan")(two).partial(b=5).expand(a=[1, 2])
        """)
    )


def test_mapping_and_outputs(body: Body) -> None:
    assert (
        body("""\
        tasks:
          m1: {operator: BashOperator, expand: {bash_command: src.output}, dependencies: [src]}
          src: {operator: PythonOperator, python_callable: pkg.f}
          m2: {operator: PythonOperator, python_callable: pkg.f, expand: {op_args: "XcomArg(src)"}}
          m3: {operator: BashOperator, pool: p, partial: {env: {A: b}}, expand_kwargs: [{bash_command: x}]}
          use: {operator: BashOperator, bash_command: +src, dependencies: [src]}
          pass: {operator: PythonOperator, python_callable: pkg.f, op_kwargs: {x: +src}}
        """)
        == lines("""
        src = PythonOperator(task_id="src", python_callable=f)
        m1 = BashOperator.partial(task_id="m1").expand(bash_command=src.output)
        m2 = PythonOperator.partial(task_id="m2", python_callable=f).expand(op_args=src.output)

        m3 = BashOperator.partial(
            task_id="m3",
            pool="p",
            env={"A": "b"},
        ).expand_kwargs([{"bash_command": "x"}])

        use = BashOperator(task_id="use", bash_command=src.output)

        pass_ = PythonOperator(  # noqa: AIR001
            task_id="pass",
            python_callable=f,
            op_kwargs={"x": src.output},
        )

        src >> use
        """)
    )


def test_setup_and_teardown(body: Body) -> None:
    assert (
        body("""\
        tasks:
          create: {operator: EmptyOperator, setup: true}
          other: {operator: EmptyOperator, setup: true}
          work: {operator: EmptyOperator, dependencies: [create, other]}
          drop:
            operator: EmptyOperator
            dependencies: [work]
            teardown: {setups: [create, other], on_failure_fail_dagrun: true}
          lone: {operator: EmptyOperator, teardown: true}
        """)
        == lines("""
        create = EmptyOperator(task_id="create").as_setup()
        other = EmptyOperator(task_id="other").as_setup()
        work = EmptyOperator(task_id="work")
        drop = EmptyOperator(task_id="drop").as_teardown(
            setups=[create, other], on_failure_fail_dagrun=True
        )
        lone = EmptyOperator(task_id="lone").as_teardown()

        [create, other] >> work >> drop
        """)
    )


def test_groups_in_groups(body: Body) -> None:
    assert (
        body("""\
        task_groups:
          - {group_name: outer, tooltip: all, default_args: {retries: 4}, dependencies: [start]}
          - {group_name: inner, parent_group_name: outer, prefix_group_id: false}
          - group_name: nested
            tasks: [{task_id: x, operator: EmptyOperator}]
            task_groups: {deep: {tasks: {y: {operator: EmptyOperator, dependencies: [x]}}}}
        tasks:
          start: {operator: EmptyOperator}
          a: {operator: EmptyOperator, task_group_name: outer}
          b: {operator: EmptyOperator, task_group_name: inner, dependencies: [a]}
          end: {operator: EmptyOperator, dependencies: [outer, nested.deep]}
        """)
        == lines("""
        start = EmptyOperator(task_id="start")

        with TaskGroup(group_id="outer", tooltip="all", default_args={"retries": 4}) as outer:
            a = EmptyOperator(task_id="a")

            with TaskGroup(group_id="inner", prefix_group_id=False) as inner:
                b = EmptyOperator(task_id="b")

            a >> b

        with TaskGroup(group_id="nested") as nested:
            x = EmptyOperator(task_id="x")

            with TaskGroup(group_id="deep") as deep:
                y = EmptyOperator(task_id="y")

            x >> deep

        end = EmptyOperator(task_id="end")

        start >> outer
        [outer, deep] >> end
        """).replace("x >> deep", "x >> y")
    )


def test_tasks_of_the_same_name(body: Body) -> None:
    """Groups share names of variables as long as nothing outside refers to them."""
    text = body("""\
        tasks:
          report: {operator: EmptyOperator, dependencies: [customers.load]}
        task_groups:
          customers:
            tasks: {extract: {operator: EmptyOperator}, load: {operator: EmptyOperator, dependencies: [extract]}}
          orders:
            tasks: {extract: {operator: EmptyOperator}, load: {operator: EmptyOperator, dependencies: [extract]}}
        """)
    assert text == lines("""
        with TaskGroup(group_id="customers") as customers:
            extract = EmptyOperator(task_id="extract")
            customers_load = EmptyOperator(task_id="load")  # noqa: AIR001

            extract >> customers_load

        report = EmptyOperator(task_id="report")

        with TaskGroup(group_id="orders") as orders:
            extract = EmptyOperator(task_id="extract")
            load = EmptyOperator(task_id="load")

            extract >> load

        customers_load >> report
        """)


@pytest.mark.parametrize("order", ["a-b a_b", "a_b a-b"])
def test_names_do_not_depend_on_the_order(body: Body, order: str) -> None:
    tasks = "\n".join(f"  {name}: {{operator: EmptyOperator}}" for name in order.split())
    text = body(f"tasks:\n{tasks}\n")
    assert 'a_b = EmptyOperator(task_id="a_b")' in text
    assert 'a_b_task = EmptyOperator(task_id="a-b")' in text


def test_names_that_the_file_needs_for_itself(body: Body) -> None:
    text = body(
        "tasks: {dag: {operator: EmptyOperator}, 1st: {operator: EmptyOperator}, class: {operator: EmptyOperator}}"
    )
    assert [line.split(" = ")[0] for line in text.splitlines()] == ["dag_", "_1st", "class_"]


def test_groups_that_use_each_other_are_opened_twice(body: Body) -> None:
    assert (
        body("""\
        task_groups:
          g:
            tasks:
              a: {operator: PythonOperator, python_callable: p.f}
              c: {operator: BashOperator, bash_command: +b}
          h:
            tasks:
              b: {operator: BashOperator, bash_command: +a}
        """)
        == lines("""
        with TaskGroup(group_id="g") as g:
            a = PythonOperator(task_id="a", python_callable=f)

        with TaskGroup(group_id="h") as h:
            b = BashOperator(task_id="b", bash_command=a.output)

        with g:
            c = BashOperator(task_id="c", bash_command=b.output)
        """)
    )


def test_mapped_group(body: Body) -> None:
    assert (
        body("""\
        tasks:
          files: {decorator: task, python_callable: pkg.list_files}
          end: {operator: EmptyOperator, dependencies: [process]}
        task_groups:
          process:
            tooltip: one file
            expand: {path: files.output}
            partial: {mode: fast}
            tasks:
              load: {operator: BashOperator, bash_command: +path, env: {MODE: +mode}}
              check: {decorator: task, python_callable: pkg.check, path: +path, dependencies: [load]}
              alone: {operator: EmptyOperator}
        """)
        == lines("""
        files = task(task_id="files")(list_files)()

        @task_group(group_id="process", tooltip="one file")
        def process_group(mode, path):
            load = BashOperator(
                task_id="load",
                bash_command=path,
                env={"MODE": mode},
            )

            check = task(task_id="check")(pkg_check)(path=path)
            EmptyOperator(task_id="alone")

            load >> check

        process = process_group.partial(mode="fast").expand(path=files)

        end = EmptyOperator(task_id="end")

        process >> end
        """)
    )


def test_labels_on_edges(body: Body) -> None:
    text = body(
        "tasks: {a: {operator: EmptyOperator}, b: {operator: EmptyOperator, dependencies: [{task: a, label: ok}]}}"
    )
    assert text.endswith('a >> Label("ok") >> b\n')


def test_group_templates(body: Body) -> None:
    asked: list[tuple[str, str, Any, str]] = []

    def render_group(
        template: str, group_id: str, parameters: Any, locations: Any, arguments: Code
    ) -> Code:
        asked.append((template, group_id, dict(parameters), arguments.text))
        assert locations.value(("entity",)).line == 7
        return Code(f"with TaskGroup(group_id={group_id!r}) as made_{group_id}:\n    pass")

    text = body(
        """\
        task_groups:
          customers:
            template: etl_group
            tooltip: All of them
            with:
              entity: customers
            dependencies: [start]
        tasks:
          start: {operator: EmptyOperator}
          end: {operator: EmptyOperator, dependencies: [customers]}
        """,
        render_group=render_group,
    )
    parameters = {"entity": "customers"}
    assert asked == [("etl_group", "customers", parameters, 'tooltip="All of them"')]
    assert text.endswith("start >> made_customers >> end\n")


def test_names_that_group_templates_bind_hide_no_task(body: Body) -> None:
    """A task outside must not be taken for one of the same name inside a group's Python."""

    def render_group(
        template: str, label: str, parameters: Any, locations: Any, arguments: Code
    ) -> Code:
        return Code(f'with Made("{label}") as {label}:\n    load = Task("load")')

    text = body(
        """\
        tasks:
          load: {operator: EmptyOperator, dependencies: [one.etl, two.etl]}
          etl: {operator: EmptyOperator, dependencies: [load]}
        task_groups:
          one: {task_groups: {etl: {template: etl}}}
          two: {task_groups: {etl: {template: etl, dependencies: [one.etl]}}}
        """,
        render_group=render_group,
    )
    assert text == lines("""
        with TaskGroup(group_id="one") as one:
            with Made("etl") as etl:
                load = Task("load")

            one_etl = etl

        with TaskGroup(group_id="two") as two:
            with Made("etl") as etl:
                load = Task("load")

            two_etl = etl

        load_task = EmptyOperator(task_id="load")  # noqa: AIR001
        etl_task = EmptyOperator(task_id="etl")  # noqa: AIR001

        one_etl >> two_etl
        [one_etl, two_etl] >> load_task >> etl_task
        """)


def test_parameters_of_a_mapped_group_hide_no_task(body: Body) -> None:
    text = body("""\
        task_groups:
          each:
            expand: {path: [a, b]}
            tasks:
              path: {operator: BashOperator, bash_command: echo}
              load: {operator: BashOperator, bash_command: +path, dependencies: [path]}
        """)
    assert "each_path = BashOperator(" in text
    assert "bash_command=path)" in text
    assert "each_path >> load" in text
