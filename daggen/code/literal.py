"""Plain data as Python text: exact, readable, and never anything but a literal.

Everything a spec says reaches the generated Python through this module, so what it promises
is what keeps values from becoming code: `ast.literal_eval(literal(value)) == value`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from daggen.code.fragment import Code

_SHORT_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TRAILING_BLANKS = re.compile(r" +(?=\n|\Z)")
_RAW = re.compile(r'(?:\\.|[^"\\])*')
_RAW_SINGLE = re.compile(r"(?:\\.|[^'\\])*")
_RAW_TRIPLE = re.compile(r'(?!")(?:\\.|"{1,2}(?!"|\Z)|[^"\\])*(?<!")', re.DOTALL)
"""What may stand in a raw string, where a backslash stays and yet keeps a quote from closing."""
_LARGEST_DECIMAL = 10**4000
"""From here on Python refuses to print an int in decimal; hexadecimal has no limit."""


def literal(value: object, *, multiline: bool = False) -> str:
    """Write plain data (str, int, float, bool, None, list, dict, tuple) as Python text.

    Printable characters stay as they are, everything else is escaped. With `multiline`, a
    string of several lines becomes a triple-quoted string that holds exactly the value. Text
    with backslashes stands as it is, in a raw string, where one can hold it.
    Raises TypeError for anything that is not plain data.
    """
    return _write(value, multiline, _refuse)


def expression(value: object, *, multiline: bool = False) -> str:
    """Write plain data that may hold `Code`, at any depth: each fragment stands as it is.

    Raises TypeError for anything that is neither.
    """
    return _write(value, multiline, _fragment)


def quoted(text: str) -> str:
    """Write a text as an ordinary string on one line, in the quotes that need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return f"{quote}{escape_text(text, quote)}{quote}"


def escape_unprintable(text: str) -> str:
    """Escape what cannot be seen (controls, separators, surrogates, private use), nothing else."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def escape_text(text: str, quote: str) -> str:
    r"""Escape a text to stand between the quotes `quote` (`"`, `'` or either thrice).

    In a triple-quoted string newlines stay newlines and lone quotes stay as they are; blanks at
    the end of a line are written `\x20`, since editors and hooks strip them.
    """
    if len(quote) == 3:
        return _escape_triple(text, quote[0])
    escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return escape_unprintable(escaped)


def escape_docstring(text: str) -> str:
    """Escape a text that stands as a docstring, where formatters strip, indent and pad.

    The text is written on one line, with its outermost blanks and every quote escaped, so that
    no formatter finds anything to change.
    """
    escaped = escape_unprintable(text.replace("\\", "\\\\"))
    escaped = escaped.replace('"', "\\x22").replace("'", "\\x27")
    inner = escaped.strip(" ")
    before = len(escaped) - len(escaped.lstrip(" ")) if inner else len(escaped)
    after = len(escaped) - before - len(inner)
    return "\\x20" * before + inner + "\\x20" * after


def _write(value: object, multiline: bool, other: Callable[[object], str]) -> str:
    if isinstance(value, str):
        return _string(value if type(value) is str else "".join(value), multiline)
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, int):
        return str(int(value)) if abs(value) < _LARGEST_DECIMAL else hex(value)
    if isinstance(value, float):
        return repr(float(value)) if math.isfinite(value) else f'float("{float(value)}")'
    if isinstance(value, list):
        return f"[{', '.join(_write(item, False, other) for item in value)}]"
    if isinstance(value, tuple):
        items = ", ".join(_write(item, False, other) for item in value)
        return f"({items},)" if len(value) == 1 else f"({items})"
    if isinstance(value, Mapping):
        return _mapping(value, other)
    return other(value)


def _mapping(value: Mapping[Any, Any], other: Callable[[object], str]) -> str:
    pairs = (
        f"{_write(key, False, other)}: {_write(item, False, other)}" for key, item in value.items()
    )
    return f"{{{', '.join(pairs)}}}"


def _string(value: str, multiline: bool) -> str:
    if raw := _raw(value, multiline):
        return raw
    if multiline and "\n" in value.strip("\n"):
        return f'"""{escape_text(value, chr(34) * 3)}"""'
    return quoted(value)


def _raw(text: str, multiline: bool) -> str:
    """Write a text that has backslashes as a raw string, if one holds exactly the text.

    Gives "" where none does, and where nothing is gained. In single quotes it is left only what
    black does not take for fit to stand in double quotes.
    """
    if "\\" not in text or not all(map(str.isprintable, text.split("\n"))):
        return ""
    if "\n" not in text:
        if _RAW.fullmatch(text):
            return f'r"{text}"'
        if _RAW_SINGLE.fullmatch(text) and text.count('"') != text.count('\\"'):
            return f"r'{text}'"
    elif not multiline:
        return ""
    if _RAW_TRIPLE.fullmatch(text) and not _TRAILING_BLANKS.search(text):
        return f'r"""{text}"""'
    return ""


def _escape_triple(text: str, quote: str) -> str:
    text = text.replace("\\", "\\\\")
    runs = re.compile(f"^{quote}+|{quote}{{2,}}|{quote}+\\Z")
    text = runs.sub(lambda match: f"\\{quote}" * len(match[0]), text)
    text = _TRAILING_BLANKS.sub(lambda match: match[0][:-1] + "\\x20", text)
    return "".join(char if char == "\n" or char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    if short := _SHORT_ESCAPES.get(char):
        return short
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _refuse(value: object) -> str:
    raise TypeError(f"{type(value).__name__} is not plain data")


def _fragment(value: object) -> str:
    return value.text if isinstance(value, Code) else _refuse(value)
