"""Reads one task: its operator or decorator, its arguments, its mapping, setup and teardown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import UNKNOWN_KEY, WRONG_TYPE
from daggen.diagnostics.codes.tasks import BAD_MAPPING
from daggen.specs.model.arguments import ArgumentReader
from daggen.specs.model.circuit_breaker import KEY as CIRCUIT_BREAKER
from daggen.specs.model.circuit_breaker import with_circuit_breaker
from daggen.specs.model.context import Context, shown
from daggen.specs.model.knowledge import Knowledge
from daggen.specs.model.mapping import MAPPING_KEYS, UNMAPPABLE, read_mapping
from daggen.specs.model.names import Names
from daggen.specs.model.operators import read_kind
from daggen.specs.model.outline import Place
from daggen.specs.model.references import passed_on, references
from daggen.specs.model.scalars import hint_of_bool
from daggen.specs.model.seconds import expand_seconds
from daggen.specs.model.spec import Mapped, TaskSpec
from daggen.specs.model.task_keys import DURATION_ARGUMENTS, SENSOR_KEYS, TASK_KEYS
from daggen.specs.model.teardown import read_teardown
from daggen.specs.model.wrappers import WRAPPER_KEYS, read_result, read_wrappers

TASK_STRUCTURE = (
    "task_id",
    "operator",
    "decorator",
    "dependencies",
    "task_group_name",
    "setup",
    "teardown",
    CIRCUIT_BREAKER,
    *WRAPPER_KEYS,
    *MAPPING_KEYS,
)
_DECORATOR_KEYS = frozenset(
    "templates_dict show_return_value_in_logs requirements python_version system_site_packages "
    "pip_install_options expect_airflow expect_pendulum serializer use_dill python image "
    "index_urls venv_cache_path env_vars inherit_env skip_on_exit_code string_args "
    "ignore_downstream_trigger_rules name namespace task_ids".split()
)
_SENSORS = (
    "task.sensor",
    "airflow.sdk.task.sensor",
    "airflow.decorators.task.sensor",
    "airflow.providers.standard.decorators.sensor.sensor_task",
)
"""The names of the decorator that says itself that nothing is stored key by key."""


@dataclass(frozen=True)
class TaskReader:
    """Reads the tasks of one DAG."""

    names: Names
    context: Context
    knowledge: Knowledge

    def read(self, place: Place) -> TaskSpec:
        """Read a task; findings go to the context."""
        scope = place.parent
        operator, decorator = read_kind(place, self.knowledge, self.context)
        raw = expand_seconds(place.raw, place.path, self.context)
        context = self._reading(place, raw, decorator)
        mapping_context = self._reading(place, raw, decorator, mapping=True)
        of_call = self._parameters(raw) if decorator else ()
        reader = ArgumentReader(context, operator or decorator, self.knowledge, of_call)
        arguments = reader.read(_plain_arguments(raw), place.path)
        shared = replace(reader, context=mapping_context)
        mapping = read_mapping(raw, place.path, mapping_context, shared.read, arguments)
        if operator:
            _check_mappable(mapping, place, context)
        elif decorator in _SENSORS and "multiple_outputs" in arguments:
            message = '"multiple_outputs" is no argument of a decorated sensor'
            path = (*place.path, "multiple_outputs")
            context.report(UNKNOWN_KEY, path, message, hint="remove it", at_key=True)
        task = TaskSpec(
            task_id=place.id,
            label=place.label,
            path=place.path,
            group=scope.id if scope else None,
            operator=operator,
            decorator=decorator,
            arguments=arguments,
            mapping=mapping,
            setup=_flag(raw, "setup", place, context),
            teardown=read_teardown(raw.get("teardown"), place, self.names, context),
            wrappers=read_wrappers(raw, place.path, context, is_decorated=not operator),
            is_result=read_result(raw.get("result"), place.path, context),
        )
        task = with_circuit_breaker(task, raw.get(CIRCUIT_BREAKER), context)
        return self._with_call(task) if decorator else task

    def _parameters(self, raw: Mapping[Any, Any]) -> Sequence[str]:
        """Give the parameters of the function that a task names, none where they are unknown."""
        function = raw.get("python_callable")
        known = self.knowledge.parameters_of(function) if isinstance(function, str) else None
        return known or ()

    def _reading(
        self, place: Place, raw: Mapping[Any, Any], decorator: str, *, mapping: bool = False
    ) -> Context:
        """Give the context that reads references in the arguments of a task."""
        function = raw.get("python_callable")
        parameters = self.knowledge.parameters_of(function) if isinstance(function, str) else None
        is_value = passed_on(
            place, lambda name: bool(decorator) and self._is_of_call(name, decorator, parameters)
        )
        reference = references(self.names, place.parent, self.context, is_value, mapping=mapping)
        return replace(self.context, reference=reference)

    def _with_call(self, task: TaskSpec) -> TaskSpec:
        """Part what a decorated function is called with from what its decorator takes."""
        arguments = dict(task.arguments)
        call_args = arguments.pop("op_args", [])
        call = arguments.pop("op_kwargs", {})
        if not isinstance(call_args, list) or not isinstance(call, dict):
            return task
        function = arguments.get("python_callable")
        path = getattr(function, "path", "")
        parameters = self.knowledge.parameters_of(path) if path else None
        for name in list(arguments):
            if name != "python_callable" and self._is_of_call(name, task.decorator, parameters):
                call[name] = arguments.pop(name)
        return replace(task, arguments=arguments, call_args=tuple(call_args), call=call)

    def _is_of_call(self, name: str, decorator: str, parameters: Sequence[str] | None) -> bool:
        """Tell whether an argument is the function's, by its signature if that is known."""
        if parameters is not None and (name in parameters or not suggest(name, parameters)):
            return name in parameters
        known = [TASK_KEYS.keys(), DURATION_ARGUMENTS.keys(), _DECORATOR_KEYS]
        if self.knowledge.is_sensor(decorator):
            known.append(SENSOR_KEYS.keys())
        is_known = any(name in names for names in known)
        return not is_known and not self.knowledge.takes(decorator, name)


def _plain_arguments(raw: Mapping[Any, Any]) -> dict[Any, Any]:
    return {name: item for name, item in raw.items() if name not in TASK_STRUCTURE}


def _flag(raw: Mapping[Any, Any], name: str, place: Place, context: Context) -> bool:
    said = raw.get(name, False)
    if not isinstance(said, bool):
        message, hint = f"expected true or false, found {shown(said)}", hint_of_bool(said)
        context.report(WRONG_TYPE, (*place.path, name), message, hint=hint)
    return said is True


def _check_mappable(mapping: Mapped, place: Place, context: Context) -> None:
    """Report arguments that Airflow takes for all instances alike."""
    for name in mapping.expand:
        if name in UNMAPPABLE:
            context.report(
                BAD_MAPPING,
                (*place.path, "expand", name),
                f'"{name}" is the same for all mapped instances',
                hint="write it beside expand",
                at_key=True,
            )
