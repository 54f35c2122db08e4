"""The `daggen catalog` command: listing, showing, and what it says when it cannot."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from daggen.airflow.catalog import Catalog
from daggen.airflow.catalog.store import write_file
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


def test_building_without_airflow_says_so(run, tmp_path: Path) -> None:
    result = run("build", "--python", str(tmp_path / "no-python"))
    assert result.exit_code == 2
    assert "cannot be started" in result.stderr
    assert not (tmp_path / ".daggen").exists()
