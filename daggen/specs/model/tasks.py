"""Reads one task: its operator or decorator, its arguments, its mapping, setup and teardown."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from daggen.code.airflow_names import canonical, current_path
from daggen.diagnostics import suggest
from daggen.diagnostics.codes.keys import BAD_OBJECT, LEGACY_PATH, UNKNOWN_KEY, WRONG_TYPE
from daggen.diagnostics.codes.tasks import (
    CONFLICTING_KEYS,
    MISSING_KEY,
    UNKNOWN_DEPENDENCY,
    UNKNOWN_OPERATOR_NAME,
)
from daggen.specs.document import Path
from daggen.specs.model.circuit_breaker import KEY as CIRCUIT_BREAKER
from daggen.specs.model.circuit_breaker import with_circuit_breaker
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.keys import Key, gone_key, report_gone, report_too_new
from daggen.specs.model.knowledge import Knowledge
from daggen.specs.model.mapping import MAPPING_KEYS, read_mapping
from daggen.specs.model.names import Names, references
from daggen.specs.model.objects import check_available, is_dotted, read_dotted, read_value
from daggen.specs.model.outline import Place
from daggen.specs.model.scalars import SECONDS
from daggen.specs.model.seconds import expand_seconds
from daggen.specs.model.spec import TaskSpec, Teardown
from daggen.specs.model.task_keys import (
    DURATION_ARGUMENTS,
    SENSOR_KEYS,
    TASK_GONE,
    TASK_KEYS,
)
from daggen.specs.model.values import Value

TASK_STRUCTURE = (
    "task_id",
    "operator",
    "decorator",
    "dependencies",
    "task_group_name",
    "setup",
    "teardown",
    CIRCUIT_BREAKER,
    *MAPPING_KEYS,
)
_SAID_OTHERWISE = {"dag": "leave it out", "task_group": "write task_group_name"}
"""Arguments of Airflow's operators that take the objects which a spec names."""

_DECORATOR_KEYS = frozenset(
    "templates_dict show_return_value_in_logs requirements python_version system_site_packages "
    "pip_install_options expect_airflow expect_pendulum serializer use_dill python image "
    "index_urls venv_cache_path env_vars inherit_env skip_on_exit_code string_args "
    "ignore_downstream_trigger_rules name namespace task_ids".split()
)


@dataclass(frozen=True)
class TaskReader:
    """Reads the tasks of one DAG."""

    names: Names
    context: Context
    knowledge: Knowledge

    def read(self, place: Place) -> TaskSpec:
        """Read a task; findings go to the context."""
        scope = place.parent
        context = replace(self.context, reference=references(self.names, scope, self.context))
        operator, decorator = _kind(place, context)
        operator = self._resolved(operator, (*place.path, "operator"))
        self._check_decorator(decorator, (*place.path, "decorator"))
        reader = _ArgumentReader(context, operator or decorator, self.knowledge)
        raw = expand_seconds(place.raw, place.path, context)
        arguments = reader.read(_plain_arguments(raw), place.path)
        mapping_context = replace(
            context, reference=references(self.names, scope, self.context, mapping=True)
        )
        mapped_reader = _ArgumentReader(mapping_context, operator or decorator, self.knowledge)
        mapping = read_mapping(raw, place.path, mapping_context, mapped_reader.read, arguments)
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
            teardown=self._teardown(raw, place, context),
        )
        task = with_circuit_breaker(task, raw.get(CIRCUIT_BREAKER), context)
        return self._with_call(task) if decorator else task

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
            if name != "python_callable" and self._is_of_call(name, task, parameters):
                call[name] = arguments.pop(name)
        return replace(task, arguments=arguments, call_args=tuple(call_args), call=call)

    def _is_of_call(self, name: str, task: TaskSpec, parameters: Sequence[str] | None) -> bool:
        """Tell whether an argument is the function's, by its signature if that is known."""
        if parameters is not None and (name in parameters or not suggest(name, parameters)):
            return name in parameters
        known = [TASK_KEYS.keys(), DURATION_ARGUMENTS.keys(), _DECORATOR_KEYS]
        if self.knowledge.is_sensor(task.decorator):
            known.append(SENSOR_KEYS.keys())
        is_known = any(name in names for names in known)
        return not is_known and not self.knowledge.takes(task.decorator, name)

    def _resolved(self, operator: str, path: Path) -> str:
        """Give the dotted path of a short operator name; dotted paths stay as they are."""
        operators = self.knowledge.operators
        if operators is None or not operator or "." in operator:
            return operator
        if dotted := operators.resolve(operator):
            return dotted
        nearest = operators.nearest(operator)
        if several := operators.candidates(operator):
            message, hint = f'"{operator}" may be any of {", ".join(several)}', "write its path"
        else:
            message = f'there is no operator "{operator}"'
            near = f'did you mean "{nearest}"?' if nearest else "write its dotted path"
            hint = operators.replacement(operator) or near
        self.context.report(UNKNOWN_OPERATOR_NAME, path, message, hint=hint)
        return operator

    def _check_decorator(self, decorator: str, path: Path) -> None:
        """Report a misspelt `task.…`; one that is like no known one may be of another provider."""
        operators = self.knowledge.operators
        if operators is None or not decorator.startswith("task.") or operators.find(decorator):
            return
        if nearest := operators.nearest(decorator):
            message = f'there is no decorator "{decorator}"'
            hint = f'did you mean "{nearest}"?'
            self.context.report(UNKNOWN_OPERATOR_NAME, path, message, hint=hint)

    def _teardown(self, raw: Mapping[Any, Any], place: Place, context: Context) -> Teardown | None:
        said = raw.get("teardown")
        path = (*place.path, "teardown")
        if said is None or isinstance(said, bool):
            return Teardown() if said else None
        if isinstance(said, str | list):
            return Teardown(self._setups(said, path, place, context))
        keys = ("setups", "on_failure_fail_dagrun")
        if not isinstance(said, Mapping) or not set(said) <= set(keys):
            context.report(
                WRONG_TYPE,
                path,
                "teardown takes true, its setups, or a mapping of " f"{' and '.join(keys)}",
            )
            return None
        setups = self._setups(said.get("setups", []), (*path, "setups"), place, context)
        fails = said.get("on_failure_fail_dagrun")
        return Teardown(setups, fails if isinstance(fails, bool) else None)

    def _setups(self, said: Any, path: Path, place: Place, context: Context) -> tuple[str, ...]:
        ids = []
        for name in said if isinstance(said, list) else [said]:
            found = self.names.find(str(name), place.parent)
            if isinstance(found, Place) and not found.is_group:
                ids.append(found.id)
            else:
                hint = self.names.nearest_task(str(name))
                text = isinstance(name, str)
                message = "there is no task" if text else "expected the name of a task, found"
                context.report(UNKNOWN_DEPENDENCY, path, f"{message} {shown(name)}", hint=hint)
        return tuple(ids)


