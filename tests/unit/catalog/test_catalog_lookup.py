"""Finding operators: by path, former path, short name; the nearest; layers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from daggen.airflow.catalog import NOT_LITERAL, Catalog, CatalogError
from daggen.airflow.catalog.catalog import SHIPPED
from daggen.airflow.catalog.store import FORMAT, open_layer, write_directory, write_file

CATALOG = Catalog.load()
BASH = "airflow.providers.standard.operators.bash.BashOperator"


@pytest.mark.parametrize(
    ("name", "dotted"),
    [
        (BASH, BASH),
        ("airflow.operators.bash.BashOperator", BASH),
        ("airflow.operators.bash_operator.BashOperator", BASH),
        ("BashOperator", BASH),
        (
            "airflow.operators.dummy.DummyOperator",
            "airflow.providers.standard.operators.empty.EmptyOperator",
        ),
        ("airflow.models.BaseOperator", "airflow.sdk.BaseOperator"),
        ("airflow.sdk.bases.sensor.BaseSensorOperator", "airflow.sdk.BaseSensorOperator"),
        ("airflow.models.dag.DAG", "airflow.sdk.DAG"),
        ("task.bash", "airflow.providers.standard.decorators.bash.bash_task"),
        ("@task.bash", "airflow.providers.standard.decorators.bash.bash_task"),
        (
            "airflow.providers.standard.decorators.bash._BashDecoratedOperator",
            "airflow.providers.standard.decorators.bash.bash_task",
        ),
    ],
)
def test_an_operator_is_found_by_any_of_its_names(name: str, dotted: str) -> None:
    operator = CATALOG.find(name)
    assert operator is not None
    assert operator.dotted == dotted


@pytest.mark.parametrize("name", ["", ".", "Bash", "airflow", "task.", "airflow.sdk.Nothing"])
def test_other_names_are_unknown(name: str) -> None:
    assert CATALOG.find(name) is None


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("BashOprator", "BashOperator"),
        ("airflow.providers.standard.operators.bash.BashOprator", BASH),
        ("airflow.operators.bash.BahsOperator", BASH),
        ("SqlSensr", "SqlSensor"),
        ("task.virtualen", "task.virtualenv"),
        ("Zzz", ""),
        ("EcsRunTaskOprator", "EcsRunTaskOperator"),
        ("GoogleCloudBasOperator", ""),
        ("DummyOperator", "EmptyOperator"),
        ("SimpleHttpOperator", "HttpOperator"),
        ("GoogleCloudStorageToBigQueryOperator", "GCSToBigQueryOperator"),
        (
            "acme.airflow.DummyOperator",
            "airflow.providers.standard.operators.empty.EmptyOperator",
        ),
        ("DruidOperator", ""),
    ],
)
def test_the_nearest_name(name: str, nearest: str) -> None:
    assert CATALOG.nearest(name) == nearest


def test_what_is_known_of_an_operator() -> None:
    operator = CATALOG.find(BASH)
    assert operator is not None
    assert operator.required == {"task_id", "bash_command"}
    assert operator.templated == {"bash_command", "cwd", "env"}
    assert operator.arguments["append_env"].default is False
    assert operator.arguments["cwd"].types == {"str", "None"}
    assert operator.arguments["output_processor"].default is NOT_LITERAL
    assert operator.arguments["output_processor"].expression == "lambda result: result"
    assert operator.arguments["retries"].types == {"int", "None"}
    assert operator.distribution == "apache-airflow-providers-standard"
    assert operator.version
    assert operator.summary.startswith("Execute a Bash script")


def test_every_provider_that_is_asked_for_is_there() -> None:
    wanted = "amazon cncf-kubernetes common-sql databricks dbt-cloud google http sftp slack smtp"
    for name in [*wanted.split(), "snowflake", "standard"]:
        assert f"apache-airflow-providers-{name}" in CATALOG.versions
    kinds = {each.kind for each in CATALOG.operators("airflow.providers.")}
    assert kinds == {"operator", "sensor", "transfer", "notifier", "decorator"}


def test_only_what_is_used_is_read() -> None:
    layer = open_layer(SHIPPED)
    catalog = Catalog([layer])
    catalog.find(BASH)
    catalog.find("HttpSensor")
    assert set(layer.loaded) == {
        "apache-airflow",
        "apache-airflow-providers-http",
        "apache-airflow-providers-standard",
    }


def own(dotted: str, version: str, **arguments: Any) -> dict[str, Any]:
    entry = {"kind": "operator", "base": "airflow.sdk.BaseOperator", "arguments": arguments}
    return {"version": version, "entries": {dotted: entry}}


def test_a_team_s_catalog_goes_before_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / ".daggen" / "catalog.json.gz"
    distributions = {
        "techcorp": own("techcorp.operators.LoadOperator", "1.0", table={"type": "str"}),
        "apache-airflow-providers-http": own("airflow.providers.http.Only", "0.1"),
    }
    write_file(path, distributions)
    catalog = Catalog.load([path])
    load = catalog.find("LoadOperator")
    assert load is not None
    assert load.own == {"table"}
    assert "retries" in load.arguments
    assert catalog.versions["apache-airflow-providers-http"] == "0.1"
    assert catalog.find("HttpOperator") is None, "the distribution is the team's, as a whole"
    assert catalog.find(BASH) is not None


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    entries = {"b.C": {"kind": "operator", "arguments": {}}, "a.B": {"arguments": {}, "kind": "x"}}
    one = {"x": {"version": "1", "entries": entries}}
    other = {"x": {"entries": dict(reversed(entries.items())), "version": "1"}}
    write_file(tmp_path / "one.gz", one)
    write_file(tmp_path / "other.gz", other)
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "other.gz").read_bytes()
    assert (tmp_path / "one.gz").read_bytes()[4:8] == b"\0\0\0\0", "no time in the header"


def test_a_directory_holds_the_same_as_a_file(tmp_path: Path) -> None:
    content = {"techcorp": own("techcorp.operators.LoadOperator", "1.0", table={"type": "str"})}
    core = open_layer(SHIPPED).entries("apache-airflow")
    content["apache-airflow"] = {"version": "3", "entries": dict(core)}
    write_file(tmp_path / "file.json.gz", content)
    write_directory(tmp_path / "directory", content)
    file, directory = (
        Catalog([open_layer(tmp_path / name)]) for name in ("file.json.gz", "directory")
    )
    assert list(file.operators()) == list(directory.operators())
    write_directory(tmp_path / "directory", {})
    assert [path.name for path in (tmp_path / "directory").iterdir()] == ["index.json.gz"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(b"no json", mtime=0),
        gzip.compress(b"[]", mtime=0),
        gzip.compress(json.dumps({"format": FORMAT + 1}).encode(), mtime=0),
        gzip.compress(b'{"format": 1}', mtime=0)[:-9],
        gzip.compress(b'{"format": 1}', mtime=0)[:12] + b"damaged",
        gzip.compress(b'{"format": 1}', mtime=0),
        gzip.compress(b'{"format": 1, "distributions": {"a": 5}}', mtime=0),
    ],
)
def test_what_is_no_catalog_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalog.json.gz"
    path.write_bytes(content)
    with pytest.raises(CatalogError, match=r"catalog\.json\.gz"):
        Catalog.load([path])


def test_for_airflow_2_its_own_base_classes_are_known() -> None:
    old, new = Catalog.load(airflow=(2, 11)).find("DAG"), CATALOG.find("DAG")
    assert old is not None
    assert new is not None
    assert {"schedule_interval", "fail_stop"} <= old.arguments.keys() - new.arguments.keys()
    assert {"fail_fast", "deadline"} <= new.arguments.keys() - old.arguments.keys()
    google = Catalog.load(airflow=(2, 11)).find("BigQueryInsertJobOperator")
    assert google is not None
    assert "task_concurrency" in google.arguments, "of the base class of Airflow 2"
