"""A password goes nowhere: every output and every file is searched for it, in every encoding."""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from daggen.project import Project
from daggen.sources.pull import PullMode, pull_sources

MakeProject = Callable[[str], Project]

TOKEN = "s3cr3t/token+with=odd&chars"  # noqa: S105


def spellings(secret: str) -> Iterator[str]:
    """Give the ways a secret may come back."""
    yield from (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield json.dumps(secret)[1:-1]
    yield repr(secret)[1:-1]
    yield base64.b64encode(secret.encode()).decode()
    yield base64.b64encode(f"app:{secret}".encode()).decode()


def assert_absent(secret: str, texts: dict[str, str]) -> None:
    for place, text in texts.items():
        for form in spellings(secret):
            assert form.lower() not in text.lower(), f"{form} in {place}"


def daggen(project: Project, environ: dict[str, str], *arguments: str) -> dict[str, str]:
    """Run the command line as users do; give all it says and all files there are."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "daggen", *arguments],
        cwd=project.root,
        env={**os.environ, "PYTHONWARNINGS": "default", **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    said = {"stdout": done.stdout, "stderr": done.stderr}
    files = {
        str(path): path.read_text(encoding="utf-8", errors="replace")
        for path in project.root.rglob("*")
        if path.is_file() and path.suffix not in (".db", ".pyc")
    }
    assert done.returncode in (0, 1, 2)
    return {**said, **files}


SQL = '[sources.p]\ntype = "sql"\nurl = "{url}"\nkey = "n"\nquery = "{query}"\n'
QUERIES = [
    "SELECT 1 AS n, 'x' AS t",
    "SELECT n FROM absent",
    "DELETE FROM other",
    "SELECT 1 / 0 AS n",
]
FORMATS = ("text", "json", "github")


@pytest.mark.parametrize("query", QUERIES)
def test_the_database_password(make_project: MakeProject, postgres: Any, query: str) -> None:
    project = make_project(SQL.format(url=postgres.url(), query=query))
    for output in FORMATS if "absent" in query else FORMATS[:1]:
        arguments = ("pull", "-v", "--output-format", output)
        assert_absent(postgres.secret, daggen(project, {"PW": postgres.secret}, *arguments))


def test_a_whole_url_from_the_environment(make_project: MakeProject, postgres: Any) -> None:
    config = SQL.format(url="${env:REGISTRY_URL}", query="SELECT 1 AS n")
    project = make_project(config)
    password = "wr0ng:secret%40"  # noqa: S105
    url = postgres.url(login=f"app:{quote(password, safe='')}")
    assert_absent(password, daggen(project, {"REGISTRY_URL": url}, "pull", "-v"))
    # Not encoded, and so misread by whoever parses the URL: no piece of it may show.
    url = "postgresql+psycopg://app:pa@ssw0rd/with#parts@127.0.0.1:1/db"
    said = daggen(project, {"REGISTRY_URL": url}, "pull", "-v")
    for piece in ("ssw0rd", "parts", "pa@ss"):
        assert_absent(piece, {"stdout": said["stdout"], "stderr": said["stderr"]})


def test_the_token(make_project: MakeProject, service: Any) -> None:
    statuses = [200, 302, 400, 401, 500]

    def echo(handler: Any) -> None:
        """A service that repeats what it was asked is no reason to print it."""
        status = statuses.pop(0)
        said = json.dumps({"headers": str(handler.headers), "path": handler.path}).encode()
        handler.reply(status, said, Location="/list?again")

    config = (
        f'[sources.p]\ntype = "http"\nurl = "{service.url}/list?v=1"\nkey = "n"\nretries = 0\n'
        'auth = {type = "basic", username = "app", password = "${env:TOKEN}"}\n'
        'params = {api_key = "${env:TOKEN}"}\nheaders = {X-Key = "${env:TOKEN}"}\n'
    )
    project = make_project(config)
    service.on("/list")(echo)
    while statuses:
        assert_absent(TOKEN, daggen(project, {"TOKEN": TOKEN}, "pull", "-v"))


def test_rows_that_hold_the_secret_are_refused(make_project: MakeProject, service: Any) -> None:
    rows = [{"n": "a", "nested": {"deep": [f"prefix {TOKEN} suffix"]}}, {"n": "b"}]
    service.on("/list")(lambda handler: handler.reply(200, json.dumps(rows).encode()))
    config = (
        f'[sources.p]\ntype = "http"\nurl = "{service.url}/list"\nkey = "n"\n'
        'auth = {type = "bearer", token = "${env:TOKEN}"}\n'
    )
    project = make_project(config)
    said = daggen(project, {"TOKEN": TOKEN}, "pull")
    assert_absent(TOKEN, said)
    assert "DG715" in said["stdout"]
    assert 'row a: column "nested" holds the value of the environment variable TOKEN' in (
        said["stdout"]
    )
    assert not (project.specs / "_sources").exists()


def test_a_column_named_as_the_secret_is_refused(make_project: MakeProject, service: Any) -> None:
    rows = [{"n": "a", TOKEN: 1}]
    service.on("/list")(lambda handler: handler.reply(200, json.dumps(rows).encode()))
    config = (
        f'[sources.p]\ntype = "http"\nurl = "{service.url}/list"\nkey = "n"\n'
        'auth = {type = "bearer", token = "${env:TOKEN}"}\n'
    )
    project = make_project(config)
    said = daggen(project, {"TOKEN": TOKEN}, "pull")
    assert_absent(TOKEN, said)
    assert "DG715" in said["stdout"]
    assert not (project.specs / "_sources").exists()


def test_an_etag_that_echoes_the_secret_is_not_kept(
    make_project: MakeProject, service: Any
) -> None:
    @service.on("/list")
    def echo(handler: Any) -> None:
        tag = handler.headers["Authorization"].split()[-1]
        handler.reply(200, b'[{"n": "a"}]', ETag=f'"{tag}"')

    config = (
        f'[sources.p]\ntype = "http"\nurl = "{service.url}/list"\nkey = "n"\n'
        'auth = {type = "bearer", token = "${env:TOKEN}"}\n'
    )
    project = make_project(config)
    said = daggen(project, {"TOKEN": TOKEN}, "pull")
    snapshot = (project.specs / "_sources/p.yaml").read_text(encoding="utf-8")
    assert_absent(TOKEN, {**said, "snapshot": snapshot})
    assert "etag" not in snapshot
    assert snapshot.endswith('rows:\n- "n": a\n')


@pytest.mark.parametrize("secret", ["password", "config.password", "config.hosts.token"])
def test_secret_columns_are_refused(make_project: MakeProject, service: Any, secret: str) -> None:
    row = {
        "n": "a",
        "password": TOKEN,
        "config": {"password": TOKEN, "hosts": [{"host": "h"}, {"token": TOKEN}]},
    }
    service.on("/list")(lambda handler: handler.reply(200, json.dumps([row]).encode()))
    config = (
        f'[sources.p]\ntype = "http"\nurl = "{service.url}/list"\nkey = "n"\n'
        f'secret_columns = ["{secret}"]\nrow_schema = {{required = ["absent"]}}\n'
    )
    result = pull_sources(make_project(config), [], PullMode.WRITE, {})
    assert [found.code for found in result.diagnostics] == ["DG715"]
    assert f'column "{secret}" is secret' in result.diagnostics[0].message
    assert_absent(TOKEN, {"result": repr(result)})
    project = make_project(config.replace("row_schema", 'columns = ["n"]\n#'))
    assert pull_sources(project, [], PullMode.WRITE, {}).exit_code == 0


def test_a_line_of_a_file_is_not_quoted(make_project: MakeProject) -> None:
    config = '[sources.p]\ntype = "file"\npath = "rows.csv"\nkey = "n"\nsecret_columns = "token"\n'
    project = make_project(config)
    (project.root / "rows.csv").write_text(f"n,token\na,{TOKEN}\n", encoding="utf-8")
    said = daggen(project, {}, "pull", "-v")
    assert 'column "token" is secret' in said["stdout"]
    assert_absent(TOKEN, {"stdout": said["stdout"], "stderr": said["stderr"]})


def test_logs_and_tracebacks(
    make_project: MakeProject,
    service: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """httpx logs the URLs that it asks, and its exceptions quote them."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", False)
    caplog.set_level(logging.DEBUG, "httpx")
    service.on("/list")(lambda handler: handler.reply(200, b"[]"))
    config = (
        f'[sources.p]\ntype = "http"\nurl = "{service.url}/list?api_key=${{env:TOKEN}}"\n'
        'key = "n"\n'
    )
    project = make_project(config)
    with caplog.at_level(logging.DEBUG):
        assert pull_sources(project, [], PullMode.WRITE, {"TOKEN": TOKEN}).exit_code == 0
    assert "/list?api_key=***" in caplog.text
    assert_absent(TOKEN, {"log": caplog.text})


