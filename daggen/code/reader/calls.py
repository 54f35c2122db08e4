"""What calling a value does: the one place where every kind of call is told apart."""

from __future__ import annotations

from collections.abc import Callable

from daggen.code.graph import Ref
from daggen.code.reader import dags, groups, imported, instances, taskflow, tasks
from daggen.code.reader.arguments import Arguments, bind
from daggen.code.reader.builtins import UNKNOWN, WILD, call_builtin, call_method
from daggen.code.reader.harmless import is_harmless_constructor
from daggen.code.reader.havoc import touch_unknown
from daggen.code.reader.machine import MAX_DEPTH, Machine
from daggen.code.reader.methods import dag_method, node_method
from daggen.code.reader.objects import (
    NODES,
    AssetMaker,
    Bound,
    Built,
    Builtin,
    DagMaker,
    DagObject,
    FilePath,
    FlagDecorator,
    Function,
    GroupMaker,
    Instance,
    LocalClass,
    Opaque,
    OperatorPartial,
    Partial,
    SetupScope,
    TaskDecorator,
    TaskMaker,
    TaskObject,
    XCom,
)
from daggen.code.reader.scope import Scope
from daggen.code.reader.values import is_tame


def call(machine: Machine, function: object, passed: Arguments, scope: Scope) -> object:
    """Call a value, and give what the call gives."""
    handler = _HANDLERS.get(type(function), _call_unknown)
    result = handler(machine, function, passed)
    return _unknown(machine, passed, function) if result is UNKNOWN else result


def invoke(machine: Machine, function: object, args: list[object]) -> object:
    """Call a value with positional arguments."""
    return call(machine, function, Arguments(None, args), machine.module)


def _unknown(machine: Machine, passed: Arguments, function: object) -> Opaque:
    owner = function.owner if isinstance(function, Bound) else function
    tame = is_tame(owner) and all(map(is_tame, passed.values()))
    if passed.node is None:
        return Opaque("...", tame)
    return machine.opaque(passed.node, tame=tame)


def _call_builtin(machine: Machine, function: Builtin, passed: Arguments) -> object:
    result = call_builtin(machine, function.name, passed)
    if result is UNKNOWN and function.name in WILD:
        touch_unknown(machine, passed, f"what {function.name}() does cannot be told", tame=False)
    return result


def _call_function(machine: Machine, function: Function, passed: Arguments) -> object:
    scope = bind(function, passed)
    if scope is None or machine.depth >= MAX_DEPTH:
        name = function.name or "a lambda"
        touch_unknown(machine, passed, f"a call of {name} that cannot be followed", tame=False)
        return Opaque(f"{name}(...)", tame=False)
    return machine.run_function(machine, function, scope)


def _call_class(machine: Machine, function: LocalClass, passed: Arguments) -> object:
    if tasks.is_operator(machine, function, passed):
        return tasks.make_task(machine, function, passed)
    if any(isinstance(base, Ref) and imported.is_dag_class(base) for base in function.bases):
        return imported.strange_dag(machine, f".{function.name}", passed)
    made = instances.instantiate(machine, function, passed)
    if made is not None:
        return made
    if not is_harmless_constructor(machine, function):
        touch_unknown(machine, passed, f"what {function.name}() does cannot be told", tame=False)
        return Opaque(f"{function.name}(...)", tame=False)
    return Built(f".{function.name}", tuple(passed.args), dict(passed.kwargs))


def _call_bound(machine: Machine, function: Bound, passed: Arguments) -> object:
    owner, name = function.owner, function.name
    if isinstance(owner, NODES):
        return node_method(machine, owner, name, passed)
    if isinstance(owner, DagObject):
        return dag_method(machine, owner, name, passed)
    if isinstance(owner, TaskMaker | GroupMaker | OperatorPartial):
        return _call_maker_method(machine, owner, name, passed)
    if isinstance(owner, FilePath):
        return owner
    if isinstance(owner, SetupScope) and name == "add_task":
        return _add_to_scope(machine, passed)
    if isinstance(owner, LocalClass | Instance):
        return _call_own_method(machine, owner, name, passed)
    result = call_method(machine, owner, name, passed)
    if result is UNKNOWN:
        _unknown_method(machine, owner, passed)
    return result


