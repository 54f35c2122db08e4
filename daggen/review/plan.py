"""A project's plan: the fleet at a base beside what the specs render to now."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from daggen.diagnostics import Diagnostic
from daggen.fleet.stamp import read_stamp
from daggen.project import Environment, Project
from daggen.review import git
from daggen.review.causes import Evidence, Origin
from daggen.review.changes import FleetChange
from daggen.review.fleet_change import POOLS, compare_fleets

if TYPE_CHECKING:
    from daggen.pipeline import Build


def plan_changes(
    project: Project, environment: Environment, build: Build, revision: str | None
) -> tuple[FleetChange | None, list[Diagnostic]]:
    """Compare what a build gives with the base: a revision, the merge base, or the disk.

    Gives None and the reason if there is no such base.
    """
    base = git.choose_base(project.root, revision)
    if isinstance(base, Diagnostic):
        return None, [base]
    output = project.relative(environment.output or project.output)
    after = {f"{output}/{path}": file.content for path, file in build.files.items()}
    repository = git.open_repository(project.root) if base.commit else None
    if repository is None:
        before = _generated(_on_disk(project, output), after)
        evidence = _evidence(project, build, output, None)
    else:
        config = project.relative(project.config_path)
        found = git.read_files(repository, base.commit, [output, config])
        before = _generated(found, after)
        changed = git.changed_files(repository, base.commit)
        if _same_settings(found.get(config, ""), _text(project, config)):
            changed -= {config}
        evidence = _evidence(project, build, output, changed)
    fleet, diagnostics = compare_fleets(before, after, evidence)
    return replace(fleet, base=base.label), diagnostics


def _generated(files: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Keep what daggen made; pools.json, which has no header, if daggen makes it now."""
    return {
        path: text
        for path, text in files.items()
        if read_stamp(text.encode()) or (path in after and posixpath.basename(path) == POOLS)
    }


def _on_disk(project: Project, output: str) -> dict[str, str]:
    folder = project.root / output
    names = (*folder.rglob("*.py"), *folder.rglob(".airflowignore"), folder / POOLS)
    paths = (project.relative(path) for path in names if path.is_file())
    return {path: _text(project, path) for path in sorted(paths)}


def _text(project: Project, path: str) -> str:
    try:
        return (project.root / path).read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


def _evidence(
    project: Project, build: Build, output: str, changed: frozenset[str] | None
) -> Evidence:
    return Evidence(
        {f"{output}/{path}": Origin(file.spec, file.inputs) for path, file in build.files.items()},
        changed,
        project.relative(project.templates),
        project.relative(project.config_path),
    )


def _same_settings(before: str, after: str) -> bool:
    """Tell whether two versions of the configuration say the same to daggen."""
    return _settings(before) == _settings(after)


def _settings(text: str) -> Mapping[str, Any]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    settings: Mapping[str, Any] = data.get("tool", {}).get("daggen", data)
    return settings
