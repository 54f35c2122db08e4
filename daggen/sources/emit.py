"""Writes rows as YAML that reads back as the same data, whatever reads it.

There is one way to write each value and nothing is folded. Text is quoted unless YAML 1.1 and 1.2
readers alike take it for text; what a reviewer could not see (control characters, marks that
reorder text) is escaped.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

_HIDDEN = (
    r"\x00-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    r"\ud800-\udfff\ufeff\ufff0-\uffff\U0001fffe\U0001ffff\U000e0000-\U0010ffff"
)
_START = rf"[^\x00-.0-@\[-^`{{-~{_HIDDEN}]"
_INNER = rf"(?:[^\x00-$&'*:-<>?\[-^`{{-~{_HIDDEN}]|:(?=[^\s:])| (?=[^\s#:]))"
_PLAIN = re.compile(f"{_START}{_INNER}*")
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_ESCAPED = re.compile(rf'["\\{_HIDDEN}]')
_SHORT = {"\0": "\\0", "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


_LONGEST_SIMPLE_KEY = 1000


def emit(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """Write a mapping or a list of plain data as a YAML block that ends in a newline."""
    return "".join(f"{line}\n" for line in lines(value))


def lines(value: Any) -> list[str]:
    """Write plain data as the lines of a YAML block, without line ends."""
    if isinstance(value, Mapping) and value:
        return [line for item in value.items() for line in _entry(*item)]
    if isinstance(value, list | tuple) and value:
        return [line for item in value for line in _hang("- ", lines(item))]
    if isinstance(value, str) and "\n" in value and (block := _literal_block(value)):
        return block
    return [scalar(value)]


def scalar(value: Any) -> str:
    """Write a scalar, or an empty collection, on one line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{}"
    return str(value) if isinstance(value, int) else "[]"


def _entry(key: Any, value: Any) -> list[str]:
    head = f"{scalar(key)}:"
    if len(head) > _LONGEST_SIMPLE_KEY:
        return [f"? {scalar(key)}", *_hang(": ", lines(value))]
    if isinstance(value, Mapping | list | tuple) and value:
        return [head, *map(_indent, lines(value))]
    return _hang(f"{head} ", lines(value))


def _hang(prefix: str, block: list[str]) -> list[str]:
    return [prefix + block[0], *map(_indent, block[1:])]


def _indent(line: str) -> str:
    return f"  {line}" if line else line


def _number(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return '"' + _ESCAPED.sub(_escape, value) + '"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if short := _SHORT.get(character):
        return short
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _literal_block(value: str) -> list[str] | None:
    """Write text of several lines as a literal block, unless something in it would not show."""
    body = value.removesuffix("\n")
    parts = body.split("\n")
    shows = not re.search(rf"[{_HIDDEN}]", body.replace("\n", ""))
    if not shows or not parts[0] or not parts[-1] or body.startswith(" "):
        return None
    if any(part.endswith(" ") for part in parts):
        return None
    return ["|" if value.endswith("\n") else "|-", *parts]
