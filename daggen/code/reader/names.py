"""What imported names mean: Airflow's building blocks by all their import paths, tame packages."""

from __future__ import annotations

import re
import sys

from daggen.code.airflow_names import is_notifier_alias

_CONCEPTS = {
    "DAG": "dag_class",
    "dag": "dag_decorator",
    "TaskGroup": "group_class",
    "task_group": "group_decorator",
    "task": "task_decorator",
    "setup": "setup",
    "teardown": "teardown",
    "setup_task": "setup",
    "teardown_task": "teardown",
    "result": "identity",
    "chain": "chain",
    "chain_linear": "chain_linear",
    "cross_downstream": "cross_downstream",
    "Label": "label",
    "EdgeModifier": "label",
    "XComArg": "xcom_arg",
    "PlainXComArg": "xcom_arg",
    "asset": "asset_decorator",
    "context_wrapper": "setups",
    "ContextWrapper": "setups",
    "python_task": "task_decorator",
}
_AIRFLOW_BASES = frozenset({"BaseOperator", "BaseAsyncOperator", "BaseSensorOperator"})
_DATA_PACKAGES = frozenset(
    "attr attrs boto3 botocore croniter dateutil httpx jinja2 kubernetes numpy orjson packaging "
    "pandas pendulum psycopg2 pydantic pytz requests slugify sqlalchemy structlog toml yaml".split()
)
_WILD_AIRFLOW = (
    "airflow.decorators.",
    "airflow.example_dags.",
    "airflow.operators.",
    "airflow.plugins",
    "airflow.providers.",
    "airflow.sdk.bases.decorator",
    "airflow.sdk.definitions.decorators",
)
_ENUMS = frozenset({"TriggerRule", "WeightRule"})
_CONSTRUCTORS = frozenset(
    {
        "datetime.datetime.fromisoformat",
        "datetime.datetime.strptime",
        "datetime.datetime.fromtimestamp",
        "datetime.date.fromisoformat",
        "datetime.time.fromisoformat",
        "datetime.datetime.combine",
        "functools.partial",
        "operator.attrgetter",
        "operator.itemgetter",
        "operator.methodcaller",
        "pendulum.date",
        "pendulum.datetime",
        "pendulum.duration",
        "pendulum.from_format",
        "pendulum.instance",
        "pendulum.interval",
        "pendulum.local",
        "pendulum.naive",
        "pendulum.parse",
        "pendulum.period",
        "pendulum.time",
        "pendulum.timezone",
        "pendulum.tz.timezone",
        "pytz.timezone",
        "re.compile",
        "types.MappingProxyType",
        "airflow.sdk.literal",
        "airflow.sdk.timezone.datetime",
        "airflow.sdk.timezone.parse",
        "airflow.utils.timezone.datetime",
        "airflow.utils.timezone.parse",
        "dateutil.relativedelta.relativedelta",
        "dateutil.tz.gettz",
        "dateutil.parser.parse",
        "datetime.date",
        "datetime.datetime",
        "datetime.time",
        "datetime.timedelta",
        "datetime.timezone",
        "datetime.tzinfo",
    }
)
_CAMEL = re.compile(r"_*[A-Z][A-Za-z0-9]*$")
_CONSTANT = re.compile(r"_*[A-Z][A-Z0-9_]+$")


def last(dotted: str) -> str:
    """Give the last part of a dotted name."""
    return dotted.rpartition(".")[2]


def is_airflow(dotted: str) -> bool:
    """Tell whether a name belongs to Airflow or to one of its providers."""
    return dotted.startswith("airflow.") or dotted == "airflow"


def concept(dotted: str) -> str:
    """Name the building block of Airflow that a dotted name stands for, "" for none of them."""
    return _CONCEPTS.get(last(dotted), "") if is_airflow(dotted) else ""


def task_kind(dotted: str) -> str:
    """Give the kind of a task decorator (`branch` for `airflow.sdk.task.branch`), "" for others."""
    owner, _, kind = dotted.rpartition(".")
    return kind if is_airflow(owner) and last(owner) == "task" and kind.islower() else ""


def is_class_name(dotted: str) -> bool:
    """Tell whether a name is written as a class is: `CamelCase`."""
    name = last(dotted)
    return bool(_CAMEL.fullmatch(name)) and not (_CONSTANT.fullmatch(name) and len(name) > 3)


def is_constructor(dotted: str) -> bool:
    """Tell whether calling the name only builds an object from its arguments."""
    return dotted in _CONSTRUCTORS or is_class_name(dotted) or is_notifier_alias(dotted)


def is_tame(dotted: str) -> bool:
    """Tell whether calling the name cannot add to a DAG: the standard library, data packages."""
    root = dotted.partition(".")[0]
    if root in sys.stdlib_module_names or root in _DATA_PACKAGES:
        return True
    if not is_airflow(dotted):
        return False
    if is_class_name(dotted.rpartition(".")[0]) or ".common.compat.sdk." in dotted:
        return not concept(dotted)
    return not dotted.startswith(_WILD_AIRFLOW) and not concept(dotted) and not task_kind(dotted)


def enum_value(dotted: str) -> str:
    """Give the string that a member of Airflow's string enums is equal to, "" for other names."""
    owner, _, member = dotted.rpartition(".")
    known = is_airflow(owner) and last(owner) in _ENUMS and member.isupper()
    return member.lower() if known else ""


def is_dag_like(dotted: str) -> bool:
    """Tell whether a class that is not Airflow's own sounds like a DAG or a group of tasks."""
    return last(dotted).lower().endswith(("dag", "taskgroup", "dags"))


def is_operator_like(dotted: str) -> bool:
    """Tell whether a class sounds like an operator."""
    return last(dotted).endswith(("Operator", "Sensor", "OperatorAsync", "SensorAsync"))


def is_no_operator(dotted: str) -> bool:
    """Tell whether a class, though it may take a `task_id`, is surely no operator."""
    return last(dotted).endswith(("Trigger", "Link", "Key", "Hook", "Notifier", "Event", "Info"))


def is_base_operator(dotted: str) -> bool:
    """Tell whether a name is Airflow's own `BaseOperator` or `BaseSensorOperator`."""
    return is_airflow(dotted) and last(dotted) in _AIRFLOW_BASES
