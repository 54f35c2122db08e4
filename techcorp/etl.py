"""The five steps of every entity's pipeline: extract, check, transform, load, validate.

Rows go from step to step through staging files of the run; XCom holds only counts and paths. Each
step can be repeated: staging files are replaced, and a load replaces what the same batch loaded.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from techcorp import quality, sources, transforms, warehouse
from techcorp.batch import Batch, DagRun
from techcorp.home import replace_file

log = logging.getLogger(__name__)

Config = Mapping[str, Any]
Summary = dict[str, Any]


def extract_data(
    source_type: str, source_config: Config, entity: str, dag_run: DagRun | None = None
) -> Summary:
    """Read the entity's rows from its source and stage them; returns their count and path."""
    rows = sources.read(source_type, source_config, entity)
    log.info("Extracted %d rows of %s from %s", len(rows), entity, source_type)
    return Batch.of(dag_run).write_rows(entity, "extracted", rows)


def validate_data_quality(
    entity: str, quality_rules: Sequence[Config], dag_run: DagRun | None = None
) -> Summary:
    """Stage the good rows and set aside the others; raises QualityError if there are too many."""
    batch = Batch.of(dag_run)
    good, rejected = quality.check(batch.read_rows(entity, "extracted"), quality_rules)
    batch.write_rows(entity, "rejected", rejected)
    log.info("%s: %d rows are good, %d are rejected", entity, len(good), len(rejected))
    return {**batch.write_rows(entity, "checked", good), "rejected": len(rejected)}


def transform_data(
    entity: str, transformations: Sequence[Config], dag_run: DagRun | None = None
) -> Summary:
    """Apply the transformations to the checked rows and stage the result."""
    batch = Batch.of(dag_run)
    rows = transforms.apply(batch.read_rows(entity, "checked"), transformations)
    return batch.write_rows(entity, "transformed", rows)


def load_data(
    target_type: str, target_config: Config, entity: str, dag_run: DagRun | None = None
) -> Summary:
    """Write the transformed rows to the target table; the same batch is replaced, never doubled."""
    batch = Batch.of(dag_run)
    rows = batch.read_rows(entity, "transformed")
    table = target_config.get("table", entity)
    warehouse.load(target_type, target_config, table, batch.key, rows)
    receipt = {"target_type": target_type, "target_config": dict(target_config), "rows": len(rows)}
    replace_file(batch.file(entity, "loaded.json"), json.dumps(receipt))
    log.info("Loaded %d rows into %s for %s", len(rows), table, batch.key)
    return {"rows": len(rows), "table": table, "batch": batch.key}


def validate_load(
    entity: str, validation_queries: Sequence[str], dag_run: DagRun | None = None
) -> Summary:
    """Ask the target whether the load arrived: its row count, and each query's value must be true.

    A query may use `:batch`. Raises warehouse.ValidationError with every check that failed.
    """
    batch = Batch.of(dag_run)
    receipt = json.loads(batch.file(entity, "loaded.json").read_text(encoding="utf-8"))
    target = receipt["target_config"]
    table = target.get("table", entity)
    warehouse.validate(target, table, batch.key, receipt["rows"], validation_queries)
    return {"rows": receipt["rows"], "checks": len(validation_queries) + 1}
