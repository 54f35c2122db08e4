# ruff: noqa: E501 (specs as they are written)
"""Specs written out, loaded in real Airflow: it sees just what the spec says."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from daggen.code.formatting import format_python
from daggen.code.indentation import indent
from daggen.code.reader import read_dags
from daggen.code.scope import Scope
from daggen.project import Project
from daggen.specs.document import ResolvedSpec
from daggen.specs.model import parse_spec
from daggen.specs.yaml import parse_yaml
from daggen.writing import dag_arguments, written_out

FUNCTIONS = '''
"""What the specs of these tests name."""

from datetime import timedelta

def notify(context, channel=None): pass
async def late(**kwargs): pass
def macro(x): return x
def rows(): return [1, 2]
def one(x=1): return x
def two(a, b=2): return a
def choose(): return "a"
def delta(hours): return timedelta(hours=hours)
'''


@pytest.fixture(scope="module", autouse=True)
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("functions")
    (folder / "spec_functions.py").write_text(FUNCTIONS)
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Any]:
    """Give a function that renders a spec, loads it in Airflow, and gives Airflow's DAG."""

    def run(text: str) -> Any:
        source = rendered(text, tmp_path)
        namespace: dict[str, Any] = {"__name__": "rendered"}
        file = tmp_path / "rendered.py"
        file.write_text(source)
        exec(compile(source, str(file), "exec"), namespace)  # noqa: S102
        dag = namespace["dag"]
        dag.validate()
        dag.check_cycle()
        from airflow.serialization.serialized_objects import DagSerialization

        DagSerialization.from_dict(DagSerialization.to_dict(dag))
        same_as_read_back(dag, source)
        return dag

    return run


def rendered(text: str, root: Path) -> str:
    document = parse_yaml(textwrap.dedent(text), "s.yaml")[0][0]
    project = Project(
        root=root, config_path=root / "d.toml", specs=root, templates=root, output=root
    )
    spec, diagnostics = parse_spec(
        ResolvedSpec(document.path, document.data, document.locations), project
    )
    assert spec is not None, [diagnostic.message for diagnostic in diagnostics]
    scope = Scope((3, 3))
    arguments, body = dag_arguments(spec, scope), written_out(spec, scope)
    lines = [
        f"with {scope.ref('airflow.sdk.DAG').text}(",
        f"    {indent(arguments.text, '    ')}",
        ") as dag:",
        f"    {indent(body.text, '    ')}",
    ]
    source = format_python(scope.resolve("\n".join(lines) + "\n"))
    assert isinstance(source, str)
    return source


def same_as_read_back(dag: Any, source: str) -> None:
    """Compare Airflow's tasks and edges with what the reader finds in the Python."""
    (graph,) = read_dags(source, "rendered.py")
    assert set(graph.tasks) == set(dag.task_ids)
    edges = {(task.task_id, down) for task in dag.tasks for down in task.downstream_task_ids}
    assert {(edge.upstream, edge.downstream) for edge in graph.edges} == edges


EMPTY = "airflow.providers.standard.operators.empty.EmptyOperator"
BASH = "airflow.providers.standard.operators.bash.BashOperator"
PYTHON = "airflow.providers.standard.operators.python.PythonOperator"


