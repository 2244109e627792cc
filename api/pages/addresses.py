"""Addresses of pages, for crawlers and for what links to a page from elsewhere."""

from typing import Any
from urllib.parse import quote

from litestar import Request

from api.pages.identity import ServiceIdentity

MAX_PATH_LENGTH = 8000
PATH_CHARACTERS = "/:,;@!$&'()*+=~"
"""What a path may hold besides letters and digits (RFC 3986)."""


def absolute_url(request: Request[Any, Any, Any], identity: ServiceIdentity, path: str) -> str:
    """Return the address of a path below the setting `public_url`, or below the host of the request."""
    return f"{identity.public_url or str(request.base_url).rstrip('/')}{path}"


def page_address(request: Request[Any, Any, Any], identity: ServiceIdentity) -> str:
    """Return the address of the page of a request, with its query, as it stands on paper."""
    return absolute_url(request, identity, request_path(request))


def request_path(request: Request[Any, Any, Any]) -> str:
    """Return the path of a request with its query."""
    query = request.scope["query_string"].decode("latin-1")
    return quote(request.url.path, safe=PATH_CHARACTERS) + (f"?{query}" if query else "")


def reported_address(request: Request[Any, Any, Any], identity: ServiceIdentity) -> str:
    """Return the address of the page that a reader writes about, from the parameter `page`; empty if it names none."""
    path = request.query_params.get("page", "")
    is_path = len(path) <= MAX_PATH_LENGTH and path.startswith("/") and path.isprintable()
    return absolute_url(request, identity, path) if is_path else ""


def book_page_path(book_key: str) -> str:
    """Return the path of a book's page."""
    return f"/books/{quote(book_key, safe='')}"
