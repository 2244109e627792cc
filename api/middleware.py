"""What every answer gets, whoever gave it: security headers, HEAD, and 304 for what the reader has already."""

from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

HEADERS = {
    # Pictures come from the libraries' own IIIF servers; everything that runs comes from here.
    "content-security-policy": "default-src 'self'; img-src 'self' https: http: data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
_RAW = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


def at_the_edge(app: ASGIApp) -> ASGIApp:
    """Around the router, not behind it: an address that no handler has, or a refused method, is answered as well."""

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        asked = scope.copy()  # the server goes by its own: a HEAD stays one for it
        asked["query_string"] = without_blanks(scope["query_string"])
        if scope["method"] == "HEAD":
            asked["method"] = "GET"
        await app(asked, receive, _sender(scope, send))

    return edge


def without_blanks(query: bytes) -> bytes:
    """An HTML form sends its empty fields too (`year_from=`): an empty parameter is no parameter."""
    return b"&".join(pair for pair in query.split(b"&") if pair.partition(b"=")[1:] != (b"=", b""))


def _sender(scope: HTTPScope, send: Send) -> Send:
    bodiless = scope["method"] == "HEAD"
    known = Headers.from_scope(scope).get("if-none-match", "")

    async def sender(message: Message) -> None:
        nonlocal bodiless
        if message["type"] == "http.response.start":
            message["headers"] = headers = [*message["headers"], *_RAW]
            etag = next((value.decode("latin-1") for name, value in headers if name.lower() == b"etag"), "")
            if etag and message["status"] == 200 and matches(known, etag):
                message["status"], bodiless = 304, True
                message["headers"] = [each for each in headers if each[0].lower() != b"content-length"]
        elif message["type"] == "http.response.body" and bodiless:
            message["body"] = b""
        await send(message)

    return sender


def matches(known: str, etag: str) -> bool:
    """`If-None-Match` names this version; weak and strong are the same here, as RFC 9110 has it."""
    return known.strip() == "*" or etag.removeprefix("W/") in {
        each.strip().removeprefix("W/") for each in known.split(",")
    }
