"""Wait for a file that is not only there, but complete and fresh."""

from __future__ import annotations

import csv
import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from glob import glob
from itertools import islice
from pathlib import Path
from typing import Any

from airflow.providers.common.compat.sdk import AirflowSensorTimeout
from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.providers.standard.triggers.file import FileTrigger
from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.triggers.base import BaseTrigger


class ValidatedFileSensor(FileSensor):
    """Wait until a file matches `filepath` and is valid: large enough, young enough, long enough.

    An absolute `filepath` needs no connection; a relative one is below the path of `fs_conn_id`.
    With a glob, one valid file is enough. A file that is found but invalid is logged with the
    reason and waited for further. In deferrable mode it is checked when the trigger has found it.

    :param min_file_size: bytes the file must have at least.
    :param max_age: how long ago the file may have been modified at most.
    :param min_rows: rows a CSV file must have at least, its header not counted.
    :param pattern: a regular expression that the whole file name (no directory) must match.
    """

    def __init__(
        self,
        *,
        min_file_size: int = 0,
        max_age: timedelta | None = None,
        min_rows: int | None = None,
        pattern: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.min_file_size = min_file_size
        self.max_age = max_age
        self.min_rows = min_rows
        self.pattern = pattern

    @property
    def path(self) -> str:
        """The path or glob to look at, absolute if `filepath` is."""
        return self.filepath if Path(self.filepath).is_absolute() else super().path

    def poke(self, context: Any) -> bool:
        """Tell whether a valid file is there; log why each other one is not."""
        files = sorted(self._files())
        if not files:
            self.log.info("No file at %s yet", self.path)
        for file in files:
            problem = self._problem(file)
            if problem is None:
                self.log.info("Found %s", file)
                return True
            self.log.info("Not accepting %s: %s", file, problem)
        return False

    def execute(self, context: Any) -> None:
        """Wait in the worker, or defer while there is nothing valid."""
        if self.deferrable:
            self._finish_or_defer(context, time.time() + self.timeout)
        else:
            super().execute(context)

    def execute_complete(self, context: Any, event: Any = None, deadline: float = 0) -> None:
        """Look again after a trigger has fired; defer again while there is nothing valid."""
        self._finish_or_defer(context, deadline or time.time() + self.timeout)

    def _finish_or_defer(self, context: Any, deadline: float) -> None:
        if self.poke(context):
            return
        remaining = deadline - time.time()
        if remaining <= 0:
            raise AirflowSensorTimeout(f"No valid file at {self.path} within {self.timeout} s")
        self.defer(
            trigger=self._trigger(),
            method_name="execute_complete",
            kwargs={"deadline": deadline},
            timeout=timedelta(seconds=remaining),
        )

    def _trigger(self) -> BaseTrigger:
        """Wait for a file; where one is there already, FileTrigger would fire without a pause."""
        if any(self._files()):
            return TimeDeltaTrigger(timedelta(seconds=self.poke_interval))
        return FileTrigger(self.path, recursive=self.recursive, poke_interval=self.poke_interval)

    def _files(self) -> Iterator[Path]:
        for found in map(Path, glob(self.path, recursive=self.recursive)):  # noqa: PTH207
            if found.is_file():
                yield found
            for directory, _, names in os.walk(found):
                yield from (Path(directory, name) for name in names)

    def _problem(self, file: Path) -> str | None:
        """Say why a file is not valid; None if it is. A file that vanishes meanwhile is not."""
        try:
            status = file.stat()
            age = timedelta(seconds=time.time() - status.st_mtime)
            if self.pattern and not re.fullmatch(self.pattern, file.name):
                return f"its name does not match {self.pattern!r}"
            if status.st_size < self.min_file_size:
                return f"{status.st_size} bytes, at least {self.min_file_size} wanted"
            if self.max_age is not None and age > self.max_age:
                return f"modified {age} ago, at most {self.max_age} wanted"
            if self.min_rows is not None and not _has_rows(file, self.min_rows):
                return f"fewer than {self.min_rows} rows"
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            return f"cannot be read: {error}"
        return None


def _has_rows(file: Path, wanted: int) -> bool:
    """Tell whether a CSV file has so many rows below its header; reads no further than that."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows, None)
        return sum(1 for _ in islice(rows, wanted)) >= wanted
