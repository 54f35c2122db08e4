"""Strict YAML: the values of the core schema, the places, and what is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from daggen.specs.yaml import parse_yaml, read_yaml


def _data(text: str) -> object:
    documents, diagnostics = parse_yaml(text, "f.yaml")
    assert not diagnostics
    return documents[0].data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("True", True),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("+12", 12),
        ("1.", 1.0),
        (".5e3", 500.0),
        ("-.inf", -math.inf),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ("! 1", "1"),
        ("!!str 1", "1"),
        ("!!float 1", 1.0),
        ("=", "="),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    found = _data(f"key: {text}")
    assert found == {"key": value}
    assert type(found["key"]) is type(value)  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "DG103", 3, 1),
        ("a: {b: 1, b: 2}", "DG103", 1, 11),
        ("a:\n\t- b", "DG102", 2, 1),
        ("a: [b", "DG101", 1, 4),
        ("a: b: c", "DG101", 1, 5),
        ("a: !!python/object:os.system x", "DG104", 1, 4),
        ("a: !include x.yaml", "DG104", 1, 4),
        ("a: *nowhere", "DG105", 1, 4),
        ("a: &a [*a]", "DG105", 1, 8),
        ("<<: 3", "DG109", 1, 5),
        ("code: 0123", "DG110", 1, 7),
        (f"n: {'9' * 1001}", "DG110", 1, 4),
        ("{{ x }}: 1", "DG112", 1, 1),
        ("a: \x07", "DG107", 1, 4),
        ("[" * 150, "DG106", 1, 101),
    ],
)
def test_refused_with_its_place(text: str, code: str, line: int, column: int) -> None:
    _, diagnostics = parse_yaml(text, "f.yaml")
    assert [(d.code, d.span.line, d.span.column) for d in diagnostics if d.span] == [
        (code, line, column)
    ]


def test_all_mistakes_of_a_document_are_told_at_once() -> None:
    _, diagnostics = parse_yaml("a: 1\na: 2\nb: !x 1\nc: 012\n", "f.yaml")
    assert [d.code for d in diagnostics] == ["DG103", "DG104", "DG110"]


def test_a_yaml_bomb_is_refused_without_being_expanded() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    documents, diagnostics = parse_yaml("\n".join(levels), "f.yaml")
    assert documents == []
    assert [d.code for d in diagnostics] == ["DG106"]


def test_merge_keys_copy_what_is_not_said_and_keep_its_place() -> None:
    documents, _ = parse_yaml("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n", "f.yaml")
    assert documents[0].data["y"] == {"b": 3, "a": 1}
    assert documents[0].locations.value(("y", "a")).line == 1
    assert documents[0].locations.value(("y", "b")).line == 4


def test_places_of_keys_and_values() -> None:
    places = parse_yaml("tasks:\n  - task_id: a\n    retries: 2\n", "f.yaml")[0][0].locations
    assert (places.key(("tasks", 0, "retries")).line, places.key(("tasks",)).column) == (3, 1)
    assert places.value(("tasks", 0, "retries")).column == 14
    assert places.value(("tasks", 0, "absent")) == places.value(("tasks", 0))


def test_bytes_that_are_no_utf8_are_found_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"a: 1\nb: \xff\n")
    document, (found,) = read_yaml(tmp_path / "f.yaml", tmp_path)
    assert document is None
    assert (found.code, str(found.span)) == ("DG107", "f.yaml:2:4")


def test_a_file_that_cannot_be_read_is_a_value(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").symlink_to("absent")
    document, (found,) = read_yaml(tmp_path / "f.yaml", tmp_path)
    assert document is None
    assert found.code == "DG108"


def test_one_document_a_file(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("a: 1\n---\na: 2\n")
    _, (found,) = read_yaml(tmp_path / "f.yaml", tmp_path)
    assert (found.code, found.span and found.span.line) == ("DG111", 3)


_LIKE_A_NUMBER = re.compile(r"[-+]?\.?[0-9][0-9a-zA-Z.+-]*")
_text = st.text().filter(lambda text: not _LIKE_A_NUMBER.fullmatch(text))
"""Texts that are one in both versions of YAML: `0E0` is a text in 1.1, and a number in 1.2."""
_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | _text | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)


@given(_plain)
def test_reads_what_a_writer_of_yaml_1_1_quotes(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=False)
    if "<<" not in text and "\\ud" not in text.lower():
        documents, diagnostics = parse_yaml(text, "f.yaml")
        assert not diagnostics
        assert documents[0].data == value


@given(st.text())
def test_no_text_ends_in_a_traceback(text: str) -> None:
    documents, diagnostics = parse_yaml(text, "f.yaml")
    assert documents or diagnostics


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_what_ended_a_line_in_old_yaml_is_text(character: str) -> None:
    text = f'a: "x{character}y\ue000"\nb: x{character}y\nc: 1\n'
    documents, diagnostics = parse_yaml(text, "f.yaml")
    assert not diagnostics
    assert documents[0].data == {"a": f"x{character}y\ue000", "b": f"x{character}y", "c": 1}
    assert documents[0].locations.key(("c",)).line == 3


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: one X", (1, 8)),
        ('a: "one X"', (1, 9)),
        ("a: 'one X'", (1, 9)),
        ("a: |\n  one\n\n   X\n", (4, 4)),
        ("a: |2\n   one\n  X\n", (3, 3)),
        ("a: |-\r\n  one\r\n  X", (3, 3)),
        ("a: &here |  # lines\n\n  X\n", (3, 3)),
        ("- [b, X]", (1, 7)),
        ('a: "\\tX"', (1, 4)),
        ("a: 'it''s X'", (1, 4)),
        ("a: >\n  one\n  X\n", (1, 4)),
        ("a: one\n  X\n", (1, 4)),
        ("a: &here X", (1, 4)),
    ],
)
def test_a_part_of_a_text_is_placed_where_it_stands_as_it_reads(
    text: str, place: tuple[int, int]
) -> None:
    (document,), _ = parse_yaml(text, "f.yaml")
    path, value = next(iter(_texts(document.data, ())))
    start = value.index("X")
    span = document.locations.value(path).inside(value, start, start + 1)
    assert (span.line, span.column) == place


def _texts(
    data: object, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, str) and "X" in data:
        yield path, data
    elif isinstance(data, dict | list):
        for step, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _texts(inner, (*path, step))
