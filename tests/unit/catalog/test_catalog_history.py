"""Since when things are there: read from wheels, taken over, shown, and told in hints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from history import _add, _since
from wheels import Declared, Wheel

from daggen.airflow.catalog import Catalog, check_arguments, unknown_operator_hint
from daggen.airflow.catalog.history import with_history
from daggen.airflow.catalog.store import write_file
from daggen.cli import cli

HTTP = "apache-airflow-providers-http"
OPERATOR = "airflow.providers.http.operators.http.HttpOperator"

BASE = """
from airflow.sdk import BaseOperator
from other.provider import Elsewhere

class LoadBase(BaseOperator):
    def __init__(self, table, mode="append", **kwargs):
        self.batch = kwargs.pop("batch", 5)
        super().__init__(**kwargs)

class Lent(Elsewhere):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

class Closed(LoadBase):
    def __init__(self, rows):
        super().__init__(table="x")
"""
LOAD = """
from company.base import LoadBase

class LoadOperator(LoadBase[int]):
    def __init__(self, *, rows, **kwargs):
        super().__init__(mode="replace", **kwargs)

def load_task(python_callable, rows=None, **kwargs): ...
"""


def wheel(folder: Path, name: str, modules: Mapping[str, str]) -> Wheel:
    with ZipFile(folder / name, "w") as file:
        for module, text in modules.items():
            file.writestr(f"company/{module}.py", text)
    return Wheel(folder / name)


@pytest.fixture
def company(tmp_path: Path) -> Wheel:
    return wheel(tmp_path, "a.whl", {"base": BASE, "load": LOAD})


@pytest.mark.parametrize(
    ("dotted", "names", "whole"),
    [
        ("company.base.LoadBase", "table mode batch", True),
        ("company.load.LoadOperator", "rows table batch", True),
        ("company.load.LoadBase", "table mode batch", True),
        ("company.base.Closed", "rows", True),
        ("company.base.Lent", "", False),
        ("company.load.load_task", "python_callable rows", True),
    ],
)
def test_what_the_constructors_of_a_wheel_declare(
    company: Wheel, dotted: str, names: str, whole: bool
) -> None:
    assert company.declared(dotted) == Declared(frozenset(names.split()), whole)


def test_what_a_wheel_lacks(company: Wheel) -> None:
    assert company.declared("company.load.Nothing") is None
    assert company.declared("company.nothing.LoadOperator") is None


def test_fields_are_the_arguments_of_a_class_of_attrs(tmp_path: Path) -> None:
    text = "@attrs.define\nclass DAG:\n    dag_id: str\n    tree: int = attrs.field(init=False)\n"
    company = wheel(tmp_path, "a.whl", {"dag": text})
    assert company.declared("company.dag.DAG") == Declared(frozenset({"dag_id"}), True)


@pytest.mark.parametrize(
    ("answers", "since"),
    [
        ([("3.0", True), ("2.0", True), ("1.0", False)], "2.0"),
        ([("3.0", True), ("2.0", False), ("1.0", True)], "3.0"),
        ([("3.0", True), ("2.0", True)], ""),
        ([("3.0", True), ("2.0", None), ("1.0", False)], ""),
        ([("3.0", False), ("2.0", True)], ""),
    ],
)
def test_since_is_the_first_version_without_a_gap(
    answers: list[tuple[str, bool | None]], since: str
) -> None:
    assert _since(answers) == since


def test_an_entry_is_dated_by_the_wheels(tmp_path: Path) -> None:
    versions = {
        "1.0": {"base": BASE},
        "1.1": {"base": BASE, "load": LOAD},
        "1.2": {"base": BASE, "load": LOAD.replace("rows,", "rows, limit,")},
    }
    wheels = {name: wheel(tmp_path, f"{name}.whl", each) for name, each in versions.items()}
    rows: dict[str, Any] = {name: {} for name in ("rows", "limit", "table", "retries")}
    entry: dict[str, Any] = {"kind": "operator", "arguments": rows}
    _add("company.load.LoadOperator", entry, {"retries"}, wheels)
    assert entry["since"] == "1.1"
    assert rows == {"rows": {}, "limit": {"since": "1.2"}, "table": {}, "retries": {}}


def test_a_class_that_was_elsewhere_is_not_dated(tmp_path: Path) -> None:
    old = wheel(tmp_path, "1.whl", {"base": BASE, "old": LOAD})
    new = wheel(tmp_path, "2.whl", {"base": BASE, "load": LOAD})
    entry: dict[str, Any] = {"kind": "operator", "arguments": {"rows": {}}}
    _add("company.load.LoadOperator", entry, set(), {"1.0": old, "2.0": new})
    assert entry == {"kind": "operator", "arguments": {"rows": {}}}


def own(version: str, *names: str) -> dict[str, Any]:
    rows = {name: {"type": "any"} for name in names}
    entry = {"kind": "operator", "base": "airflow.sdk.BaseOperator", "arguments": rows}
    return {HTTP: {"version": version, "entries": {OPERATOR: entry}}}


@pytest.mark.parametrize(
    ("version", "since"), [("4.13.1", "4.12"), ("4.12", "4.12"), ("4.7", None)]
)
def test_a_catalog_of_one_s_own_is_dated_where_its_version_allows(
    version: str, since: str | None
) -> None:
    found = with_history(own(version, "endpoint", "retry_args"))
    rows = found[HTTP]["entries"][OPERATOR]["arguments"]
    assert rows["retry_args"].get("since") == since
    assert "since" not in rows["endpoint"]


def test_what_an_older_version_lacks_is_explained(tmp_path: Path) -> None:
    write_file(tmp_path / "catalog.json.gz", own("4.11.1", "endpoint"))
    catalog = Catalog.load([tmp_path / "catalog.json.gz"])
    operator = catalog.find("HttpOperator")
    assert operator is not None
    found = check_arguments(operator, {"task_id": "a", "retry_args": {}, "enpoint": "x"})
    assert [each.hint for each in found] == [
        f'HttpOperator has "retry_args" since {HTTP} 4.12; your catalog is of 4.11.1',
        'did you mean "endpoint"?',
    ]
    assert unknown_operator_hint("airflow.providers.http.sensors.http.HttpSensor", catalog) == (
        f"HttpSensor is there in {HTTP} 6.3.0; your catalog is of 4.11.1"
    )


def test_what_airflow_2_lacks_is_explained() -> None:
    operator = Catalog.load(airflow=(2, 11)).find("BashOperator")
    assert operator is not None
    found = check_arguments(operator, {"task_id": "a", "bash_command": "x", "retry_policy": 1})
    assert [each.hint for each in found] == ['BashOperator has "retry_policy" since Airflow 3.3']


def test_since_is_shown() -> None:
    shown = CliRunner().invoke(cli, ["catalog", "show", "HttpOperator", "-v"]).stdout
    assert f"{HTTP} 6.3.0, there since 4.7\n" in shown
    assert "a mapping or null, since 4.12\n" in shown
    assert "retry_policy" in shown
    assert "since Airflow 3.3\n" in shown
    printed = CliRunner().invoke(cli, ["catalog", "show", "HttpOperator", "--output-format=json"])
    data = json.loads(printed.stdout)
    since = {each["name"]: each["since"] for each in data["arguments"]}
    assert data["since"] == "4.7"
    assert since["retry_args"] == "4.12"
    assert since["endpoint"] is None