def test_every_argument_of_a_dag(load: Callable[[str], Any]) -> None:
    dag = load(f"""\
        dag_id: everything
        dag_display_name: Every thing
        description: 'a "text" {{{{ ds }}}}'
        schedule: {{cron: "0 6 * * *", timezone: Europe/Berlin}}
        start_date: 2026-01-01
        end_date: "2026-12-31T12:00:00+01:00"
        timezone: Europe/Berlin
        catchup: true
        max_active_runs: 2
        max_active_tasks: 3
        max_consecutive_failed_dag_runs: 4
        dagrun_timeout: 2h30m
        default_args: {{owner: me, retries: 2, retry_delay_sec: 90, on_retry_callback: spec_functions.notify}}
        params: {{n: {{default: 3, type: integer, minimum: 1}}, d: {{a: 1}}}}
        tags: [a, b]
        doc_md: |
          # Title

          "quoted"
        owner_links: {{me: "https://example.com"}}
        access_control: {{Viewer: {{DAGs: [can_read]}}}}
        is_paused_upon_creation: false
        fail_fast: true
        auto_register: true
        allowed_run_types: [scheduled, manual]
        disable_bundle_versioning: true
        rerun_with_latest_version: true
        deadline: {{interval: 30m, callback: {{callback: spec_functions.late, p: 1}}}}
        on_success_callback: spec_functions.notify
        on_failure_callback:
          - {{callback: spec_functions.notify, channel: alerts}}
          - {{callback: airflow.providers.slack.notifications.slack_webhook.SlackWebhookNotifier, text: hi}}
        template_searchpath: [/sql]
        template_undefined: jinja2.ChainableUndefined
        render_template_as_native_obj: true
        jinja_environment_kwargs: {{trim_blocks: true}}
        user_defined_macros: {{m: spec_functions.macro}}
        user_defined_filters: {{f: spec_functions.macro}}
        tasks: {{t: {{operator: {EMPTY}}}}}
        """)
    import jinja2
    import spec_functions

    assert (dag.dag_id, dag.dag_display_name) == ("everything", "Every thing")
    assert dag.description == 'a "text" {{ ds }}'
    assert type(dag.timetable).__name__ == "CronTriggerTimetable"
    assert dag.start_date.isoformat() == "2025-12-31T23:00:00+00:00"
    assert dag.timezone.name == "Europe/Berlin"
    assert dag.end_date.isoformat() == "2026-12-31T11:00:00+00:00"
    assert (dag.catchup, dag.max_active_runs, dag.max_active_tasks) == (True, 2, 3)
    assert dag.max_consecutive_failed_dag_runs == 4
    assert dag.dagrun_timeout == timedelta(hours=2, minutes=30)
    assert dag.params.dump() == {"n": 3, "d": {"a": 1}}
    assert dag.params.get_param("n").schema == {"type": "integer", "minimum": 1}
    assert dag.tags == {"a", "b"}
    assert dag.doc_md == '# Title\n\n"quoted"\n'
    assert dag.access_control == {"Viewer": {"DAGs": {"can_read"}}}
    assert (dag.is_paused_upon_creation, dag.fail_fast) == (False, True)
    assert {str(kind.value) for kind in dag.allowed_run_types} == {"scheduled", "manual"}
    assert (dag.disable_bundle_versioning, dag.rerun_with_latest_version) == (True, True)
    assert dag.deadline[0].interval == timedelta(minutes=30)
    assert dag.deadline[0].callback.path == "spec_functions.late"
    assert dag.on_success_callback is spec_functions.notify
    assert dag.on_failure_callback[0].keywords == {"channel": "alerts"}
    assert type(dag.on_failure_callback[1]).__name__ == "SlackWebhookNotifier"
    assert dag.template_undefined is jinja2.ChainableUndefined
    assert dag.user_defined_macros == {"m": spec_functions.macro}
    assert dag.user_defined_filters == {"f": spec_functions.macro}
    task = dag.get_task("t")
    assert (task.owner, task.retries, task.retry_delay) == ("me", 2, timedelta(seconds=90))
    assert list(task.on_retry_callback) == [spec_functions.notify]


