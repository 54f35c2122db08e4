"""Sample data, quality rules, transformations, the drop directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from techcorp import quality, sample, sources, transforms
from techcorp.home import directory, file_name


def test_there_are_more_than_twenty_entities_and_each_has_rows() -> None:
    assert len(sample.ENTITIES) >= 20
    for entity, (count, _) in sample.ENTITIES.items():
        rows = sample.rows(entity)
        assert [row["id"] for row in rows] == list(range(1, count + 1))


def test_sample_data_does_not_depend_on_the_process() -> None:
    script = "import json; from techcorp import sample; print(json.dumps(sample.rows('orders')))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert [json.loads(text) for text in outputs] == [sample.rows("orders")]


@pytest.mark.parametrize(
    ("rule", "values", "broken"),
    [
        ({"rule": "not_null"}, ["a", None, ""], [1, 2]),
        ({"rule": "unique"}, ["a", "b", "a", "a"], [2, 3]),
        ({"rule": "range", "min": 1, "max": 3}, ["0.9", 1, 3, "3.1", None, "x"], [0, 3, 5]),
        ({"rule": "range", "max": 3}, [-9, 4], [1]),
        ({"rule": "pattern", "pattern": "[a-z]+"}, ["ab", "aB", None], [1]),
        ({"rule": "allowed", "values": ["x", "y"]}, ["x", "z", None], [1]),
    ],
)
def test_a_rule_finds_the_rows_that_break_it(
    rule: dict[str, object], values: list[object], broken: list[int]
) -> None:
    rows = [{"n": index, "c": value} for index, value in enumerate(values)]
    good, rejected = quality.check(rows, [{**rule, "column": "c", "tolerance": 1}])
    assert [row["n"] for row in rejected] == broken
    assert [row["n"] for row in good] == [i for i in range(len(values)) if i not in broken]


def test_tolerance_is_a_share_of_the_rows() -> None:
    rows = [{"c": None}, {"c": 1}, {"c": 2}, {"c": 3}]
    good, _ = quality.check(rows, [{"rule": "not_null", "column": "c", "tolerance": 0.25}])
    assert len(good) == 3
    with pytest.raises(quality.QualityError):
        quality.check(rows, [{"rule": "not_null", "column": "c", "tolerance": 0.24}])


def test_min_rows() -> None:
    quality.check([{"a": 1}], [{"rule": "min_rows", "value": 1}])
    with pytest.raises(quality.QualityError, match="min_rows: 0 rows, 1 wanted"):
        quality.check([], [{"rule": "min_rows", "value": 1}])


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"op": "strip", "columns": ["a"]}, {"a": "X y", "b": 2, "c": None}),
        ({"op": "lowercase", "columns": ["a"]}, {"a": " x y ", "b": 2, "c": None}),
        ({"op": "uppercase", "columns": ["a"]}, {"a": " X Y ", "b": 2, "c": None}),
        ({"op": "rename", "columns": {"a": "z"}}, {"z": " X y ", "b": 2, "c": None}),
        ({"op": "cast", "columns": {"b": "str", "c": "int"}}, {"a": " X y ", "b": "2", "c": None}),
        ({"op": "drop", "columns": ["a", "c"]}, {"b": 2}),
        ({"op": "keep", "columns": ["b", "d"]}, {"b": 2, "d": None}),
        ({"op": "fill", "columns": {"c": 0, "b": 9}}, {"a": " X y ", "b": 2, "c": 0}),
        (
            {"op": "multiply", "left": "b", "right": "b", "into": "d"},
            {"a": " X y ", "b": 2, "c": None, "d": 4.0},
        ),
    ],
)
def test_a_step_changes_what_it_says(step: dict[str, object], expected: dict[str, object]) -> None:
    row = {"a": " X y ", "b": 2, "c": None}
    assert transforms.apply([row], [step]) == [expected]
    assert row == {"a": " X y ", "b": 2, "c": None}


def test_deduplicate_keeps_the_last() -> None:
    rows = [{"k": 1, "v": "a"}, {"k": 2, "v": "b"}, {"k": 1, "v": "c"}]
    step = {"op": "deduplicate", "columns": ["k"]}
    assert transforms.apply(rows, [step]) == [{"k": 1, "v": "c"}, {"k": 2, "v": "b"}]


def test_the_drop_directory_is_read_in_order_of_name(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "b.csv").write_text('id,name\n2,"two, or ""2"""\n', encoding="utf-8")
    (folder / "a.csv").write_text("id,name\n1,\n", encoding="utf-8")
    (folder / "a.txt").write_text("id\n9\n", encoding="utf-8")
    rows = sources.read("sftp", {"directory": str(folder)}, "products")
    assert rows == [{"id": "1", "name": None}, {"id": "2", "name": 'two, or "2"'}]


def test_an_empty_drop_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no file \*\.csv"):
        sources.read("sftp", {"directory": str(tmp_path)}, "products")


def test_file_names_stay_in_their_directory(techcorp_home: Path) -> None:
    assert file_name("../../etc/passwd") == "_.._etc_passwd"
    assert file_name("..") == "_"
    assert directory("a", "../b", "manual__2026-01-01T00:00:00+00:00").is_relative_to(techcorp_home)
