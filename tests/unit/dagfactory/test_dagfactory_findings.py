"""What is said where dag-factory drops, misreads or fails: one finding, with what to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EMPTY = "operator: airflow.providers.standard.operators.empty.EmptyOperator"
BASH = "operator: airflow.providers.standard.operators.bash.BashOperator"
PYTHON = "operator: airflow.providers.standard.operators.python.PythonOperator"
FLOW = "decorator: airflow.sdk.task, python_callable: work.add"
SENSOR = "operator: airflow.providers.standard.sensors.external_task.ExternalTaskSensor"
POD = "operator: airflow.providers.cncf.kubernetes.operators.pod.KubernetesPodOperator"
HTTP = "operator: airflow.providers.http.operators.http.HttpOperator"
HTTP_SENSOR = "operator: airflow.providers.http.sensors.http.HttpSensor"
KEYWORDS = "decorator: airflow.sdk.task, python_callable: work.keywords"
WORK = """\
def add(a, b=0): ...
def keywords(a, *, key=0, retries=0, **more): ...
class Job:
    def run(self): ...
class Derived(http.HttpOperator): ...
class Note:
    def __init__(self, a=0): ...
    def __call__(self, context): ...
"""
DELTA = "write {__type__: datetime.timedelta, seconds: 60}"
IN_CLASS = "name a function of the module"

DAG = [
    ("default_view: tree", "DG903", "gone with Airflow 3: remove it"),
    ("sla_miss_callback: work.add", "DG903", "gone with Airflow 3: remove it"),
    (
        "dagrun_timeout_sec: 60",
        "DG903",
        "gone with dag-factory 1.0: write dagrun_timeout: "
        "{__type__: datetime.timedelta, seconds: 60}",
    ),
    (
        "__extends__: [x.yml]",
        "DG903",
        "dag-factory 1.1.0 has no __extends__: write what files share in a defaults.yml above them",
    ),
    ("concurrency: 1", "DG914", "write max_active_tasks: 1"),
    ("concurrency: 1, max_active_tasks: 2", "DG914", "write one of them"),
    ('schedule: "@daily", schedule_interval: "@hourly"', "DG913", "remove it: schedule wins"),
    (
        'schedule: "s3://a & s3://b"',
        "DG923",
        'write schedule: {datasets: "s3://a & s3://b"}, or a list of URIs',
    ),
    ("schedule: {or: [s3://a, s3://b]}", "DG913", "write __or__"),
    (
        "schedule: {__or__: [s3://a, s3://b]}",
        "DG925",
        "here they are assets: give each __type__: airflow.sdk.Asset",
    ),
    ("schedule: []", "DG925", "write schedule: null"),
    ("params: {d: 2025-01-01}", "DG223", 'quote it: "2025-01-01"'),
    (
        "template_searchpath: sql",
        "DG223",
        "write $CONFIG_ROOT_DIR/sql, or where Airflow has the folder",
    ),
    ("default_args: {timezone: Asia/Tokyo}", "DG912", "remove it"),
    ("default_args: {sla: 5}", "DG912", "remove it"),
    (
        "default_args: {outlets: [s3://a]}",
        "DG925",
        "write the assets at the tasks, or each with __type__: airflow.sdk.Asset",
    ),
    ("user_defined_macros: {a: hello}", "DG913", "here it is a text"),
    (
        "on_failure_callback_name: cb",
        "DG912",
        "write both, or on_failure_callback: package.module.function",
    ),
    ("on_failure_callback: [work.add]", "DG913", ""),
    ("default_args: {execution_timeout: 60}", "DG913", DELTA),
    (
        "on_failure_callback: work.Note",
        "DG925",
        "here it is an object: write {callback: work.Note}",
    ),
    ("on_failure_callback: {callback: work.Note, a: 1}", "DG925", "here it is an object"),
    ("on_failure_callback: work.Job.run", "DG913", IN_CLASS),
    ("user_defined_macros: {a: work.Job.run}", "DG913", IN_CLASS),
    (
        "schedule: [{__type__: airflow.datasets.Dataset, __args__: [s3://a]}]",
        "DG913",
        "write airflow.sdk.Asset",
    ),
    ("dagrun_timeout: 60", "DG913", "write {__type__: datetime.timedelta, seconds: ...}"),
]
TASK = [
    (f"{EMPTY}, sla: 5", "DG912", "remove it"),
    (
        f"{EMPTY}, retry_delay_sec: 60",
        "DG913",
        "write retry_delay: {__type__: datetime.timedelta, seconds: 60}",
    ),
    (f"{EMPTY}, dependencies: [1]", "DG913", 'quote it: "1"'),
    (f"{EMPTY}, dependencies: flow", "DG913", "write [flow]"),
    (f"{EMPTY}, dependencies: [g.flow]", "DG913", "write [flow]"),
    (f"{EMPTY}, execution_timeout: 60", "DG913", DELTA),
    (f"{EMPTY}, retry_delay: 1m", "DG913", DELTA),
    ("operator: EmptyOperator", "DG913", "write the dotted path"),
    (f"{PYTHON}, python_callable: work.Job.run", "DG913", IN_CLASS),
    (
        f"{PYTHON}, python_callable_name: Job.run, "
        "python_callable_file: $CONFIG_ROOT_DIR/work.py",
        "DG910",
        "name a function of the file",
    ),
    (f"{BASH}, expand: {{bash_command: flow.output}}", "DG913", ""),
    (f"{FLOW}, a: +later", "DG913", "add later to the dependencies"),
    (f"{FLOW}, expand: {{a: flow.output}}", "DG913", "write +flow"),
    (f"{KEYWORDS}, a: 1, key: 2", "DG913", ""),
    (
        f"{KEYWORDS}, a: 1, retries: 2",
        "DG925",
        "here work.keywords gets it; rename the parameter",
    ),
    (f"{KEYWORDS}, a: 1, other: 2", "DG913", ""),
    (
        f"{FLOW}, op_args: [1]",
        "DG913",
        "write the arguments of the function beside the others",
    ),
    (
        f"{HTTP}, response_check_name: add, " "response_check_file: $CONFIG_ROOT_DIR/work.py",
        "DG913",
        "",
    ),
    (f"{EMPTY}, dependencies: ab", "DG912", "write [a, b]"),
    (f"{EMPTY}, inlets: s3://a", "DG925", 'write inlets: ["s3://a"]'),
    (f"{EMPTY}, start_date: 2025-01-01", "DG913", "write it as 2026-01-31 00:00:00"),
    (
        f"{PYTHON}, python_callable_name: one",
        "DG910",
        "write both, or python_callable: package.module.function",
    ),
    (
        f"{PYTHON}, python_callable_name: one, "
        "python_callable_file: /usr/local/airflow/dags/sub/work.py",
        "DG910",
        "if Airflow has the specs in /usr/local/airflow/dags: "
        'CONFIG_ROOT_DIR = "/usr/local/airflow/dags" in the vars',
    ),
    (
        f"{PYTHON}, python_callable: !!python/name:work.add ''",
        "DG913",
        'write "work.add" as a text, as in python_callable: work.add',
    ),
    (f"{BASH}, expand: {{bash_command: +flow}}", "DG913", ""),
    (
        f"{BASH}, expand: {{bash_command: [a]}}, partial: {{on_failure_callback: work.add}}",
        "DG925",
        "write on_failure_callback beside partial",
    ),
    (f"{FLOW}, a: +floe", "DG234", 'did you mean "flow"?'),
    (
        f"{FLOW}, a: +a",
        "DG925",
        "here it is what a returns, and runs before: add it to the dependencies",
    ),
    (f"{FLOW}, a: \"+a['k']\"", "DG913", ""),
    (f"{FLOW}, expand: {{a: [1]}}, b: 3", "DG912", "write it under partial"),
    (f"{SENSOR}, execution_delta: 3600", "DG913", "write 3600 seconds"),
    (f"{SENSOR}, execution_delta: 1h", "DG913", "write 3600 seconds"),
    (f"{SENSOR}, poke_interval: 1m", "DG913", DELTA),
    (f"{BASH}, bash_command: {{__join__: [a, {{__type__: x.Y}}]}}", "DG244", "write its text"),
    (
        "operator: work.Derived, headers: {Content-Type: application/json}, data: no",
        "DG913",
        "write a mapping, or JSON",
    ),
    (
        f"{EMPTY}, params: {{a: {{__type__: airflow.utils.weekday.WeekDay, __args__: [1]}}}}",
        "DG913",
        "write airflow.providers.standard.utils.weekday.WeekDay",
    ),
    (
        f"{POD}, ports: [{{container_port: 80}}]",
        "DG244",
        "begin it with __type__: kubernetes.client.models.V1ContainerPort",
    ),
    (
        f"{HTTP}, headers: {{Content-Type: application/json}}, data: no",
        "DG913",
        "write a mapping, or JSON",
    ),
    (
        f"{HTTP_SENSOR}, response_check: work.add",
        "DG925",
        "write response_check_name and response_check_file",
    ),
    (f"{EMPTY}, pre_execute: work.add", "DG925", ""),
    (
        f"{BASH}, partial: {{post_execute: work.add}}, expand: {{bash_command: [a]}}",
        "DG925",
        "",
    ),
    (
        f"{PYTHON}, python_callable: work.add, op_kwargs: {{a: {{__type: x.Y, b: 1}}}}",
        "DG244",
        'did you mean "__type__"?',
    ),
    (
        f"{PYTHON}, python_callable: work.add, "
        "op_kwargs: {a: {__type__: functools.partial, __args__: [work.add]}}",
        "DG913",
        "it is taken for the function",
    ),
    (
        f"{EMPTY}, outlets: [{{__type__: airflow.sdk.Asset, uri: {{__join__: [s3, a]}}}}]",
        "DG925",
        "here it is evaluated first, as was meant; write its result",
    ),
]


@pytest.fixture(autouse=True)
def work(write: Callable[[str, str], Path]) -> None:
    write("work.py", WORK)
    write("sub/work.py", "def one(): ...\n")


def _found(translated: Callable[..., Any], text: str) -> list[tuple[str, str]]:
    return [(found.code, found.hint) for found in translated(text).diagnostics]


@pytest.mark.parametrize(("said", "code", "hint"), DAG)
def test_of_a_dag(translated: Callable[..., Any], said: str, code: str, hint: str) -> None:
    text = f"d: {{{said}, tasks: {{a: {{{EMPTY}}}}}}}\n"
    assert _found(translated, text) == [(code, hint)]


@pytest.mark.parametrize(("said", "code", "hint"), TASK)
def test_of_a_task(translated: Callable[..., Any], said: str, code: str, hint: str) -> None:
    others = f"a: {{{EMPTY}}}, b: {{{EMPTY}}}, '1': {{{EMPTY}}}, flow: {{{FLOW}, a: 1}}"
    text = f"d: {{tasks: {{{others}, t: {{{said}}}, later: {{{FLOW}, a: 1}}}}}}\n"
    assert _found(translated, text) == [(code, hint)]


@pytest.mark.parametrize(
    "said",
    [
        "schedule: {__or__: [{__type__: airflow.sdk.Asset, uri: s3://a}, "
        "{__type__: airflow.sdk.Asset, uri: s3://b}]}",
        "schedule: [s3://a, {__type__: airflow.sdk.Asset, uri: s3://b}]",
        "default_args: {retries: 2}, tags: [a], catchup: false",
    ],
)
def test_nothing_is_said_of_what_is_right(translated: Callable[..., Any], said: str) -> None:
    assert _found(translated, f"d: {{{said}, tasks: {{a: {{{EMPTY}}}}}}}\n") == []
