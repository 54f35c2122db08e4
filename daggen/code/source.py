"""Finding Python files that a user names, and reading their text as Python itself would."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

from daggen.fleet.runtime_files import PACKAGE


def read_source(path: Path) -> str:
    """Read a Python file in the encoding that it declares; without a declaration it is UTF-8.

    Raises SyntaxError for text that is not in that encoding, OSError if it cannot be read.
    """
    data = path.read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = (str(path), line, None, None)
        raise SyntaxError(f"this is no text in {encoding}", place) from None


def dag_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Give the files among some paths, and those with DAGs below the directories among them.

    As in Airflow's DAG discovery, a file may have DAGs if it contains "dag" and "airflow".
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*.py")):
            if PACKAGE not in file.relative_to(path).parts and _may_have_dags(file):
                yield file


def _may_have_dags(path: Path) -> bool:
    content = path.read_bytes().lower()
    return b"dag" in content and b"airflow" in content