@pytest.mark.parametrize(
    ("schedule", "timetable"),
    [
        ("'@daily'", "CronTriggerTimetable"),
        ("'@once'", "OnceTimetable"),
        ("null", "NullTimetable"),
        ("6h", "DeltaTriggerTimetable"),
        ("{__type__: dateutil.relativedelta.relativedelta, months: 1}", "DeltaTriggerTimetable"),
        ("[s3://a, s3://b]", "AssetTriggeredTimetable"),
        ("{any: [s3://a, {all: [{name: n, uri: s3://b}, {alias: c}]}]}", "AssetTriggeredTimetable"),
        ("{cron: '0 6 * * *', assets: {any: [s3://a, s3://b]}}", "AssetOrTimeSchedule"),
        ("{__type__: airflow.timetables.interval.CronDataIntervalTimetable, __args__: ['@daily', UTC]}", "CronDataIntervalTimetable"),
        ("{__type__: airflow.sdk.CronPartitionTimetable, __args__: ['@daily'], timezone: UTC}", "CronPartitionTimetable"),
        ("{__type__: airflow.sdk.PartitionedAssetTimetable, assets: {__type__: airflow.sdk.Asset, __args__: [s3://a]}}", "PartitionedAssetTimetable"),
    ],
)  # fmt: skip
def test_schedules(load: Callable[[str], Any], schedule: str, timetable: str) -> None:
    dag = load(f"""\
        dag_id: scheduled
        start_date: 2026-01-01
        schedule: {schedule}
        tasks: {{t: {{operator: {EMPTY}}}}}
        """)
    assert type(dag.timetable).__name__ == timetable


def upstream(dag: Any) -> dict[str, set[str]]:
    return {task.task_id: set(task.upstream_task_ids) for task in dag.tasks}


def test_tasks_of_every_kind(load: Callable[[str], Any]) -> None:
    dag = load(f"""\
        dag_id: kinds
        tasks:
          create: {{operator: {BASH}, bash_command: echo create, setup: true}}
          rows: {{decorator: task, python_callable: spec_functions.rows, dependencies: [create]}}
          fan:
            decorator: airflow.sdk.task
            python_callable: spec_functions.two
            partial: {{b: 5}}
            expand: {{a: +rows}}
            map_index_template: "{{{{ task.op_kwargs['a'] }}}}"
          branch: {{decorator: task.branch, python_callable: spec_functions.choose, dependencies: [fan]}}
          a: {{operator: {BASH}, bash_command: "+rows", dependencies: [branch]}}
          b:
            operator: {BASH}
            expand_kwargs: [{{bash_command: echo 1, env: {{A: b}}}}, {{bash_command: echo 2}}]
            max_active_tis_per_dag: 1
            dependencies: [branch]
          ask:
            operator: airflow.providers.standard.operators.hitl.ApprovalOperator
            subject: Go on?
            response_timeout: 1h
          wait:
            operator: airflow.providers.standard.sensors.external_task.ExternalTaskSensor
            external_dag_id: other
            execution_delta: 1 day
            mode: reschedule
            poke_interval: 5m
            timeout: 2h
          publish:
            operator: {PYTHON}
            python_callable: spec_functions.one
            op_kwargs: {{x: "+rows['k']"}}
            inlets: [s3://in]
            outlets: [s3://out, {{name: n, uri: s3://n}}, {{alias: later}}]
            executor_config: {{pod_override: {{a: 1}}}}
            execution_timeout: {{__type__: spec_functions.delta, __args__: [2]}}
            retry_policy:
              __type__: airflow.sdk.ExceptionRetryPolicy
              rules:
                - __type__: airflow.sdk.RetryRule
                  exception: {{__ref__: builtins.ValueError}}
                  action: {{__ref__: airflow.sdk.RetryAction.FAIL}}
            trigger_rule: none_failed_min_one_success
            weight_rule: absolute
            pool_slots: 2
            dependencies: [a, {{task: b, label: done}}]
          drop: {{operator: {BASH}, bash_command: echo drop, teardown: [create], dependencies: [publish]}}
        """)
    assert upstream(dag) == {
        "create": set(), "rows": {"create"}, "fan": {"rows"}, "branch": {"fan"},
        "a": {"branch", "rows"}, "b": {"branch"}, "ask": set(), "wait": set(),
        "publish": {"a", "b", "rows"}, "drop": {"create", "publish"},
    }  # fmt: skip
    task = dag.get_task
    assert (task("create").is_setup, task("drop").is_teardown) == (True, True)
    assert task("fan").partial_kwargs["op_kwargs"] == {"b": 5}
    assert task("fan").partial_kwargs["map_index_template"] == "{{ task.op_kwargs['a'] }}"
    assert task("b").expand_input.value[1] == {"bash_command": "echo 2"}
    assert task("wait").execution_delta == timedelta(days=1)
    assert task("wait").poke_interval == 300
    publish = task("publish")
    assert [asset.name for asset in publish.outlets] == ["s3://out", "n", "later"]
    assert publish.execution_timeout == timedelta(hours=2)
    assert type(publish.retry_policy).__name__ == "ExceptionRetryPolicy"
    assert publish.pool_slots == 2
    assert dag.edge_info["b"]["publish"]["label"] == "done"


