from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daggen.specs.dagfactory import load_if_dagfactory
from daggen.specs.yaml import read_yaml

Data = Callable[..., Any]
Findings = Callable[..., list[str]]
Write = Callable[[str, str], Path]

BASH = "airflow.providers.standard.operators.bash.BashOperator"
PYTHON = "airflow.providers.standard.operators.python.PythonOperator"


def _dag(arguments: str) -> str:
    return f"d:\n  {arguments}\n  tasks: {{t: {{operator: {BASH}, bash_command: x}}}}\n"


def _task(arguments: str, operator: str = f"operator: {BASH}") -> str:
    return f"d:\n  tasks:\n    t: {{{operator}, {arguments}}}\n    u: {{operator: {BASH}}}\n"


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("2025-01-02", "2025-01-02"),
        ('"2025-01-02"', "2025-01-02"),
        ('"2025/01/02"', "2025-01-02"),
        ('"2025-03"', "2025-03-01"),
        ('"2025"', "2025-01-01"),
        ("2025-01-02 03:04:05", "2025-01-02T03:04:05"),
        ('"2025-01-02T03:04"', "2025-01-02T03:04:00"),
        ("2 days", "2025-12-30"),
        ("90 minutes", "2025-12-31T22:30:00"),
        ("1 hour 30 minutes", "2025-12-31T23:00:00"),
    ],
)
def test_dates(data: Data, said: str, date: str) -> None:
    assert data(_dag(f"start_date: {said}"), today="2026-01-01")["start_date"] == date


def test_relative_dates_count_by_the_clock(data: Data) -> None:
    zone = "timezone: Europe/Berlin"
    days = data(_dag(f"{zone}\n  start_date: 2 days"), today="2025-03-31")
    assert days["start_date"] == "2025-03-28T23:00:00"
    hours = data(_dag(f"{zone}\n  start_date: 5 hours"), today="2025-03-31")
    assert hours["start_date"] == "2025-03-30T19:00:00"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("2 days", ["DG905 2:15 error"]),
        ("yesterday", ["DG905 2:15 error"]),
        ('"2025-13-45"', ["DG905 2:15 error"]),
        ('"2025-01-01T00:00:00+02:00"', ["DG917 2:15 warning"]),
        ('"2025-01-01T00:00:00Z"', []),
    ],
)
def test_dates_that_are_told(findings: Findings, said: str, found: list[str]) -> None:
    assert findings(_dag(f"start_date: {said}")) == found


def test_a_frozen_day_is_told_with_the_date_to_write(translated: Callable[..., Any]) -> None:
    found = translated(_dag("start_date: 3 days 4 hours"), today="2026-01-10").diagnostics
    assert [(d.code, d.severity, d.hint) for d in found] == [
        ("DG906", "warning", "write one unit"),
        ("DG905", "info", 'write "2026-01-07T00:00:00"'),
    ]


def test_dates_of_default_args_are_not_in_the_timezone_of_the_dag(data: Data) -> None:
    said = (
        "timezone: Asia/Tokyo\n  start_date: 2025-01-01\n  default_args: {start_date: 2025-02-01}"
    )
    found = data(_dag(said))
    assert found["start_date"] == "2025-01-01"
    assert found["default_args"]["start_date"] == "2025-02-01T00:00:00+00:00"


def test_a_timezone_without_a_date_is_lost(data: Data, findings: Findings) -> None:
    said = _dag("timezone: Asia/Tokyo\n  default_args: {start_date: 2025-02-01}")
    assert "timezone" not in data(said)
    assert findings(said) == ["DG912 2:3 warning"]


