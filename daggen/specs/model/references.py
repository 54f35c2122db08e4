"""Reads `+task` in the values of a spec: it is a reference, a text, or a mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from daggen.diagnostics import Severity, suggest
from daggen.diagnostics.codes.tasks import NO_REFERENCE, UNKNOWN_DEPENDENCY
from daggen.specs.document import Path
from daggen.specs.model.context import Context, shown
from daggen.specs.model.names import Names, NotFound, group_arguments
from daggen.specs.model.outline import Place
from daggen.specs.model.outputs import OUTPUT_MARKS
from daggen.specs.model.values import GroupArgument, Output, Value

_KEY = r"""(?:\[(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)")\])?"""
_NAME = r"\+(?P<name>\.?[A-Za-z_][\w.-]*)"
_PLUS = re.compile(rf"{_NAME}{_KEY}")
_OUTPUT = re.compile(rf"(?P<name>[\w.-]+)\.output{_KEY}")
_XCOM_ARG = re.compile(rf"X[cC]om[aA]rg\((?P<name>[\w.-]+)\){_KEY}")
_LIKE_PLUS = re.compile(rf"{_NAME}(?P<rest>\[.*\]|\[\S*|\(\))?")
"""What someone wrote for a reference, rightly or not."""
_ENTRY = re.compile(r"""\[\s*(?P<quote>['"]?)(?P<key>[^'"\[\]]+)['"]?\s*\]?(?P<more>.*)""")

_CALL = ("op_args", "op_kwargs")
_AS_TEXT = 'for a text, write {{__join__: ["+", "{}"]}}'

IsValue = Callable[[Path], bool]
"""Tells whether what stands at a path is a value that the DAG passes on, not part of a command."""


def like_reference(text: str) -> bool:
    """Tell whether a text is a reference, or looks like one that is written wrongly."""
    return bool(_LIKE_PLUS.fullmatch(text))


def passed_on(place: Place, is_of_call: Callable[[str], bool] = lambda name: False) -> IsValue:
    """Make what tells the values that a task (or group) is called with, or mapped over.

    `is_of_call` knows the parameters of a decorated function. Texts deep inside what an operator
    is mapped over may be words of a command: `cmds: [[chmod, +x, a], [chmod, +x, b]]`.
    """

    def is_value(path: Path) -> bool:
        inner = path[len(place.path) :]
        if "__join__" in inner:
            return False
        mapping = inner[0] if inner[0] in ("expand", "expand_kwargs", "partial") else ""
        argument, *deeper = inner[{"": 0, "expand_kwargs": 2}.get(str(mapping), 1) :] or ("",)
        if argument in _CALL or is_of_call(str(argument)):
            return True
        is_shallow = len(deeper) <= (mapping == "expand") or any(
            step in OUTPUT_MARKS for step in deeper
        )
        return bool(mapping) and is_shallow

    return is_value


def references(
    names: Names, scope: Place | None, context: Context, is_value: IsValue, *, mapping: bool = False
) -> Callable[[str, Path], Value | None]:
    """Make the reader of references for values inside the group `scope`.

    `+task` and `+task['key']` are references everywhere, `task.output` and `XcomArg(task)` only
    where tasks are mapped. In a mapped group, `+name` of an argument is that argument. Where
    `is_value` holds, `+name` is meant as a reference even if nothing is called so.
    """
    arguments = frozenset(name for group in _around(scope) for name in group_arguments(group.raw))
    return _Reader(names, scope, context, is_value, mapping, arguments).read


def _around(scope: Place | None) -> list[Place]:
    return [group for group in (scope, *scope.around()) if group] if scope else []


@dataclass(frozen=True)
class _Reader:
    names: Names
    scope: Place | None
    context: Context
    is_value: IsValue
    mapping: bool
    arguments: frozenset[str]

    def read(self, text: str, path: Path) -> Value | None:
        """Give what a text refers to, None where it is a text, `INVALID` where it is reported."""
        forms = (_PLUS, _OUTPUT, _XCOM_ARG) if self.mapping else (_PLUS,)
        match = next((m for form in forms if (m := form.fullmatch(text))), None)
        key = (match["single"] or match["double"]) if match else None
        name = match["name"] if match else ""
        if match and match.re is _PLUS and name in self.arguments and key is None:
            return GroupArgument(name)
        if match and name not in self.arguments and (task := self._task(name)):
            return Output(task.id, key)
        if text.startswith("+"):
            return self._read_plus(text, path)
        if match:
            found = self.names.find(name, self.scope)
            return self._report_unknown(name, found, path) if isinstance(found, NotFound) else None
        self._report_like(text, path)
        return None

    def _task(self, name: str) -> Place | None:
        found = self.names.find(name, self.scope)
        return found if isinstance(found, Place) and not found.is_group else None

    def _read_plus(self, text: str, path: Path) -> Value | None:
        """Report a text that is meant as a reference and is none."""
        match = _LIKE_PLUS.fullmatch(text)
        if match is None:
            return None
        name, rest = match["name"], match["rest"] or ""
        bare = name.removesuffix(".output")
        if (rest or bare != name) and (bare in self.arguments or self._task(bare)):
            return self._report_malformed(text, bare, rest, path)
        found = self.names.find(name, self.scope)
        is_near = self.names.nearest_task(name) or suggest(name, self.arguments)
        if isinstance(found, NotFound) and is_near and _PLUS.fullmatch(text):
            return self._report_unknown(name, found, path)
        if not self.is_value(path):
            return None
        if isinstance(found, NotFound):
            return self._report_unknown(name, found, path)
        message = f'"{name}" is a group: its tasks return something, it does not'
        return self.context.report(
            UNKNOWN_DEPENDENCY, path, message, hint=f"write +{name}. and the name of a task in it"
        )

    def _report_unknown(self, name: str, found: NotFound, path: Path) -> Value:
        task, _, key = name.rpartition(".")
        if task and self._task(task):
            hint = f"for an entry of what {task} returns, write \"+{task}['{key}']\""
        else:
            hint = self.names.nearest_task(name) or suggest(name, self.arguments) or found.hint
        hint = hint or _AS_TEXT.format(name)
        return self.context.report(UNKNOWN_DEPENDENCY, path, found.message, hint=hint)

    def _report_malformed(self, text: str, name: str, rest: str, path: Path) -> Value:
        is_task = name not in self.arguments
        what = f'what "{name}" returns' if is_task else f'the argument "{name}" of the group'
        message = f"{shown(text)} is only a text, not {what}"
        hint = _how_to_write(name, rest, is_task=is_task)
        return self.context.report(NO_REFERENCE, path, message, hint=hint, severity=Severity.ERROR)

    def _report_like(self, text: str, path: Path) -> None:
        """Warn of `task.output` where it is only a text."""
        match = _OUTPUT.fullmatch(text) or _XCOM_ARG.fullmatch(text)
        if match and self._task(match["name"]):
            key = match["single"] or match["double"]
            written = f"+{match['name']}" + (f"['{key}']" if key else "")
            message = f'"{text}" is only a text here, not what "{match["name"]}" returns'
            self.context.report(NO_REFERENCE, path, message, hint=f"write {written}")


def _how_to_write(name: str, rest: str, *, is_task: bool) -> str:
    """Say what to write instead of a name and something after it that is no key."""
    entry = _ENTRY.fullmatch(rest)
    if not rest or rest == "()":
        return f"write +{name}"
    if not is_task or entry is None or (not entry["quote"] and entry["key"].strip().isdigit()):
        return f"write +{name}, and take the entry in the function"
    written = f"write \"+{name}['{entry['key'].strip()}']\""
    return f"{written}, and take what is in it in the function" if entry["more"] else written
