"""Checking the arguments of one operator: everything that is certainly wrong, at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import time
from functools import cache

from daggen.airflow.catalog.catalog import Catalog
from daggen.airflow.catalog.constructors import Given, check_constructor
from daggen.airflow.catalog.finding import Finding
from daggen.airflow.catalog.history import newer_hint
from daggen.airflow.catalog.model import Argument, Exclusive, Operator
from daggen.airflow.catalog.rules import (
    ALSO_EXCLUSIVE,
    RENAMED_ARGUMENTS,
    RENAMED_VALUES,
    SMALLEST,
    TIMES_OF_DAY,
)
from daggen.airflow.catalog.texts import check_texts
from daggen.airflow.catalog.values import (
    has_jinja,
    is_illegal_choice,
    is_mistyped,
    seconds_of,
    word_for,
    worded_choices,
    wording,
)
from daggen.code.graph import TaskOutput, Unknown
from daggen.diagnostics import suggest
from daggen.diagnostics.codes import catalog as codes

KEYS_OF_SPECS = ("dependencies", "task_group_name", "decorator", "expand", "partial", "teardown")
"""What stands beside a task's arguments in a spec."""

_VERY_LIKE = 0.75
"""How like an argument that all operators have is to one that is misspelt."""

GIVEN_BY_DECORATOR = frozenset({"python_callable", "op_args", "op_kwargs"})
"""What Airflow itself passes to the operator of a decorated function."""


def check_arguments(
    operator: Operator,
    arguments: Mapping[str, object],
    *,
    mapped: bool = False,
    from_defaults: Set[str] = frozenset(),
    rendered: bool = False,
) -> list[Finding]:
    """Check what an operator is given; values may be plain data or a code graph's.

    `mapped` says that further arguments come at run time (`expand_kwargs`), `from_defaults` names
    those that default_args give. `rendered` says that the values stand in generated Python, where
    durations and dates are objects already; otherwise `5m` is a duration. What cannot be known is
    no finding.
    """
    given = {name: value for name, value in arguments.items() if _is_checked(operator, name)}
    found: list[Finding] = []
    for name, value in given.items():
        if argument := operator.arguments.get(name):
            found.extend(_check_value(operator, argument, value, rendered))
        elif not operator.is_open:
            found.append(_unknown(operator, name))
    if not mapped:
        found.extend(_missing(operator, given.keys() | from_defaults, found))
    for rule in (*operator.exclusive, *_further_rules(operator)):
        found.extend(_check_exclusive(operator, rule, given, from_defaults, mapped))
    found.extend(check_constructor(Given(operator, given, from_defaults, mapped)))
    found.extend(check_texts(operator, given))
    return found


def _is_checked(operator: Operator, name: str) -> bool:
    return not (operator.kind == "decorator" and name in GIVEN_BY_DECORATOR)


def _further_rules(operator: Operator) -> Iterator[Exclusive]:
    if rule := ALSO_EXCLUSIVE.get(operator.dotted):
        yield rule


def _unknown(operator: Operator, name: str) -> Finding:
    """Say what an unknown name may be: outdated, set by the class, of another place, misspelt."""
    if name in operator.fixed:
        message = f'{operator.name} sets "{name}" itself'
        return Finding(name, codes.UNKNOWN_ARGUMENT, message, "leave it out")
    if name in RENAMED_ARGUMENTS:
        hint = RENAMED_ARGUMENTS[name]
        return Finding(name, codes.UNKNOWN_ARGUMENT, _no_argument(operator, name), hint)
    if place := _place_of(operator, name):
        message = f'"{name}" is an argument of {place}, not of {operator.name}'
        return Finding(name, codes.MISPLACED_ARGUMENT, message, _where_to_put(operator, name))
    hint = (
        newer_hint(operator, name)
        or _nearest_argument(operator, name)
        or _connection(operator, name)
    )
    if not hint and "op_kwargs" in operator.arguments:
        hint = "arguments of the function go into op_kwargs"
    return Finding(name, codes.UNKNOWN_ARGUMENT, _no_argument(operator, name), hint)


def _no_argument(operator: Operator, name: str) -> str:
    return f'unknown argument "{name}" for {operator.name}'


def _nearest_argument(operator: Operator, name: str) -> str:
    """Suggest what is very like, one of Airflow's arguments too, else one of the operator's own."""
    keys = KEYS_OF_SPECS if operator.is_task else ()
    like = suggest(name, [*operator.arguments, *keys], cutoff=_VERY_LIKE)
    return like or suggest(name, [*operator.own, *keys])


def _connection(operator: Operator, name: str) -> str:
    """Suggest the one connection of an operator for another's."""
    known = [each for each in operator.arguments if each.endswith("conn_id")]
    if name.endswith("conn_id") and len(known) == 1:
        return f'did you mean "{known[0]}"?'
    return ""


@cache
def _names_of(dotted: str) -> frozenset[str]:
    """Give the arguments of one of Airflow's base classes, from the shipped catalog."""
    operator = Catalog.load().find(dotted)
    return frozenset(operator.arguments) if operator else frozenset()


def _place_of(operator: Operator, name: str) -> str:
    task = _names_of("airflow.sdk.BaseOperator")
    if operator.kind in ("dag", "group") and name in task:
        return "tasks"
    if not operator.is_task:
        return ""
    if name in _names_of("airflow.sdk.DAG") - task:
        return "the DAG"
    if name in _names_of("airflow.sdk.TaskGroup") - task:
        return "task groups"
    return "sensors" if name in _names_of("airflow.sdk.BaseSensorOperator") - task else ""