@pytest.mark.parametrize(
    ("said", "schedule"),
    [
        ("' None '", None),
        ("null", None),
        ("[' s3://a ', '', null, s3://b]", ["s3://a", "s3://b"]),
        ("{datasets: [s3://a, s3://b]}", ["s3://a", "s3://b"]),
        (
            "{datasets: '(s3://a & s3://b) | s3://c'}",
            {"any": [{"all": ["s3://a", "s3://b"]}, "s3://c"]},
        ),
        ("{datasets: 'a | b & c'}", {"any": ["a", {"all": ["b", "c"]}]}),
        ("{datasets: s3://a}", ["s3://a"]),
        ("{datasets: !or [!and [a, b], c]}", {"__or__": [{"__and__": ["a", "b"]}, "c"]}),
        (
            "{datasets: [a], timetable: {__type__: x.Y}}",
            {"timetable": {"__type__": "x.Y"}, "assets": ["a"]},
        ),
    ],
)
def test_schedules(data: Data, said: str, schedule: Any) -> None:
    assert data(_dag(f"schedule: {said}"))["schedule"] == schedule


@pytest.mark.parametrize("condition", ["a &", "(a", "a b", "& a", "a | | b", "()"])
def test_texts_that_are_no_condition(findings: Findings, condition: str) -> None:
    found = findings(_dag(f"schedule: {{datasets: '{condition}'}}"))
    assert "DG923 2:24 error" in found


def test_datasets_of_a_file_are_read_now(data: Data, write: Write) -> None:
    write("sets/names.yml", "datasets: [{name: one, uri: s3://1}, {name: two, uri: s3://2}]\n")
    said = "schedule: {file: $CONFIG_ROOT_DIR/sets/names.yml, datasets: 'one | two'}"
    assert data(_dag(said))["schedule"] == {"any": ["s3://1", "s3://2"]}
    said = _task("bash_command: x, outlets: {file: sets/names.yml, datasets: [two]}")
    assert data(said)["tasks"]["t"]["outlets"] == ["s3://2"]


def test_functions_of_a_file_become_dotted_paths(data: Data, write: Write) -> None:
    write("include/etl.py", "def load(): ...\n")
    pair = "python_callable_name: load, python_callable_file: "
    for file in ("$CONFIG_ROOT_DIR/include/etl.py", "include/etl.py"):
        found = data(_task(f"{pair}{file}", f"operator: {PYTHON}"))
        assert found["tasks"]["t"] == {"operator": PYTHON, "python_callable": "include.etl.load"}
    said = _task(f"{pair}/opt/dags/include/etl.py", f"operator: {PYTHON}")
    found = data(said, CONFIG_ROOT_DIR="/opt/dags")
    assert found["tasks"]["t"]["python_callable"] == "include.etl.load"


@pytest.mark.parametrize(
    "file",
    ["nowhere.py", "/etc/passwd", "$CONFIG_ROOT_DIR/../../x.py", "$CONFIG_ROOT_DIR/not-a-name.py"],
)
def test_files_that_cannot_be_imported(findings: Findings, write: Write, file: str) -> None:
    write("not-a-name.py", "def f(): ...\n")
    said = _task(f"python_callable_name: f, python_callable_file: {file}", f"operator: {PYTHON}")
    assert [line.split()[0] for line in findings(said)] == ["DG910"]


def test_checks_of_sensors_are_references(data: Data, findings: Findings, write: Write) -> None:
    write("checks.py", "def ok(x): ...\n")
    sensor = "operator: airflow.providers.common.sql.sensors.sql.SqlSensor"
    file = "$CONFIG_ROOT_DIR/checks.py"
    said = f"success_check_name: ok, success_check_file: {file}, success_check_lambda: x"
    task = data(_task(said, sensor))["tasks"]["t"]
    assert task["success"] == {"__ref__": "checks.ok"}
    assert set(task) == {"operator", "success"}
    assert findings(_task(said, sensor)) == []
    assert findings(_task("failure_check_lambda: 'lambda x: x'", sensor)) == ["DG909 3:71 error"]


def test_documentation_made_by_code_is_refused(findings: Findings) -> None:
    said = "doc_md_python_callable_name: f\n  doc_md_python_callable_file: x.py"
    assert findings(_dag(said)) == ["DG909 2:3 error"]


