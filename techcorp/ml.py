"""A small model from rows to an answering endpoint: prepare, train, deploy, each step a task.

Steps hand rows to each other as staging files, and models as JSON: a logistic regression is its
coefficients. Registered models are kept below the data directory, a file a version.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from techcorp import service, sources
from techcorp.batch import Batch, DagRun, Row
from techcorp.home import directory, file_name, replace_file
from techcorp.sample import number
from techcorp.scoring import score

log = logging.getLogger(__name__)

Summary = dict[str, Any]
Model = dict[str, Any]


class ModelError(Exception):
    """A model is not good enough, or its endpoint does not answer as the model does."""


def extract_features(
    model: str, entity: str, features: Sequence[str], label: str, dag_run: DagRun | None = None
) -> Summary:
    """Read the features and the label of every row of an entity, and stage them."""
    wanted = ["id", *features, label]
    rows = sources.read("postgres", {"conn_id": "crm"}, entity)
    selected = [{name: row[name] for name in wanted} for row in rows]
    return Batch.of(dag_run).write_rows(model, "features", selected)


def clean_data(model: str, dag_run: DagRun | None = None) -> Summary:
    """Drop rows that lack a value."""
    batch = Batch.of(dag_run)
    rows = batch.read_rows(model, "features")
    complete = [row for row in rows if None not in row.values()]
    return batch.write_rows(model, "clean", complete)


def split_data(model: str, test_share: float = 0.25, dag_run: DagRun | None = None) -> Summary:
    """Put each row in the training or the test set, by its id: the same rows in each run."""
    batch = Batch.of(dag_run)
    rows = batch.read_rows(model, "clean")
    test = [row for row in rows if number(f"split/{row['id']}", 1000) < test_share * 1000]
    tested = {row["id"] for row in test}
    batch.write_rows(model, "test", test)
    training = batch.write_rows(model, "training", (r for r in rows if r["id"] not in tested))
    return {**training, "test_rows": len(test)}


def train_model(
    model: str,
    features: Sequence[str],
    label: str,
    regularization: float = 1.0,
    dag_run: DagRun | None = None,
) -> Summary:
    """Fit a logistic regression to the training set."""
    batch = Batch.of(dag_run)
    rows = batch.read_rows(model, "training")
    fitted = fit(rows, list(features), label, regularization)
    _write(batch, model, fitted)
    return {"rows": len(rows), "regularization": regularization}


def validate_model(
    model: str, minimum_accuracy: float = 0.5, dag_run: DagRun | None = None
) -> Summary:
    """Measure the model on the test set; raises ModelError below the minimum (0 to 1)."""
    batch = Batch.of(dag_run)
    measured = accuracy(_read(batch, model), batch.read_rows(model, "test"))
    log.info("%s: accuracy %.3f", model, measured)
    if measured < minimum_accuracy:
        raise ModelError(f"{model}: accuracy {measured:.3f} is below {minimum_accuracy}")
    return {"accuracy": measured}


def tune_hyperparameters(
    model: str, candidates: Sequence[float], dag_run: DagRun | None = None
) -> Summary:
    """Fit with each strength of regularization and keep the best; a draw keeps what is there.

    Candidates are compared on the odd rows of the training set after a fit to the even ones.
    """
    batch = Batch.of(dag_run)
    current = _read(batch, model)
    rows = batch.read_rows(model, "training")
    fitting, held_out = rows[::2], rows[1::2]

    def quality(strength: float) -> tuple[float, bool]:
        fitted = fit(fitting, current["features"], current["label"], strength)
        return accuracy(fitted, held_out), strength == current["regularization"]

    best = max([current["regularization"], *candidates], key=quality)
    _write(batch, model, fit(rows, current["features"], current["label"], best))
    return {"regularization": best, "accuracy": quality(best)[0]}


def register_model(model: str, dag_run: DagRun | None = None) -> Summary:
    """Keep the model in the registry, as the version of this batch; again: the same version."""
    batch = Batch.of(dag_run)
    entry = {**_read(batch, model), "version": batch.key}
    path = directory("registry", model) / f"{file_name(batch.key)}.json"
    replace_file(path, json.dumps(entry, indent=2, sort_keys=True) + "\n")
    return {"version": batch.key, "path": str(path)}


def deploy_model(model: str, dag_run: DagRun | None = None) -> Summary:
    """Hand the registered version to the service, which serves it from then on."""
    url = f"{service.ensure_running()}/models/{model}"
    answer = service.send_json("PUT", url, _registered(model, Batch.of(dag_run)))
    return {"version": answer["version"], "url": f"{url}/predict"}


def check_endpoint(model: str, dag_run: DagRun | None = None) -> Summary:
    """Ask the endpoint about the test rows; raises ModelError if it answers unlike the model."""
    batch = Batch.of(dag_run)
    expected = _registered(model, batch)
    rows = vectors(expected, batch.read_rows(model, "test"))
    url = f"{service.ensure_running()}/models/{model}/predict"
    answer = service.send_json("POST", url, {"rows": rows})
    if answer != {"version": expected["version"], "scores": score(expected, rows)}:
        raise ModelError(f"{url} does not answer as version {expected['version']} does")
    return {"version": answer["version"], "scored": len(answer["scores"])}


def fit(rows: Sequence[Row], features: list[str], label: str, regularization: float) -> Model:
    """Fit a logistic regression on scaled features and return it as plain numbers."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    values = [[float(row[name]) for name in features] for row in rows]
    scaler = StandardScaler().fit(values)
    classifier = LogisticRegression(C=1 / regularization)
    classifier.fit(scaler.transform(values), [int(row[label]) for row in rows])
    return {
        "features": features,
        "label": label,
        "regularization": regularization,
        "coefficients": classifier.coef_[0].tolist(),
        "intercept": float(classifier.intercept_[0]),
        "means": scaler.mean_.tolist(),
        "scales": scaler.scale_.tolist(),
    }


def accuracy(model: Model, rows: Sequence[Row]) -> float:
    """Return the share of rows, 0 to 1, that a model puts on the right side."""
    scores = score(model, vectors(model, rows))
    right = [(p >= 0.5) == bool(row[model["label"]]) for p, row in zip(scores, rows, strict=True)]
    return sum(right) / len(right)


def vectors(model: Model, rows: Sequence[Row]) -> list[list[float]]:
    """Return each row's features in the model's order."""
    return [[float(row[name]) for name in model["features"]] for row in rows]


def _write(batch: Batch, model: str, fitted: Model) -> Path:
    return replace_file(batch.file(model, "model.json"), json.dumps(fitted))


def _read(batch: Batch, model: str) -> Model:
    return dict(json.loads(batch.file(model, "model.json").read_text(encoding="utf-8")))


def _registered(model: str, batch: Batch) -> Model:
    path = directory("registry", model) / f"{file_name(batch.key)}.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))
