"""Groups that a template makes: their Python, and the names that it binds."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from daggen.code.fragment import Code
from daggen.code.names import bound_names
from daggen.code.scope import Scope
from daggen.specs.document import Locations
from daggen.specs.model.spec import DagSpec
from daggen.templates.marks import without_marks
from daggen.writing.values import ValueWriter

RenderGroup = Callable[[str, str, Mapping[str, Any], Locations, Code], Code | None]
"""Renders a group template: its name, the group's id inside the group around it, its parameters,
where they stand, and further arguments of the `TaskGroup`."""


@dataclass(frozen=True)
class TemplatedGroup:
    """A rendered group: `variable` is what it is bound to, `names` is all that its Python binds."""

    text: str
    variable: str | None
    names: frozenset[str]


def render_templates(
    spec: DagSpec, scope: Scope, render_group: RenderGroup
) -> dict[str, TemplatedGroup]:
    """Render the groups of a spec that a template makes; those that fail are left out."""
    rendered: dict[str, TemplatedGroup] = {}
    for group in spec.groups:
        if group.template is not None:
            places = spec.source.locations.below((*group.path, "with"))
            arguments = Code(", ".join(ValueWriter(scope).keywords(group.arguments)))
            code = render_group(group.template, group.label, group.parameters, places, arguments)
            if code is not None:
                rendered[group.group_id] = _read(code.text)
    return rendered


def own_variables(groups: Mapping[str, TemplatedGroup]) -> dict[str, str]:
    """Give the variables of the groups, by id, that no other group's Python binds anew."""
    return {
        group_id: group.variable
        for group_id, group in groups.items()
        if group.variable
        and not any(
            group.variable in other.names for each, other in groups.items() if each != group_id
        )
    }


def _read(text: str) -> TemplatedGroup:
    tree = ast.parse(without_marks(text))
    return TemplatedGroup(text, _variable(tree), frozenset(bound_names(tree)))


def _variable(tree: ast.Module) -> str | None:
    """Give the variable that the last group of a text is bound to."""
    for node in reversed(tree.body):
        if isinstance(node, ast.With) and isinstance(node.items[0].optional_vars, ast.Name):
            return node.items[0].optional_vars.id
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            return node.targets[0].id
    return None
