# ruff: noqa: E501 (one case a line)
"""The keys of a spec: what is refused, where, and what the message advises."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Findings = Callable[..., list[str]]

HEAD = "dag_id: d\ntasks: {t: {operator: EmptyOperator}}\n"
"""A spec without faults; what follows it begins at line 3."""


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("catchupp: false", '3:1 DG220 unknown key "catchupp" of a spec | did you mean "catchup"?'),
        ("catchup: no", '3:10 DG223 expected true or false, found "no" | write false;'),
        ('max_active_runs: "3"', '3:18 DG223 expected a whole number, found "3"'),
        ("max_active_runs: 0", "3:18 DG230 0 is below 1"),
        ("description: 5", '3:14 DG223 expected a text, found 5 | quote it: "5"'),
        ("tags: a", '3:7 DG223 expected a list, found "a"'),
        ("schedule_interval: '@daily'", '3:1 DG221 "schedule_interval" is gone from today'),
        ("concurrency: 2", '3:1 DG221 "concurrency" is gone from today\'s Airflow | write max_a'),
        ("fail_stop: true", '3:1 DG221 "fail_stop" is gone from Airflow 3 | write fail_fast'),
        ("default_view: grid", '3:1 DG221 "default_view" is gone from Airflow 3'),
        ("timezone: Europe/Berln", '3:11 DG226 "Europe/Berln" is no timezone of the IANA database | did you mean "Europe/Berlin"?'),
        ("timezone: ../../etc/passwd", "3:11 DG226"),
        ("start_date: 2026-13-01", '3:13 DG227 "2026-13-01" is no ISO 8601 date'),
        ("start_date: 2 days", '3:13 DG227 "2 days" moves with every parse'),
        ("start_date: 20260101", "3:13 DG227 20260101 is no ISO 8601 date"),
        ("start_date: 2026-02-01\nend_date: 2026-01-01", "4:11 DG248 the end_date lies before"),
        ("dagrun_timeout: five minutes", '3:17 DG228 "five minutes" is no duration'),
        ("dagrun_timeout: {minuts: 5}", '3:18 DG228 "minuts" is no unit of a duration | did you mean "minutes"?'),
        ("dagrun_timeout: {minutes: five}", "3:27 DG228 expected a number"),
        ("on_failure_callback: notify()", '3:22 DG240 "notify()" is not the dotted path'),
        ("on_failure_callback: {text: x}", "3:22 DG244 a callback with arguments needs the key callback"),
        ("description: {__type__: subprocess.getoutput, __args__: [id]}", '3:25 DG241 "subprocess.getoutput" would run'),
        ("description: {__type__: builtins.eval, __args__: ['1']}", "3:25 DG241"),
        ("description: {__type__: os.system, __args__: [x]}", "3:25 DG241"),
        ("description: {__type__: pathlib.Path.home}", "3:25 DG241"),
        ("description: {__type__: pathlib.Path, __args__: [/data]}", ""),
        ("description: {__type__: company.text.Text}", ""),
        ("description: {__args__: [x]}", "3:15 DG244 __args__ stands without __type__"),
        ("description: {__typ__: datetime.date}", '3:15 DG244 unknown form "__typ__" | did you mean "__type__"?'),
        ("description: {__join__: [a], b: c}", '3:30 DG244 "b" stands beside __join__'),
        ("description: {__type__: a.B, __args__: x}", '3:40 DG244 __args__ takes a list, not "x"'),
        ("description: {__type__: a.B, 'not a name': x}", '3:30 DG244 "not a name" is no name'),
        ("allowed_run_types: [schedule]", '3:21 DG229 "schedule" is none of scheduled, manual'),
        ("doc_md: {file: ../x.md}", '3:16 DG239 "../x.md" cannot be read'),
        ("doc_md: {file: ../../x.md}", '3:16 DG239 "../../x.md" lies outside the project'),
        ("doc_md: docs/x.md", "3:9 DG250 Airflow takes this for a file"),
        ("template: etl", '2:1 DG232 "tasks" and "template"'),
        ("with: {a: 1}", '3:1 DG232 "with" goes only with a template'),
        ("schedule: [s3://a]\ncatchup: true", "4:1 DG232 catchup needs a start_date"),
        ("schedule: null\ncatchup: true", ""),
        (
            "schedule: [s3://a]\nparams: {day: {type: string}}",
            '4:10 DG232 the DAG runs by itself, and nobody gives "day" a value then',
        ),
        ("schedule: '@continuous'", "3:11 DG232 @continuous needs max_active_runs: 1"),
        ("schedule: '@daily'\nallowed_run_types: [manual]", '4:20 DG232 the schedule makes runs of the type "scheduled"'),
        ("timezone: Europe/Berlin", "3:1 DG242 without a start_date the timezone does nothing"),
        ("deadline: {interval: 5m}", "3:11 DG244 a deadline has an interval, a callback"),
        ("deadline: {interval: 5m, callback: a.b, reference: queued}", '3:52 DG244 "queued" is no reference'),
        ("default_args: {retires: 3}", '3:16 DG249 "retires" is no argument that every task has | did you mean "retries"?'),
        ("default_args: {schedule: null}", '3:16 DG249 "schedule" is an argument of the DAG'),
        ("default_args: {retries: -1}", "3:25 DG230 -1 is below 0"),
        ("default_args: {weight_rule: heavy}", '3:29 DG229 "heavy" is none of downstream'),
        ("default_args: {trigger_rule: dummy}", '3:30 DG229 "dummy" is gone | write "always"'),
        ("default_args: {retry_delay_sec: soon}", "3:33 DG228 expected a number of seconds"),
        ("default_args: {retry_delay: 5m, retry_delay_sec: 5}", '3:33 DG232 "retry_delay_sec" and "retry_delay"'),
        ("default_args: {sla: 5m}", '3:16 DG221 "sla" is gone from Airflow 3'),
        ("params: [a]", "3:9 DG223 expected a mapping, found a list"),
        ("user_defined_macros: x", '3:22 DG223 expected a mapping, found "x"'),
        ("template_undefined: StrictUndefined", '3:21 DG240 "StrictUndefined" is not the dotted path'),
    ],
)  # fmt: skip
def test_fault_is_found_at_its_place(findings: Findings, lines: str, expected: str) -> None:
    found = findings(HEAD + lines)
    if not expected:
        assert found == []
    else:
        assert [line for line in found if line.startswith(expected)], found
        assert len(found) == 1, found


@pytest.mark.parametrize(
    ("key", "airflow", "since"),
    [
        ("fail_fast: true", (2, 11), "3.0"),
        ("disable_bundle_versioning: true", (2, 11), "3.0"),
        ("deadline: {interval: 5m, callback: a.b}", (3, 0), "3.1"),
        ("allowed_run_types: [manual]", (3, 1), "3.2"),
        ("rerun_with_latest_version: true", (3, 2), "3.3"),
    ],
)
def test_key_of_a_later_airflow(
    findings: Findings, key: str, airflow: tuple[int, int], since: str
) -> None:
    (found,) = findings(HEAD + key, airflow)
    assert found.startswith("3:1 DG222")
    assert f"came with Airflow {since}" in found
    assert findings(HEAD + key, tuple(map(int, since.split(".")))) == []


@pytest.mark.parametrize(
    ("lines", "column"),
    [
        ("schedule: {__type__: airflow.sdk.CronPartitionTimetable}", 22),
        ("params: {p: {__type__: airflow.sdk.ExceptionRetryPolicy}}", 24),
        ("on_failure_callback: airflow.sdk.result", 22),
    ],
)
def test_name_of_a_later_airflow(findings: Findings, lines: str, column: int) -> None:
    found = findings(HEAD + lines, (2, 11))
    assert found[0].startswith(f"3:{column} DG222")
    assert findings(HEAD + lines, (3, 3)) == []


@pytest.mark.parametrize(
    "key", ["fail_stop: true", "default_view: grid", "default_args: {sla: 5m}"]
)
def test_key_of_airflow_2_is_taken_there(findings: Findings, key: str) -> None:
    assert findings(HEAD + key, (2, 11)) == []


@pytest.mark.parametrize(
    ("dag_id", "expected"),
    [
        ('"a b"', '1:9 DG224 "a b" is no legal id: only letters, digits, _, - and . | write "a_b"'),
        ("../x", '1:9 DG224 "../x" is no legal id'),
        (".hidden", "1:9 DG224 a dag_id cannot begin with a dot"),
        ("x" * 251, "1:9 DG224 this id has 251 characters; Airflow takes 250"),
        ('"a\\n"', "1:9 DG224"),
        ("5", "1:9 DG223 expected a text, found 5"),
        ("null", "1:9 DG231 this spec has no dag_id"),
    ],
)
def test_illegal_dag_id(findings: Findings, dag_id: str, expected: str) -> None:
    found = findings(f"dag_id: {dag_id}\ntasks: {{t: {{operator: EmptyOperator}}}}\n")
    assert found[0].startswith(expected)


def test_missing_dag_id_and_tasks(findings: Findings) -> None:
    codes = [line.split()[1] for line in findings("description: x\n")]
    assert codes == ["DG231", "DG238"]


def test_all_faults_are_told_at_once(findings: Findings) -> None:
    found = findings("""\
        dag_id: d
        catchupp: false
        start_date: soon
        default_args: {retires: 1, retries: -1}
        tasks:
          a: {operator: EmptyOperator, dependencies: [c], retry_delay: x}
          b: {}
        """)
    assert [line.split()[1] for line in found] == [
        "DG220", "DG227", "DG249", "DG230", "DG234", "DG228", "DG231",
    ]  # fmt: skip


def test_null_leaves_a_default_unsaid(parse: Callable[..., tuple[object, list[object]]]) -> None:
    spec, diagnostics = parse(HEAD + "catchup: null\nschedule: null\n")
    assert diagnostics == []
    assert spec.arguments == {"schedule": None}  # type: ignore[attr-defined]