def test_an_unknown_error_shows_no_secret(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    from daggen.sources import http

    def broken(*_: Any) -> None:
        raise RuntimeError(f"cannot handle {TOKEN} or {quote(TOKEN, safe='')}")

    monkeypatch.setattr(http, "first_page", broken)
    config = '[sources.p]\ntype = "http"\nurl = "http://127.0.0.1/${env:TOKEN}"\nkey = "n"\n'
    result = pull_sources(make_project(config), [], PullMode.WRITE, {"TOKEN": TOKEN})
    (found,) = result.diagnostics
    assert found.code == "DG724"
    assert found.message == 'source "p" failed: RuntimeError: cannot handle *** or ***'


def test_errors_carry_no_cause(make_project: MakeProject, postgres: Any) -> None:
    """A traceback of what a source raises does not lead to the driver's own exception."""
    from daggen.sources.base import Request, SourceError
    from daggen.sources.secrets import Secrets
    from daggen.sources.sql import SOURCE, SqlOptions

    options = SqlOptions(url=postgres.url(), key="n", query="SELECT 1 AS n")
    request = Request("p", options, Path(), Secrets({"PW": TOKEN}))
    with pytest.raises(SourceError) as caught:
        SOURCE.read(request)
    assert_absent(TOKEN, {"traceback": "".join(traceback.format_exception(caught.value))})
