"""What a type of source is: its options, and a function that reads rows.

A new type is one module with a `SourceType` constant, registered under the entry point group
`daggen.sources`. Its `read` returns a `Reading` or raises `SourceError`; daggen does the rest
(columns, keys, row schema, secrets, guard rails, the snapshot) alike for all types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from daggen.diagnostics import Diagnostic, Rule, Span
from daggen.diagnostics.codes.source import SOURCE_FAILED, SOURCE_TOO_LARGE
from daggen.sources.secrets import Secrets

Row = Mapping[str, Any]


def _names(value: Any) -> Any:
    """Take one name for a list of one."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _fraction(value: Any) -> Any:
    """Read a share: `0.25`, or `"25%"`."""
    if isinstance(value, str) and value.endswith("%"):
        return float(value[:-1]) / 100
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Fraction = Annotated[float, BeforeValidator(_fraction), Field(ge=0, le=1)]


class SourceOptions(BaseModel):
    """The options that sources of all types have; a type's own options extend them.

    `key` identifies a row and `order_by` (default: the key) orders the snapshot. `timeout` is in
    seconds, `max_bytes` bounds what is held of the rows in memory, `max_removed` is a share.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False
    )

    key: Names = ()
    order_by: Names = ()
    columns: Names = ()
    json_columns: Names = ()
    secret_columns: Names = ()
    row_schema: str | dict[str, Any] | None = None
    on_invalid: Literal["error", "skip"] = "error"
    max_removed: Fraction = 0.25
    max_rows: int = Field(default=10_000, gt=0)
    max_bytes: int = Field(default=16 * 1024 * 1024, gt=0)
    timeout: float = Field(default=30.0, gt=0)

    @model_validator(mode="after")
    def _has_identity(self) -> SourceOptions:
        if not self.identity:
            raise ValueError('"key" is missing: name the columns that identify a row')
        return self

    @property
    def identity(self) -> tuple[str, ...]:
        """Name the columns that tell rows apart."""
        return self.key or self.order_by


OptionsT = TypeVar("OptionsT", bound=SourceOptions)


class SourceError(Exception):
    """A source that cannot be read: the kind of finding, what was found and what to try.

    `diagnostics` replace all that where a source knows better, such as the lines of a file.
    """

    def __init__(
        self,
        message: str,
        *,
        rule: Rule = SOURCE_FAILED,
        hint: str = "",
        diagnostics: Iterable[Diagnostic] = (),
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.hint = hint
        self.diagnostics = tuple(diagnostics)


@dataclass(frozen=True)
class Snapshot:
    """The rows that were pulled last: their origin, an HTTP validator if any, where they stand."""

    origin: Mapping[str, Any]
    rows: tuple[Row, ...]
    etag: str = ""
    spans: tuple[Span, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Request(Generic[OptionsT]):
    """What a source is asked to read.

    `previous` is the committed snapshot if it was made from the same origin, so that a source may
    answer "unchanged". `root` is the directory that relative paths are relative to.
    """

    name: str
    options: OptionsT
    root: Path
    secrets: Secrets
    previous: Snapshot | None = None


@dataclass(frozen=True)
class Reading:
    """The rows of a source as it gave them.

    `columns` is their order if the source has one. `texts` says that all values are text (CSV),
    to be typed by the row schema. `unchanged` says that the previous rows are still right.
    """

    rows: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()
    etag: str = ""
    texts: bool = False
    unchanged: bool = False
    spans: tuple[Span, ...] = field(default=())


@dataclass(frozen=True)
class SourceType(Generic[OptionsT]):
    """A kind of source. `origin` names the options that decide which rows there are."""

    name: str
    options: type[OptionsT]
    read: Callable[[Request[OptionsT]], Reading]
    origin: tuple[str, ...] = ()
    secret_options: frozenset[str] = frozenset()


class Budget:
    """Counts the rows and (about) the bytes of a reading against the source's bounds."""

    def __init__(self, options: SourceOptions) -> None:
        self._options = options
        self._rows = 0
        self._bytes = 0

    def spend(self, row: Iterable[object]) -> None:
        """Count a row. Raises SourceError once a bound is crossed."""
        self._rows += 1
        self._bytes += sum(_size(value) for value in row)
        if self._rows > self._options.max_rows:
            raise too_large(f"more than {self._options.max_rows} rows", "max_rows")
        if self._bytes > self._options.max_bytes:
            raise too_large(f"more than {self._options.max_bytes} bytes", "max_bytes")


def too_large(what: str, bound: str) -> SourceError:
    """Word the error of a source that crosses the bound of the option `bound`."""
    return SourceError(
        f"the source has {what}",
        rule=SOURCE_TOO_LARGE,
        hint=f"narrow what is read, or raise {bound}",
    )


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes) else len(repr(value))
