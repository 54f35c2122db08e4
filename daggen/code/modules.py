"""The modules on the project's `python_path`, read as source and never imported.

Importing would run the team's code, need its dependencies, and make rendering depend on the
machine; reading the source with `ast` does none of that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Modules:
    """Finds modules by their dotted names, and parses each file once."""

    python_path: Sequence[Path]
    copied: Mapping[str, Path] = field(default_factory=dict)
    """Packages that get beside the DAGs only when these are written, and where they lie now."""
    _parsed: dict[Path, ast.Module | None] = field(default_factory=dict, repr=False)

    def has(self, parts: Sequence[str]) -> bool:
        """Tell whether there is such a module, or a directory that may be a package."""
        return any(
            _module_file(root, names) or root.joinpath(*names).is_dir()
            for root, names in self._ways(parts)
        )

    def file(self, parts: Sequence[str]) -> Path | None:
        """Give the file of a module; None where there is none."""
        files = (_module_file(root, names) for root, names in self._ways(parts))
        return next((file for file in files if file), None)

    def parse(self, file: Path) -> ast.Module | None:
        """Parse a file; None where it is no Python."""
        if file not in self._parsed:
            try:
                self._parsed[file] = ast.parse(file.read_bytes())
            except (OSError, SyntaxError, ValueError):
                self._parsed[file] = None
        return self._parsed[file]

    def source(self, module: str) -> str | None:
        """Give the source of a module; None when there is none, or no text."""
        file = self.file(module.split("."))
        try:
            return None if file is None else file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def packages(self) -> Iterator[str]:
        """Give the top-level modules."""
        for root in self.python_path:
            yield from _children(root)

    def below(self, parts: Sequence[str]) -> Iterator[str]:
        """Give the modules of a package."""
        for root, names in self._ways(parts):
            yield from _children(root.joinpath(*names))

    def siblings(self, parts: Sequence[str]) -> Iterator[str]:
        """Give the modules beside a missing one, with their dotted names."""
        prefix = parts[:-1] or parts
        for root, names in self._ways(prefix):
            for name in _children(root.joinpath(*names)):
                yield ".".join([*prefix, name])

    def _ways(self, parts: Sequence[str]) -> Iterator[tuple[Path, Sequence[str]]]:
        """Give the directories in which a module may be, and its names from there."""
        if parts[0] in self.copied:
            yield self.copied[parts[0]], parts[1:]
        for root in self.python_path:
            yield root, parts


def _module_file(root: Path, parts: Sequence[str]) -> Path | None:
    base = root.joinpath(*parts)
    for file in (base / "__init__.py", base.with_name(f"{base.name}.py")):
        if file.is_file():
            return file
    return None


def _children(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    names = (p.stem for p in folder.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file())
    return sorted(name for name in names if name.isidentifier() and name != "__init__")
