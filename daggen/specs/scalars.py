"""The types of YAML scalars, as the core schema of YAML 1.2.2 has them (section 10.3.2)."""

from __future__ import annotations

import re
import sys

_PREFIX = "tag:yaml.org,2002:"
TAGS: dict[str, frozenset[str | None]] = {
    "scalar": frozenset(
        {None, "!", *(_PREFIX + t for t in ("str", "int", "float", "bool", "null"))}
    ),
    "sequence": frozenset({None, "!", _PREFIX + "seq"}),
    "mapping": frozenset({None, "!", _PREFIX + "map"}),
}
"""The tags a value of each kind may carry; None is the usual untagged value."""

MAX_DIGITS = 1000

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})

Scalar = str | int | float | bool | None


class ScalarError(ValueError):
    """A scalar that readers would take for different values; `hint` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def resolve(text: str, tag: str | None, plain: bool) -> Scalar:
    """Give the value of a scalar: of a plain one by its form, of a tagged one by its tag.

    Raises `ScalarError` for numbers with leading zeros, and for text that does not fit its tag.
    """
    if tag in (None, "!"):
        return _plain(text) if plain and tag is None else text
    wanted = tag.removeprefix(_PREFIX) if tag else ""
    if wanted == "str":
        return text
    value = _plain(text)
    if wanted == "float" and type(value) is int and abs(value) <= sys.float_info.max:
        return float(value)
    if type(value).__name__ != {"null": "NoneType"}.get(wanted, wanted):
        raise ScalarError(f'"{text}" is no !!{wanted}', "drop the tag, or write such a value")
    return value


def _plain(text: str) -> Scalar:
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if text[0] not in "+-.0123456789":
        return text
    return _number(text)


def _number(text: str) -> Scalar:
    if _LEADING_ZERO.fullmatch(text):
        raise ScalarError(
            f"{text} has a leading zero", 'quote it if it is text, or write "0o" for octal'
        )
    if len(text) > MAX_DIGITS:
        if _DECIMAL.fullmatch(text) or _HEX.fullmatch(text):
            raise ScalarError("a number of more than a thousand digits", "quote it if it is text")
        return text
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEX.fullmatch(text):
        return int(text[2:], 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return float("nan") if text in _NAN else text
