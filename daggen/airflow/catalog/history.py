"""Since when classes and arguments are there: taken over from the shipped catalog, and told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from packaging.version import InvalidVersion, Version

from daggen.airflow.catalog.catalog import SHIPPED, Catalog
from daggen.airflow.catalog.model import Operator
from daggen.airflow.catalog.store import Entry, open_layer


def with_history(distributions: Mapping[str, Any]) -> dict[str, Any]:
    """Add to surveyed distributions what the shipped catalog knows of when they got what.

    What a distribution is too old for, and has nevertheless, is left alone.
    """
    shipped = open_layer(SHIPPED)
    result = {}
    for name, each in distributions.items():
        known = shipped.entries(name) if name in shipped.versions else {}
        entries = {
            dotted: _with_history(entry, known.get(dotted, {}), each["version"])
            for dotted, entry in each["entries"].items()
        }
        result[name] = {**each, "entries": entries}
    return result


def newer_hint(operator: Operator, name: str) -> str:
    """Say which version has an argument that an operator of the catalog at hand lacks; or ""."""
    shipped = _shipped().find(operator.dotted)
    if shipped is None or name not in shipped.arguments:
        return ""
    what, since = f'{operator.name} has "{name}"', shipped.arguments[name].since
    if shipped.base and name not in shipped.own:
        return f"{what} since Airflow {since}" if since else ""
    return _told(what, shipped, since, operator.version)


def newer_operator_hint(name: str, versions: Mapping[str, str]) -> str:
    """Say which version has an operator that the catalog at hand lacks; or ""."""
    shipped = _shipped().find(name) if "." in name else None
    if shipped is None or shipped.distribution not in versions:
        return ""
    return _told(f"{shipped.name} is there", shipped, shipped.since, versions[shipped.distribution])


@cache
def _shipped() -> Catalog:
    return Catalog.load()


def _told(what: str, shipped: Operator, since: str, here: str) -> str:
    if not _is_older(here, since or shipped.version):
        return ""
    when = f"since {shipped.distribution} {since}"
    if not since:
        when = f"in {shipped.distribution} {shipped.version}"
    return f"{what} {when}; your catalog is of {here}"


def _with_history(entry: Entry, known: Entry, version: str) -> dict[str, Any]:
    rows = known.get("arguments", {})
    arguments = {
        name: _dated(row, rows.get(name, {}), version) for name, row in entry["arguments"].items()
    }
    return {**_dated(entry, known, version), "arguments": arguments}


def _dated(own: Mapping[str, Any], known: Mapping[str, Any], version: str) -> dict[str, Any]:
    since = known.get("since", "")
    return {**own, "since": since} if since and not _is_older(version, since) else dict(own)


def _is_older(version: str, since: str) -> bool:
    """Tell whether a version is certainly before another."""
    try:
        return Version(version) < Version(since)
    except InvalidVersion:
        return False
