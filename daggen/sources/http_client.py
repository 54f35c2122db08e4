"""Asks a service over HTTP: bounded in bytes, time and tries, and careful with credentials."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from daggen.diagnostics.codes.source import (
    BAD_ANSWER,
    SOURCE_DENIED,
    SOURCE_UNREACHABLE,
)
from daggen.sources.base import Request, SourceError
from daggen.sources.http_body import ENCODINGS, TruncatedError, read_body
from daggen.sources.http_endpoint import endpoint, is_trusted, trust
from daggen.sources.http_options import HttpOptions

RETRIED = frozenset((408, 425, 429, 500, 502, 503, 504))
MAX_REDIRECTS = 5

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": ENCODINGS,
    "User-Agent": "daggen",
}
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_DENIED = frozenset((401, 403, 407))


@dataclass(frozen=True)
class Answer:
    """A complete answer: 200 with a body, or 304."""

    status: int
    headers: httpx.Headers
    url: httpx.URL
    body: bytes = b""


class _TransientError(Exception):
    """A failure that may pass; `wait` is how long the service asks to wait, in seconds."""

    def __init__(self, error: SourceError, wait: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait = wait


class Client:
    """Asks one service for one reading; a context manager that closes its connections."""

    def __init__(self, request: Request[HttpOptions]) -> None:
        self._options = request.options
        self._deadline = time.monotonic() + request.options.deadline
        self._budget = request.options.max_bytes
        self.home, self._credentials = endpoint(request)
        self._http = httpx.Client(
            timeout=request.options.timeout, verify=trust(request), follow_redirects=False
        )

    def __enter__(self) -> Client:
        """Give the client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, url: httpx.URL, etag: str = "") -> Answer:
        """Send a request until it is answered or the tries are used up. Raises SourceError."""
        attempt = 0
        while True:
            try:
                return self._follow(url, etag)
            except _TransientError as failure:
                wait = wait_before(attempt, failure.wait, self._options)
                late = time.monotonic() + wait > self._deadline
                if late or attempt >= self._options.retries:
                    raise _after(failure.error, attempt + 1) from None
            time.sleep(wait)
            attempt += 1

    def _follow(self, url: httpx.URL, etag: str) -> Answer:
        method = self._options.method
        for _ in range(MAX_REDIRECTS + 1):
            request = self._request(method, url, etag)
            with self._sent(request) as response:
                if response.status_code not in _REDIRECTS:
                    return self._answer(response, etag)
                target = self._target(response, method)
            method = "GET" if response.status_code == 303 else method
            url = target
        raise SourceError(f"more than {MAX_REDIRECTS} redirects", rule=BAD_ANSWER)

    def _request(self, method: str, url: httpx.URL, etag: str) -> httpx.Request:
        """Build a request. Another host than the configured one learns nothing but its URL."""
        headers = dict(_HEADERS)
        body = None
        if is_trusted(self.home, url):
            headers |= self._credentials
            body = self._options.body if method == "POST" else None
        if etag:
            headers["If-None-Match"] = etag
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        return self._http.build_request(method, url, headers=encoded, json=body)

    @contextmanager
    def _sent(self, request: httpx.Request) -> Iterator[httpx.Response]:
        try:
            response = self._http.send(request, stream=True, auth=None)
            try:
                yield response
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL, TruncatedError) as error:
            raise _failure(error, self._options) from None

    def _answer(self, response: httpx.Response, etag: str) -> Answer:
        status = response.status_code
        if status == 304 and etag:
            return Answer(status, response.headers, response.url)
        if status != 200:
            raise self._bad_status(response)
        encoding = response.headers.get("content-encoding", "").strip().lower()
        body = read_body(self._chunks(response), encoding, self._budget)
        self._budget -= len(body)
        return Answer(status, response.headers, response.url, body)

    def _chunks(self, response: httpx.Response) -> Iterator[bytes]:
        for chunk in response.iter_raw():
            if time.monotonic() > self._deadline:
                message = f"the answer took longer than {self._options.deadline:g} s (deadline)"
                raise SourceError(message, rule=SOURCE_UNREACHABLE)
            yield chunk

    def _bad_status(self, response: httpx.Response) -> Exception:
        status = response.status_code
        where = "" if is_trusted(self.home, response.url) else " after a redirect to another host"
        message = f"the service answered {status} {response.reason_phrase}".rstrip() + where
        hint = "credentials are not sent to another host" if where else ""
        error = SourceError(
            message, rule=SOURCE_DENIED if status in _DENIED else BAD_ANSWER, hint=hint
        )
        if status in RETRIED:
            return _TransientError(error, retry_after(response.headers))
        return error

    def _target(self, response: httpx.Response, method: str) -> httpx.URL:
        """Give the URL that a redirect leads to, without user info of its own."""
        try:
            target = response.url.join(response.headers.get("location", ""))
        except httpx.InvalidURL:
            raise SourceError("a redirect to an invalid URL", rule=BAD_ANSWER) from None
        if target.scheme not in ("http", "https") or not target.host:
            raise SourceError("a redirect to what is no web address", rule=BAD_ANSWER)
        if response.url.scheme == "https" and target.scheme == "http":
            raise SourceError("a redirect from https to http is not followed", rule=BAD_ANSWER)
        if method == "POST" and not is_trusted(self.home, target):
            raise SourceError("a redirect of a POST to another host", rule=BAD_ANSWER)
        return target.copy_with(userinfo=b"")


def retry_after(headers: httpx.Headers) -> float | None:
    """Read `Retry-After`, seconds or a date, relative to the answer's own `Date`."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        now = parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None


def wait_before(attempt: int, asked: float | None, options: HttpOptions) -> float:
    """Give the seconds to wait after try number `attempt` (from 0): doubling, or as asked for."""
    wait = options.backoff * 2.0**attempt if asked is None else asked
    return min(wait, options.max_wait)


def _failure(error: Exception, options: HttpOptions) -> Exception:
    """Word what went wrong on the way, and tell whether it may pass."""
    if isinstance(error, TruncatedError | httpx.RemoteProtocolError):
        message = "the answer broke off before it was complete"
        return _TransientError(SourceError(message, rule=BAD_ANSWER))
    if isinstance(error, httpx.TimeoutException):
        message = f"no answer within {options.timeout:g} s (timeout)"
        return _TransientError(SourceError(message, rule=SOURCE_UNREACHABLE))
    words = str(error).strip() or type(error).__name__
    if _is_tls(error):
        hint = "set ca_file if the service has a certificate authority of its own"
        return SourceError(f"no secure connection: {words}", rule=SOURCE_UNREACHABLE, hint=hint)
    if isinstance(error, httpx.NetworkError | httpx.ProxyError):
        return _TransientError(SourceError(f"cannot connect: {words}", rule=SOURCE_UNREACHABLE))
    return SourceError(f"the request cannot be sent: {words}", rule=BAD_ANSWER)


def _is_tls(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _after(error: SourceError, tries: int) -> SourceError:
    """Add the number of tries to an error."""
    told = f" ({tries} tries)" if tries > 1 else ""
    return SourceError(error.message + told, rule=error.rule, hint=error.hint)
