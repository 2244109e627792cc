"""Middleware that makes every request one for the public address, whatever its `Host` header says."""

import re
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from api.middleware import RAW_HEADERS

HOST = re.compile(r"([A-Za-z0-9._~%!$&'()*+,;=-]*|\[(?P<ipv6>[0-9A-Fa-f:.]+)\])(:(?P<port>\d*))?", re.ASCII)
"""RFC 9110, 7.2, with RFC 3986, 3.2.2: a name or an address, and a port."""
MAX_HOST_LENGTH, MAX_PORT = 300, 65_535
BAD_HOST_MESSAGE = b"The Host header is no name with a port."


def wrap_with_public_url(app: ASGIApp, public_url: str) -> ASGIApp:
    """Wrap the application, so that IIIF, exports and pages name this address.

    With an empty one they name that of the `Host` header, which must be one.
    """
    if not public_url:
        return _wrap_with_host_check(app)
    address = urlsplit(public_url)
    host = (b"host", address.netloc.encode())

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            inner_scope = scope.copy()
            inner_scope["scheme"] = address.scheme
            inner_scope["headers"] = [host, *(header for header in scope["headers"] if header[0] != b"host")]
            scope = inner_scope
        await app(scope, receive, send)

    return middleware


def _wrap_with_host_check(app: ASGIApp) -> ASGIApp:
    """Wrap the application, so that a `Host` that no URL can have gets 400 and leads nowhere."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and not all(
            is_host(value) for name, value in scope["headers"] if name == b"host"
        ):
            headers = [(b"content-type", b"text/plain; charset=utf-8"), *RAW_HEADERS]
            await send({"type": "http.response.start", "status": 400, "headers": headers})
            await send({"type": "http.response.body", "body": BAD_HOST_MESSAGE, "more_body": False})
            return
        await app(scope, receive, send)

    return middleware


def is_host(value: bytes) -> bool:
    """Return whether a `Host` header names a host that a URL may have."""
    match = HOST.fullmatch(value.decode("latin-1"))
    if match is None or len(value) > MAX_HOST_LENGTH or int(match["port"] or 0) > MAX_PORT:
        return False
    try:
        return not match["ipv6"] or bool(IPv6Address(match["ipv6"]))
    except ValueError:
        return False
