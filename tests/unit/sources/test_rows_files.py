"""Files of rows: CSV, JSON, YAML and Parquet, each row with its place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from daggen.project import Project
from daggen.specs.rows import Rows, read_rows

ROWS = [{"name": "customers", "note": 'a "b", c'}, {"name": "größe", "note": ""}]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, tmp_path / "daggen.toml", tmp_path, tmp_path, tmp_path)


def good(project: Project, name: str, content: str | bytes) -> Rows:
    path = project.root / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rows, diagnostics = read_rows(path, project)
    assert diagnostics == []
    assert rows is not None
    return rows


def bad(project: Project, name: str, content: str | bytes) -> list[tuple[str, int, str]]:
    path = project.root / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rows, diagnostics = read_rows(path, project)
    assert rows is None
    assert all(found.span is not None and found.span.path == name for found in diagnostics)
    return [(found.code, found.span.line, found.message) for found in diagnostics if found.span]


def test_csv(project: Project) -> None:
    text = '\ufeffname,note\r\ncustomers,"a ""b"", c"\r\n\r\ngröße,\r\n'
    rows = good(project, "rows.csv", text)
    assert list(rows.rows) == ROWS
    assert rows.columns == ("name", "note")
    assert [span.line for span in rows.spans] == [2, 4]


def test_csv_rows_over_several_lines(project: Project) -> None:
    rows = good(project, "rows.csv", 'name,note\na,"x\ny"\nb,z\n')
    assert list(rows.rows) == [{"name": "a", "note": "x\ny"}, {"name": "b", "note": "z"}]
    assert [span.line for span in rows.spans] == [2, 4]


def test_tsv(project: Project) -> None:
    assert list(good(project, "rows.tsv", "a\tb\n1,2\t3\n").rows) == [{"a": "1,2", "b": "3"}]


def test_json(project: Project) -> None:
    first = '{"name": "customers", "note": "a \\"b\\", c"}'
    text = f'[\n  {first},\n\n  {{"name": "gr\\u00f6\\u00dfe",\n "note": ""}}]'
    rows = good(project, "rows.json", text)
    assert list(rows.rows) == ROWS
    assert [(span.line, span.column) for span in rows.spans] == [(2, 3), (4, 3)]


def test_yaml(project: Project) -> None:
    rows = good(project, "rows.yaml", "- {name: a, on: yes}\n- name: b\n")
    assert list(rows.rows) == [{"name": "a", "on": "yes"}, {"name": "b"}]
    assert [span.line for span in rows.spans] == [1, 2]
    assert rows.places[0].value(("on",)).column == 17


def test_parquet(project: Project) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pa.table({"name": ["a"], "day": [dt.date(2026, 1, 2)], "many": [[1, None]]})
    parquet.write_table(table, project.root / "made.parquet")
    rows = good(project, "rows.parquet", (project.root / "made.parquet").read_bytes())
    assert list(rows.rows) == [{"name": "a", "day": "2026-01-02", "many": [1, None]}]
    assert bad(project, "rows.parquet", b"junk")[0][0] == "DG720"


@pytest.mark.parametrize(
    ("name", "content", "line", "words"),
    [
        ("a.csv", "", 1, "no header line"),
        ("a.csv", "a,a\n1,2\n", 1, '"a" stands twice'),
        ("a.csv", "a,\n1,2\n", 1, "has no name"),
        ("a.csv", "a,b\n1,2\n1\n", 3, "1 cell where the header has 2"),
        ("a.csv", 'a,b\n1,"2\n', 2, "no valid CSV"),
        ("a.csv", b"a,b\n1,\xff\n", 2, "not UTF-8"),
        ("a.json", '[\n{"a": 1},\n]', 3, "no valid JSON"),
        ("a.json", '[{"a": 1, "a": 2}]', 1, '"a" stands twice'),
        ("a.json", '[{"a": NaN}]', 1, "NaN"),
        ("a.json", '{"a": 1}', 1, "a list of rows was expected, not a mapping"),
        ("a.json", '[\n{"a": 1},\n 2]', 3, "a row is a mapping of columns to values, not a number"),
        ("a.json", "[" * 100_000, 1, "no valid JSON"),
        ("a.yaml", "a: 1\n", 1, "a list of rows was expected"),
        ("a.yaml", "- {a: 1}\n- 2\n", 2, "a row is a mapping"),
        ("a.yaml", "- {1: a}\n", 1, "keys that are no text"),
        ("a.yaml", "- {a: 1, a: 2}\n", 1, "twice"),
        ("a.xlsx", "", 1, "cannot read rows"),
    ],
)
def test_files_that_are_no_rows(
    project: Project, name: str, content: str | bytes, line: int, words: str
) -> None:
    (_, found, message), *_ = bad(project, name, content)
    assert words in message
    assert found == line


def test_a_file_that_is_not_there(project: Project) -> None:
    rows, (found,) = read_rows(project.root / "absent.csv", project)
    assert rows is None
    assert found.message == "cannot read absent.csv: No such file or directory"
