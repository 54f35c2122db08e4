"""Finds the next page of an API's answer: a Link header, a field of the body, or a number."""

from __future__ import annotations

from typing import Any

import httpx
import jmespath

from daggen.diagnostics.codes.source import BAD_ANSWER
from daggen.sources.base import SourceError
from daggen.sources.http_client import Answer
from daggen.sources.http_endpoint import is_trusted
from daggen.sources.http_options import HttpOptions, NextPages, NumberedPages


def first_page(options: HttpOptions, home: httpx.URL) -> httpx.URL:
    """Give the URL of the first page."""
    if isinstance(options.pagination, NumberedPages):
        return _numbered(options.pagination, home, options.pagination.start)
    return home


def next_page(
    options: HttpOptions, home: httpx.URL, answer: Answer, data: Any, found: int, number: int
) -> httpx.URL | None:
    """Give the URL of the page after `answer`, None after the last.

    `data` is the answer's body, `found` how many rows it had, `number` counts pages from 0.
    Raises SourceError for a next page that is no URL.
    """
    way = options.pagination
    if way is None:
        return None
    if isinstance(way, NumberedPages):
        if found == 0 or (way.size is not None and found < way.size):
            return None
        return _numbered(way, home, way.start + number + 1)
    if isinstance(way, NextPages):
        return _by_field(options, way, home, answer, data)
    links = httpx.Response(200, headers={"link": answer.headers.get("link", "")}).links
    target = links.get("next", {}).get("url")
    return _joined(options, home, answer.url, target) if target else None


def _numbered(way: NumberedPages, home: httpx.URL, number: int) -> httpx.URL:
    params = {way.param: str(number)}
    if way.size_param:
        params[way.size_param] = str(way.size)
    return home.copy_merge_params(params)


def _by_field(
    options: HttpOptions, way: NextPages, home: httpx.URL, answer: Answer, data: Any
) -> httpx.URL | None:
    target = jmespath.search(way.field, data)
    if target is None or target == "" or target is False:
        return None
    if isinstance(target, bool) or not isinstance(target, str | int):
        message = f'the next page at "{way.field}" is a {type(target).__name__}'
        raise SourceError(message, rule=BAD_ANSWER)
    if way.param:
        return home.copy_merge_params({way.param: str(target)})
    return _joined(options, home, answer.url, str(target))


def _joined(options: HttpOptions, home: httpx.URL, url: httpx.URL, target: str) -> httpx.URL:
    """Resolve a link that a service gave; at home it gets the configured `params` it lacks."""
    try:
        joined = url.join(target)
    except httpx.InvalidURL:
        raise SourceError("the next page's URL is invalid", rule=BAD_ANSWER) from None
    if joined.scheme not in ("http", "https") or not joined.host:
        raise SourceError("the next page's URL is no web address", rule=BAD_ANSWER)
    if url.scheme == "https" and joined.scheme == "http":
        raise SourceError("the next page leaves https for http", rule=BAD_ANSWER)
    joined = joined.copy_with(userinfo=b"")
    if not is_trusted(home, joined):
        return joined
    missing = {name: home.params[name] for name in options.params if name not in joined.params}
    return joined.copy_merge_params(missing) if missing else joined
