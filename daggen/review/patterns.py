"""Sees that `load_customers` in one DAG and `load_orders` in another are the same thing.

DAGs of one template name their tasks after what they are about, and that word is in the DAG's
id too. Replacing it by `*` makes equal what only differs by it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from daggen.code.graph import Unknown
from daggen.review.changes import Change
from daggen.review.missing import MaybeValue, Missing
from daggen.review.texts import text

STAR: Final = "*"
_WORD: Final = re.compile(r"[^\W_]+")
_RUN: Final = re.compile(r"\*(?:[_\-]\*)+")


def own_words(dag_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Give the words of each id that set it apart: those that few of the other ids have."""
    words = {dag_id: frozenset(_WORD.findall(dag_id)) for dag_id in dag_ids}
    counts = Counter(word for found in words.values() for word in found)
    few = max(1, len(words) // 2)
    return {
        dag_id: frozenset(word for word in found if counts[word] <= few)
        for dag_id, found in words.items()
    }


def generalized(change: Change, own: frozenset[str]) -> Change:
    """Give the change with the DAG's own words replaced by `*`."""
    return replace(
        change,
        subject=_starred(change.subject, own),
        name=_starred(change.name, own),
        before=_starred_value(change.before, own),
        after=_starred_value(change.after, own),
        upstream=tuple(_starred(each, own) for each in change.upstream),
        downstream=tuple(_starred(each, own) for each in change.downstream),
    )


def _starred_value(value: MaybeValue, own: frozenset[str]) -> MaybeValue:
    """Replace words in a value; numbers and short words may mean something else there."""
    if isinstance(value, Missing):
        return value
    words = frozenset(word for word in own if len(word) > 2 and not word.isdigit())
    told = text(value)
    starred = _starred(told, words)
    return Unknown(starred) if starred != told else value


def _starred(name: str, own: frozenset[str]) -> str:
    if not own:
        return name
    starred = _WORD.sub(lambda match: STAR if match[0] in own else match[0], name)
    return _RUN.sub(STAR, starred)
