"""Dynamic task mapping: `expand`, `expand_kwargs` and `partial` of tasks and groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from daggen.diagnostics.codes.tasks import BAD_MAPPING, CONFLICTING_KEYS
from daggen.specs.document import Path
from daggen.specs.model.context import INVALID, Context, shown
from daggen.specs.model.objects import read_value
from daggen.specs.model.outputs import check_whole
from daggen.specs.model.spec import Mapped
from daggen.specs.model.values import Value, is_object

MAPPING_KEYS = ("expand", "expand_kwargs", "partial")
UNMAPPABLE = frozenset(
    "allow_nested_operators depends_on_past email_on_failure email_on_retry execution_timeout "
    "executor_config ignore_first_depends_on_past inlets map_index_template max_retry_delay "
    "on_execute_callback on_failure_callback on_retry_callback on_skipped_callback "
    "on_success_callback outlets owner pool_slots priority_weight queue retries retry_delay "
    "retry_exponential_backoff retry_policy task_id trigger_rule wait_for_downstream "
    "wait_for_past_depends_before_skipping weight_rule".split()
)
"""Arguments that `expand` of an operator refuses in Airflow 3.3.2, as each was tried."""
ReadArguments = Callable[[Mapping[Any, Any], Path], Mapping[str, Value]]


def read_mapping(
    raw: Mapping[Any, Any],
    path: Path,
    context: Context,
    read_arguments: ReadArguments,
    said: Mapping[str, Any],
) -> Mapped:
    """Read the mapping keys beside other arguments `said`.

    `context` reads `task.output`; `read_arguments` reads those that are the same for all.
    """
    partial = _read_partial(raw, path, context, read_arguments)
    expand = _read_expand(raw, path, context)
    expand_kwargs = _read_expand_kwargs(raw, path, context)
    if partial and not expand and expand_kwargs is None and "expand" not in raw:
        context.report(
            BAD_MAPPING,
            (*path, "partial"),
            "partial without expand",
            hint="write these arguments beside the others",
            at_key=True,
        )
    if expand and expand_kwargs is not None:
        context.report(
            CONFLICTING_KEYS, (*path, "expand_kwargs"), "expand and expand_kwargs", at_key=True
        )
    _check_twice(partial, expand, said, path, context)
    return Mapped(expand, expand_kwargs, partial)


def _check_twice(
    partial: Mapping[str, Any],
    expand: Mapping[str, Any],
    said: Mapping[str, Any],
    path: Path,
    context: Context,
) -> None:
    for key, names, others in (("partial", partial, said), ("expand", expand, {**said, **partial})):
        for name in names:
            if name in others:
                context.report(
                    CONFLICTING_KEYS,
                    (*path, key, name),
                    f'"{name}" is given twice',
                    hint="leave one of them out",
                    at_key=True,
                )


def _read_partial(
    raw: Mapping[Any, Any], path: Path, context: Context, read_arguments: ReadArguments
) -> Mapping[str, Value]:
    partial = raw.get("partial")
    if partial is None:
        return {}
    if not isinstance(partial, Mapping):
        context.report(BAD_MAPPING, (*path, "partial"), "partial takes a mapping of arguments")
        return {}
    return read_arguments(partial, (*path, "partial"))


def _read_expand(raw: Mapping[Any, Any], path: Path, context: Context) -> Mapping[str, Value]:
    expand = raw.get("expand")
    if expand is None:
        return {}
    place = (*path, "expand")
    if not isinstance(expand, Mapping) or not expand:
        context.report(BAD_MAPPING, place, f"expand takes arguments, not {shown(expand)}")
        return {}
    read: dict[str, Value] = {}
    for name, item in expand.items():
        value = check_whole(read_value(item, (*place, name), context), (*place, name), context)
        if value is INVALID:
            continue
        if not (isinstance(value, list | dict) or is_object(value)):
            context.report(
                BAD_MAPPING,
                (*place, name),
                f"{shown(item)} cannot be mapped over",
                hint="give a list, a mapping, or the output of a task (task.output)",
            )
            continue
        read[str(name)] = value
    return read


def _read_expand_kwargs(raw: Mapping[Any, Any], path: Path, context: Context) -> Value:
    said = raw.get("expand_kwargs")
    if said is None:
        return None
    place = (*path, "expand_kwargs")
    value = check_whole(read_value(said, place, context), place, context)
    if value is INVALID:
        return None
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    if is_object(value):
        return value
    context.report(
        BAD_MAPPING,
        place,
        f"expand_kwargs takes a list of mappings, not {shown(said)}",
        hint="or the output of a task (task.output)",
    )
    return None
