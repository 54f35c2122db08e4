"""Secrets are resolved where they are named, and found wherever they come back."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daggen.sources.secrets import Secrets, SecretUnsetError, written_password

ODD = "p@ss/w:rd?#%é"


def test_a_password_is_encoded_for_its_url() -> None:
    secrets = Secrets({"PW": ODD})
    url = secrets.resolve_url("postgresql://app:${env:PW}@host/db?token=${env:PW}")
    encoded = quote(ODD, safe="")
    assert url == f"postgresql://app:{encoded}@host/db?token={encoded}"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("${env:ALL}", "https://h:1/p?q=a/b"),
        ("https://${env:HOST}/x", "https://h:1/x"),
        ("https://api/${env:PATH}", "https://api/a/b"),
        ("${env:UNSET:-sqlite:///x.db}", "sqlite:///x.db"),
        ("${env:EMPTY:-sqlite:///x.db}", "sqlite:///x.db"),
    ],
)
def test_what_is_no_secret_part_stays_as_it_is(text: str, url: str) -> None:
    environ = {"ALL": "https://h:1/p?q=a/b", "HOST": "h:1", "PATH": "a/b", "EMPTY": ""}
    assert Secrets(environ).resolve_url(text) == url


def test_an_unset_variable_is_named() -> None:
    with pytest.raises(SecretUnsetError) as caught:
        Secrets({}).resolve("${env:ABSENT}")
    assert caught.value.name == "ABSENT"


@given(st.text(min_size=4))
def test_every_spelling_is_redacted(secret: str) -> None:
    secrets = Secrets({"S": secret})
    secrets.resolve("${env:S}")
    for form in (
        secret,
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        base64.b64encode(secret.encode("utf-8", "surrogateescape")).decode(),
    ):
        assert secrets.redact(form) == "***"
        assert form.lower() not in secrets.redact(f"<{form}>").lower().replace("***", "")


def test_the_password_of_a_url_from_the_environment() -> None:
    secrets = Secrets({"URL": "postgresql://app:pa%40ss@h/db"})
    secrets.resolve_url("${env:URL}")
    assert secrets.redact("pa@ss, pa%40ss, postgresql://app:pa%40ss@h/db") == "***, ***, ***"
    assert secrets.found_in("the password is pa@ss") == "URL"


def test_the_password_of_any_url_is_redacted() -> None:
    assert Secrets({}).redact("see http://u:pw@h/x") == "see http://u:***@h/x"


@pytest.mark.parametrize(
    ("value", "text", "secret"),
    [
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765/health", False),
        (
            "https://hooks.example/services/T0/XYZ",
            "see https://hooks.example/services/T0/XYZ",
            True,
        ),
        ("https://h/?token=abcdef", "abcdef", True),
        ("https://h/?page=abcdef", "abcdef", False),
    ],
)
def test_the_address_of_a_host_is_no_secret_in_rows(value: str, text: str, secret: bool) -> None:
    secrets = Secrets({"BASE": value})
    secrets.resolve_url("${env:BASE}/list")
    assert bool(secrets.found_in(text)) is secret


def test_a_short_value_is_redacted_as_a_word() -> None:
    secrets = Secrets({"S": "ab"})
    secrets.resolve("${env:S}")
    assert secrets.redact("ab is no part of cabin") == "*** is no part of cabin"
    assert secrets.found_in("ab") == ""


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("postgresql://app:hunter2@h/d", True),
        ("postgresql://app:${env:PW}@h/d", False),
        ("postgresql://app:x${env:PW}@h/d", True),
        ("${env:URL:-postgresql://app:hunter2@h/d}", True),
        ("${env:URL:-sqlite:///x.db}", False),
        ("postgresql://app@h/d", False),
        ("http://h:80/a@b", False),
    ],
)
def test_passwords_that_are_spelled_out(url: str, written: bool) -> None:
    assert written_password(url) is written
