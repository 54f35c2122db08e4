"""The shipped catalog is what its pinned environments have, and says what was wrong before."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement

from daggen.airflow.catalog import Catalog
from daggen.airflow.catalog.catalog import SHIPPED, SHIPPED_FOR_2
from daggen.airflow.catalog.store import open_layer

REPOSITORY = Path(__file__).parents[3]
CATALOG = Catalog.load()
WITHOUT_OPERATORS = {"apache-airflow-providers-postgres", "apache-airflow-providers-sqlite"}


def lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(("data", "suffix"), [(SHIPPED, ""), (SHIPPED_FOR_2, "-airflow2")])
def test_the_data_are_of_the_versions_that_are_pinned(data: Path, suffix: str) -> None:
    pins = dict(line.split("==") for line in lines(REPOSITORY / f"constraints-catalog{suffix}.txt"))
    versions = open_layer(data).versions
    assert versions == {name: pins[name] for name in versions}
    wanted = map(Requirement, lines(REPOSITORY / f"scripts/catalog/requirements{suffix}.in"))
    names = {each.name for each in wanted if each.name.startswith("apache-airflow")}
    assert names - WITHOUT_OPERATORS == set(versions)


def test_the_data_are_of_the_versions_that_this_repository_is_tested_with() -> None:
    pins = dict(line.split("==") for line in lines(REPOSITORY / "constraints.txt"))
    here = {name: version for name, version in CATALOG.versions.items() if name in pins}
    assert here == {name: pins[name] for name in here}
    assert len(here) > 5


@pytest.mark.parametrize(
    ("decorator", "name"),
    [
        ("task.external_python", "python"),
        ("task.branch_external_python", "python"),
        ("task.analytics", "datasource_configs"),
        ("task.docker", "image"),
    ],
)
def test_decorators_need_what_their_operators_need(decorator: str, name: str) -> None:
    operator = CATALOG.find(decorator)
    assert operator is not None
    assert operator.required == {name}


@pytest.mark.parametrize(
    ("name", "argument", "word"),
    [
        ("BigQueryInsertJobOperator", "configuration", "str"),
        ("GoogleBidManagerCreateQueryOperator", "body", "str"),
        ("GoogleCampaignManagerInsertReportOperator", "report", "str"),
        ("TriggerDagRunOperator", "conf", "str"),
        ("SqlSensor", "parameters", "list"),
        ("CloudVisionCreateProductOperator", "product", "dict"),
        ("HiveToMySqlOperator", "mysql_preoperator", "list"),
        ("DatabricksRunNowOperator", "job_id", "int"),
    ],
)
def test_what_is_taken_beside_the_annotation(name: str, argument: str, word: str) -> None:
    operator = CATALOG.find(name)
    assert operator is not None
    assert word in operator.arguments[argument].types


def test_values_and_names_that_no_annotation_tells() -> None:
    swarm = CATALOG.find("DockerSwarmOperator")
    dataproc = CATALOG.find("DataprocCreateClusterOperator")
    assert swarm is not None
    assert dataproc is not None
    assert swarm.arguments["logging_driver"].choices == ("json-file", "gelf")
    assert {"num_workers", "master_machine_type"} <= dataproc.own
    assert "num_workers" not in dataproc.required
