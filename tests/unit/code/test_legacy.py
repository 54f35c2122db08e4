"""Paths of Airflow 1 lead to the operators of today, or to what replaced them."""

import pytest

from daggen.airflow.catalog import Catalog
from daggen.code.airflow_names import canonical
from daggen.code.legacy import _FURTHER, _GONE, _moved, advice, is_gone, moved

CATALOG = Catalog.load()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "airflow.operators.BashOperator",
            "airflow.providers.standard.operators.bash.BashOperator",
        ),
        (
            "airflow.contrib.operators.kubernetes_pod_operator.KubernetesPodOperator",
            "airflow.providers.cncf.kubernetes.operators.pod.KubernetesPodOperator",
        ),
        (
            "airflow.contrib.operators.awsbatch_operator.AWSBatchOperator",
            "airflow.providers.amazon.aws.operators.batch.BatchOperator",
        ),
        ("airflow.decorators.bash_task", "airflow.sdk.task.bash"),
    ],
)
def test_a_moved_operator_has_the_path_of_today(old: str, new: str) -> None:
    assert canonical(old) == new


def test_every_target_in_a_described_provider_is_in_the_catalog() -> None:
    described = {".".join(dotted.split(".")[:4]) for dotted in CATALOG.names()}
    for old, new in _moved().items():
        if ".".join(new.split(".")[:4]) in described:
            assert CATALOG.find(new), f"{old} is said to be {new}"
        assert not CATALOG.replacement(new)


def test_every_advice_names_an_operator_of_today() -> None:
    for text in _GONE.values():
        name = text.split()[1]
        assert name == "the" or CATALOG.resolve(name), text


def test_every_further_target_is_one_of_today() -> None:
    for new in _FURTHER.values():
        name = new.removeprefix("airflow.sdk.")
        assert name == "task" or CATALOG.find(name), new


def test_what_never_was_is_not_moved_but_gone() -> None:
    assert moved("airflow.contrib.operators.bash.NoSuchOperator") == ""
    assert is_gone("airflow.contrib.operators.bash.NoSuchOperator")
    assert not is_gone("airflow.providers.acme.operators.NoSuchOperator")
    assert advice("acme.operators.GreetOperator") == ""


def test_what_is_certain_to_be_gone_depends_on_the_airflow() -> None:
    path = "airflow.operators.subdag.SubDagOperator"
    assert CATALOG.is_gone(path)
    assert not Catalog.load(airflow=(2, 11)).is_gone(path)
