"""Limits of requests a minute for each visitor, apart for searches, pictures to search with, exports and IIIF."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, ip_address
from typing import Any, Literal
from urllib.parse import unquote, unquote_to_bytes

from anyio import create_task_group, sleep
from litestar import Litestar, Response
from litestar.exceptions import TooManyRequestsException
from litestar.middleware import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.stores.memory import MemoryStore

from api.errors import AnyRequest, error_response
from api.monitoring.instruments import RATE_LIMITED
from api.sentences import Sentence
from core.settings import Settings

RequestKind = Literal["searches", "uploads", "exports", "iiif"]

STORE = "rate_limit"
CLEANING_SECONDS = 60.0
IPV6_VISITOR_BITS = 64
"""One visitor has at least such a network (RFC 6177)."""
UNLIMITED_PREFIXES = (
    "/static/",
    "/crops/",
    "/health",
    "/metrics",
    "/docs",
    "/schema",
    "/favicon.ico",
    "/robots.txt",
    "/.well-known/",
)
"""What costs little."""
OPENED_PICTURE = re.compile(rb"(^|&)image=|xywh|(^|&)like=-?[^:&]+(&|$)")
"""In a query: a picture to fetch, a region to cut out and encode, or a page, whose id has no colon, to encode."""
OPENED_SIMILAR = re.compile(r"^/api/pictures/(?:[^/:]*|.*xywh.*)/similar$")
"""The path of pictures like a region or a page."""


def request_kind(method: str, path: str, query_string: bytes) -> RequestKind | None:
    """Return which limit counts a request; None if none does."""
    if path.startswith(UNLIMITED_PREFIXES):
        return None
    # Decoded twice, as `%2523` is a `#` in the value of a parameter that names a IIIF image.
    opens_picture = OPENED_PICTURE.search(unquote_to_bytes(unquote_to_bytes(query_string)))
    if method == "POST" or opens_picture or OPENED_SIMILAR.match(unquote(path)):
        return "uploads"
    if path.startswith("/iiif/"):
        return "iiif"
    if "/export" in path or path.startswith("/api/list/"):
        return "exports"
    return "searches"


def visitor(request: AnyRequest) -> str:
    """Return the address that counts as one visitor; empty for programs on this machine, which are not limited."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return "" if address.is_loopback else str(int(address) >> (128 - IPV6_VISITOR_BITS))
        address = address.ipv4_mapped
    return "" if address.is_loopback else str(address)


def create_rate_limits(settings: Settings) -> Sequence[DefineMiddleware]:
    """Return the middleware that answers 429 beyond the limits of the settings; a limit of 0 is none."""
    limits: Mapping[RequestKind, int] = {
        "searches": settings.searches_per_minute,
        "uploads": settings.uploads_per_minute,
        "exports": settings.exports_per_minute,
        "iiif": settings.iiif_per_minute,
    }
    return [_create_limit(kind, limit) for kind, limit in limits.items() if limit]


def _create_limit(kind: RequestKind, limit: int) -> DefineMiddleware:
    def is_counted(request: AnyRequest) -> bool:
        scope = request.scope
        return request_kind(scope["method"], scope["path"], scope["query_string"]) == kind and bool(visitor(request))

    return RateLimitConfig(
        rate_limit=("minute", limit),
        identifier_for_request=lambda request: f"{kind} {visitor(request)}",
        check_throttle_handler=is_counted,
        store=STORE,
    ).middleware


def handle_too_many_requests(request: AnyRequest, error: TooManyRequestsException) -> Response[Any]:
    """Return 429 with the limit, and when to try again."""
    scope = request.scope
    if kind := request_kind(scope["method"], scope["path"], scope["query_string"]):
        RATE_LIMITED.labels(kind).inc()
    headers = error.headers or {}
    limit, seconds = headers.get("RateLimit-Limit", "0"), headers.get("RateLimit-Reset", "60")
    detail = Sentence(
        "Too many requests came from your address: the limit is %(limit)s a minute. Try again in %(seconds)s seconds.",
        limit=limit,
        seconds=seconds,
    )
    response = error_response(request, error.status_code, detail)
    response.headers.update({**headers, "Retry-After": seconds})
    return response


@asynccontextmanager
async def forget_visitors(app: Litestar) -> AsyncIterator[None]:
    """Remove the addresses of visitors from memory when their minute is over."""
    store = app.stores.get(STORE)

    async def clean() -> None:
        while isinstance(store, MemoryStore):
            await sleep(CLEANING_SECONDS)
            await store.delete_expired()

    async with create_task_group() as tasks:
        tasks.start_soon(clean)
        try:
            yield
        finally:
            tasks.cancel_scope.cancel()
