"""Middleware around the whole application: headers for security, other sites and retries, HEAD requests, 304."""

from collections.abc import Iterable, Sequence

from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    # Images may come from the libraries' IIIF servers; scripts and styles come from this service only.
    "content-security-policy": "default-src 'self'; img-src 'self' https: http: data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
READABLE_HEADERS = [
    *("X-Total-Count", "Content-Disposition", "Link", "Retry-After", "X-Request-ID"),
    *("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy"),
]
CORS_HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": ", ".join(READABLE_HEADERS),
}
"""On every response: one that a cache stored for a page of this service may be read by a viewer of another site."""
RAW_HEADERS = [(name.encode(), value.encode()) for name, value in (SECURITY_HEADERS | CORS_HEADERS).items()]

RETRY_AFTER = (b"retry-after", b"30")
"""When to try again after 503, in seconds, where the response does not say it itself."""


def wrap_with_middleware(app: ASGIApp, hsts_seconds: int = 0) -> ASGIApp:
    """Wrap the application, so that responses to unknown addresses and methods are covered too.

    `hsts_seconds` makes browsers use https for this time (RFC 6797); 0 leaves the header out.
    """
    hsts = (b"strict-transport-security", f"max-age={hsts_seconds}".encode())

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        inner_scope = scope.copy()  # the server keeps its own scope, in which the method is still HEAD
        inner_scope["query_string"] = drop_empty_parameters(scope["query_string"])
        if scope["method"] != "OPTIONS":
            # Litestar answers preflight requests; for others it would write over what a response varies by.
            inner_scope["headers"] = [header for header in scope["headers"] if header[0] != b"origin"]
        if scope["method"] == "HEAD":
            inner_scope["method"] = "GET"
        is_secure = hsts_seconds and scope["scheme"] == "https"
        default_headers = [*RAW_HEADERS, hsts] if is_secure else RAW_HEADERS
        await app(inner_scope, receive, _wrap_send(scope, send, default_headers))

    return middleware


def drop_empty_parameters(query_string: bytes) -> bytes:
    """Drop parameters without a value: an HTML form also sends its empty fields (`year_from=`)."""
    return b"&".join(pair for pair in query_string.split(b"&") if pair.partition(b"=")[1:] != (b"=", b""))


def _wrap_send(scope: HTTPScope, send: Send, default_headers: Sequence[tuple[bytes, bytes]]) -> Send:
    omit_body = scope["method"] == "HEAD"
    if_none_match = Headers.from_scope(scope).get("if-none-match", "")

    async def send_response(message: Message) -> None:
        nonlocal omit_body
        if message["type"] == "http.response.start":
            retry_headers = (RETRY_AFTER,) if message["status"] == 503 else ()
            message["headers"] = headers = _add_headers(message["headers"], (*default_headers, *retry_headers))
            etag = next((value.decode("latin-1") for name, value in headers if name.lower() == b"etag"), "")
            if etag and message["status"] == 200 and etag_matches(if_none_match, etag):
                message["status"], omit_body = 304, True
                message["headers"] = [header for header in headers if header[0].lower() != b"content-length"]
        elif message["type"] == "http.response.body" and omit_body:
            message["body"] = b""
        await send(message)

    return send_response


def _add_headers(
    headers: Iterable[tuple[bytes, bytes]], default_headers: Sequence[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """Return the headers with the default ones, where the response does not set its own."""
    own_headers = list(headers)
    own_names = {name.lower() for name, _ in own_headers}
    return [*own_headers, *(header for header in default_headers if header[0] not in own_names)]


def etag_matches(if_none_match: str, etag: str) -> bool:
    """Return whether `If-None-Match` names the ETag; RFC 9110 compares weak and strong ones alike."""
    return if_none_match.strip() == "*" or etag.removeprefix("W/") in {
        known_etag.strip().removeprefix("W/") for known_etag in if_none_match.split(",")
    }
