"""The model: what it learns, how it is registered and served."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from techcorp import ml, service

FEATURES = ["logins", "tickets", "seats"]


def prepare(run: Any) -> None:
    ml.extract_features("churn", "account_activity", FEATURES, "churned", run)
    ml.clean_data("churn", run)
    ml.split_data("churn", 0.25, run)


def test_rows_are_split_the_same_way_each_time(run: Any) -> None:
    prepare(run)
    first = ml.split_data("churn", 0.25, run)
    assert first == ml.split_data("churn", 0.25, run)
    assert first["rows"] + first["test_rows"] == 600
    assert 120 <= first["test_rows"] <= 180


def test_the_model_learns_and_answers_at_its_endpoint(
    run: Any, service: str, techcorp_home: Path
) -> None:
    prepare(run)
    ml.train_model("churn", FEATURES, "churned", 1.0, run)
    assert ml.validate_model("churn", 0.8, run)["accuracy"] > 0.85
    tuned = ml.tune_hyperparameters("churn", [0.01, 100.0], run)
    assert tuned["regularization"] in (0.01, 1.0, 100.0)
    registered = ml.register_model("churn", run)
    assert registered == ml.register_model("churn", run)
    entry = json.loads(Path(registered["path"]).read_text(encoding="utf-8"))
    assert entry["regularization"] == tuned["regularization"]
    assert ml.deploy_model("churn", run)["url"] == f"{service}/models/churn/predict"
    checked = ml.check_endpoint("churn", run)
    assert checked["version"] == registered["version"] == "2026-01-05T10:30:00+00:00"
    assert checked["scored"] == ml.split_data("churn", 0.25, run)["test_rows"]


def test_a_bad_model_is_not_let_through(run: Any) -> None:
    prepare(run)
    ml.train_model("churn", ["seats"], "churned", 1.0, run)
    with pytest.raises(ml.ModelError, match=r"is below 0\.9"):
        ml.validate_model("churn", 0.9, run)


@pytest.mark.usefixtures("service")
def test_an_endpoint_that_serves_another_model_is_noticed(run: Any) -> None:
    prepare(run)
    ml.train_model("churn", FEATURES, "churned", 1.0, run)
    ml.register_model("churn", run)
    url = ml.deploy_model("churn", run)["url"].removesuffix("/predict")
    other = ml.fit(ml.Batch.of(run).read_rows("churn", "test"), FEATURES, "churned", 50.0)
    service.send_json("PUT", url, {**other, "version": ml.Batch.of(run).key})
    with pytest.raises(ml.ModelError, match="does not answer as version"):
        ml.check_endpoint("churn", run)


def test_incomplete_rows_are_dropped(run: Any) -> None:
    rows = [{"id": 1, "x": None, "y": 1}, {"id": 2, "x": 3, "y": 0}]
    ml.Batch.of(run).write_rows("m", "features", rows)
    assert ml.clean_data("m", run)["rows"] == 1