def test_documentation_of_a_file(data: Data, findings: Findings, write: Write) -> None:
    write("docs/d.md", "# D\n")
    said = _dag("doc_md_file_path: $CONFIG_ROOT_DIR/docs/d.md")
    assert data(said)["doc_md"] == {"file": "docs/d.md"}
    assert findings(_dag("doc_md_file_path: none.md")) == ["DG922 2:21 error"]


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("v", "{{ var.value.v }}"),
        ("a-b", "{{ var.value.get('a-b') }}"),
        ("it's", """{{ var.value.get("it's") }}"""),
    ],
)
def test_variables_are_read_at_run_time(data: Data, said: str, command: str) -> None:
    text = _task(f'variables_as_arguments: [{{variable: "{said}", attribute: bash_command}}]')
    assert data(text)["tasks"]["t"]["bash_command"] == command


def test_variables_with_what_stands_there_without_them(data: Data) -> None:
    variables = "variables_as_arguments: [{variable: v, attribute: bash_command}]"
    found = data(_task(f"bash_command: echo, {variables}"))["tasks"]["t"]["bash_command"]
    assert found == "{{ var.value.get('v', 'echo') }}"
    found = data(_task(f'bash_command: "{{{{ ds }}}}", {variables}'))["tasks"]["t"]["bash_command"]
    assert found == (
        '{% if var.value.get("v", none) is not none %}'
        "{{ var.value.get('v') }}{% else %}{{ ds }}{% endif %}"
    )


def test_variables_in_what_is_no_template(findings: Findings) -> None:
    text = _task("retries: 1, variables_as_arguments: [{variable: v, attribute: retries}]")
    assert [line.split()[0] for line in findings(text)] == ["DG915"]


def test_references_are_only_where_dag_factory_sees_them(data: Data) -> None:
    taskflow = "decorator: airflow.sdk.task, python_callable: a.b"
    text = _task("x: +u, y: [+u], z: +u-v, w: \"+u['k']\", v: +1", taskflow)
    task = data(text)["tasks"]["t"]
    escaped = {"__join__": ["+", "u"]}
    assert task["x"] == "+u"
    assert task["y"] == [escaped]
    assert task["z"] == {"__join__": ["+", "u-v"]}
    assert task["w"] == "+u['k']"
    assert task["v"] == 1
    assert data(_task("bash_command: +u"))["tasks"]["t"]["bash_command"] == escaped


def test_texts_of_mapped_tasks_are_no_outputs(data: Data) -> None:
    escaped = {"__join__": ["u", ".", "output"]}
    operator = data(_task("partial: {cwd: u.output}, expand: {bash_command: [a]}"))
    assert operator["tasks"]["t"]["partial"] == {"cwd": escaped}
    taskflow = "decorator: airflow.sdk.task, python_callable: a.b"
    mapped = data(_task("partial: {x: u.output}, expand: {y: [u.output]}", taskflow))
    assert mapped["tasks"]["t"]["partial"] == {"x": escaped}
    assert mapped["tasks"]["t"]["expand"] == {"y": [escaped]}


@pytest.mark.parametrize("text", ["+u[rows]", "+u[0]", "+u()"])
def test_texts_that_only_specs_take_for_a_reference(
    data: Data, findings: Findings, text: str
) -> None:
    escaped = {"__join__": ["+", text[1:]]}
    said = _task(f"bash_command: '{text}'")
    assert data(said)["tasks"]["t"]["bash_command"] == escaped
    assert findings(said) == []


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("u.output", "u.output"),
        ("XcomArg(u)", "u.output"),
        ("[u.output, x]", [{"__join__": ["u", ".", "output"]}, "x"]),
        ("[a, b]", ["a", "b"]),
        ("+u", "+u"),
    ],
)
def test_what_operators_are_mapped_over(data: Data, said: str, value: Any) -> None:
    task = data(_task(f"expand: {{bash_command: {said}}}"))["tasks"]["t"]
    assert task["expand"] == {"bash_command": value}


def test_the_key_of_an_output_is_lost(findings: Findings) -> None:
    text = _task("dependencies: [u], expand: {bash_command: 'u.output[\"a\"]'}")
    assert [line.split()[0] for line in findings(text)] == ["DG912"]


