"""Sources of type `http`: JSON from an API, page by page, becomes rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from daggen.diagnostics.codes.source import BAD_ANSWER
from daggen.sources.base import Budget, Reading, Request, SourceError, SourceType
from daggen.sources.http_client import Answer, Client
from daggen.sources.http_options import HttpOptions
from daggen.sources.pagination import first_page, next_page


def _read(request: Request[HttpOptions]) -> Reading:
    options = request.options
    etag = request.previous.etag if request.previous and options.validates else ""
    budget, rows = Budget(options), []
    for answer, found in _pages(request, etag):
        if answer.status == 304:
            return Reading(unchanged=True)
        for row in found:
            budget.spend(row.values())
            rows.append(row)
    tag = answer.headers.get("etag", "") if options.validates else ""
    return Reading(tuple(rows), etag=tag)


def _pages(
    request: Request[HttpOptions], etag: str
) -> Iterator[tuple[Answer, list[dict[str, Any]]]]:
    """Give each page and its rows. Raises SourceError for pages that never end."""
    options = request.options
    seen, before = set(), b""
    with Client(request) as client:
        home = client.home
        url = first_page(options, home)
        for number in range(options.max_pages):
            answer = client.ask(url, etag)
            data = None if answer.status == 304 else _parsed(answer)
            rows = [] if answer.status == 304 else _selected(options, data)
            yield answer, rows
            following = next_page(options, home, answer, data, len(rows), number)
            if following is None:
                return
            seen.add(url)
            if following in seen or (rows and answer.body == before):
                raise SourceError("the pages repeat without an end", rule=BAD_ANSWER)
            url, before = following, answer.body
    message = f"more than {options.max_pages} pages"
    raise SourceError(message, rule=BAD_ANSWER, hint="raise max_pages if that is right")


def _parsed(answer: Answer) -> Any:
    """Parse a body as JSON; the message tells where it fails, never what it says."""
    try:
        return json.loads(answer.body, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _no_json(answer, f"{error.msg} at {place}") from None
    except UnicodeDecodeError:
        raise _no_json(answer, "it is not UTF-8") from None
    except (ValueError, RecursionError):
        raise _no_json(answer, "a number or nesting that JSON does not have") from None


def _no_json(answer: Answer, reason: str) -> SourceError:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    hint = "" if "json" in kind or not kind else f"the service says that it is {kind}"
    return SourceError(f"the answer is no valid JSON: {reason}", rule=BAD_ANSWER, hint=hint)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _selected(options: HttpOptions, data: Any) -> list[dict[str, Any]]:
    try:
        found = jmespath.search(options.select, data)
    except JMESPathError:
        found = None
    if not isinstance(found, list):
        kind = "nothing" if found is None else f"a {type(found).__name__}"
        message = f'select "{options.select}" leads to {kind}, not to a list of objects'
        keys = ", ".join(sorted(data)[:8]) if isinstance(data, dict) else ""
        raise SourceError(message, rule=BAD_ANSWER, hint=f"the answer has {keys}" if keys else "")
    for index, row in enumerate(found):
        if not isinstance(row, dict):
            message = f"element {index + 1} of the list is a {type(row).__name__}, not an object"
            raise SourceError(message, rule=BAD_ANSWER)
    return found


SOURCE = SourceType(
    "http",
    HttpOptions,
    _read,
    origin=("url", "method", "params", "body", "select", "pagination"),
    secret_options=frozenset(("url", "headers", "params", "auth")),
)
"""Sources of type `http`."""
