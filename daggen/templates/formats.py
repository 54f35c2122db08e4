"""The values of `format:` that a template's schema may use beside those of JSON Schema itself."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from daggen.code.timezones import is_timezone

if TYPE_CHECKING:
    from jsonschema import FormatChecker


@cache
def format_checker() -> FormatChecker:
    """Give the checker: `format: timezone` is a name of the timezone database.

    Other formats are annotations, as JSON Schema has them: they describe and refuse nothing.
    """
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    checker.checkers = {
        "timezone": (lambda value: not isinstance(value, str) or is_timezone(value), ())
    }
    return checker