def test_groups_of_every_kind(load: Callable[[str], Any]) -> None:
    dag = load(f"""\
        dag_id: groups
        task_groups:
          customers:
            tooltip: all of them
            dependencies: [start]
            default_args: {{retries: 3}}
            tasks:
              extract: {{operator: {EMPTY}}}
              load: {{operator: {EMPTY}, dependencies: [extract]}}
            task_groups:
              checks:
                prefix_group_id: false
                dependencies: [load]
                tasks: {{count: {{operator: {EMPTY}}}, nulls: {{operator: {EMPTY}}}}}
          orders:
            dependencies: [start]
            tasks:
              extract: {{operator: {EMPTY}}}
              load: {{operator: {EMPTY}, dependencies: [extract, customers.load]}}
          process:
            expand: {{path: files.output}}
            tasks:
              load: {{operator: {BASH}, bash_command: +path}}
              check: {{decorator: task, python_callable: spec_functions.one, x: +path, dependencies: [load]}}
        tasks:
          start: {{operator: {EMPTY}}}
          files: {{decorator: task, python_callable: spec_functions.rows}}
          end: {{operator: {EMPTY}, dependencies: [customers, orders, process]}}
        """)
    assert upstream(dag) == {
        "start": set(),
        "files": set(),
        "customers.extract": {"start"},
        "customers.load": {"customers.extract"},
        "count": {"customers.load"},
        "nulls": {"customers.load"},
        "orders.extract": {"start"},
        "orders.load": {"orders.extract", "customers.load"},
        "process.load": {"files"},
        "process.check": {"files", "process.load"},
        "end": {"count", "nulls", "orders.load", "process.check"},
    }
    groups = dag.task_group_dict
    assert groups["customers"].tooltip == "all of them"
    assert groups["customers.checks"].prefix_group_id is False
    assert dag.get_task("customers.load").retries == 3
    assert type(groups["process"]).__name__ == "MappedTaskGroup"


def test_groups_that_are_opened_twice(load: Callable[[str], Any]) -> None:
    dag = load(f"""\
        dag_id: twice
        task_groups:
          g:
            tasks:
              a: {{operator: {PYTHON}, python_callable: spec_functions.rows}}
              c: {{operator: {BASH}, bash_command: +b}}
          h: {{tasks: {{b: {{operator: {BASH}, bash_command: +a}}}}}}
        """)
    assert upstream(dag) == {"g.a": set(), "h.b": {"g.a"}, "g.c": {"h.b"}}


def test_a_written_out_dag_runs(load: Callable[[str], Any], run_dag: Callable[..., Any]) -> None:
    dag = load(f"""\
        dag_id: written_out_runs
        start_date: 2026-01-01
        tasks:
          rows: {{decorator: task, python_callable: spec_functions.rows}}
          fan: {{decorator: task, python_callable: spec_functions.two, expand: {{a: +rows}}}}
          show:
            operator: {BASH}
            bash_command: test "$VALUE" = "{{{{ ti.xcom_pull('rows')[0] }}}}"
            env: {{VALUE: "1"}}
            dependencies: [fan]
        """)
    run = run_dag(dag)
    assert str(run.state) == "success"
