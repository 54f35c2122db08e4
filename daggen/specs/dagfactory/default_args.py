"""`default_args` of a DAG and of a group."""

from __future__ import annotations

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.callbacks import translate_callbacks
from daggen.specs.dagfactory.dates import in_zone, read_date, task_date
from daggen.specs.dagfactory.durations import tell_plain_durations
from daggen.specs.dagfactory.former import tell_former_defaults
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.dagfactory.values import plain_params

_DATES = ("start_date", "end_date")


def translate_default_args(node: Node, spec_zone: str, notes: Notes) -> Node:
    """Give those of a DAG, whose dates are in their own timezone and not in the DAG's."""
    inner: dict[str, Node] = dict(node.items())
    zone = inner.get("timezone")
    zone_name = str(zone.value) if zone is not None and zone.value is not None else "UTC"
    dates = [name for name in _DATES if name in inner and inner[name].value is not None]
    for name in dates:
        inner[name] = in_zone(read_date(inner[name], zone_name, notes), zone_name, spec_zone)
    if zone is not None and not dates:
        message = "without a start_date or end_date beside it, timezone does nothing here"
        notes.tell(codes.LOST, zone, message, hint="remove it", at_key=True)
    return _common(node, inner, notes)


def translate_group_default_args(node: Node, spec_zone: str, notes: Notes) -> Node:
    """Give those of a group, which dag-factory passes on but for the callbacks."""
    inner: dict[str, Node] = dict(node.items())
    for name in _DATES:
        if name in inner:
            inner[name] = task_date(inner[name], spec_zone, notes)
    return _common(node, inner, notes)


def _common(node: Node, inner: dict[str, Node], notes: Notes) -> Node:
    translate_callbacks(inner, notes)
    tell_former_defaults(inner, notes)
    tell_plain_durations(inner, notes)
    if "params" in inner:
        inner["params"] = plain_params(inner["params"], notes)
    _tell_assets(inner, notes)
    return node.of(inner)


def _tell_assets(inner: dict[str, Node], notes: Notes) -> None:
    for name in ("inlets", "outlets"):
        said = inner.get(name)
        if said is None:
            continue
        items = said.value if isinstance(said.value, list) else [said]
        if any(isinstance(item.value, str) for item in items):
            message = f"dag-factory leaves the texts in {name} of default_args as they are"
            hint = "write the assets at the tasks, or each with __type__: airflow.sdk.Asset"
            notes.tell(codes.MEANT, said, message, hint=hint, at_key=True)
