"""URLs as a fetcher sends them: which can be requested at all, and which belong to one server."""

import httpx

from core.errors import FileUnavailable, ProblemCode
from indexer.records import is_url

MAX_PORT = 65535
USUAL_PORTS = {"http": 80, "https": 443}


def parse_address(url: str) -> httpx.URL:
    """Return a URL that can be requested; FileUnavailable with the reason if it cannot."""
    if not is_url(url):
        raise FileUnavailable(url, "only http and https are fetched", code=ProblemCode.UNSUPPORTED)
    try:
        address = httpx.URL(url)
        # The system's look-up encodes a host name in the same way; an empty or a long label is an error.
        is_complete = bool(address.host) and bool(address.raw_host.decode("ascii").encode("idna"))
    except (httpx.InvalidURL, ValueError) as error:
        raise invalid_address(url, error) from error
    if not is_complete:
        raise invalid_address(url, "it names no server")
    if (address.port or 0) > MAX_PORT:
        raise invalid_address(url, f"there is no port {address.port}")
    return address


def invalid_address(url: str, cause: object) -> FileUnavailable:
    reason = f"not a valid URL ({cause}); correct it where the book's source names it"
    return FileUnavailable(url, reason, code=ProblemCode.UNAVAILABLE)


def server_name(address: httpx.URL) -> str:
    """Return the name under which a server's requests are counted: http and https on the usual ports are one server."""
    port = address.port or USUAL_PORTS[address.scheme]
    host = address.copy_with(port=None).netloc.decode("ascii")
    return f"https://{host}" if port in USUAL_PORTS.values() else f"{address.scheme}://{host}:{port}"


def robots_address(address: httpx.URL) -> httpx.URL:
    return address.copy_with(raw_path=b"/robots.txt", fragment=None)
