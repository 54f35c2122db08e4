"""Pulling from real HTTP servers on loopback, well-behaved and otherwise."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daggen.project import Project
from daggen.sources.pull import PullMode, PullResult, pull_sources
from daggen.sources.snapshot import read_snapshot

MakeProject = Callable[[str], Project]

TOKEN = "t0ken/with=signs&more"  # noqa: S105
ENVIRON = {"TOKEN": TOKEN}
FAST = "retries = 2\nbackoff = 0.0\nmax_wait = 0.0\n"


def config(url: str, more: str = "") -> str:
    return f'[sources.endpoints]\ntype = "http"\nurl = "{url}"\nkey = "name"\n{FAST}{more}'


def pull(project: Project, mode: str = "write") -> PullResult:
    return pull_sources(project, [], PullMode(mode), ENVIRON)


def names(project: Project) -> list[str]:
    rows, diagnostics = read_snapshot(project, "endpoints")
    assert diagnostics == []
    assert rows is not None
    return [row["name"] for row in rows.rows]


def as_json(data: Any) -> bytes:
    return json.dumps(data).encode()


def endpoints(*numbers: int) -> list[dict[str, Any]]:
    return [{"name": f"endpoint_{n:02}", "url": f"https://api.example/{n}"} for n in numbers]


def query(handler: Any) -> dict[str, str]:
    return dict(part.split("=") for part in handler.path.partition("?")[2].split("&") if part)


def test_select_leads_to_the_rows(make_project: MakeProject, service: Any) -> None:
    body = {"endpoints": [{"name": "b", "meta": {"url": "u2"}}, {"name": "a", "extra": 1}]}
    service.on("/list")(lambda handler: handler.reply(200, as_json(body)))
    select = "select = \"endpoints[].{name: name, url: meta.url || '-'}\""
    project = make_project(config(f"{service.url}/list", select))
    assert pull(project).exit_code == 0
    rows, _ = read_snapshot(project, "endpoints")
    assert rows is not None
    assert list(rows.rows) == [{"name": "a", "url": "-"}, {"name": "b", "url": "u2"}]


def _link_pages(service: Any) -> str:
    @service.on("/list")
    def answer(handler: Any) -> None:
        page = int(query(handler).get("page", 1))
        link = {"Link": f'</list?page={page + 1}>; rel="next"'} if page < 3 else {}
        handler.reply(200, as_json(endpoints(page * 2, page * 2 + 1)), **link)

    return 'pagination = {type = "link"}'


def _next_url_pages(service: Any) -> str:
    @service.on("/list")
    def answer(handler: Any) -> None:
        page = int(query(handler).get("page", 1))
        following = f"{service.url}/list?page={page + 1}" if page < 3 else None
        body = {"rows": endpoints(page * 2, page * 2 + 1), "meta": {"next": following}}
        handler.reply(200, as_json(body))

    return 'select = "rows"\npagination = {type = "next", field = "meta.next"}'


def _cursor_pages(service: Any) -> str:
    @service.on("/list")
    def answer(handler: Any) -> None:
        page = int(query(handler).get("after", "c1").removeprefix("c"))
        body = {
            "rows": endpoints(page * 2, page * 2 + 1),
            "cursor": f"c{page + 1}" if page < 3 else "",
        }
        handler.reply(200, as_json(body))

    return 'select = "rows"\npagination = {type = "next", field = "cursor", param = "after"}'


def _numbered_pages(service: Any) -> str:
    @service.on("/list")
    def answer(handler: Any) -> None:
        asked = query(handler)
        assert asked["per_page"] == "2"
        page = int(asked["page"])
        rows = endpoints(page * 2, page * 2 + 1) if page <= 3 else []
        handler.reply(200, as_json(rows))

    return 'pagination = {type = "page", size_param = "per_page", size = 2}'


@pytest.mark.parametrize("pages", [_link_pages, _next_url_pages, _cursor_pages, _numbered_pages])
def test_every_page_is_read(
    make_project: MakeProject, service: Any, pages: Callable[[Any], str]
) -> None:
    more = pages(service) + '\nauth = {type = "bearer", token = "${env:TOKEN}"}'
    project = make_project(config(f"{service.url}/list", more))
    result = pull(project)
    assert result.diagnostics == ()
    assert names(project) == [f"endpoint_{n:02}" for n in range(2, 8)]
    assert all(asked[2]["authorization"] == f"Bearer {TOKEN}" for asked in service.requests)


def test_pages_that_never_end(make_project: MakeProject, service: Any) -> None:
    service.on("/same")(lambda handler: handler.reply(200, as_json(endpoints(1))))
    service.on("/loop")(
        lambda handler: handler.reply(200, as_json(endpoints(1)), Link='</loop>; rel="next"')
    )

    @service.on("/ever")
    def ever(handler: Any) -> None:
        page = int(query(handler)["page"])
        handler.reply(200, as_json(endpoints(page)))

    for path, more in (
        ("same", 'pagination = {type = "page"}'),
        ("loop", 'pagination = {type = "link"}'),
        ("ever", 'pagination = {type = "page"}\nmax_pages = 5'),
    ):
        service.requests.clear()
        failure(make_project(config(f"{service.url}/{path}", more)), "DG710")
        assert len(service.requests) <= 5


def failure(project: Project, code: str, status: int = 2) -> Any:
    """Pull, and expect one finding, an unchanged snapshot, and no secret in any word."""
    path = project.specs / "_sources" / "endpoints.yaml"
    before = path.read_bytes() if path.exists() else None
    result = pull(project)
    assert [found.code for found in result.diagnostics] == [code]
    assert result.exit_code == status
    assert (path.read_bytes() if path.exists() else None) == before
    assert TOKEN not in repr(result)
    return result.diagnostics[0]


@pytest.fixture
def committed(make_project: MakeProject, service: Any) -> Callable[[str], Project]:
    """Give a project that has a snapshot, and then a configuration with `more` options."""

    def make(more: str = "") -> Project:
        service.on("/list")(lambda handler: handler.reply(200, as_json(endpoints(1, 2))))
        assert pull(make_project(config(f"{service.url}/list"))).exit_code == 0
        return make_project(config(f"{service.url}/list", more))

    return make


def test_an_unchanged_list_is_not_transferred(make_project: MakeProject, service: Any) -> None:
    sent = []

    @service.on("/list")
    def answer(handler: Any) -> None:
        if handler.headers.get("If-None-Match") == '"v1"':
            handler.reply(304, b"", ETag='"v1"')
            return
        body = as_json(endpoints(1, 2))
        sent.append(len(body))
        handler.reply(200, body, ETag='"v1"')

    project = make_project(config(f"{service.url}/list"))
    assert pull(project).exit_code == 0
    before = (project.specs / "_sources" / "endpoints.yaml").read_bytes()
    assert b'etag: "\\"v1\\""' in before
    result = pull(project)
    assert (result.exit_code, result.written, len(sent)) == (0, (), 1)
    assert pull(project, "check").exit_code == 0
    assert (project.specs / "_sources" / "endpoints.yaml").read_bytes() == before
    assert [asked[2].get("if-none-match") for asked in service.requests] == [None, '"v1"', '"v1"']


def test_another_selection_is_asked_for_anew(make_project: MakeProject, service: Any) -> None:
    """The tag speaks for the answer that was selected from, not for this selection."""
    service.on("/list")(lambda handler: handler.reply(200, as_json(endpoints(1)), ETag='"v1"'))
    pull(make_project(config(f"{service.url}/list")))
    project = make_project(config(f"{service.url}/list", 'columns = ["name"]'))
    assert pull(project).exit_code == 0
    rows, _ = read_snapshot(project, "endpoints")
    assert rows is not None
    assert list(rows.rows) == [{"name": "endpoint_01"}]
    assert "if-none-match" not in service.requests[-1][2]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(
    make_project: MakeProject, service: Any, status: int
) -> None:
    @service.on("/list")
    def answer(handler: Any) -> None:
        if len(service.requests) < 3:
            handler.reply(status, b"wait", Retry_After="1")
        else:
            handler.reply(200, as_json(endpoints(1)))

    project = make_project(config(f"{service.url}/list"))
    assert pull(project).exit_code == 0
    assert len(service.requests) == 3


def test_a_lasting_failure(committed: Callable[..., Project], service: Any) -> None:
    project = committed()
    for status, code in ((429, "DG710"), (500, "DG710"), (404, "DG710"), (401, "DG707")):
        service.requests.clear()
        service.on("/list")(lambda handler, status=status: handler.reply(status, b"<html>"))
        found = failure(project, code)
        tries = 3 if status in (429, 500) else 1
        assert len(service.requests) == tries
        assert f"answered {status}" in found.message
        assert ("(3 tries)" in found.message) == (tries == 3)


def test_no_answer_in_time(committed: Callable[..., Project], service: Any) -> None:
    project = committed("timeout = 0.1")
    gate = threading.Event()
    service.on("/list")(lambda handler: gate.wait(10))
    found = failure(project, "DG706")
    gate.set()
    assert "no answer within 0.1 s (timeout) (3 tries)" in found.message


def test_an_answer_that_drips(committed: Callable[..., Project], service: Any) -> None:
    """Each byte comes in time, and the whole would never end."""
    project = committed("deadline = 0.3")

    @service.on("/list")
    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"[")
            handler.wfile.flush()
            time.sleep(0.01)

    assert "deadline" in failure(project, "DG706").message


def test_nobody_listens(committed: Callable[..., Project], make_project: MakeProject) -> None:
    committed()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    project = make_project(config(f"http://127.0.0.1:{port}/list"))
    assert "refused" in failure(project, "DG706").message


SECRETIVE = """
auth = {type = "bearer", token = "${env:TOKEN}"}
headers = {X-Api-Key = "${env:TOKEN}", X-Tenant = "blue"}
"""


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_another_host_gets_no_credentials(
    make_project: MakeProject, make_service: Any, status: int
) -> None:
    home, other = make_service(), make_service()
    home.on("/list")(lambda handler: handler.reply(status, b"", Location=f"{other.url}/moved"))
    other.on("/moved")(lambda handler: handler.reply(200, as_json(endpoints(1))))
    project = make_project(config(f"{home.url}/list", SECRETIVE))
    assert pull(project).exit_code == 0
    ((_, path, headers, _),) = other.requests
    assert home.requests[0][2]["authorization"] == f"Bearer {TOKEN}"
    assert home.requests[0][2]["x-tenant"] == "blue"
    assert path == "/moved"
    assert not {"authorization", "x-api-key", "x-tenant", "cookie"} & set(headers)
    assert TOKEN not in repr(headers)


def test_the_same_host_keeps_them(make_project: MakeProject, service: Any) -> None:
    service.on("/list")(lambda handler: handler.reply(302, b"", Location="/moved"))
    service.on("/moved")(lambda handler: handler.reply(200, as_json(endpoints(1))))
    project = make_project(config(f"{service.url}/list", SECRETIVE))
    assert pull(project).exit_code == 0
    assert service.requests[1][2]["authorization"] == f"Bearer {TOKEN}"


def test_a_next_page_on_another_host_gets_none(
    make_project: MakeProject, make_service: Any
) -> None:
    home, other = make_service(), make_service()
    link = f'<{other.url}/list>; rel="next"'
    home.on("/list")(lambda handler: handler.reply(200, as_json(endpoints(1)), Link=link))
    other.on("/list")(lambda handler: handler.reply(200, as_json(endpoints(2))))
    more = 'pagination = {type = "link"}\nparams = {api_key = "${env:TOKEN}"}\n' + SECRETIVE
    project = make_project(config(f"{home.url}/list", more))
    assert pull(project).exit_code == 0
    assert TOKEN not in repr(other.requests)
    assert "api_key=" in home.requests[0][1]
    assert "api_key=" not in other.requests[0][1]


def test_redirects_that_lead_nowhere(committed: Callable[..., Project], service: Any) -> None:
    project = committed()
    for location in ("/list", "file:///etc/passwd", "http://", "gopher://x"):
        service.on("/list")(
            lambda handler, location=location: handler.reply(302, b"", Location=location)
        )
        failure(project, "DG710")


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"<html></html>", b"\xff\xfe", b'[{"name": NaN}]', b"[" * 100_000, b"9" * 5000],
)
def test_what_is_no_json(committed: Callable[..., Project], service: Any, body: bytes) -> None:
    project = committed()
    service.on("/list")(lambda handler: handler.reply(200, body, Content_Type="text/html"))
    found = failure(project, "DG710")
    assert "no valid JSON" in found.message or "leads to a int" in found.message


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"rows": []}, "leads to a dict"),
        ([1], "element 1 of the list is a int"),
        (None, "leads to nothing"),
    ],
)
def test_what_is_no_list_of_objects(
    committed: Callable[..., Project], service: Any, body: Any, words: str
) -> None:
    project = committed()
    service.on("/list")(lambda handler: handler.reply(200, as_json(body)))
    assert words in failure(project, "DG710").message


def test_a_truncated_body(committed: Callable[..., Project], service: Any) -> None:
    project = committed()

    @service.on("/list")
    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'[{"name": "endpoint_01"}]')
        handler.close_connection = True

    assert "broke off" in failure(project, "DG710").message


def test_a_truncated_compressed_body(committed: Callable[..., Project], service: Any) -> None:
    project = committed()
    packed = gzip.compress(as_json(endpoints(*range(100))))
    service.on("/list")(lambda handler: handler.reply(200, packed[:-20], Content_Encoding="gzip"))
    assert "broke off" in failure(project, "DG710").message
    service.on("/list")(lambda handler: handler.reply(200, b"junk", Content_Encoding="gzip"))
    assert "compression is broken" in failure(project, "DG710").message
    service.on("/list")(lambda handler: handler.reply(200, packed, Content_Encoding="br"))
    assert '"br"' in failure(project, "DG710").message


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compressed_body(make_project: MakeProject, service: Any, encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    body = pack(as_json(endpoints(*range(50))))
    service.on("/list")(lambda handler: handler.reply(200, body, Content_Encoding=encoding))
    project = make_project(config(f"{service.url}/list"))
    assert pull(project).exit_code == 0
    assert len(names(project)) == 50


def test_a_hundred_megabytes(committed: Callable[..., Project], service: Any) -> None:
    project = committed("max_bytes = 1000000")
    sent = []

    @service.on("/list")
    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(100 * 1024 * 1024))
        handler.end_headers()
        for _ in range(1600):
            handler.wfile.write(b" " * 65536)
            sent.append(65536)

    found = failure(project, "DG711", status=1)
    assert "more than 1000000 bytes" in found.message
    assert sum(sent) < 50 * 1024 * 1024


def test_a_bomb_does_not_go_off(committed: Callable[..., Project], service: Any) -> None:
    project = committed("max_bytes = 1000000")
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(200)) + packer.flush()
    service.on("/list")(lambda handler: handler.reply(200, bomb, Content_Encoding="gzip"))
    tracemalloc.start()
    failure(project, "DG711", status=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 1024 * 1024


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a self-signed certificate for 127.0.0.1."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    directory = tmp_path_factory.mktemp("tls")
    (directory / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (directory / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return directory


def test_a_certificate_nobody_vouches_for(
    make_project: MakeProject, make_service: Any, certificate: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    service = make_service(context)
    service.on("/list")(lambda handler: handler.reply(200, as_json(endpoints(1))))
    found = failure(make_project(config(f"{service.url}/list", SECRETIVE)), "DG706")
    assert "certificate verify failed" in found.message
    assert service.requests == []
    trusted = f'ca_file = "{certificate}/cert.pem"'
    project = make_project(config(f"{service.url}/list", trusted))
    assert pull(project).exit_code == 0
    failure(make_project(config(f"{service.url}/list", 'ca_file = "absent.pem"')), "DG701")

    service.on("/list")(lambda handler: handler.reply(302, b"", Location="http://127.0.0.1/x"))
    found = failure(make_project(config(f"{service.url}/list", trusted)), "DG710")
    assert "from https to http" in found.message


def test_plain_http_where_tls_is_spoken(make_project: MakeProject, service: Any) -> None:
    project = make_project(config(service.url.replace("http:", "https:")))
    assert "no secure connection" in failure(project, "DG706").message


def test_basic_credentials(make_project: MakeProject, service: Any) -> None:
    service.on("/list")(lambda handler: handler.reply(200, as_json(endpoints(1))))
    basic = 'auth = {type = "basic", username = "app", password = "${env:TOKEN}"}'
    in_url = service.url.replace("//", "//app:${env:TOKEN}@")
    for written in (config(f"{service.url}/list", basic), config(f"{in_url}/list")):
        assert pull(make_project(written)).exit_code == 0
    wanted = "Basic " + base64.b64encode(f"app:{TOKEN}".encode()).decode()
    assert [asked[2]["authorization"] for asked in service.requests] == [wanted, wanted]


def test_a_body_is_posted(make_project: MakeProject, service: Any) -> None:
    service.on("/search")(lambda handler: handler.reply(200, as_json(endpoints(1))))
    more = 'method = "POST"\nbody = {filter = {active = true}}'
    project = make_project(config(f"{service.url}/search", more))
    assert pull(project).exit_code == 0
    method, _, _, body = service.requests[0]
    assert (method, json.loads(body)) == ("POST", {"filter": {"active": True}})


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ('auth = {type = "bearer", token = "written"}', "DG701"),
        ('headers = {Authorization = "Bearer written"}', "DG701"),
        ('select = "a["', "DG701"),
        ('pagination = {type = "pages"}', "DG701"),
        ("retry = 3", "DG701"),
        ('columns = ["${env:TOKEN}"]', "DG705"),
        ("body = {a = 1}", "DG701"),
        ('headers = {X-Key = "${env:BROKEN}"}', "DG704"),
    ],
)
def test_options_that_cannot_be_used(make_project: MakeProject, more: str, code: str) -> None:
    failure(make_project(config("http://127.0.0.1:9/x", more)), code)


def test_a_secret_with_a_line_break(make_project: MakeProject) -> None:
    written = config("http://127.0.0.1:9/x", 'headers = {X-Key = "${env:TOKEN}"}')
    project = make_project(written)
    result = pull_sources(project, [], PullMode.WRITE, {"TOKEN": "secret-value\n"})
    assert [found.code for found in result.diagnostics] == ["DG701"]
    assert "secret-value" not in repr(result)
