"""A connection whose headers do not arrive is closed; one that is answered, or idle between requests, is not."""

import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest
from litestar import Litestar, get

from tests.live_server import run_live_server
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.network

REQUEST = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
COMPLETE = REQUEST + b"\r\n"


@get("/health")
async def get_health() -> str:
    return "up"


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """Yield the address of a service that waits for headers for a second."""
    monkeypatch.setattr("api.header_timeout.HEADER_SECONDS", 1.0)
    with run_live_server(Litestar([get_health])) as url:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        yield parts.hostname, parts.port


@pytest.mark.parametrize("sent", [b"", b"G", REQUEST, COMPLETE + REQUEST], ids=range(4))
def test_half_sent_headers_end_the_connection(address: tuple[str, int], sent: bytes) -> None:
    with socket.create_connection(address, timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(sent)
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert received.count(b"200 OK") == sent.count(COMPLETE)


def test_headers_in_several_parts_are_answered(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=PATIENCE_SECONDS) as connection:
        for _ in range(3):
            connection.sendall(REQUEST)
            connection.sendall(b"Accept: */*\r\n\r\n")
            response = HTTPResponse(connection)
            response.begin()
            assert (response.status, response.read()) == (200, b"up")
