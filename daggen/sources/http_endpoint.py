"""Where an HTTP source is asked, with which credentials, and who else may see them: nobody."""

from __future__ import annotations

import base64
import ssl

import httpx

from daggen.diagnostics.codes.source import SOURCE_OPTION
from daggen.sources.base import Request, SourceError
from daggen.sources.http_options import Bearer, HttpOptions


def endpoint(request: Request[HttpOptions]) -> tuple[httpx.URL, dict[str, str]]:
    """Resolve the endpoint's URL, without user info, and the headers that only it may see."""
    options, secrets = request.options, request.secrets
    text = secrets.resolve_url(options.url)
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        raise SourceError("the url is no web address", rule=SOURCE_OPTION) from None
    if url.scheme not in ("http", "https") or not url.host:
        raise SourceError("the url is no http or https address", rule=SOURCE_OPTION)
    headers = {name: secrets.resolve(value) for name, value in options.headers.items()}
    headers |= _authorization(request, url)
    for name, value in headers.items():
        if any(character in value for character in "\r\n\0"):
            message = f'the value of the header "{name}" has a line break'
            raise SourceError(message, rule=SOURCE_OPTION, hint="look for one at its end")
    params = {name: secrets.resolve(value) for name, value in options.params.items()}
    bare = url.copy_with(userinfo=b"", fragment=None)
    return (bare.copy_merge_params(params) if params else bare), headers


def _authorization(request: Request[HttpOptions], url: httpx.URL) -> dict[str, str]:
    """Make the header of `auth`, or of the user info in the url."""
    auth, secrets = request.options.auth, request.secrets
    if isinstance(auth, Bearer):
        return {"Authorization": f"Bearer {secrets.resolve(auth.token)}"}
    if auth is None and not url.userinfo:
        return {}
    user, password = url.username, url.password
    if auth is not None:
        user, password = secrets.resolve(auth.username), secrets.resolve(auth.password)
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    secrets.remember(token)
    return {"Authorization": f"Basic {token}"}


def is_trusted(home: httpx.URL, url: httpx.URL) -> bool:
    """Tell whether credentials for `home` may go to `url`: the same host and port, or its TLS."""
    if url.host != home.host:
        return False
    if (url.scheme, _port(url)) == (home.scheme, _port(home)):
        return True
    return (home.scheme, _port(home), url.scheme, _port(url)) == ("http", 80, "https", 443)


def trust(request: Request[HttpOptions]) -> ssl.SSLContext | bool:
    """Give what certificates are checked against: the system's, or those of `ca_file`."""
    if request.options.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=request.root / request.options.ca_file)
    except (OSError, ssl.SSLError):
        message = f"cannot read certificates from {request.options.ca_file} (ca_file)"
        raise SourceError(message, rule=SOURCE_OPTION) from None


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
