"""Pulls sources into snapshots: all are read, then everything is written or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from daggen.diagnostics import Diagnostic, Span, suggest
from daggen.diagnostics.codes import source as codes
from daggen.project import Project, SourceConfig
from daggen.sources.base import (
    Reading,
    Request,
    Row,
    Snapshot,
    SourceError,
    SourceOptions,
    SourceType,
)
from daggen.sources.drift import Drift, compare
from daggen.sources.guard import check_removals
from daggen.sources.options import parse_options
from daggen.sources.registry import source_type
from daggen.sources.schema import apply_types, check_rows, load_row_schema
from daggen.sources.secrets import Secrets, SecretUnsetError, scrubbed_logs
from daggen.sources.snapshot import NAME, load_previous, render_snapshot, snapshot_path
from daggen.sources.table import Table
from daggen.sources.writing import write_all

COULD_NOT_RUN = frozenset(
    rule.code
    for rule in (
        codes.SOURCE_OPTION,
        codes.SOURCE_TYPE,
        codes.SOURCE_EXTRA,
        codes.SECRET_UNSET,
        codes.SECRET_WRITTEN,
        codes.SOURCE_UNREACHABLE,
        codes.SOURCE_DENIED,
        codes.NOT_A_SELECT,
        codes.QUERY_FAILED,
        codes.BAD_ANSWER,
        codes.UNKNOWN_SOURCE,
        codes.ROW_SCHEMA,
        codes.SNAPSHOT_WRITE,
        codes.SOURCE_FAILED,
    )
)
"""The findings after which nothing can be said about the rows: the exit code is 2."""

_ORIGIN = ("key", "order_by", "columns", "json_columns")


class PullMode(StrEnum):
    """What to do with what was read: write it, compare and report drift, or only show it."""

    WRITE = "write"
    CHECK = "check"
    DRY_RUN = "dry-run"


@dataclass(frozen=True)
class PullResult:
    """What a pull found and did; `written` names files relative to the project's root."""

    drifts: tuple[Drift, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    written: tuple[str, ...] = ()
    unread: bool = False

    @property
    def exit_code(self) -> int:
        """Give 0 if all is well, 1 after findings or drift, 2 if a source could not be read."""
        errors = {found.code for found in self.diagnostics if found.is_error}
        return 2 if self.unread or errors & COULD_NOT_RUN else 1 if errors else 0


@dataclass(frozen=True)
class _Outcome:
    """What became of one source; `text` is its new snapshot, `unread` if it gave no rows."""

    diagnostics: tuple[Diagnostic, ...] = ()
    drift: Drift | None = None
    path: Path | None = None
    text: str = ""
    unread: bool = False


def pull_sources(
    project: Project,
    names: Iterable[str],
    mode: PullMode,
    environ: Mapping[str, str],
    *,
    allow_removals: bool = False,
) -> PullResult:
    """Read the named sources, or all, and refresh their snapshots as `mode` says.

    `environ` is where secrets are looked up. Nothing is written if any source has an error.
    """
    chosen, unknown = _choose(project, tuple(names))
    outcomes = [_Pull(project, config, environ, allow_removals).run() for config in chosen]
    diagnostics = [*unknown, *(found for outcome in outcomes for found in outcome.diagnostics)]
    failed = any(found.is_error for found in diagnostics)
    drifts = tuple(outcome.drift for outcome in outcomes if outcome.drift is not None)
    written: tuple[str, ...] = ()
    if mode is PullMode.CHECK:
        diagnostics += [found for drift in drifts for found in _drifted(project, drift)]
    elif mode is PullMode.WRITE and not failed:
        written, problems = _write(project, outcomes)
        diagnostics += problems
    unread = any(outcome.unread for outcome in outcomes)
    ordered = tuple(sorted(diagnostics, key=lambda found: found.sort_key))
    return PullResult(drifts, ordered, written, unread)


def _choose(
    project: Project, names: tuple[str, ...]
) -> tuple[list[SourceConfig], list[Diagnostic]]:
    chosen, problems = [], []
    for name in sorted(set(names or project.sources)):
        config = project.sources.get(name)
        if config is not None and NAME.fullmatch(name):
            chosen.append(config)
            continue
        hint = suggest(name, project.sources) or "declare it under [tool.daggen.sources]"
        what = "is no name of a source" if config else "is not configured as a source"
        span = config.span if config else None
        problems.append(codes.UNKNOWN_SOURCE.at(span, f'"{name}" {what}', hint=hint))
    return chosen, problems


def _drifted(project: Project, drift: Drift) -> Iterator[Diagnostic]:
    snapshot = Span(project.relative(snapshot_path(project, drift.source)))
    hint = f'run "daggen pull {drift.source}", then "daggen render"'
    for key, sentence in drift.findings():
        message = f'source "{drift.source}": {sentence}'
        yield codes.SNAPSHOT_DRIFT.at(drift.places.get(key, snapshot), message, hint=hint)


def _write(project: Project, outcomes: list[_Outcome]) -> tuple[tuple[str, ...], list[Diagnostic]]:
    contents = {found.path: found.text for found in outcomes if found.path and found.drift}
    try:
        write_all(contents)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return (), [codes.SNAPSHOT_WRITE.at(None, f"cannot write the snapshots: {reason}")]
    return tuple(project.relative(path) for path in contents), []


class _Pull:
    """One source on its way into its snapshot. No secret it resolves gets past `run`."""

    def __init__(
        self,
        project: Project,
        config: SourceConfig,
        environ: Mapping[str, str],
        allow_removals: bool,
    ) -> None:
        self._project = project
        self._config = config
        self._allow_removals = allow_removals
        self._secrets = Secrets(environ)

    def run(self) -> _Outcome:
        with scrubbed_logs(self._secrets):
            outcome = self._guarded()
        redact = self._secrets.redact
        return replace(
            outcome,
            drift=outcome.drift.scrubbed(redact) if outcome.drift else outcome.drift,
            diagnostics=tuple(
                replace(found, message=redact(found.message), hint=redact(found.hint))
                for found in outcome.diagnostics
            ),
        )

    def _guarded(self) -> _Outcome:
        """Turn whatever a source raises into a finding; a traceback could show its secrets."""
        name, span = self._config.name, self._config.span
        try:
            return self._pull()
        except SourceError as error:
            if error.diagnostics:
                return _Outcome(error.diagnostics, unread=True)
            message = f'source "{name}": {error.message}'
            return _Outcome((error.rule.at(span, message, hint=error.hint),))
        except SecretUnsetError as error:
            message = f'source "{name}" needs the environment variable {error.name}'
            return _Outcome((codes.SECRET_UNSET.at(span, message, hint=f"set {error.name}"),))
        except Exception as error:
            message = f'source "{name}" failed: {type(error).__name__}: {error}'
            return _Outcome((codes.SOURCE_FAILED.at(span, message),))

    def _pull(self) -> _Outcome:
        kind = source_type(self._config.type)
        options, problems = parse_options(self._config, kind)
        if options is None:
            return _Outcome(tuple(problems))
        schema, problems = load_row_schema(self._project, self._config, options)
        previous, damage = self._previous()
        if problems or damage:
            return _Outcome((*problems, *damage))
        origin = _origin(kind, options)
        reading = kind.read(self._request(options, previous, origin))
        if reading.unchanged and previous is not None:
            reading = Reading(previous.rows, etag=previous.etag)
        table = self._table(options, reading, schema)
        if any(found.is_error for found in table.diagnostics):
            return _Outcome(tuple(table.diagnostics))
        known = not table.diagnostics and not self._secrets.found_in(reading.etag)
        etag = reading.etag if known else ""
        return self._compared(options, previous, origin, etag, table)

    def _previous(self) -> tuple[Snapshot | None, list[Diagnostic]]:
        previous, damage = load_previous(self._project, self._config.name)
        return previous, ([] if self._allow_removals else damage)

    def _request(
        self, options: SourceOptions, previous: Snapshot | None, origin: Mapping[str, Any]
    ) -> Request[Any]:
        same = previous is not None and previous.origin == origin
        return Request(
            self._config.name,
            options,
            self._project.root,
            self._secrets,
            previous if same else None,
        )

    def _table(self, options: SourceOptions, reading: Reading, schema: Any) -> Table:
        """Shape and check the rows. Secrets come first, so that no later message quotes one."""
        table = Table(self._config, options, reading)
        table.check_secrets(self._secrets)
        if not table.diagnostics:
            apply_types(table, schema, texts=reading.texts)
            check_rows(table, schema, options)
            table.check_keys()
        return table

    def _compared(
        self,
        options: SourceOptions,
        previous: Snapshot | None,
        origin: Mapping[str, Any],
        etag: str,
        table: Table,
    ) -> _Outcome:
        rows: tuple[Row, ...] = table.sorted()
        name = self._config.name
        drift = compare(name, options, previous, origin, rows)
        if previous is not None and not drift:
            etag = previous.etag
        text = render_snapshot(name, origin, etag, rows)
        if previous is not None and not drift:
            drift = replace(drift, is_edited=text != previous.text)
        diagnostics = list(table.diagnostics)
        if not self._allow_removals:
            refused = check_removals(self._config, options, previous, drift)
            diagnostics += [refused] if refused else []
        return _Outcome(tuple(diagnostics), drift, snapshot_path(self._project, name), text)


def _origin(kind: SourceType[Any], options: SourceOptions) -> dict[str, Any]:
    """Say where the rows come from, as configured: secrets are still only named."""
    written = options.model_dump(mode="json", exclude_unset=True)
    names = [name for name in (*kind.origin, *_ORIGIN) if name in written]
    return {"type": kind.name, **{name: written[name] for name in names}}
