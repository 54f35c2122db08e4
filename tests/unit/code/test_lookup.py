"""Names are found in the source of the project, in Python and in Airflow, or they are missed."""

import sys
from pathlib import Path

import pytest

from daggen.code.callables import CallableFinder
from daggen.code.lookup import MISSING, Answer, Lookup


def find(tmp_path: Path, dotted: str, airflow: tuple[int, int] = (3, 3)) -> Lookup:
    return CallableFinder([tmp_path], airflow=airflow).find(dotted)


@pytest.mark.parametrize(
    "dotted",
    [
        "json",
        "os.path.join",
        "collections.abc.Mapping",
        "datetime.timezone.utc",
        "datetime.datetime.min.year",
        "builtins.ValueError",
        "len",
        "airflow.sdk.Asset",
        "airflow.sdk.RetryAction.FAIL",
        "airflow.sdk.DeadlineReference.DAGRUN_LOGICAL_DATE",
        "airflow.sdk.timezone.datetime",
        "airflow.sdk.exceptions.AirflowSkipException",
        "airflow.timetables.trigger.CronTriggerTimetable",
        "airflow.providers.standard.operators.bash.BashOperator",
        "pendulum.datetime",
        "requests.exceptions.HTTPError",
        "kubernetes.client.models.V1Pod",
    ],
)
def test_what_is_there_is_not_missed(tmp_path: Path, dotted: str) -> None:
    assert find(tmp_path, dotted).answer not in MISSING


@pytest.mark.parametrize(
    "dotted",
    [
        "jsno",
        "datetime.timedelt",
        "os.path.jion",
        "json.no.such",
        "datetime.timezone.UTC",
        "airflow.sdk.Aset",
        "airflow.sdk.RetryAction.FIAL",
        "airflow.sdk.exceptions.AirflowSkip",
        "airflow.timetables.triger.CronTriggerTimetable",
    ],
)
def test_what_is_nowhere_is_missed(tmp_path: Path, dotted: str) -> None:
    assert find(tmp_path, dotted).answer in MISSING


def test_names_are_those_of_the_targeted_airflow(tmp_path: Path) -> None:
    dataset = "airflow.datasets.Dataset"
    assert find(tmp_path, dataset, (2, 11)).answer is Answer.OPAQUE
    assert find(tmp_path, "airflow.datasets.Datset", (2, 11)).answer is Answer.NO_NAME
    assert find(tmp_path, "airflow.timetables.datasets.DatasetOrTimeSchedule", (2, 11)).takes
    moved = "airflow.timetables.datasets.DatasetOrTimeSchedule"
    assert find(tmp_path, moved, (3, 1)).answer is Answer.ELSEWHERE
    assert find(tmp_path, moved, (3, 3)).answer is Answer.NO_NAME


def test_what_other_versions_take_or_add_is_not_certain(tmp_path: Path) -> None:
    assert find(tmp_path, "airflow.sdk.Asset", (3, 3)).takes
    assert not find(tmp_path, "airflow.sdk.Asset", (3, 1)).takes
    assert find(tmp_path, "airflow.sdk.Aset", (3, 1)).answer is Answer.NO_NAME
    assert find(tmp_path, "airflow.sdk.NewsOfTomorrow", (3, 4)).answer is Answer.ELSEWHERE


def test_a_module_of_the_project_hides_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("def dumps(): ...\n")
    assert find(tmp_path, "json.load").answer is Answer.NO_NAME


def test_a_module_that_acts_when_it_is_imported_is_left_alone(tmp_path: Path) -> None:
    assert find(tmp_path, "antigravity.fly").answer is Answer.ELSEWHERE
    assert "antigravity" not in sys.modules


def test_no_module_in_the_working_directory_is_taken_for_the_standard_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sndhdr.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "sndhdr", raising=False)
    assert find(tmp_path / "src", "sndhdr.what").answer is Answer.ELSEWHERE
    assert "sndhdr" not in sys.modules


def test_modules_of_the_project_are_found_as_names(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "__init__.py").touch()
    (tmp_path / "acme" / "funcs.py").write_text("from itertools import batched\n")
    assert find(tmp_path, "acme.funcs").answer is Answer.NO_FUNCTION
    assert find(tmp_path, "acme").answer is Answer.NO_FUNCTION
    assert find(tmp_path, "acme.func").answer is Answer.NO_NAME
    assert find(tmp_path, "acme.funcs.batched").answer not in MISSING


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("x = [1]", "a list"),
        ("x = 'a'", "a text"),
        ("x: int = 1", "a number"),
        ("x = None", "None"),
        ("x = y = {}", "a mapping"),
        ("import logging\nx = logging.getLogger()", "a logger"),
        ("from logging import getLogger as get\nx = get()", "a logger"),
        ("x = make()", ""),
        ("x = lambda: 1", ""),
        ("x, y = 1, print", ""),
        ("x = None\nif y:\n    from jobs import x", ""),
        ("try:\n    from jobs import x\nexcept ImportError:\n    x = None", ""),
        ("x = None\ndef fill():\n    global x\n    x = print", ""),
        ("x = None\nglobals()['x'] = print", ""),
        ("def getLogger(): ...\nx = getLogger()", ""),
    ],
)
def test_variables_that_are_no_function(tmp_path: Path, source: str, kind: str) -> None:
    (tmp_path / "acme.py").write_text(source)
    found = find(tmp_path, "acme.x")
    assert found.kind == kind
    assert (found.answer is Answer.NO_FUNCTION) == bool(kind)


@pytest.mark.parametrize("source", ["def __getattr__(name): ...", "from acme.jobs import *"])
def test_modules_that_may_be_hidden_by_a_name(tmp_path: Path, source: str) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "__init__.py").write_text(source)
    (tmp_path / "acme" / "jobs.py").touch()
    assert find(tmp_path, "acme.jobs").answer is Answer.OPAQUE
