"""Data as Python: just the data again, in a form that formatters leave and people can read."""

from __future__ import annotations

import ast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daggen.code.formatting import format_python
from daggen.code.literal import literal

QUOTING = st.text(st.sampled_from('\\\\\\\\""\'ab \n\t\u200b'), max_size=12)


@settings(max_examples=500, deadline=None)
@given(QUOTING, st.booleans())
@example('a\\\\"b', False)
@example("\\", True)
def test_a_text_is_written_as_just_that_text(text: str, multiline: bool) -> None:
    written = literal(text, multiline=multiline)
    assert ast.literal_eval(written) == text
    source = f"x = {written}\n"
    assert format_python(source) == source


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"\d+", r'r"\d+"'),
        (r"C:\new\table", r'r"C:\new\table"'),
        (r'\s"x"', r"""r'\s"x"'"""),
        (r"a\"b", r'''r"a\"b"'''),
        (r"""'\d' "x" y""", r'''r"""'\d' "x" y"""'''),
        ("'\\d' \"x\"", r'''"'\\d' \"x\""'''),
        ("C:\\", r'"C:\\"'),
        ("\\\\", r'r"\\"'),
        ("\\d\t", r'"\\d\t"'),
        ("\\d\u200b", r'"\\d\u200b"'),
        ("\\d\n", r'"\\d\n"'),
        ("plain 'text'", "\"plain 'text'\""),
    ],
)
def test_backslashes_stand_as_they_are_where_they_can(text: str, written: str) -> None:
    assert literal(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a \\\nb\n", 'r"""a \\\nb\n"""'),
        ("\\d\n", 'r"""\\d\n"""'),
        ("\\d \nb", '"""\\\\d\\x20\nb"""'),
        ('\\d\n"b"', '"""\\\\d\n"b\\""""'),
        ('\\d\n"""b', '"""\\\\d\n\\"\\"\\"b"""'),
        ("a\nb", '"""a\nb"""'),
    ],
)
def test_backslashes_in_several_lines(text: str, written: str) -> None:
    assert literal(text, multiline=True) == written
