"""Which run a task works for, and the files that the tasks of this run hand to each other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from techcorp.home import directory, replace_file

Row = dict[str, Any]


class DagRun(Protocol):
    """What is read of Airflow's `dag_run`; a run started by hand may have no logical date."""

    dag_id: str
    run_id: str
    logical_date: datetime | None
    run_after: datetime


@dataclass(frozen=True)
class Batch:
    """One run's share of the data. The same run always gives the same batch, also when retried."""

    dag_id: str
    run_id: str
    date: datetime

    @classmethod
    def of(cls, dag_run: DagRun | None) -> Batch:
        """Make the batch of a run; without one (a call outside Airflow) a fixed local batch."""
        if dag_run is None:
            return cls("local", "local", datetime(2026, 1, 1, tzinfo=UTC))
        return cls(dag_run.dag_id, dag_run.run_id, dag_run.logical_date or dag_run.run_after)

    @property
    def key(self) -> str:
        """Name the batch in tables: its date in UTC, to the second."""
        return self.date.astimezone(UTC).isoformat(timespec="seconds")

    def file(self, entity: str, name: str) -> Path:
        """Return the path of a staging file of this run."""
        return directory("staging", self.dag_id, self.run_id, entity) / name

    def write_rows(self, entity: str, stage: str, rows: Iterable[Row]) -> dict[str, Any]:
        """Stage rows as JSON lines and return what goes to XCom: how many, and where."""
        lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
        path = self.file(entity, f"{stage}.jsonl")
        replace_file(path, "".join(f"{line}\n" for line in lines))
        return {"rows": len(lines), "path": str(path)}

    def read_rows(self, entity: str, stage: str) -> list[Row]:
        """Read staged rows back; raises FileNotFoundError if the stage has not run."""
        lines = self.file(entity, f"{stage}.jsonl").read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines if line]
