"""How dag-factory lays defaults under a DAG: the file's `default` and the `defaults.yml` above.

The order of precedence is what it does, not what it documents: for arguments of the DAG, those of
the DAG, of the nearest `defaults.yml`, of `default`; for `default_args`, those of the DAG, of
`default`, of the nearest `defaults.yml`.
"""

from __future__ import annotations

from collections.abc import Sequence

from daggen.diagnostics.codes import dagfactory as codes
from daggen.specs.dagfactory.nodes import Node
from daggen.specs.dagfactory.notes import Notes

_DEFAULT_ARGS = "default_args"


def with_defaults(dag: Node, default: Node | None, chain: Sequence[Node], notes: Notes) -> Node:
    """Give a DAG with all its defaults; `chain` are the `defaults.yml` files, the nearest first."""
    above = _dag_arguments(chain)
    block = dict(default.items()) if default else {}
    for name, value in above.items():
        if name in block and name not in dag.items():
            _tell_order(name, block[name], value, notes)
    block[_DEFAULT_ARGS] = _task_arguments(default, chain, dag)
    own = {**above, **dag.items()}
    if _DEFAULT_ARGS in own and own[_DEFAULT_ARGS].value is None:
        del own[_DEFAULT_ARGS]
    if "task_groups" in own and own["task_groups"].value == {}:
        del own["task_groups"]
    _tell_lost_lists(own, block, notes)
    return dag.of(_merge(own, block))


def _dag_arguments(chain: Sequence[Node]) -> dict[str, Node]:
    """Join the arguments of `defaults.yml` files: the nearest wins, tags are united."""
    joined: dict[str, Node] = {}
    for file in reversed(chain):
        for name, value in file.items().items():
            if name == "tags" and "tags" in joined:
                joined[name] = _united(joined[name], value)
            elif name != _DEFAULT_ARGS:
                joined[name] = value
    return joined


def _united(outer: Node, inner: Node) -> Node:
    tags: dict[str, Node] = {}
    for node in (outer, inner):
        for tag in node.value if isinstance(node.value, list) else [node]:
            tags.setdefault(str(tag.value), tag)
    return inner.of([tags[name] for name in sorted(tags)])


def _task_arguments(default: Node | None, chain: Sequence[Node], dag: Node) -> Node:
    sources = [file.get(_DEFAULT_ARGS) for file in reversed(chain)]
    sources.append(default.get(_DEFAULT_ARGS) if default else None)
    found = [node for node in sources if node]
    joined = {name: value for node in found for name, value in node.items().items()}
    return (found[-1] if found else Node({}, dag.span)).of(joined)


def _merge(over: dict[str, Node], under: dict[str, Node]) -> dict[str, Node]:
    """Lay mappings over mappings; objects, lists and all else replace what is under them."""
    merged = dict(over)
    for name, value in under.items():
        if name not in merged:
            merged[name] = value
        elif _joins(merged[name]) and _joins(value):
            inner = _merge(merged[name].value, value.value)
            merged[name] = merged[name].of(inner)
    return merged


def _joins(node: Node) -> bool:
    return node.is_mapping and not node.is_object


def _tell_order(name: str, lost: Node, winner: Node, notes: Notes) -> None:
    notes.tell(
        codes.DEFAULTS_ORDER,
        lost,
        f'"{name}" of {winner.span.path} beats this one, though dag-factory documents the opposite',
        hint="keep one of the two",
        at_key=True,
        related=[(winner.at_key, "this one is used")],
    )


def _tell_lost_lists(own: dict[str, Node], block: dict[str, Node], notes: Notes) -> None:
    """Tell of defaults for tasks and groups that a list hides: only mappings are merged."""
    for name in ("tasks", "task_groups"):
        under = block.get(name)
        if under is None or under.value in (None, {}, []):
            continue
        if name in own and not (_joins(own[name]) and _joins(under)):
            notes.tell(
                codes.LOST,
                under,
                f"dag-factory merges {name} only as mappings: this DAG has none of these",
                hint="write both as mappings by name",
                at_key=True,
                related=[(own[name].at_key, "the DAG's own")],
            )
