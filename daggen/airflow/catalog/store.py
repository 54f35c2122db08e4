"""Catalogs on disk: gzipped JSON, the same bytes for the same content.

A catalog is one file with everything (a team's own), or a directory with one file a distribution
and an index (the one daggen ships, of which a fleet loads only what it uses).
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

FORMAT = 1
INDEX = "index.json.gz"

Entry = Mapping[str, Any]


class CatalogError(Exception):
    """A catalog that cannot be read: missing, damaged, or of another format."""


@dataclass(frozen=True)
class Layer:
    """One catalog on disk; `index` tells, without loading them, what its distributions have."""

    path: Path
    index: Mapping[str, Any]
    loaded: dict[str, Mapping[str, Entry]] = field(default_factory=dict)

    @property
    def versions(self) -> Mapping[str, str]:
        """Give the distributions and their versions."""
        versions: Mapping[str, str] = self.index["versions"]
        return versions

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Give the distribution of every entry by the entry's dotted path."""
        return {
            f"{module}.{name}": distribution
            for distribution, modules in self.index["modules"].items()
            for module, names in modules.items()
            for name in names
        }

    @property
    def aliases(self) -> Mapping[str, str]:
        """Give other names of entries (`task.bash`, the defining module) with their paths."""
        aliases: Mapping[str, str] = self.index["aliases"]
        return aliases

    @property
    def decorators(self) -> Iterable[str]:
        """Give the names of decorators: `task.bash`."""
        return (name for name in self.aliases if name.startswith("task."))

    def entries(self, distribution: str) -> Mapping[str, Entry]:
        """Give the entries of a distribution by dotted path; raises CatalogError."""
        if distribution not in self.loaded:
            self.loaded[distribution] = _read(self.path / f"{distribution}.json.gz")
        return self.loaded[distribution]


def open_layer(path: Path) -> Layer:
    """Open a catalog, be it a file or a directory; raises CatalogError."""
    if path.is_dir():
        return Layer(path, _checked(_read(path / INDEX), path))
    data = _checked(_read(path), path)
    try:
        loaded = {name: each["entries"] for name, each in data["distributions"].items()}
        return Layer(path, _index(data["distributions"]), loaded)
    except (AttributeError, KeyError, TypeError):
        raise CatalogError(f"{path.name} is no catalog; build it anew") from None


def write_file(path: Path, distributions: Mapping[str, Any]) -> None:
    """Write a catalog of one file, for a team's own environment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_pack({"format": FORMAT, "distributions": distributions}))


def write_directory(path: Path, distributions: Mapping[str, Any]) -> None:
    """Write a catalog of one file a distribution; what else is in the directory goes."""
    path.mkdir(parents=True, exist_ok=True)
    for old in path.glob("*.json.gz"):
        old.unlink()
    (path / INDEX).write_bytes(_pack(_index(distributions)))
    for name, each in distributions.items():
        (path / f"{name}.json.gz").write_bytes(_pack(each["entries"]))


def _index(distributions: Mapping[str, Any]) -> dict[str, Any]:
    modules: dict[str, dict[str, list[str]]] = {}
    aliases: dict[str, str] = {}
    for distribution, each in sorted(distributions.items()):
        own = modules.setdefault(distribution, {})
        for dotted, entry in sorted(each["entries"].items()):
            module, _, name = dotted.rpartition(".")
            own.setdefault(module, []).append(name)
            for alias in _aliases(entry):
                aliases[alias] = dotted
    versions = {name: each["version"] for name, each in distributions.items()}
    return {"format": FORMAT, "versions": versions, "modules": modules, "aliases": aliases}


def _aliases(entry: Entry) -> Iterable[str]:
    yield from entry.get("aliases", ())
    if "short" in entry:
        yield entry["short"]


def _pack(data: object) -> bytes:
    buffer = BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as file:
        text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        file.write(text.encode("ascii"))
    return buffer.getvalue()


def _read(path: Path) -> Any:
    try:
        return json.loads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise CatalogError(f"{path.name} cannot be read as a catalog: {error}") from error


def _checked(data: Any, path: Path) -> Any:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise CatalogError(f"{path.name} is no catalog of this version of daggen; build it anew")
    return data
