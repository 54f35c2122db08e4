"""What changed between a snapshot and its source: rows added, removed and changed, by key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from daggen.diagnostics import Span
from daggen.sources.base import Row, Snapshot, SourceOptions
from daggen.sources.emit import lines
from daggen.sources.table import key_of, key_text

_LONGEST_VALUE = 60


@dataclass(frozen=True)
class Change:
    """A column of a row that changed; the values are written as the snapshot writes them."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Drift:
    """How a source differs from its snapshot.

    Rows are named by their keys. `is_new` says that there was no snapshot; `origin` names what
    changed of where the rows come from; `is_edited` that the file is not as `pull` wrote it;
    `places` where the snapshot has the rows that were removed or changed.
    """

    source: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    is_new: bool = False
    origin: tuple[str, ...] = ()
    is_edited: bool = False
    places: Mapping[str, Span] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether there is any difference."""
        return bool(self.rows or self.is_new or self.origin or self.is_edited)

    @property
    def rows(self) -> int:
        """Count the rows that differ."""
        return len(self.added) + len(self.removed) + len(self.changed)

    def summary(self) -> str:
        """Say it in half a line: `2 added, 1 changed`."""
        counts = {
            "added": len(self.added),
            "removed": len(self.removed),
            "changed": len(self.changed),
        }
        parts = [f"{count} {what}" for what, count in counts.items() if count]
        parts += [f"{', '.join(self.origin)} of the source changed"] if self.origin else []
        parts += ["the snapshot is new"] if self.is_new else []
        parts += ["the snapshot was edited"] if self.is_edited and not parts else []
        return ", ".join(parts) or "unchanged"

    def scrubbed(self, redact: Callable[[str], str]) -> Drift:
        """Give the same drift with every text redacted."""
        return replace(
            self,
            added=tuple(map(redact, self.added)),
            removed=tuple(map(redact, self.removed)),
            changed={
                redact(key): tuple(
                    Change(c.column, redact(c.before), redact(c.after)) for c in changes
                )
                for key, changes in self.changed.items()
            },
        )

    def lines(self) -> Iterator[str]:
        """Tell each row that differs: `+ key`, `- key`, `~ key: column before → after`."""
        yield from (f"+ {key}" for key in self.added)
        yield from (f"- {key}" for key in self.removed)
        yield from (f"~ {key}: {_told(changes)}" for key, changes in self.changed.items())

    def findings(self) -> Iterator[tuple[str, str]]:
        """Say each difference as a sentence, with the key of the row that it is about, or ""."""
        if self.is_new:
            yield "", "there is no snapshot yet"
            return
        yield from ((key, f'row "{key}" was added') for key in self.added)
        yield from ((key, f'row "{key}" was removed') for key in self.removed)
        for key, changes in self.changed.items():
            yield key, f'row "{key}" changed: {_told(changes)}'
        if self.origin:
            yield "", f"{', '.join(self.origin)} of the source changed"
        if self.is_edited:
            yield "", "the snapshot was edited by hand"


def compare(
    source: str,
    options: SourceOptions,
    previous: Snapshot | None,
    origin: Mapping[str, Any],
    rows: tuple[Row, ...],
) -> Drift:
    """Compare the rows of a source with its snapshot."""
    new = _by_key(rows, options)
    if previous is None:
        return Drift(source, added=_names(new.values(), options), is_new=True)
    old = _by_key(previous.rows, options)
    changed = {
        key_text(key_of(row, options)): _changes(old[key], row)
        for key, row in new.items()
        if key in old
    }
    return Drift(
        source,
        added=_names((row for key, row in new.items() if key not in old), options),
        removed=_names((row for key, row in old.items() if key not in new), options),
        changed={name: changes for name, changes in changed.items() if changes},
        places=dict(zip(_names(previous.rows, options), previous.spans, strict=True)),
        origin=tuple(
            sorted(
                key
                for key in {*origin, *previous.origin}
                if origin.get(key) != previous.origin.get(key)
            )
        ),
    )


def _by_key(rows: Iterable[Row], options: SourceOptions) -> dict[str, Row]:
    """Index rows by their keys; a snapshot that was edited may lack some."""
    return {json.dumps(key_of(row, options), sort_keys=True): row for row in rows}


def _names(rows: Iterable[Row], options: SourceOptions) -> tuple[str, ...]:
    return tuple(key_text(key_of(row, options)) for row in rows)


def _told(changes: Iterable[Change]) -> str:
    return ", ".join(f"{c.column} {c.before} → {c.after}" for c in changes)


def _changes(before: Row, after: Row) -> tuple[Change, ...]:
    columns = dict.fromkeys((*after, *before))
    told = [Change(column, _cell(before, column), _cell(after, column)) for column in columns]
    exact = [(_exact(before, column), _exact(after, column)) for column in columns]
    return tuple(change for change, (old, new) in zip(told, exact, strict=True) if old != new)


def _exact(row: Row, column: str) -> list[str] | None:
    return lines(row[column]) if column in row else None


def _cell(row: Row, column: str) -> str:
    if column not in row:
        return "(none)"
    value = row[column]
    text = " ".join(lines(value)) if not isinstance(value, dict | list) else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
