"""The shipped catalog against real Airflow: its classes, its constructors, its example DAGs."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from daggen.airflow.catalog import (
    NOT_LITERAL,
    Catalog,
    Operator,
    check_arguments,
    check_graph_arguments,
)
from daggen.airflow.catalog.build import survey, write
from daggen.code.graph import Call, Unknown
from daggen.code.reader import read_dags

CATALOG = Catalog.load()
REFUSED = re.compile(
    r"missing keyword arguments?|unexpected keyword argument|multiple values for|"
    r"Invalid arguments were passed|is not allowed|Got an empty|missing \d+ required|"
    r"Python Path must be defined"
)


def _is_installed(distribution: str, version: str) -> bool:
    try:
        return metadata.version(distribution) == version
    except metadata.PackageNotFoundError:
        return False


def _installed() -> Iterator[Operator]:
    for operator in CATALOG.operators():
        if _is_installed(operator.distribution, operator.version):
            yield operator


OPERATORS = [each for each in _installed() if each.kind not in ("decorator", "dag", "group")]
DECORATORS = [each for each in _installed() if each.kind == "decorator"]
TASKS = [each for each in OPERATORS if each.is_task and each.base]


def _class(operator: Operator) -> Any:
    module, _, name = operator.dotted.rpartition(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(importlib.import_module(module), name)


def _constructors(cls: type) -> list[Any]:
    """Give the constructors that Airflow wraps, each with the names it knows itself."""
    found = (vars(each).get("__init__") for each in cls.__mro__)
    return [each for each in found if hasattr(each, "_BaseOperatorMeta__param_names")]


def _nothing() -> None: ...


def _value(operator: Operator, name: str) -> Any:
    """Make a value that an argument takes, its own default where that is a literal."""
    argument = operator.arguments[name]
    if argument.default is not NOT_LITERAL:
        return argument.default
    samples: dict[str, Any] = {
        "enum": argument.choices[0] if argument.choices else None,
        "str": "x",
        "iterable": ["x"],
        "list": ["x"],
        "dict": {"x": "x"},
        "int": 1,
        "float": 1.0,
        "bool": False,
        "duration": timedelta(seconds=1),
        "datetime": datetime(2026, 1, 1, tzinfo=UTC),
        "callable": _nothing,
    }
    if name == "python":
        return sys.executable
    return next((value for word, value in samples.items() if word in argument.types), None)


def _refusal(operator: Operator, given: Mapping[str, Any]) -> str:
    """Build the real operator; give what it says of its arguments' names, "" if nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            built = _class(operator)(**given)
            if operator.kind == "decorator":
                built(_nothing)()
    except Exception as error:
        return str(error) if REFUSED.search(str(error)) else ""
    return ""


def _required_values(operator: Operator) -> dict[str, Any]:
    return {name: _value(operator, name) for name in operator.required} | (
        {"task_id": "a_task"} if operator.is_task else {}
    )


def test_every_installed_provider_is_described() -> None:
    described = {each.distribution for each in _installed()}
    assert {
        "apache-airflow",
        "apache-airflow-providers-standard",
        "apache-airflow-providers-common-sql",
        "apache-airflow-providers-http",
        "apache-airflow-providers-sftp",
        "apache-airflow-providers-slack",
        "apache-airflow-providers-smtp",
    } <= described
    assert len(TASKS) > 50


OWN_OPERATORS = '''
"""Operators of a team."""
from airflow.sdk import BaseOperator, BaseSensorOperator
from airflow.providers.standard.operators.bash import BashOperator


class LoadOperator(BaseOperator):
    """Load a table. More is said here."""

    template_fields = ("table",)

    def __init__(self, *, table: str, mode: str = "append", batch: int | None = None, **kwargs):
        self.extra = kwargs.pop("extra", {})
        if mode not in ("append", "replace"):
            raise ValueError(mode)
        super().__init__(**kwargs)
        self.table = table


class NightlyLoad(LoadOperator):
    def __init__(self, batch=1000, **kwargs):
        kwargs.setdefault("table", "nightly")
        super().__init__(batch=batch, mode="replace", **kwargs)


class Anything(BaseOperator):
    def __init__(self, task_id=None, **kwargs):
        super().__init__(task_id=task_id)
        self.kwargs = kwargs


class RowSensor(BaseSensorOperator):
    def __init__(self, *, rows: "list[int]", poke_interval: float = 5, **kwargs):
        super().__init__(poke_interval=poke_interval, **kwargs)
'''


