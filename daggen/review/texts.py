"""Values of a DAG as short Python text, safe to print."""

from __future__ import annotations

from typing import Final

from daggen.code.graph import Call, Ref, TaskOutput, Unknown, Value
from daggen.review.missing import MaybeValue, Missing

_INFIX: Final = {
    "or_": "|",
    "and_": "&",
    "xor": "^",
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "rshift": ">>",
    "lshift": "<<",
}
_PREFIX: Final = {"neg": "-", "pos": "+", "invert": "~", "inv": "~", "not_": "not "}
_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", '"': '\\"'}


def text(value: MaybeValue, qualified: bool = False) -> str:
    """Tell a value as one line of Python, with short names: `timedelta(minutes=5)`.

    `qualified` names classes and functions in full, which tells two of the same name apart.
    """
    match value:
        case Missing():
            return "(not set)"
        case Unknown(source):
            return printable(" ".join(source.split()))
        case Ref(dotted):
            return printable(dotted.removeprefix("."))
        case TaskOutput(task_id, key):
            item = "" if key == "return_value" else f"[{quoted(key)}]"
            return f"{printable(task_id)}.output{item}"
        case Call():
            return _call_text(value, qualified)
        case str():
            return quoted(value)
        case dict():
            pairs = (f"{text(k, qualified)}: {text(v, qualified)}" for k, v in value.items())
            return "{" + ", ".join(pairs) + "}"
        case list() | tuple() | set():
            return _collection_text(value, qualified)
        case _:
            return repr(value)


def _collection_text(value: list[Value] | tuple[Value, ...] | set[Value], qualified: bool) -> str:
    items = [text(item, qualified) for item in value]
    if isinstance(value, list):
        return "[" + ", ".join(items) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(items) + ("," if len(items) == 1 else "") + ")"
    return "{" + ", ".join(sorted(items)) + "}" if items else "set()"


def _call_text(call: Call, qualified: bool) -> str:
    module, _, name = call.function.rpartition(".")
    args = [text(arg, qualified) for arg in call.args]
    if module == "operator" and not call.kwargs:
        if name in _INFIX and len(args) == 2:
            return f"({args[0]} {_INFIX[name]} {args[1]})"
        if name in _PREFIX and len(args) == 1:
            return f"{_PREFIX[name]}{args[0]}"
        if name == "getitem" and len(args) == 2:
            return f"{args[0]}[{args[1]}]"
    args += [f"{key}={text(value, qualified)}" for key, value in call.kwargs.items()]
    shown = call.function.removeprefix(".") if qualified else name
    return f"{printable(shown)}({', '.join(args)})"


def quoted(value: str) -> str:
    """Quote text as Python does, with double quotes; what cannot be printed is escaped."""
    return '"' + "".join(_ESCAPES.get(char) or printable(char) for char in value) + '"'


def printable(value: str) -> str:
    """Escape every character that would not show, or would steer a terminal."""
    if value.isprintable():
        return value
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in value
    )
