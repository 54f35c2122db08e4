"""DAGs: the class, the `@dag` decorator, and the one-task DAGs of `@asset`."""

from __future__ import annotations

from daggen.code.graph import Ref
from daggen.code.reader.arguments import Arguments, bind
from daggen.code.reader.machine import Machine
from daggen.code.reader.objects import (
    AssetMaker,
    Built,
    DagMaker,
    DagObject,
    Function,
    Opaque,
    TaskMaker,
    TaskObject,
)
from daggen.code.reader.taskflow import call_maker as call_task
from daggen.code.reader.tasks import add_task
from daggen.code.reader.values import copied

_POSITIONS = ("dag_id", "description", "default_args", "start_date", "end_date")
_ASSET_OPERATOR = "airflow.sdk.definitions.asset.decorators._AssetMainOperator"
_ASSET_ONLY = ("name", "uri", "group", "extra", "watchers", "outlets", "dag_id")


def make_dag(machine: Machine, passed: Arguments) -> DagObject:
    """Make the DAG that `DAG(...)` stands for."""
    kwargs = dict(zip(_POSITIONS, passed.args, strict=False)) | passed.kwargs
    dag_id = kwargs.pop("dag_id", None)
    arguments = {name: copied(value, machine.tainted) for name, value in kwargs.items()}
    known = dag_id if isinstance(dag_id, str) else None
    dag = DagObject(known, arguments, passed.line, passed.end_line, airflow=machine.airflow)
    dag.auto_register = kwargs.get("auto_register", True) is not False
    if dag.dag_id is None:
        dag.doubt("dag_id", "the id of the dag cannot be told", passed.line)
    if passed.unsure:
        dag.doubt("arguments", "the arguments of the dag are not all known", passed.line)
    machine.dags.append(dag)
    return dag


def decorator(passed: Arguments) -> DagMaker:
    """`dag(...)`: bare around a function, or with arguments and still waiting for it."""
    first = passed.args[0] if passed.args else None
    if isinstance(first, Function):
        return DagMaker(first, first.name, {})
    kwargs = dict(passed.kwargs)
    dag_id = kwargs.pop("dag_id", first)
    return DagMaker(None, dag_id, kwargs, passed.unsure)


def decorate(pending: DagMaker, function: object) -> object:
    """Give a waiting `@dag(...)` its function, after which the DAG is named if not otherwise."""
    if not isinstance(function, Function):
        return Opaque("dag(...)", tame=False)
    dag_id = function.name if pending.dag_id in (None, "") else pending.dag_id
    return DagMaker(function, dag_id, pending.kwargs, pending.unsure)


def call_maker(machine: Machine, maker: DagMaker, passed: Arguments) -> object:
    """Call a `@dag` function: the DAG, with what the function's body makes in it."""
    if maker.function is None:
        return Opaque("dag(...)", tame=False)
    kwargs = {"dag_id": maker.dag_id, **maker.kwargs}
    dag = make_dag(machine, Arguments(passed.node, [], kwargs, {}, maker.unsure))
    dag.line = maker.function.node.lineno
    dag.end_line = maker.function.node.end_lineno or dag.line
    scope = bind(maker.function, passed)
    if scope is None:
        dag.doubt("tasks", "the arguments of the dag's function cannot be told", passed.line)
        return dag
    for name in list(scope.names):
        scope.names[name] = Built("DagParam", (name,))
    with machine.inside_dag(dag):
        machine.run_function(machine, maker.function, scope)
    return dag


def asset_decorator(passed: Arguments) -> AssetMaker:
    """`asset(schedule=...)`, waiting for its function."""
    return AssetMaker(dict(passed.kwargs), passed.unsure)


def make_asset(machine: Machine, maker: AssetMaker, target: object, line: int) -> object:
    """Decorate a function as an asset: a DAG of one task that makes it."""
    function = target.function if isinstance(target, TaskMaker) else target
    if not isinstance(function, Function) or (isinstance(target, TaskMaker) and maker.unsure):
        machine.doubt("dags", "an asset of something that is not a function of this file", line)
        return Opaque("asset(...)", tame=False)
    name = maker.kwargs.get("name") or function.name
    kwargs = {k: v for k, v in maker.kwargs.items() if k not in _ASSET_ONLY}
    kwargs |= {"dag_id": maker.kwargs.get("dag_id") or name, "catchup": False}
    dag = make_dag(machine, Arguments(None, [], kwargs, {}, maker.unsure))
    dag.line, dag.end_line = function.node.lineno, function.node.end_lineno or 0
    with machine.inside_dag(dag):
        if isinstance(target, TaskMaker):
            call_task(machine, target, Arguments())
        else:
            _add_main(machine, dag, function)
    return Ref(f".{function.name}")


def _add_main(machine: Machine, dag: DagObject, function: Function) -> None:
    task = TaskObject(
        function.name,
        _ASSET_OPERATOR,
        {"python_callable": function},
        frozenset(),
        line=dag.line,
        end_line=dag.end_line,
    )
    add_task(machine, task, dag, dag.root)
