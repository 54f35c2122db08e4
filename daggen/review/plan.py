"""A project's plan: the fleet at a base beside what the specs render to now."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from daggen.diagnostics import Diagnostic
from daggen.fleet.stamp import COMPANION, read_stamp
from daggen.project import Environment, Project
from daggen.review import git
from daggen.review.causes import Evidence, Origin
from daggen.review.changes import FleetChange
from daggen.review.fleet_change import POOLS, compare_fleets
from daggen.review.reach import reaches_existing_dags

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
    rendered = {f"{output}/{path}": file.content for path, file in build.files.items()}
    repository = git.open_repository(project.root) if base.commit else None
    if repository is None:
        before = _generated(_on_disk(project, output))
        evidence = _evidence(project, build, output)
    else:
        before = _generated(git.read_files(repository, base.commit, [output]))
        evidence = _changed_inputs(
            project, repository, base.commit, _evidence(project, build, output)
        )
    fleet, diagnostics = compare_fleets(before, _without_companions(rendered), evidence)
    return replace(fleet, base=base.label), diagnostics


def _generated(files: Mapping[str, str]) -> dict[str, str]:
    """Keep what daggen made: files with its header, and those with a checksum beside them."""
    return {
        path: text
        for path, text in _without_companions(files).items()
        if read_stamp(text.encode()) or path + COMPANION in files
    }


def _without_companions(files: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if not path.endswith(COMPANION)}


def _on_disk(project: Project, output: str) -> dict[str, str]:
    folder = project.root / output
    names = (
        *folder.rglob("*.py"),
        *folder.rglob(".airflowignore"),
        folder / POOLS,
        folder / (POOLS + COMPANION),
    )
    paths = (project.relative(path) for path in names if path.is_file())
    return {path: _text(project, path) for path in sorted(paths)}


def _text(project: Project, path: str) -> str:
    try:
        return (project.root / path).read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


def _evidence(project: Project, build: Build, output: str) -> Evidence:
    return Evidence(
        {f"{output}/{path}": Origin(file.spec, file.inputs) for path, file in build.files.items()},
        templates=project.relative(project.templates),
        config=project.relative(project.config_path),
    )


def _changed_inputs(
    project: Project, repository: git.Repository, commit: str, evidence: Evidence
) -> Evidence:
    """Find which inputs differ from a commit, and which of those only add or remove DAGs."""
    changed = git.changed_files(repository, commit)
    inputs = {name for origin in evidence.origins.values() for name in origin.inputs}
    names = sorted(changed & {*inputs, evidence.config})
    old = git.read_files(repository, commit, names) if names else {}
    if _same_settings(old.get(evidence.config, ""), _text(project, evidence.config)):
        changed -= {evidence.config}
    rows_only = frozenset(
        name
        for name in names
        if name in old and not reaches_existing_dags(name, old[name], _text(project, name))
    )
    return replace(evidence, changed=changed, rows_only=rows_only)


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
