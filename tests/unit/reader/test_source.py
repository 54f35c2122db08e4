"""Reading Python files as Python does, and finding those with DAGs below a directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from daggen.code.source import dag_files, read_source


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("x = 'é'\n".encode(), "x = 'é'\n"),
        ("x = 'é'\n".encode("utf-8-sig"), "x = 'é'\n"),
        ("# coding: latin-1\nx = 'é'\n".encode("latin-1"), "# coding: latin-1\nx = 'é'\n"),
    ],
)
def test_a_file_is_read_in_the_encoding_it_declares(
    tmp_path: Path, content: bytes, text: str
) -> None:
    path = tmp_path / "d.py"
    path.write_bytes(content)
    assert read_source(path) == text


@pytest.mark.parametrize(
    ("content", "line"), [(b"a = 1\nx = '\xe9'\n", 2), (b"# coding: no-such\n", None)]
)
def test_what_is_no_text_is_a_syntax_error(
    tmp_path: Path, content: bytes, line: int | None
) -> None:
    path = tmp_path / "d.py"
    path.write_bytes(content)
    with pytest.raises(SyntaxError) as caught:
        read_source(path)
    assert caught.value.lineno == line


def test_files_that_may_have_dags(tmp_path: Path) -> None:
    dag = "from airflow.sdk import DAG\n"
    files = {
        "a.py": dag,
        "sub/b.py": dag,
        "sub/helper.py": "x = 1\n",
        "daggen_runtime/sensors.py": dag,
        "notes.txt": dag,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    named = tmp_path / "sub/helper.py"
    found = [path.relative_to(tmp_path).as_posix() for path in dag_files([tmp_path, named])]
    assert found == ["a.py", "sub/b.py", "sub/helper.py"]
