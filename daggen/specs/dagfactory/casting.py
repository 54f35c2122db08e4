"""Values as dag-factory builds them while it reads a file: collections, joined texts, conditions.

First it makes an object of each `__type__`, from the inside out; then it evaluates `__join__`,
`__and__` and `__or__`, but no longer inside objects. All its other keys are plain keys.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from daggen.code.airflow_names import current_path
from daggen.diagnostics.codes import dagfactory as codes
from daggen.diagnostics.codes.keys import BAD_OBJECT
from daggen.specs.dagfactory.callables import tell_in_class
from daggen.specs.dagfactory.nodes import FORMS_OF_SPECS, Node
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.model.objects import is_dotted

_SIGNS = {"__and__": "&", "__or__": "|"}
_GONE = (".datasets.", "airflow.utils.weekday.", "airflow.kubernetes.")
_CONDITIONS = ("schedule", "datasets")
"""Keys below which texts that are joined by `__and__` and `__or__` are meant as assets."""


def cast(node: Node, notes: Notes, *, in_object: bool = False, condition: bool = False) -> Node:
    """Give a value with its collections, joined texts and joined conditions built."""
    if isinstance(node.value, list):
        items = [cast(i, notes, in_object=in_object, condition=condition) for i in node.value]
        return replace(node, value=items)
    if not node.is_mapping:
        return node
    _tell_late(node, notes, in_object=in_object)
    is_object = in_object or "__type__" in node.value
    inner = {
        key: cast(item, notes, in_object=is_object, condition=condition or key in _CONDITIONS)
        for key, item in node.value.items()
    }
    return _built(replace(node, value=inner), notes, condition=condition)


def _built(node: Node, notes: Notes, *, condition: bool) -> Node:
    kind = node.value.get("__type__")
    if kind is not None:
        tell_in_class(kind, notes)
        _tell_gone(kind, notes)
        return _object(node, str(kind.value), notes)
    _tell_near(node, notes)
    if "__join__" in node.value:
        return _joined(node, notes)
    for mark, sign in _SIGNS.items():
        if mark in node.value and not condition:
            return _condition(node, node.value[mark], sign)
    return node


def _object(node: Node, kind: str, notes: Notes) -> Node:
    args = node.value.get("__args__")
    first = args.value[0] if args and isinstance(args.value, list) and args.value else None
    if kind != "functools.partial" or first is None or not is_dotted(first.value):
        return _collection(node, kind)
    message = f'dag-factory fails on the text "{first.value}" here'
    notes.tell(codes.REPAIRED, first, message, hint="it is taken for the function")
    function = first.of({"__ref__": first.value})
    return node.of({**node.value, "__args__": [function, *args.value[1:]]})


def _tell_gone(kind: Node, notes: Notes) -> None:
    """Tell of a class that today's Airflow has no more under its former path."""
    path = str(kind.value)
    today = current_path(path, notes.project.airflow)
    if today != path and any(part in path for part in _GONE):
        message = f'dag-factory fails on "{path}" with Airflow 3'
        notes.tell(codes.REPAIRED, kind, message, hint=f"write {today}")


def _tell_near(node: Node, notes: Notes) -> None:
    """Report what is nearly one of dag-factory's marks."""
    for key in node.value:
        mark = f"__{str(key).strip('_')}__"
        if mark in ("__type__", "__args__") and str(key)[:2] == "__" and key != mark:
            message, hint = f'unknown form "{key}"', f'did you mean "{mark}"?'
            notes.tell(BAD_OBJECT, node.value[key], message, hint=hint, at_key=True)


def _collection(node: Node, kind: str) -> Node:
    """Say `builtins.list` and its like as specs do: what they are made of is their `items`."""
    entries: dict[str, Node] = node.value
    items = entries.get("items")
    if kind == "builtins.list" and items is not None:
        return replace(items, key=node.key)
    if kind == "builtins.dict" and not {"__args__", *FORMS_OF_SPECS} & set(entries):
        return replace(node, value={k: v for k, v in entries.items() if k != "__type__"})
    args = entries.get("__args__")
    if args is None or not isinstance(args.value, list) or len(args.value) != 1:
        return node
    single: Node = args.value[0]
    if not isinstance(single.value, list):
        return node
    if kind == "builtins.list":
        return replace(single, key=node.key)
    if kind in ("builtins.tuple", "builtins.set"):
        return node.of({"__type__": entries["__type__"], "items": single})
    return node


def _joined(node: Node, notes: Notes) -> Node:
    """Join the texts of all items; that of an object is known to nobody but its class."""
    said = node.value["__join__"].value
    if isinstance(said, str):
        return node.of(said)
    if not isinstance(said, list):
        return node
    for item in said:
        if _has_objects(item):
            message = "__join__ joins texts, and this has an object in it"
            notes.tell(BAD_OBJECT, item, message, hint="write its text")
            return node.of("")
    return node.of("".join(str(_raw(item)) for item in said))


def _has_objects(node: Node) -> bool:
    if isinstance(node.value, list):
        return any(_has_objects(item) for item in node.value)
    return node.is_object or any(_has_objects(item) for item in node.items().values())


def _raw(node: Node) -> Any:
    """Give the data that Python would see, of which `str` makes a text."""
    if isinstance(node.value, list):
        return [_raw(item) for item in node.value]
    if node.is_mapping:
        return {key: _raw(item) for key, item in node.value.items()}
    return node.value


def _condition(node: Node, items: Node, sign: str) -> Node:
    """Write a condition of texts as the text that dag-factory makes of it."""
    said = items.value if isinstance(items.value, list) else []
    if not said or not all(isinstance(item.value, str) for item in said):
        return node
    texts = [item.value for item in said]
    return node.of(texts[0] if len(texts) == 1 else f"({f' {sign} '.join(texts)})")


def _tell_late(node: Node, notes: Notes, *, in_object: bool) -> None:
    """Tell of what dag-factory evaluates after the object around it is made."""
    mark = next((mark for mark in ("__join__", *_SIGNS) if mark in node.value), None)
    if mark is not None and in_object:
        message = f"dag-factory gives {mark} as a mapping to the object around it"
        hint = "here it is evaluated first, as was meant; write its result"
        notes.tell(codes.MEANT, node.value[mark], message, hint=hint, at_key=True)
