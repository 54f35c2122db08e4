"""The options of sources of type `http`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from daggen.sources.base import SourceOptions
from daggen.sources.secrets import PLACEHOLDER

_SENSITIVE = re.compile(r"authorization|cookie|token|secret|password|api[-_]?key", re.I)


def _expression(text: str) -> str:
    try:
        jmespath.compile(text)
    except JMESPathError as error:
        reason = str(error).partition("\n")[0].removeprefix("Invalid jmespath expression: ")
        raise ValueError(f"no valid JMESPath: {reason.rstrip(' :')}") from None
    return text


def _secret(text: str) -> str:
    if not PLACEHOLDER.search(text):
        raise ValueError("a secret is written here; name it: ${env:NAME}")
    return text


def _named_where_sensitive(values: dict[str, str]) -> dict[str, str]:
    for name, value in values.items():
        if _SENSITIVE.search(name) and not PLACEHOLDER.search(value):
            raise ValueError(f'"{name}" is written here; name it: ${{env:NAME}}')
    return values


Expression = Annotated[str, AfterValidator(_expression)]
SecretText = Annotated[str, AfterValidator(_secret)]
NamedValues = Annotated[dict[str, str], AfterValidator(_named_where_sensitive)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Bearer(_Part):
    """`Authorization: Bearer TOKEN`."""

    type: Literal["bearer"]
    token: SecretText


class Basic(_Part):
    """`Authorization: Basic …`, from a user name and a password."""

    type: Literal["basic"]
    username: str
    password: SecretText


class LinkPages(_Part):
    """The next page is the `Link` header's `rel="next"` (RFC 8288)."""

    type: Literal["link"]


class NextPages(_Part):
    """The next page stands in the body at `field`: a URL, or a cursor for the query's `param`."""

    type: Literal["next"]
    field: Expression
    param: str | None = None


class NumberedPages(_Part):
    """Pages are counted in the query's `param` from `start`, until one is empty or not full.

    With `size_param` the service is asked for `size` rows a page.
    """

    type: Literal["page"]
    param: str = "page"
    start: int = 1
    size_param: str | None = None
    size: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _size_has_a_number(self) -> NumberedPages:
        if self.size_param and self.size is None:
            raise ValueError('"size_param" needs "size"')
        return self


Auth = Annotated[Bearer | Basic, Field(discriminator="type")]
Pagination = Annotated[LinkPages | NextPages | NumberedPages, Field(discriminator="type")]


class HttpOptions(SourceOptions):
    """The options of an HTTP source. All times are in seconds.

    `timeout` is for one step (connecting, the next bytes), `deadline` for the whole reading.
    `backoff` doubles from try to try; it and the server's Retry-After are capped by `max_wait`.
    """

    url: str = Field(pattern=r"^(https?://|\$\{env:)")
    method: Literal["GET", "POST"] = "GET"
    headers: NamedValues = Field(default_factory=dict)
    params: NamedValues = Field(default_factory=dict)
    body: dict[str, Any] | None = None
    auth: Auth | None = None
    select: Expression = "@"
    pagination: Pagination | None = None
    max_pages: int = Field(default=1000, gt=0)
    ca_file: str | None = None
    deadline: float = Field(default=300.0, gt=0)
    retries: int = Field(default=3, ge=0, le=10)
    backoff: float = Field(default=0.5, ge=0)
    max_wait: float = Field(default=30.0, ge=0)

    @model_validator(mode="after")
    def _body_is_posted(self) -> HttpOptions:
        if self.body is not None and self.method != "POST":
            raise ValueError('"body" goes with method = "POST"')
        return self

    @property
    def validates(self) -> bool:
        """Tell whether an ETag of the first answer speaks for all rows.

        It does for one answer, and for pages whose links stand in the bodies; a `Link` header or
        a further page may change while the first page's ETag stays.
        """
        return self.method == "GET" and self.pagination is None