@pytest.fixture(scope="module")
def own_catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Survey this environment with a team's own package, and read the file that is written."""
    folder = tmp_path_factory.mktemp("own")
    package = folder / "company_operators"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "load.py").write_text(OWN_OPERATORS)
    (package / "broken.py").write_text("import there_is_no_such_module\n")
    found = survey(sys.executable, ["company_operators"], [folder])
    assert [module for module, _ in found.problems if "company" in module] == [
        "company_operators.broken"
    ]
    write(found.dated(), folder / "catalog.json.gz")
    return Catalog.load([folder / "catalog.json.gz"])


def test_a_team_s_own_operators_are_described(own_catalog: Catalog) -> None:
    load = own_catalog.find("LoadOperator")
    assert load is not None
    assert load.dotted == "company_operators.load.LoadOperator"
    assert load.summary == "Load a table. More is said here."
    assert load.own == {"table", "mode", "batch", "extra"}
    assert load.required == {"task_id", "table"}
    assert load.templated == {"table"}
    assert load.arguments["mode"].choices == ("append", "replace")
    assert load.arguments["batch"].types == {"int", "None"}


def test_what_subclasses_do_to_their_parents_arguments(own_catalog: Catalog) -> None:
    nightly = own_catalog.find("NightlyLoad")
    assert nightly is not None
    assert nightly.required == {"task_id"}
    assert nightly.fixed == {"mode"}
    assert nightly.arguments["batch"].default == 1000
    assert nightly.arguments["batch"].types == {"int", "None"}, "as the parent annotates it"
    anything = own_catalog.find("Anything")
    assert anything is not None
    assert anything.is_open
    assert anything.required == frozenset()
    rows = own_catalog.find("RowSensor")
    assert rows is not None
    assert rows.kind == "sensor"
    assert rows.arguments["rows"].types == {"list"}
    assert rows.arguments["poke_interval"].default == 5


def test_the_catalog_is_what_a_survey_of_this_environment_finds(own_catalog: Catalog) -> None:
    expected = {each.dotted: each for each in _installed()}
    known = {each.distribution for each in expected.values()}
    here = [each for each in own_catalog.operators() if each.distribution in known]
    assert {each.dotted: each for each in here} == expected


@pytest.mark.parametrize("operator", TASKS, ids=lambda each: each.name)
def test_accepted_names_are_those_of_the_constructors(operator: Operator) -> None:
    taken: set[str] = set()
    for constructor in _constructors(_class(operator)):
        taken |= constructor._BaseOperatorMeta__param_names
    popped = set(operator.arguments) - taken
    source = inspect.getsource(sys.modules[operator.dotted.rpartition(".")[0]])
    assert all(f'kwargs.pop("{name}"' in source for name in popped)
    assert taken - set(operator.arguments) <= operator.fixed


@pytest.mark.parametrize("operator", OPERATORS + DECORATORS, ids=lambda each: each.name)
def test_required_names_are_enough_and_each_is_needed(operator: Operator) -> None:
    given = _required_values(operator)
    assert _refusal(operator, given) == ""
    for name in operator.required:
        without = {key: value for key, value in given.items() if key != name}
        assert name in _refusal(operator, without).lower()


@pytest.mark.parametrize("operator", OPERATORS + DECORATORS, ids=lambda each: each.name)
def test_every_accepted_name_is_accepted(operator: Operator) -> None:
    for name in operator.arguments:
        if name not in ("dag", "task_group"):
            given = _required_values(operator) | {name: _value(operator, name)}
            assert _refusal(operator, given) == ""