def test_params_that_look_like_a_schema_are_not_one(data: Data) -> None:
    found = data(_dag("params: {p: {type: string, default: x}, q: {other: 1}}"))["params"]
    schema = {"type": "string", "default": "x"}
    assert found["p"] == {"__type__": "airflow.sdk.Param", "__args__": [schema]}
    assert found["q"] == {"other": 1}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("schedule_interval: '@daily'", ["DG913 2:3 info"]),
        ("timetable: {__type__: x.Y}", ["DG913 2:3 info"]),
        ("concurrency: 3", ["DG914 2:3 warning"]),
        ("shedule: '@daily'", ["DG903 2:3 warning"]),
        ("dag_id: other", ["DG903 2:3 warning"]),
        ("on_retry_callback: a.b", ["DG903 2:3 warning"]),
        ("dag_id: d", []),
        ("default_args: {retry_delay_sec: 5}", ["DG912 2:18 warning"]),
        ("tags: lone", ["DG913 2:9 info"]),
    ],
)
def test_keys_of_the_dag_that_are_told(findings: Findings, said: str, found: list[str]) -> None:
    assert findings(_dag(said)) == found


def test_partial_without_expand(data: Data, findings: Findings) -> None:
    text = _task("bash_command: x, partial: {bash_command: y, pool: p}")
    task = data(text)["tasks"]["t"]
    assert task == {"operator": BASH, "bash_command": "y", "pool": "p"}
    assert findings(text) == ["DG913 3:92 info"]


def test_dag_ids_that_make_no_dag(findings: Findings) -> None:
    text = "default: {}\nversion: 1\n__extends__: [x.yml]\ntask_groups: {tasks: {}}\n"
    codes = [line.split()[0] for line in findings(text)]
    assert codes == ["DG902", "DG902", "DG901"]


def test_yaml_of_former_times(data: Data) -> None:
    text = """\
d:
  catchup: yes
  max_active_runs: 010
  description: !join [a, b, 1]
  tasks:
    t: {operator: a.b.C, python_callable: !!python/name:mod.fn, when: 2025-01-02, flags: {x, y}}
    t: {operator: a.b.D, at: 2025-01-02T03:04:05+01:00, hex: 0x1F}
"""
    found = data(text)
    assert found["catchup"] is True
    assert found["max_active_runs"] == 8
    assert found["description"] == "ab1"
    task = found["tasks"]["t"]
    assert (task["operator"], task["hex"]) == ("a.b.D", 31)
    assert task["at"]["__args__"] == [2025, 1, 2, 3, 4, 5]
    assert task["at"]["tzinfo"]["__args__"] == [{"__type__": "datetime.timedelta", "seconds": 3600}]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("d: &a {tasks: *a}", "DG105"),
        ("d: {x: !unknown 1}", "DG104"),
        ("d: [", "DG101"),
        ("? [a]\n: 1", "DG112"),
    ],
)
def test_files_that_cannot_be_read(findings: Findings, text: str, code: str) -> None:
    assert code in [line.split()[0] for line in findings(text)]


def test_a_task_that_is_called_as_a_group(data: Data, findings: Findings) -> None:
    text = f"""\
d:
  task_groups: {{g: {{}}}}
  tasks:
    a: {{operator: {BASH}}}
    g: {{operator: {BASH}, dependencies: [a], task_group_name: g}}
"""
    assert "dependencies" not in data(text)["tasks"]["g"]
    assert [line.split()[0] for line in findings(text)] == ["DG912"]


def test_lists_of_datasets_are_no_specs(project: Any, write: Write) -> None:
    path = write("sets.yml", "datasets: [{name: a, uri: s3://a}]\n")
    document, _ = read_yaml(path, project.root)
    found = load_if_dagfactory(path, document, project, {})
    assert found is not None
    assert list(found.specs) == []


def test_files_read_are_inputs(translated: Callable[..., Any], write: Write) -> None:
    write("d.md", "# D\n")
    assert translated(_dag("doc_md_file_path: d.md")).inputs == ("specs/dags.yml", "specs/d.md")
