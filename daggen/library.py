"""The pattern library: the templates that come with daggen, for `init` and `new` to copy from."""

from __future__ import annotations

from pathlib import Path


def library_path() -> Path:
    """Give the directory of the library: inside an installed daggen, or the root of a checkout."""
    package = Path(__file__).parent
    installed = package / "library"
    return installed if installed.is_dir() else package.parent / "templates"


def template_files(name: str) -> list[Path]:
    """Give the files that make up a template of the library, none when there is no such template.

    Besides the template and its schema these are the templates it uses.
    """
    folder = library_path()
    source = folder / f"{name}.py.j2"
    if not source.is_file():
        return []
    files = [source, folder / f"{name}.schema.yaml"]
    text = source.read_text(encoding="utf-8")
    for other in sorted(folder.glob("*.py.j2")):
        used = other.name.removesuffix(".py.j2")
        if used != name and (f'group("{used}"' in text or f'"{other.name}"' in text):
            files += template_files(used)
    return [file for file in dict.fromkeys(files) if file.is_file()]
