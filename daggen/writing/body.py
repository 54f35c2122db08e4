"""The body of a written-out DAG: tasks, groups and their order, as Python statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from daggen.code.fragment import Code
from daggen.code.indentation import indent
from daggen.code.literal import literal
from daggen.code.scope import Scope
from daggen.specs.model.spec import DagSpec, GroupSpec, TaskSpec
from daggen.specs.model.values import Output
from daggen.writing.chains import ChainWriter
from daggen.writing.guards import guard_names
from daggen.writing.mapped_groups import MappedGroupWriter
from daggen.writing.names import Variables, choose_variables
from daggen.writing.order import Block, arrange, groups_around, places, reopened
from daggen.writing.sharing import BoundNames, referenced, told_apart
from daggen.writing.tasks import TaskWriter
from daggen.writing.templated import (
    RenderGroup,
    TemplatedGroup,
    own_variables,
    render_templates,
)
from daggen.writing.values import ValueWriter, call

_INDENT = "    "


def written_out(
    spec: DagSpec,
    scope: Scope,
    render_group: RenderGroup = lambda template, label, parameters, locations, arguments: None,
) -> Code:
    """Write what stands inside `with DAG(...) as dag:`, beginning at column 0.

    `render_group` gives the Python of a group template; a group that it does not render is left
    out.
    """
    root = arrange(spec)
    rendered = render_templates(spec, scope, render_group)
    names = BoundNames(
        within={group_id: group.names for group_id, group in rendered.items()},
        parameters={group.group_id: {*group.mapping.arguments} for group in spec.groups},
    )
    apart = told_apart(spec, root, names)
    variables = choose_variables(spec, apart, own_variables(rendered), names.all)
    writer = _BodyWriter(spec, scope, variables, rendered, root)
    return Code("\n".join(writer.block(root)) or "pass")


def _unnamed(spec: DagSpec, root: Block) -> frozenset[str]:
    """Give what needs no variable: tasks and groups in functions to which nothing refers.

    At the top level of a file everything is assigned, as linters for Airflow want.
    """
    functions = {group.group_id for group in spec.groups if group.mapping}
    around = groups_around(spec)
    inside = {full_id for full_id, groups in around.items() if functions & set(groups)}
    results = {task.task_id for task in spec.tasks if task.is_result}
    return frozenset(inside - referenced(spec) - results - set(reopened(root)))


@dataclass(frozen=True)
class _BodyWriter:
    """Writes the blocks of one DAG."""

    spec: DagSpec
    scope: Scope
    variables: Variables
    rendered: Mapping[str, TemplatedGroup]
    root: Block

    @cached_property
    def _chains(self) -> ChainWriter:
        around = groups_around(self.spec)
        homes = {full_id: groups[-1] for full_id, groups in around.items() if groups}
        return ChainWriter(self.variables, places(self.root), homes, self.scope)

    @cached_property
    def _unnamed(self) -> frozenset[str]:
        return _unnamed(self.spec, self.root)

    @cached_property
    def _values(self) -> ValueWriter:
        return ValueWriter(self.scope, self._output)

    @cached_property
    def _mapped_groups(self) -> MappedGroupWriter:
        return MappedGroupWriter(self.spec, self._values, self.variables)

    @cached_property
    def _tasks(self) -> TaskWriter:
        return TaskWriter(self._values, self.variables, guard_names(self.spec))

    def block(self, block: Block) -> list[str]:
        """Write what is in a block: tasks and groups, then their order."""
        statements = [self._child(child) for child in block.children]
        chains = self._chains.write(block.edges)
        lines = _spaced([text for text in statements if text])
        if lines and chains:
            lines.append("")
        return lines + chains

    def _child(self, child: TaskSpec | Block) -> str:
        if isinstance(child, TaskSpec):
            unnamed = child.task_id in self._unnamed
            variable = None if unnamed else self.variables[child.task_id]
            return self._tasks.write(child, variable) + self._result(child, variable)
        if child.group is None:
            return "\n".join(self.block(child))
        if child.group.template is not None:
            return self._templated(child.group.group_id)
        if child.group.mapping:
            head = self._call("airflow.sdk.task_group", child.group)
            return self._mapped_groups.write(child.group, head, self._inside(child))
        return self._group(child, child.group)

    def _result(self, task: TaskSpec, variable: str | None) -> str:
        """Write that an operator gives the DAG's result; a decorated function says it itself."""
        if not task.is_result or task.decorator:
            return ""
        return f"\ndag.add_result({variable}.output)"

    def _templated(self, group_id: str) -> str:
        """Write a group made by a template, under a name of its own where others share its name."""
        group = self.rendered.get(group_id)
        if group is None:
            return ""
        variable = self.variables[group_id]
        if group.variable is None or variable == group.variable:
            return group.text
        return f"{group.text}\n\n{variable} = {group.variable}"

    def _group(self, block: Block, group: GroupSpec) -> str:
        variable = self.variables[group.group_id]
        if block.reopened:
            head = f"with {variable}:"
        else:
            name = "" if group.group_id in self._unnamed else f" as {variable}"
            head = f"with {self._call('airflow.sdk.TaskGroup', group)}{name}:"
        return f"{head}\n{self._inside(block)}"

    def _inside(self, block: Block) -> str:
        return _INDENT + indent("\n".join(self.block(block)) or "pass", _INDENT)

    def _call(self, dotted: str, group: GroupSpec) -> str:
        arguments = [f"group_id={literal(group.label)}"]
        arguments += self._values.keywords(group.arguments)
        return call(self.scope.ref(dotted).text, arguments)

    def _output(self, output: Output) -> str:
        task = self.spec.task(output.task)
        text = self.variables[output.task]
        if task is None or not task.decorator:
            text = f"{text}.output"
        return f"{text}[{literal(output.key)}]" if output.key is not None else text


def _spaced(statements: list[str]) -> list[str]:
    """Put a blank line around every statement of several lines."""
    lines: list[str] = []
    for number, text in enumerate(statements):
        if number and (_is_long(text) or _is_long(statements[number - 1])):
            lines.append("")
        lines.append(text)
    return lines


def _is_long(statement: str) -> bool:
    return ",)" in statement or statement.count("\n") > statement.count("# noqa")
