"""What the constructors of single operators refuse, beyond what their signatures tell.

A constructor that raises breaks the whole file when Airflow loads it. An operator is one function
here, and one line in `_CHECKS`; classes derived from it may have other rules, and have none here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from daggen.airflow.catalog.finding import Finding
from daggen.airflow.catalog.model import Operator
from daggen.code.graph import Unknown
from daggen.diagnostics import suggest
from daggen.diagnostics.codes.catalog import ILLEGAL_VALUE

_STANDARD = "airflow.providers.standard"

DAG_STATES = ("failed", "queued", "running", "success")
TASK_STATES = (
    *("awaiting_input", "deferred", "failed", "queued", "removed", "restarting", "running"),
    *("scheduled", "skipped", "success", "up_for_reschedule", "up_for_retry", "upstream_failed"),
)
_STATES_AWAITED = ("allowed_states", "skipped_states", "failed_states")
_TASKS_AWAITED = ("external_task_id", "external_task_ids", "external_task_group_id")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Given:
    """What a constructor is given. `mapped` says that further arguments come at run time."""

    operator: Operator
    arguments: Mapping[str, object]
    from_defaults: Set[str]
    mapped: bool

    def get(self, name: str, default: object = None) -> object:
        """Give the value of an argument, `Unknown` where it comes from elsewhere."""
        if name in self.arguments or name in self.operator.fixed:
            return self.arguments.get(name, default)
        return Unknown(name) if self.mapped or name in self.from_defaults else default

    def wrong(self, name: str, what: str, hint: str) -> Finding:
        """Tell that the value of an argument is refused."""
        return Finding(name, ILLEGAL_VALUE, f'"{name}" of {self.operator.name} {what}', hint)


def check_constructor(given: Given) -> Iterator[Finding]:
    """Report the values that a constructor is certain to refuse."""
    if check := _CHECKS.get(given.operator.dotted):
        yield from check(given)


def _human_in_the_loop(given: Given, options: object = None) -> Iterator[Finding]:
    """Check the options that a person can choose from; `options` are those of the class itself."""
    options = given.get("options", options)
    if "options" in given.arguments and options in ([], (), "", {}):
        yield given.wrong("options", "is empty", "say what a person can choose")
    elif known := _plain(options):
        yield from _defaults(given, known)
    params = given.get("params")
    if isinstance(params, Mapping) and "_options" in params:
        what = 'has "_options", which Airflow keeps for the options'
        yield given.wrong("params", what, "name it otherwise")


def _defaults(given: Given, known: Sequence[object]) -> Iterator[Finding]:
    """Check the options that are chosen where nobody answers."""
    defaults = given.get("defaults")
    chosen = _plain([defaults] if isinstance(defaults, str) else defaults)
    for each in chosen:
        if each not in known:
            yield _no_option(given, "defaults", each, known)
    if len(chosen) > 1 and given.get("multiple", False) is False:
        fixed = "multiple" in given.operator.fixed
        hint = "keep one" if fixed else "keep one, or write multiple: true"
        yield given.wrong("defaults", f"has {len(chosen)}, where one is chosen", hint)


def _approval(given: Given) -> Iterator[Finding]:
    yield from _human_in_the_loop(given, ["Approve", "Reject"])


def _entry(given: Given) -> Iterator[Finding]:
    yield from _human_in_the_loop(given, ["OK"])


def _branch(given: Given) -> Iterator[Finding]:
    yield from _human_in_the_loop(given)
    known = _plain(given.get("options"))
    mapping = given.get("options_mapping")
    for option, task in mapping.items() if isinstance(mapping, Mapping) else ():
        if known and isinstance(option, str) and option not in known:
            yield _no_option(given, "options_mapping", option, known)
        if isinstance(task, int | float | list | dict | None):
            yield given.wrong("options_mapping", f"maps {option} to no task", "name a task")


def _no_option(given: Given, name: str, option: object, known: Sequence[object]) -> Finding:
    listed = [str(each) for each in known]
    hint = suggest(option, listed) or f"the options are {', '.join(listed)}"
    return given.wrong(name, f"has {option}, which is no option", hint)


def _external_task(given: Given) -> Iterator[Finding]:
    """Check the states that are waited for, and that none is named twice."""
    of_tasks = any(given.get(name) not in (None, [], ()) for name in _TASKS_AWAITED)
    seen: set[str] = set()
    for name in _STATES_AWAITED:
        for state in _states(given, name):
            yield from _check_state(given, name, state, TASK_STATES if of_tasks else DAG_STATES)
            if state in seen:
                yield given.wrong(name, f"has {state}, which is named twice", "name it once")
            seen.add(state)


def _trigger(given: Given) -> Iterator[Finding]:
    for name in ("allowed_states", "failed_states"):
        for state in _states(given, name):
            yield from _check_state(given, name, state, DAG_STATES)


def _states(given: Given, name: str) -> list[str]:
    """Give the states that are named; what is no text (`State.SUCCESS`) is not checked."""
    value = given.get(name)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _check_state(given: Given, name: str, state: str, known: Sequence[str]) -> Iterator[Finding]:
    if state not in known:
        what = "tasks" if known is TASK_STATES else "runs of DAGs"
        hint = suggest(state, known) or f"they have {', '.join(known)}"
        yield given.wrong(name, f"has {state}, which is no state of {what}", hint)


def _week_day(given: Given) -> Iterator[Finding]:
    """Check the days, whose names may be in any case; `WeekDay` objects are not checked."""
    value = given.get("week_day")
    if isinstance(value, int):
        yield given.wrong("week_day", "is a number", f"name the day: {_DAYS[(value - 1) % 7]}")
    for day in [value] if isinstance(value, str) else value if isinstance(value, list) else ():
        if isinstance(day, str) and day.capitalize() not in _DAYS:
            yield given.wrong("week_day", f"has {day}, which is no day", _day_hint(day))


def _day_hint(day: str) -> str:
    begun = [each for each in _DAYS if each.startswith(day.capitalize()[:3])]
    return f'write "{begun[0]}"' if begun else suggest(day, _DAYS) or "write it in English"


def _plain(value: object) -> Sequence[object]:
    """Give the elements of a list of plain values; nothing where one of them is not known."""
    known = isinstance(value, list | tuple) and all(isinstance(each, str | int) for each in value)
    return value if known and isinstance(value, list | tuple) else ()


_CHECKS: Mapping[str, Callable[[Given], Iterator[Finding]]] = {
    f"{_STANDARD}.operators.hitl.ApprovalOperator": _approval,
    f"{_STANDARD}.operators.hitl.HITLBranchOperator": _branch,
    f"{_STANDARD}.operators.hitl.HITLEntryOperator": _entry,
    f"{_STANDARD}.operators.hitl.HITLOperator": _human_in_the_loop,
    f"{_STANDARD}.operators.trigger_dagrun.TriggerDagRunOperator": _trigger,
    f"{_STANDARD}.operators.weekday.BranchDayOfWeekOperator": _week_day,
    f"{_STANDARD}.sensors.external_task.ExternalTaskSensor": _external_task,
    f"{_STANDARD}.sensors.weekday.DayOfWeekSensor": _week_day,
}
