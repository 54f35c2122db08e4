"""A project's plan: the fleet at a base beside what the specs render to now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from daggen.diagnostics import Diagnostic
from daggen.fleet.stamp import COMPANION, read_stamp
from daggen.project import Environment, Project
from daggen.review import git
from daggen.review.causes import Evidence, Origin
from daggen.review.changes import FleetChange
from daggen.review.fleet_change import POOLS, compare_fleets
from daggen.review.reach import reaches_existing_dags
from daggen.review.settings import output_of, rendering_settings

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
    evidence = _evidence(project, build, output)
    repository = git.open_repository(project.root) if base.commit else None
    if repository is None:
        before = _generated(_on_disk(project, output))
    else:
        changes = _Changes(project, environment, repository, base.commit)
        folders = {output, changes.former_output(output)}
        before = _generated(git.read_files(repository, base.commit, sorted(folders)))
        evidence = changes.explain(evidence)
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


@dataclass(frozen=True)
class _Changes:
    """The inputs of a fleet that differ between a commit and the working tree."""

    project: Project
    environment: Environment
    repository: git.Repository
    commit: str

    @cached_property
    def names(self) -> frozenset[str]:
        return git.changed_files(self.repository, self.commit)

    def former_output(self, output: str) -> str:
        """Give the folder in which the commit has the DAGs that are in `output` now."""
        config = self.project.relative(self.project.config_path)
        if config not in self.names:
            return output
        former = output_of(self._old([config]).get(config, ""), self.environment.name)
        others = {each.output for each in self.project.environments.values() if each.output}
        in_use = {self.project.relative(path) for path in (self.project.output, *others)}
        return output if former is None or former in in_use else former

    def explain(self, evidence: Evidence) -> Evidence:
        """Add which inputs changed, and which of those only add or remove DAGs."""
        inputs = {name for origin in evidence.origins.values() for name in origin.inputs}
        names = sorted(self.names & {*inputs, evidence.config})
        old = self._old(names)
        new = {name: _text(self.project, name) for name in names}
        config = {evidence.config} & old.keys()
        same = {name for name in config if self._settings(old[name]) == self._settings(new[name])}
        rows_only = frozenset(
            name
            for name in names
            if name in old and not reaches_existing_dags(name, old[name], new[name])
        )
        return replace(evidence, changed=self.names - same, rows_only=rows_only)

    def _old(self, names: list[str]) -> Mapping[str, str]:
        return git.read_files(self.repository, self.commit, names) if names else {}

    def _settings(self, text: str) -> Mapping[str, Any]:
        return rendering_settings(text, self.environment.name)