@dataclass(frozen=True)
class _ArgumentReader:
    """Reads the arguments of one operator, each by what is known of its name."""

    context: Context
    operator: str
    knowledge: Knowledge

    def read(self, raw: Mapping[Any, Any], path: Path) -> dict[str, Value]:
        values = {name: self._read_one(name, item, (*path, name)) for name, item in raw.items()}
        return {str(name): value for name, value in values.items() if value is not INVALID}

    def _read_one(self, name: Any, item: Any, path: Path) -> Value:
        if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
            return self.context.report(
                UNKNOWN_KEY, path, f"{shown(name)} is no name of an argument", at_key=True
            )
        if name in _SAID_OTHERWISE:
            hint = _SAID_OTHERWISE[name]
            return self.context.report(
                UNKNOWN_KEY, path, f'"{name}" is not said here', hint=hint, at_key=True
            )
        if former := gone_key(name, TASK_GONE, self.context):
            report_gone(name, former, path, self.context)
            return INVALID
        key = self._key(name)
        if key is None:
            return self._read_operator_argument(name, item, path)
        if key.since > self.context.airflow:
            report_too_new(name, key.since, path, self.context)
            return INVALID
        return None if item is None else key.kind.read(item, path, self.context)

    def _key(self, name: str) -> Key | None:
        if name in SENSOR_KEYS and self.knowledge.is_sensor(self.operator):
            return SENSOR_KEYS[name]
        return TASK_KEYS.get(name)

    def _read_operator_argument(self, name: str, item: Any, path: Path) -> Value:
        if isinstance(item, str) and self.knowledge.is_callable(self.operator, name):
            return read_dotted(item, path, self.context, "function")
        if self.knowledge.is_duration(self.operator, name) and item is not None:
            return SECONDS.read(item, path, self.context)
        return read_value(item, path, self.context)


def _plain_arguments(raw: Mapping[Any, Any]) -> dict[Any, Any]:
    return {name: item for name, item in raw.items() if name not in TASK_STRUCTURE}


def _flag(raw: Mapping[Any, Any], name: str, place: Place, context: Context) -> bool:
    said = raw.get(name, False)
    if not isinstance(said, bool):
        context.report(
            WRONG_TYPE, (*place.path, name), f"expected true or false, found {shown(said)}"
        )
    return said is True


def _kind(place: Place, context: Context) -> tuple[str, str]:
    """Give the operator or the decorator of a task, "" for the one it has not."""
    said = [key for key in ("operator", "decorator") if place.raw.get(key) is not None]
    if len(said) == 2:
        context.report(
            CONFLICTING_KEYS,
            (*place.path, "decorator"),
            "a task has an operator or a decorator, not both",
            at_key=True,
        )
        return "", ""
    if not said:
        close = next((key for key in place.raw if suggest(key, ("operator", "decorator"))), None)
        context.report(
            MISSING_KEY,
            place.path,
            f'the task "{place.label}" has no operator',
            hint=suggest(close, ("operator", "decorator")) if close else "",
            at_key=True,
        )
        return "", ""
    name = _type_name(place.raw[said[0]], (*place.path, said[0]), context)
    if said == ["operator"]:
        return name, ""
    if "python_callable" not in place.raw:
        context.report(
            MISSING_KEY, place.path, "a decorated task needs a python_callable", at_key=True
        )
    return "", name


def _type_name(raw: Any, path: Path, context: Context) -> str:
    if not isinstance(raw, str) or not (raw.isidentifier() or is_dotted(raw)):
        context.report(BAD_OBJECT, path, f"{shown(raw)} is no dotted path and no short name")
        return ""
    check_available(raw, path, context)
    today = current_path(raw, context.airflow)
    if today != raw and canonical(raw) != raw and not raw.startswith("airflow.sdk."):
        context.report(
            LEGACY_PATH, path, f"{raw} is the path of an older Airflow", hint=f"today's: {today}"
        )
    return raw
