"""Tasks as Python: an operator or a decorated function, mapped or not, bound to its variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from daggen.code.literal import literal
from daggen.specs.model.spec import Mapped, TaskSpec
from daggen.specs.model.values import Dotted, Value
from daggen.specs.model.wrappers import RESULT
from daggen.writing.names import Variables
from daggen.writing.values import ValueWriter, call

_SPREAD_FROM = 3
_SHORT = 60
"""Up to so many characters, the arguments of a decorator stay before the function and its call."""
_TASK = "airflow.sdk.task"
_DECORATORS = {
    "airflow.providers.standard.decorators.python.python_task": "",
    "airflow.providers.standard.decorators.bash.bash_task": "bash",
    "airflow.providers.standard.decorators.branch_external_python.branch_external_python_task": (
        "branch_external_python"
    ),
    "airflow.providers.standard.decorators.branch_python.branch_task": "branch",
    "airflow.providers.standard.decorators.branch_virtualenv.branch_virtualenv_task": (
        "branch_virtualenv"
    ),
    "airflow.providers.standard.decorators.external_python.external_python_task": (
        "external_python"
    ),
    "airflow.providers.standard.decorators.python_virtualenv.virtualenv_task": "virtualenv",
    "airflow.providers.standard.decorators.sensor.sensor_task": "sensor",
    "airflow.providers.standard.decorators.short_circuit.short_circuit_task": "short_circuit",
    "airflow.providers.standard.decorators.run_if.run_if": "run_if",
}
"""The functions behind `@task.branch` and its siblings, which nobody writes by these paths."""


@dataclass(frozen=True)
class TaskWriter:
    """Writes the tasks of one file."""

    values: ValueWriter
    variables: Variables
    guards: Mapping[str, str] = field(default_factory=dict)
    """The class that puts an operator behind a circuit breaker, by the operator's path."""

    def write(self, task: TaskSpec, variable: str | None) -> str:
        """Write a task as a statement; without a `variable`, as an expression by itself."""
        expression = self._decorated(task) if task.decorator else self._operator(task)
        expression += self._setup_or_teardown(task)
        if variable is None:
            return expression
        return f"{variable} = {_excused(expression, variable, task)}"

    def _operator(self, task: TaskSpec) -> str:
        arguments = self._arguments(task, task.arguments)
        if task.circuit_breaker is None:
            operator = self.values.dotted(task.operator)
        else:
            operator = self.guards[task.operator]
            arguments += self.values.keywords(task.circuit_breaker)
        if not task.mapping:
            return call(operator, arguments, spread=_spread(arguments))
        arguments += self.values.keywords(task.mapping.partial)
        partial = call(f"{operator}.partial", arguments, spread=_spread(arguments))
        return partial + self._expand(task.mapping)

    def _decorated(self, task: TaskSpec) -> str:
        rest = {k: v for k, v in task.arguments.items() if k != "python_callable"}
        arguments = self._arguments(task, rest)
        spread = _spread(arguments) and sum(map(len, arguments)) > _SHORT
        decorator = call(self._decorator(task.decorator), arguments, spread=spread)
        function = f"{decorator}({self.values.write(task.arguments.get('python_callable'))})"
        for wrapper in (*task.wrappers, *([Dotted(RESULT)] if task.is_result else [])):
            function = f"{self.values.write(wrapper)}({function})"
        called = [self.values.write(value) for value in task.call_args]
        called += self._call_arguments(task.call)
        if not task.mapping:
            return call(function, called, spread=_spread(called))
        called += self._call_arguments(task.mapping.partial)
        partial = (
            call(f"{function}.partial", called, spread=_spread(called)) if called else function
        )
        return partial + self._expand(task.mapping)

    def _call_arguments(self, arguments: Mapping[str, Value]) -> list[str]:
        return self.values.keywords(arguments)

    def _decorator(self, name: str) -> str:
        if name in _DECORATORS:
            name = ".".join(filter(None, (_TASK, _DECORATORS[name])))
        elif name == "task" or name.startswith("task."):
            name = f"airflow.sdk.{name}"
        return self.values.dotted(name)

    def _arguments(self, task: TaskSpec, arguments: Mapping[str, Value]) -> list[str]:
        return [f"task_id={literal(task.label)}", *self.values.keywords(arguments)]

    def _expand(self, mapping: Mapped) -> str:
        if mapping.expand_kwargs is not None:
            return f".expand_kwargs({self.values.write(mapping.expand_kwargs)})"
        arguments = self.values.keywords(mapping.expand)
        return call(".expand", arguments, spread=_spread(arguments))

    def _setup_or_teardown(self, task: TaskSpec) -> str:
        if task.setup:
            return ".as_setup()"
        if task.teardown is None:
            return ""
        arguments = []
        setups = [self.variables[setup] for setup in task.teardown.setups]
        if setups:
            arguments.append(f"setups={setups[0] if len(setups) == 1 else _list(setups)}")
        if (fails := task.teardown.on_failure_fail_dagrun) is not None:
            arguments.append(f"on_failure_fail_dagrun={fails}")
        return call(".as_teardown", arguments)


def _list(items: list[str]) -> str:
    return f"[{', '.join(items)}]"


def _spread(arguments: list[str]) -> bool:
    return len(arguments) >= _SPREAD_FROM


def _excused(expression: str, variable: str, task: TaskSpec) -> str:
    """Tell ruff (AIR001) that a variable has another name than its task for a reason.

    It is so where the task_id is no Python name, or another group has a task of the same name.
    """
    opening, parenthesis, rest = expression.partition("(")
    if variable == task.label or task.decorator or task.mapping or task.setup or task.teardown:
        return expression
    return f"{opening}{parenthesis}  # noqa: AIR001\n{rest}"
