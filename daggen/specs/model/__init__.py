"""What a spec may say, and what it means: keys, values, tasks, groups and their order."""

from daggen.specs.model.knowledge import Knowledge
from daggen.specs.model.parse import parse_spec, read_spec
from daggen.specs.model.schema import json_schema
from daggen.specs.model.spec import DagSpec, EdgeSpec, GroupSpec, TaskSpec, spec_span

__all__ = [
    "DagSpec",
    "EdgeSpec",
    "GroupSpec",
    "Knowledge",
    "TaskSpec",
    "json_schema",
    "parse_spec",
    "read_spec",
    "spec_span",
]
