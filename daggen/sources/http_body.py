"""Reads the body of a response within bounds, compressed or not."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from daggen.diagnostics.codes.source import BAD_ANSWER
from daggen.sources.base import SourceError, too_large

ENCODINGS = "gzip, deflate"
"""What the requests accept; other encodings are refused."""

_STEP = 64 * 1024


class TruncatedError(Exception):
    """The body ended before it was complete; asking again may help."""


def read_body(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Gather a body and decompress it on the way, at most `limit` bytes of it.

    Raises SourceError for a body over the limit or in an unknown encoding, TruncatedError for a
    compressed body that stops short.
    """
    if encoding in ("", "identity"):
        return _gather(chunks, limit)
    if encoding not in ("gzip", "x-gzip", "deflate"):
        message = f'the answer has the encoding "{encoding}", which was not asked for'
        raise SourceError(message, rule=BAD_ANSWER)
    return _gather(_inflated(chunks), limit)


def _gather(chunks: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise too_large(f"more than {limit} bytes in its answers", "max_bytes")
    return bytes(body)


def _inflated(chunks: Iterable[bytes]) -> Iterable[bytes]:
    """Decompress in small steps: a kilobyte may hold a megabyte, and a bomb must not go off."""
    inflater = zlib.decompressobj(wbits=47)
    try:
        for chunk in chunks:
            pending = chunk
            while pending:
                yield inflater.decompress(pending, _STEP)
                pending = inflater.unconsumed_tail
        yield inflater.flush(_STEP)
    except zlib.error:
        raise SourceError("the answer's compression is broken", rule=BAD_ANSWER) from None
    if not inflater.eof:
        raise TruncatedError
