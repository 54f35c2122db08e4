"""Scoring with a logistic model given by its coefficients: all that serving needs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def score(model: Mapping[str, Any], rows: Sequence[Sequence[float]]) -> list[float]:
    """Return each row's probability, 0 to 1; a row has the model's `features` in their order.

    Raises ValueError if a row is of another length, KeyError if the model lacks a part.
    """
    scales = list(zip(model["coefficients"], model["means"], model["scales"], strict=True))
    return [_probability(model["intercept"], scales, row) for row in rows]


def _probability(
    intercept: float, scales: list[tuple[float, float, float]], row: Sequence[float]
) -> float:
    terms = zip(scales, row, strict=True)
    logit = intercept + sum(weight * (x - mean) / scale for (weight, mean, scale), x in terms)
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, logit))))
