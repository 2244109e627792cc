"""Middleware that makes every request one for the public address, whatever its `Host` header says."""

from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send


def wrap_with_public_url(app: ASGIApp, public_url: str) -> ASGIApp:
    """Wrap the application, so that IIIF, exports and pages name this address; an empty one changes nothing."""
    if not public_url:
        return app
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
