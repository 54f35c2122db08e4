"""Signatures of live objects as short texts: the names, and which of them may be left out."""

from __future__ import annotations

import inspect
from collections.abc import Iterator


def arguments_text(called: object) -> str | None:
    """Write what a callable takes, every default as `...`; None where Python cannot tell."""
    try:
        parameters = inspect.signature(called).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return ", ".join(_parts(list(parameters)))


def _parts(parameters: list[inspect.Parameter]) -> Iterator[str]:
    kinds = [each.kind for each in parameters]
    bare = inspect.Parameter.VAR_POSITIONAL not in kinds
    for index, each in enumerate(parameters):
        if bare and each.kind is each.KEYWORD_ONLY:
            yield "*"
            bare = False
        yield _part(each)
        if each.kind is each.POSITIONAL_ONLY and each.kind not in kinds[index + 1 :]:
            yield "/"


def _part(parameter: inspect.Parameter) -> str:
    if parameter.kind is parameter.VAR_POSITIONAL:
        return f"*{parameter.name}"
    if parameter.kind is parameter.VAR_KEYWORD:
        return f"**{parameter.name}"
    return parameter.name if parameter.default is parameter.empty else f"{parameter.name}=..."