def _call_maker_method(
    machine: Machine,
    owner: TaskMaker | GroupMaker | OperatorPartial,
    name: str,
    passed: Arguments,
) -> object:
    if isinstance(owner, OperatorPartial) and name in _EXPANDING:
        return tasks.expand_partial(machine, owner, name, passed)
    if isinstance(owner, TaskMaker) and name in _MAKER_METHODS:
        return taskflow.maker_method(machine, owner, name, passed)
    if isinstance(owner, GroupMaker) and name in _MAKER_METHODS:
        return groups.maker_method(machine, owner, name, passed)
    touch_unknown(machine, passed, f"what .{name}() makes cannot be told", tame=False)
    return Opaque(f"{name}(...)", tame=False)


_EXPANDING = ("expand", "expand_kwargs")
_MAKER_METHODS = (*_EXPANDING, "override", "partial")


def _add_to_scope(machine: Machine, passed: Arguments) -> object:
    task = passed.get("task", 0)
    task = task.task if isinstance(task, XCom) else task
    if isinstance(task, TaskObject):
        machine.setups.add(task)
        return None
    machine.doubt("edges", "what is added to a setup context cannot be told", passed.line)
    return None


def _call_own_method(
    machine: Machine, owner: LocalClass | Instance, name: str, passed: Arguments
) -> object:
    kind = owner if isinstance(owner, LocalClass) else owner.kind
    if name == "partial" and tasks.derives_from_operator(kind):
        return tasks.make_partial(kind, passed)
    result = None
    if machine.depth < MAX_DEPTH:
        result = instances.call_method(machine, owner, name, passed)
    if isinstance(result, tuple):
        return result[0]
    source = f"{kind.name}.{name}()"
    touch_unknown(machine, passed, f"what {source} does cannot be told", tame=False)
    return Opaque(source, tame=False)


def _unknown_method(machine: Machine, owner: object, passed: Arguments) -> None:
    """A method that is not followed may have changed its owner."""
    if isinstance(owner, list | dict | set):
        machine.taint(owner)
    tame = not isinstance(owner, Built) or imported.is_tame_object(owner)
    touch_unknown(machine, passed, "a method call that cannot be followed", tame=tame)


def _call_unknown(machine: Machine, function: object, passed: Arguments) -> object:
    tame = not isinstance(function, Opaque) or function.tame
    source = function.source if isinstance(function, Opaque) else "something unknown"
    touch_unknown(machine, passed, f"what {source}() does cannot be told", tame=tame)
    return UNKNOWN


def _call_partial(machine: Machine, function: Partial, passed: Arguments) -> object:
    joined = Arguments(
        passed.node,
        [*function.args, *passed.args],
        {**function.kwargs, **passed.kwargs},
        passed.lines,
        passed.unsure,
    )
    return call(machine, function.function, joined, machine.module)


def _call_built(machine: Machine, function: Built, passed: Arguments) -> object:
    if function.function == "functools.partial" and function.args:
        partial = Partial(function.args[0], tuple(function.args[1:]), function.kwargs)
        return _call_partial(machine, partial, passed)
    tame = imported.is_tame_object(function)
    touch_unknown(machine, passed, "a call that cannot be followed", tame=tame)
    return UNKNOWN if tame else Opaque(f"{function.function}(...)(...)", tame=False)


def _decorate_task(machine: Machine, function: TaskDecorator, passed: Arguments) -> object:
    return taskflow.make_maker(function, passed.args[0]) if passed.args else UNKNOWN


def _decorate_flag(machine: Machine, function: FlagDecorator, passed: Arguments) -> object:
    return taskflow.flagged(function.flag, passed.args[0]) if passed.args else UNKNOWN


def _call_group(machine: Machine, function: GroupMaker, passed: Arguments) -> object:
    if function.function is None and passed.args and isinstance(passed.args[0], Function):
        return GroupMaker(passed.args[0], function.kwargs, unsure=function.unsure)
    return groups.call_maker(machine, function, passed)


def _call_dag(machine: Machine, function: DagMaker, passed: Arguments) -> object:
    if function.function is None and passed.args:
        return dags.decorate(function, passed.args[0])
    return dags.call_maker(machine, function, passed)


def _call_asset(machine: Machine, function: AssetMaker, passed: Arguments) -> object:
    target = passed.args[0] if passed.args else None
    return dags.make_asset(machine, function, target, passed.line)


_HANDLERS: dict[type, Callable[..., object]] = {
    Ref: imported.call_imported,
    Builtin: _call_builtin,
    Built: _call_built,
    Function: _call_function,
    LocalClass: _call_class,
    Bound: _call_bound,
    Partial: _call_partial,
    TaskDecorator: _decorate_task,
    TaskMaker: taskflow.call_maker,
    FlagDecorator: _decorate_flag,
    GroupMaker: _call_group,
    DagMaker: _call_dag,
    AssetMaker: _call_asset,
}
