"""Every rule daggen knows, by code. A new area is one new module in `codes/` and one line here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import MappingProxyType

from daggen.diagnostics.model import Rule

AREAS = (
    "config",  # DG0xx: the project, its configuration, the command line
    "review",  # DG08x: revisions to compare with, pictures of DAGs
    "yaml",  # DG1xx: files that cannot be read as strict YAML
    "expansion",  # DG20x: defaults, foreach and expressions
    "sensors",  # DG25x: sensors that wait for ever, or look too often
    "pools",  # DG29x: pools and the routing of tasks to them
    "keys",  # DG22x, DG24x: the keys and values of a spec
    "tasks",  # DG23x: tasks, groups and dependencies
    "template",  # DG3xx: templates and their parameters
    "branches",  # DG33x: rules of which the first that holds decides
    "drift",  # DG40x: differences between the files on disk and the specs
    "output",  # DG4xx: the rendered Python and the fleet on disk
    "callables",  # DG46x: the functions that a DAG names
    "purity",  # DG5xx: what a DAG file may not do when it is parsed
    "catalog",  # DG6xx: operators and their arguments
    "source",  # DG7xx: databases, APIs, snapshots
    "verify",  # DG8xx: what real Airflow says
    "dagfactory",  # DG9xx: files of dag-factory
)


@cache
def rules() -> MappingProxyType[str, Rule]:
    """Give all rules by code, in order of their codes."""
    found = [
        value
        for area in AREAS
        for value in vars(import_module(f"daggen.diagnostics.codes.{area}")).values()
        if isinstance(value, Rule)
    ]
    return MappingProxyType({rule.code: rule for rule in sorted(found, key=lambda rule: rule.code)})
