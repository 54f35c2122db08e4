"""How long an HTTP source waits before it tries again."""

from __future__ import annotations

import httpx
import pytest

from daggen.sources.http_client import retry_after, wait_before
from daggen.sources.http_options import HttpOptions

OPTIONS = HttpOptions(url="http://h/", key="k", backoff=0.5, max_wait=30.0)


def test_the_wait_doubles_up_to_its_cap() -> None:
    waits = [wait_before(attempt, None, OPTIONS) for attempt in range(8)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize(("asked", "wait"), [(0.0, 0.0), (7.0, 7.0), (3600.0, 30.0)])
def test_what_the_service_asks_for_is_honoured_up_to_the_cap(asked: float, wait: float) -> None:
    assert wait_before(0, asked, OPTIONS) == wait


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0 "}, 0.0),
        ({}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        (
            {
                "date": "Tue, 03 Nov 2026 10:00:00 GMT",
                "retry-after": "Tue, 03 Nov 2026 10:00:20 GMT",
            },
            20.0,
        ),
        (
            {
                "date": "Tue, 03 Nov 2026 10:00:20 GMT",
                "retry-after": "Tue, 03 Nov 2026 10:00:00 GMT",
            },
            0.0,
        ),
        ({"retry-after": "Tue, 03 Nov 2026 10:00:00 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(httpx.Headers(headers)) == seconds
