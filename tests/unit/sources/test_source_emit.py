"""Snapshots read back as what was written, whatever reads them."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from daggen.sources.emit import emit
from daggen.specs.yaml import parse_yaml

TRICKY = "ab :#-\n\t'\"|>{}[],&*!%@`~0o1xe.+_/\\=?<é\x00\x7f\x85\u2028\u202e\ufeff\U0001f600"
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text(alphabet=TRICKY)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)


def read(text: str) -> Any:
    (document,), diagnostics = parse_yaml(text, "x.yaml")
    assert diagnostics == []
    return document.data


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_data_reads_back(value: Any) -> None:
    written = emit({"value": value, "list": [value]})
    assert repr(read(written)) == repr({"value": value, "list": [value]})
    assert not any(line.endswith((" ", "\t")) for line in written.split("\n"))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_readers_of_yaml_1_1_agree_on_text(text: str) -> None:
    assert yaml.safe_load(emit({"a": text})) == {"a": text}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("customers", "customers"),
        ("SELECT a, b FROM c", "SELECT a, b FROM c"),
        ("https://api.example/v1", "https://api.example/v1"),
        ("Größe 表", "Größe 表"),
        ("@daily", '"@daily"'),
        ("*/5 * * * *", '"*/5 * * * *"'),
        ("2026-01-01", '"2026-01-01"'),
        ("0o17", '"0o17"'),
        ("1e3", '"1e3"'),
        ("no", '"no"'),
        ("N", '"N"'),
        ("null", '"null"'),
        ("", '""'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("a\u202eb", '"a\\u202Eb"'),
        ("a\x00", '"a\\0"'),
        ("\U000e0041", '"\\U000E0041"'),
        (1e20, "1.0e+20"),
        (0.1, "0.1"),
        (math.inf, ".inf"),
        (-math.inf, "-.inf"),
        (True, "true"),
        (None, "null"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_each_value_has_one_spelling(value: object, written: str) -> None:
    assert emit({"v": value}) == f"v: {written}\n"


def test_nan_is_written_as_such() -> None:
    assert math.isnan(read(emit({"v": math.nan}))["v"])


def test_text_of_several_lines_shows_its_lines() -> None:
    assert emit({"q": "SELECT a\n\nFROM b\n"}) == "q: |\n  SELECT a\n\n  FROM b\n"
    assert emit({"q": "SELECT a\nFROM b"}) == "q: |-\n  SELECT a\n  FROM b\n"
    assert emit({"q": "a \nb"}) == 'q: "a \\nb"\n'


def test_keys_that_are_too_long_for_a_simple_key() -> None:
    value = {"k" * 5000: {"a": 1, "b": "x\ny"}, "\U0001f600" * 900: [1, 2]}
    assert read(emit([value])) == [value]
