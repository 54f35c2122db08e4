"""Quality rules: data such as `{rule: not_null, column: email, tolerance: 0.05}`.

A row that breaks a rule is set aside. If more rows break it than `tolerance` allows (a share from
0 to 1, default 0), the whole batch is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Rule = Mapping[str, Any]
Breaks = Callable[[Rule, Sequence[Row]], list[int]]


class QualityError(Exception):
    """A batch breaks a rule more often than the rule tolerates."""


def check(rows: Sequence[Row], rules: Sequence[Rule]) -> tuple[list[Row], list[Row]]:
    """Split rows into good ones and rejected ones, which carry the broken rules as `broken_rules`.

    Raises QualityError naming every rule that is broken beyond its tolerance, and ValueError for a
    rule that does not exist.
    """
    broken: dict[int, list[str]] = {}
    failures: list[str] = []
    for rule in rules:
        found = _breaks(rule)(rule, rows)
        for index in found:
            broken.setdefault(index, []).append(_title(rule))
        if len(found) > rule.get("tolerance", 0) * len(rows):
            failures.append(f"{_title(rule)}: broken by {len(found)} of {len(rows)} rows")
        if rule["rule"] == "min_rows" and len(rows) < rule["value"]:
            failures.append(f"{_title(rule)}: {len(rows)} rows, {rule['value']} wanted")
    if failures:
        raise QualityError("; ".join(failures))
    good = [row for index, row in enumerate(rows) if index not in broken]
    rejected = [{**rows[index], "broken_rules": names} for index, names in sorted(broken.items())]
    return good, rejected


def _title(rule: Rule) -> str:
    return f"{rule['rule']}({rule['column']})" if "column" in rule else str(rule["rule"])


def _breaks(rule: Rule) -> Breaks:
    try:
        return RULES[rule["rule"]]
    except KeyError:
        raise ValueError(f"unknown rule {dict(rule)}; known: {', '.join(RULES)}") from None


def _each(breaks: Callable[[Rule, Any], bool]) -> Breaks:
    def indexes(rule: Rule, rows: Sequence[Row]) -> list[int]:
        values = (row.get(rule["column"]) for row in rows)
        return [i for i, value in enumerate(values) if value is not None and breaks(rule, value)]

    return indexes


def _null(rule: Rule, rows: Sequence[Row]) -> list[int]:
    return [i for i, row in enumerate(rows) if row.get(rule["column"]) in (None, "")]


def _repeated(rule: Rule, rows: Sequence[Row]) -> list[int]:
    seen: set[Any] = set()
    found = []
    for index, row in enumerate(rows):
        value = row.get(rule["column"])
        if value in seen:
            found.append(index)
        seen.add(value)
    return found


def _outside(rule: Rule, value: Any) -> bool:
    try:
        amount = float(value)
    except ValueError:
        return True
    return not rule.get("min", float("-inf")) <= amount <= rule.get("max", float("inf"))


def _no_row(rule: Rule, rows: Sequence[Row]) -> list[int]:
    return []


RULES: dict[str, Breaks] = {
    "not_null": _null,
    "unique": _repeated,
    "range": _each(_outside),
    "pattern": _each(lambda rule, value: not re.fullmatch(rule["pattern"], str(value))),
    "allowed": _each(lambda rule, value: value not in rule["values"]),
    "min_rows": _no_row,
}