def _where_to_put(operator: Operator, name: str) -> str:
    if operator.kind in ("dag", "group"):
        return "put it into default_args, or at the tasks"
    if name in _names_of("airflow.sdk.DAG"):
        return "move it to the top of the DAG"
    return suggest(name, operator.arguments) or "leave it out"


def _check_value(
    operator: Operator, argument: Argument, value: object, rendered: bool
) -> Iterator[Finding]:
    name = argument.name
    templated = name in operator.templated
    if argument.ignored and value is not None:
        message = f'"{name}" has no effect on this version of Airflow'
        yield Finding(name, codes.WITHOUT_EFFECT, message, "give the DAG a deadline instead")
    elif _is_unrendered(operator, argument, value):
        what = "the output of a task" if isinstance(value, TaskOutput) else "runtime Jinja"
        message = f'"{name}" of {operator.name} is no template field: {what} is not resolved there'
        yield Finding(name, codes.UNRENDERED_TEMPLATE, message, _templated_hint(operator))
    elif is_mistyped(argument, value, templated=templated, rendered=rendered):
        is_time = name in TIMES_OF_DAY.get(operator.dotted, ())
        what = "a time of the day" if is_time else wording(argument)
        message = f'"{name}" of {operator.name} is {what}, not {word_for(value)}'
        hint = _time_hint(value) if is_time else _type_hint(argument, value)
        yield Finding(name, codes.MISTYPED_ARGUMENT, message, hint)
    elif is_illegal_choice(argument, value, templated=templated):
        message = f'"{value}" is no value of "{name}"'
        yield Finding(name, codes.ILLEGAL_VALUE, message, _choice_hint(argument, value))
    elif _is_too_small(operator, name, value):
        message = f'"{name}" is {value}, and cannot be less than {SMALLEST[name]}'
        yield Finding(name, codes.ILLEGAL_VALUE, message)


def _is_unrendered(operator: Operator, argument: Argument, value: object) -> bool:
    """Tell whether a value is certain to reach a provider's operator unrendered.

    Airflow's base arguments are left out (some of them are rendered in their own ways), and so
    are classes whose template fields have other names than their arguments.
    """
    name = argument.name
    if not operator.is_task or name in operator.templated or name not in operator.own:
        return False
    if not operator.templated or not operator.arguments.keys() >= operator.templated:
        return False
    return has_jinja(value) or isinstance(value, TaskOutput)


def _templated_hint(operator: Operator) -> str:
    return f"its template fields are {', '.join(sorted(operator.templated))}"


def _type_hint(argument: Argument, value: object) -> str:
    if not isinstance(value, str):
        return ""
    seconds = seconds_of(value)
    if argument.types & {"int", "float"}:
        if value.strip().lstrip("-").isdigit():
            return f"write {value.strip()} without quotes"
        return f"write the number of seconds: {seconds:g}" if seconds is not None else ""
    if "bool" in argument.types:
        return "write true or false, without quotes"
    return "write it in brackets: [...]" if "list" in argument.types else ""


def _time_hint(value: object) -> str:
    """Say how a spec writes the time of the day that a value probably means."""
    try:
        said = time.fromisoformat(value) if isinstance(value, str) else time(4)
    except ValueError:
        said = time(4)
    parts = {"hour": said.hour, "minute": said.minute, "second": said.second}
    shown = ", ".join(f"{name}: {part}" for name, part in parts.items() if part or name == "hour")
    return f"write {{__type__: datetime.time, {shown}}}"


def _choice_hint(argument: Argument, value: object) -> str:
    if value in RENAMED_VALUES:
        return f'did you mean "{RENAMED_VALUES[str(value)]}"?'
    nearest = suggest(value, [str(each) for each in argument.choices])
    return nearest or f"it is one of {', '.join(worded_choices(argument))}"


def _is_too_small(operator: Operator, name: str, value: object) -> bool:
    if name not in SMALLEST or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    inherited = not operator.base or name not in operator.own
    return inherited and value < SMALLEST[name]


def _missing(operator: Operator, given: Set[str], found: list[Finding]) -> Iterator[Finding]:
    """Tell of required arguments, but for those that a misspelt one probably is."""
    hints = " ".join(each.hint for each in found if each.rule is codes.UNKNOWN_ARGUMENT)
    for name in sorted(operator.required - given):
        if f'"{name}"' not in hints:
            message = f'{operator.name} needs "{name}"'
            yield Finding("", codes.MISSING_ARGUMENT, message, f"add {name}")


def _check_exclusive(
    operator: Operator,
    rule: Exclusive,
    given: Mapping[str, object],
    from_defaults: Set[str],
    mapped: bool,
) -> Iterator[Finding]:
    present = [name for name in rule.names if _counts(given.get(name), rule)]
    if rule.limit and len(present) > 1:
        message = f"{operator.name} takes only one of {_listed(present)}"
        yield Finding(present[-1], codes.CONFLICTING_ARGUMENTS, message, "leave out the others")
    unclear = mapped or any(
        name in from_defaults or isinstance(given.get(name), Unknown) for name in rule.names
    )
    if rule.needs and not unclear and all(given.get(name) is None for name in rule.names):
        message = f"{operator.name} needs one of {_listed(rule.names)}"
        yield Finding("", codes.MISSING_ARGUMENT, message, f"add {rule.names[0]}")


def _counts(value: object, rule: Exclusive) -> bool:
    if rule.when_true:
        return value is True
    return value not in (None, [], "") and not isinstance(value, Unknown)


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return " and ".join([", ".join(f'"{name}"' for name in names[:-1]), f'"{names[-1]}"'])
