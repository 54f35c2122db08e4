"""Secrets that a source names: resolved only to pull, and scrubbed from every word that leaves.

A source's options name a secret as `${env:NAME}`, or `${env:NAME:-default}` for what is none.
`Secrets` remembers what it resolved, in all the forms a library may print it, so that
`redact` can take it out of messages, log records and rows.
"""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

PLACEHOLDER = re.compile(r"\$\{env:(?P<name>[A-Za-z_]\w*)(?::-(?P<default>[^}]*))?\}", re.ASCII)
MASK = "***"

_SHORTEST_FRAGMENT = 4
_USER_INFO = re.compile(r"(?<=://)([^/?#\s@:]*):[^/?#\s]*@")
_ADDRESS = re.compile(r"[a-z][\w+.-]*://[^/?#@]*/?", re.I | re.ASCII)
"""A URL of nothing but a host: rows may well hold it, and it is no secret."""
_SECRET_PARAMETER = re.compile("token|key|secret|password|passwd|pwd|sig|auth|credential", re.I)


class SecretUnsetError(Exception):
    """An environment variable that a source names is not set; `name` is the variable's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Secrets:
    """The secrets of one pull, read from `environ` when they are first resolved."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._named: dict[str, str] = {}
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def resolve(self, text: str) -> str:
        """Replace each `${env:NAME}` of `text` by its value.

        Raises SecretUnsetError for a variable that is not set and has no default.
        """
        return PLACEHOLDER.sub(self._value, text)

    def resolve_url(self, text: str) -> str:
        """Resolve a URL; values in its user info and its query are percent-encoded on the way.

        Raises SecretUnsetError for a variable that is not set and has no default.
        """

        def value(match: re.Match[str]) -> str:
            found = self._value(match)
            return quote(found, safe="") if _is_component(text, match) else found

        url = PLACEHOLDER.sub(value, text)
        self._remember_url(url)
        return url

    def remember(self, value: str, name: str = "") -> None:
        """Treat `value` as a secret from now on; with a name also look for it in rows."""
        if not value:
            return
        if name:
            self._named[name] = value
        self._forms |= _forms(value)
        self._pattern = None

    def redact(self, text: str) -> str:
        """Give `text` without any secret that was resolved, however it is encoded there."""
        if self._forms and self._pattern is None:
            longest_first = sorted(self._forms, key=lambda form: (-len(form), form))
            self._pattern = re.compile("|".join(map(_searchable, longest_first)), re.IGNORECASE)
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        return _USER_INFO.sub(rf"\1:{MASK}@", text)

    def found_in(self, text: str) -> str:
        """Name the environment variable whose value stands in `text`, or give ""."""
        for name, value in sorted(self._named.items()):
            if len(value) >= _SHORTEST_FRAGMENT and value in text:
                return name.partition(" ")[0]
        return ""

    def _value(self, match: re.Match[str]) -> str:
        name, default = match["name"], match["default"]
        found = self._environ.get(name)
        if found:
            self.remember(found, "" if _ADDRESS.fullmatch(found) else name)
            self._remember_url(found, name)
            return found
        if default is None:
            raise SecretUnsetError(name)
        return default

    def _remember_url(self, url: str, name: str = "") -> None:
        """Keep the password of a URL, and what a driver may print of it when it misreads it."""
        if "://" not in url:
            return
        userinfo = re.sub(r"^.*?://", "", url).rpartition("@")[0]
        password = userinfo.partition(":")[2]
        for piece in (password, unquote(password)):
            self.remember(piece, f"{name} (password)" if name else "")
        for fragment in re.split(r"[@:/?#&=]", password):
            if len(fragment) >= _SHORTEST_FRAGMENT:
                self.remember(fragment)
        for parameter, value in _query(url):
            if _SECRET_PARAMETER.search(parameter):
                self.remember(value, f"{name} ({parameter})" if name else "")


@contextmanager
def scrubbed_logs(secrets: Secrets) -> Iterator[None]:
    """Redact every log record made meanwhile: HTTP and database libraries log URLs."""
    original = logging.getLogRecordFactory()

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = original(*args, **kwargs)
        record.msg, record.args = secrets.redact(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = secrets.redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return record

    logging.setLogRecordFactory(factory)
    try:
        yield
    finally:
        logging.setLogRecordFactory(original)


def written_password(url: str) -> bool:
    """Tell whether a URL, as configured, spells a password out instead of naming it."""
    defaults = [match["default"] or "" for match in PLACEHOLDER.finditer(url)]
    bare = PLACEHOLDER.sub("", url)
    return any(_has_password(text) for text in (bare, *defaults))


def _has_password(url: str) -> bool:
    userinfo = re.match(r"[\w+.-]*://([^/?#]*)@", url)
    return bool(userinfo and userinfo[1].partition(":")[2])


def _is_component(text: str, match: re.Match[str]) -> bool:
    """Tell whether a placeholder stands in a URL's user info or query, where `@` would mislead."""
    before = PLACEHOLDER.sub("x", text[: match.start()])
    after = PLACEHOLDER.sub("x", text[match.end() :])
    if not before:
        return False
    in_authority = re.fullmatch(r"[\w+.-]+://[^/?#]*", before)
    return "?" in before or bool(in_authority and re.match(r"[^/?#]*@", after))


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query)
    except ValueError:
        return []


def _forms(value: str) -> set[str]:
    """Spell a secret in every way in which it may come back in a message."""
    encoded = value.encode("utf-8", "surrogateescape")
    return {
        value,
        quote(value, safe="", errors="replace"),
        quote(value, errors="replace"),
        quote(value, safe=" +", errors="replace"),
        quote_plus(value, errors="replace"),
        repr(value)[1:-1],
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        base64.b64encode(encoded).decode(),
        base64.urlsafe_b64encode(encoded).decode(),
    }


def _searchable(form: str) -> str:
    escaped = re.escape(form)
    return escaped if len(form) >= _SHORTEST_FRAGMENT else rf"(?<!\w){escaped}(?!\w)"
