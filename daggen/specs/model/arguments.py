"""Reads the arguments of an operator or a decorator, each by what is known of its name."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from daggen.diagnostics.codes.keys import UNKNOWN_KEY, WRONG_TYPE
from daggen.specs.document import Path
from daggen.specs.model.callbacks import read_callbacks
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.durations import SECONDS
from daggen.specs.model.keys import Key, gone_key, read_key, report_gone
from daggen.specs.model.knowledge import Knowledge
from daggen.specs.model.objects import read_dotted, read_value
from daggen.specs.model.task_keys import CALLBACK_ARGUMENTS, SENSOR_KEYS, TASK_GONE, TASK_KEYS
from daggen.specs.model.values import Value

_SAID_OTHERWISE = {"dag": "leave it out", "task_group": "write task_group_name"}
"""Arguments of Airflow's operators that take the objects which a spec names."""
_OF_ORDER = ("upstream", "upstream_task_ids", "depends_on", "depends_on_task_ids")
"""What people call the dependencies of a task in other tools."""


@dataclass(frozen=True)
class ArgumentReader:
    """Reads the arguments of one operator, each by what is known of its name."""

    context: Context
    operator: str
    knowledge: Knowledge
    of_call: Collection[str] = ()
    """The parameters of a decorated function: what is theirs is no argument of the decorator."""

    def read(self, raw: Mapping[Any, Any], path: Path) -> dict[str, Value]:
        """Read arguments at a path; those that are reported are left out."""
        values = {name: self._read_one(name, item, (*path, name)) for name, item in raw.items()}
        return {str(name): value for name, value in values.items() if value is not INVALID}

    def _read_one(self, name: Any, item: Any, path: Path) -> Value:
        if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
            return self.context.report(
                UNKNOWN_KEY, path, f"{shown(name)} is no name of an argument", at_key=True
            )
        hint = _SAID_OTHERWISE.get(name, "")
        if name in _OF_ORDER and not self.knowledge.takes(self.operator, name):
            hint = "write dependencies"
        if hint:
            return self.context.report(
                UNKNOWN_KEY, path, f'"{name}" is not said here', hint=hint, at_key=True
            )
        if name in self.of_call and name != "python_callable":
            return read_value(item, path, self.context)
        if former := gone_key(name, TASK_GONE, self.context):
            report_gone(name, former, path, self.context)
            return INVALID
        key = self._key(name)
        if key is None:
            return self._read_operator_argument(name, item, path)
        return read_key(name, key, item, path, self.context)

    def _key(self, name: str) -> Key | None:
        if name in SENSOR_KEYS and self.knowledge.is_sensor(self.operator):
            return SENSOR_KEYS[name]
        return TASK_KEYS.get(name)

    def _read_operator_argument(self, name: str, item: Any, path: Path) -> Value:
        if name in CALLBACK_ARGUMENTS:
            return read_callbacks(item, path, self.context)
        if name == "op_args" and isinstance(item, str) and "{{" not in item:
            return self._read_op_args(item, path)
        if isinstance(item, str) and self.knowledge.is_callable(self.operator, name):
            return read_dotted(item, path, self.context, "function")
        if self.knowledge.is_duration(self.operator, name) and item is not None:
            return SECONDS.read(item, path, self.context)
        return read_value(item, path, self.context)

    def _read_op_args(self, item: str, path: Path) -> Value:
        """Read a reference to a list; of any other text Airflow would pass each letter."""
        value = read_value(item, path, self.context)
        if not isinstance(value, str):
            return value
        message, hint = f"expected a list, found {shown(item)}", f"write it in brackets: [{item}]"
        return self.context.report(WRONG_TYPE, path, message, hint=hint)
