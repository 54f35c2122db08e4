"""The `daggen catalog` command: listing, showing, and what it says when it cannot."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from daggen.airflow.catalog import Catalog
from daggen.airflow.catalog.build import Survey
from daggen.airflow.catalog.store import open_layer, write_file
from daggen.cli import cli


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["catalog", *arguments])

    return call


def test_it_tells_how_many_classes_and_arguments_it_knows(run) -> None:
    result = run()
    assert result.exit_code == 0
    found = re.search(r"(\d+) classes with (\d+) arguments", result.stderr)
    assert found
    assert int(found[1]) == len(list(Catalog.load().names())) > 1000
    assert int(found[2]) > 10_000


def test_a_text_is_looked_for_in_names_and_summaries(run) -> None:
    result = run("slackwebhook", "--kind", "notifier")
    assert result.stdout.split() == [
        "airflow.providers.slack.notifications.slack_webhook",
        "SlackWebhookNotifier",
        "(notifier)",
        *"Slack Incoming Webhooks Notifier.".split(),
    ]
    assert "BashOperator" in run("--provider", "standard", "--kind", "operator").stdout
    assert 'did you mean "BashOperator"?' in run("BashOprator").stderr


def test_every_word_is_looked_for(run) -> None:
    assert "BigQueryInsertJobOperator" in run("bigquery", "INSERT").stdout
    assert "BigQueryGetDataOperator" not in run("bigquery", "insert").stdout


def test_what_is_found_is_counted(run) -> None:
    assert "1 class with 6 arguments of its own, from 1 distribution\n" in run("FileSensor").stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["amazn"], 'did you mean "amazon"?'),
        (["--provider", "amazn"], 'did you mean "--provider amazon"?'),
        (["--provider", "apache-airflow-providers-gogle"], '"--provider google"?'),
        (["--provider", "standard", "BashOprator"], 'did you mean "BashOperator"?'),
    ],
)
def test_what_is_not_found_may_be_misspelt(run, arguments: list[str], hint: str) -> None:
    result = run(*arguments)
    assert result.stdout == ""
    assert hint in result.stderr


@pytest.mark.parametrize("name", ["task", "@task", "task.python"])
def test_task_is_the_decorator_of_python(run, name: str) -> None:
    assert run("show", name).stdout.startswith("@task.python (decorator)")


def test_showing_an_operator(run) -> None:
    result = run("show", "BashOperator")
    assert result.exit_code == 0
    assert "airflow.providers.standard.operators.bash.BashOperator" in result.stdout
    assert re.search(r"bash_command +a string, required, templated", result.stdout)
    assert "retries" in result.stdout
    assert "At most one of: soft_fail, never_fail" in run("show", "SqlSensor").stdout
    assert re.search(r"retries +an integer or null", run("show", "BashOperator", "-v").stdout)


def test_an_operator_as_json(run) -> None:
    data = json.loads(run("show", "FileSensor", "--output-format", "json").stdout)
    mode = next(each for each in data["arguments"] if each["name"] == "mode")
    assert mode["choices"] == ["poke", "reschedule"]
    assert mode["default"] == "poke"
    assert mode["inherited"] is True
    listed = json.loads(run("FileSensor", "--output-format", "json").stdout)
    assert data in listed


def test_an_unknown_name_exits_with_2_and_the_nearest(run) -> None:
    result = run("show", "BashOprator")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'did you mean "BashOperator"?' in result.stderr


def test_a_project_s_own_catalog_is_used(run, tmp_path: Path) -> None:
    entry = {"kind": "operator", "base": "airflow.sdk.BaseOperator", "arguments": {}}
    own = {"techcorp": {"version": "1.0", "entries": {"techcorp.LoadOperator": entry}}}
    write_file(tmp_path / ".daggen" / "catalog.json.gz", own)
    assert "techcorp 1.0" in run("show", "LoadOperator").stdout
    (tmp_path / ".daggen" / "catalog.json.gz").write_bytes(b"damaged")
    result = run("show", "LoadOperator")
    assert result.exit_code == 2
    assert "DG613" in result.stdout


ENTRY = {"kind": "operator", "arguments": {"table": {"type": "str"}}}
FOUND = Survey(
    {
        "apache-airflow": {"version": "3.3.2", "entries": {}},
        "techcorp": {"version": "1.0", "entries": {"techcorp.LoadOperator": ENTRY}},
    },
    [("techcorp.broken", "ImportError: no"), ("techcrop", "ModuleNotFoundError: no techcrop")],
)


@pytest.fixture
def surveyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daggen.airflow.catalog.build.survey", lambda *_: FOUND)


def test_what_is_built_is_counted(run, surveyed: None, tmp_path: Path) -> None:
    result = run("build", "--only", "techcorp", "--output", "own.json.gz")
    assert result.exit_code == 0
    assert "importing the operators of " in result.stderr
    assert "left out techcorp.broken: ImportError: no" in result.stderr
    assert "own.json.gz: 1 class with 1 argument of its own" in result.stderr
    assert set(open_layer(tmp_path / "own.json.gz").versions) == {"apache-airflow", "techcorp"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--only", "techcrop"], 'no operators of "techcrop": did you mean "techcorp"?'),
        (["--only", "zzz"], 'of "zzz": its operators are of apache-airflow, techcorp'),
        (["--package", "techcrop"], "techcrop cannot be imported: ModuleNotFoundError"),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused(
    run, surveyed: None, arguments: list[str], reason: str, tmp_path: Path
) -> None:
    result = run("build", *arguments)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert not (tmp_path / ".daggen").exists()


def test_building_without_airflow_says_so(run, tmp_path: Path) -> None:
    result = run("build", "--python", str(tmp_path / "no-python"))
    assert result.exit_code == 2
    assert "cannot be started" in result.stderr
    assert not (tmp_path / ".daggen").exists()