@pytest.mark.parametrize("operator", TASKS + DECORATORS, ids=lambda each: each.name)
def test_unknown_and_fixed_names_are_refused(operator: Operator) -> None:
    for name in ("no_such_argument", *operator.fixed):
        given = _required_values(operator) | {name: "x"}
        assert name in _refusal(operator, given)


@pytest.mark.filterwarnings("ignore")
def test_what_excludes_each_other_is_refused_together() -> None:
    checked = 0
    for operator in OPERATORS:
        for rule in operator.exclusive:
            if rule.limit:
                both = {n: True if rule.when_true else _sample(operator, n) for n in rule.names}
                with pytest.raises(ValueError, match=rule.names[0]):
                    _class(operator)(**(_required_values(operator) | both))
                checked += 1
    assert checked > 10


def _sample(operator: Operator, name: str) -> Any:
    argument = operator.arguments[name]
    return _nothing if "callable" in argument.types else timedelta(1) if "delta" in name else ["x"]


def test_template_fields_are_the_class_s_own() -> None:
    for operator in TASKS:
        assert operator.templated == set(_class(operator).template_fields)


# --- the example DAGs that Airflow and its providers ship ---------------------------------------


def _example_files() -> list[Path]:
    import airflow

    root = Path(airflow.__path__[0])
    return sorted(path for path in root.rglob("*.py") if "example_dags" in path.parts)


def _imports(tree: ast.Module) -> dict[str, str]:
    return {
        each.asname or each.name: f"{node.module}.{each.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for each in node.names
    }


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return ".".join([names.get(node.id, ""), *parts]) if isinstance(node, ast.Name) else ""


def _known(dotted: str) -> Operator | None:
    """Find an operator; `airflow.sdk.task.bash` is the decorator `task.bash`."""
    if dotted.startswith("airflow.sdk.task"):
        name = dotted.removeprefix("airflow.sdk.").removeprefix("task.")
        return CATALOG.find(f"task.{'python' if name == 'task' else name}")
    return CATALOG.find(dotted)


def _literal(node: ast.expr, names: Mapping[str, str]) -> object:
    try:
        value: object = ast.literal_eval(node)
    except ValueError:
        if isinstance(node, ast.Call) and (dotted := _dotted(node.func, names)):
            return Call(dotted)
        return Unknown(ast.unparse(node))
    return value


def _constructions(path: Path) -> Iterator[tuple[Operator, int, dict[str, object], bool]]:
    """Give every call of an operator: the class, its line, its arguments, whether more come."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = _imports(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        partial = isinstance(node.func, ast.Attribute) and node.func.attr == "partial"
        function = (
            node.func.value if isinstance(node.func, ast.Attribute) and partial else node.func
        )
        if (operator := _known(_dotted(function, names))) is not None:
            given = {each.arg: _literal(each.value, names) for each in node.keywords if each.arg}
            spread = any(each.arg is None for each in node.keywords)
            yield operator, node.lineno, given, partial or spread or bool(node.args)


def test_example_dags_pass_without_a_false_error() -> None:
    files = _example_files()
    count = 0
    findings = []
    for path in files:
        for operator, line, given, mapped in _constructions(path):
            count += 1
            for finding in check_arguments(operator, given, mapped=mapped, rendered=True):
                findings.append(f"{path.name}:{line} {finding.message}")
    print(f"{count} constructions in {len(files)} example files")
    assert findings == []
    assert count > 300


def test_example_dags_pass_as_they_are_read_back() -> None:
    tasks = 0
    findings = []
    for path in _example_files():
        for graph in read_dags(path.read_text(encoding="utf-8"), path.name):
            tasks += len(graph.tasks)
            findings += check_graph_arguments(graph, path.name, CATALOG)
    assert findings == []
    assert tasks > 400
