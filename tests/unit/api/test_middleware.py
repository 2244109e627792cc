"""Empty parameters, versions of a file, and answers without a body."""

from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from api.middleware import at_the_edge, matches, without_blanks


@pytest.mark.parametrize(
    ("query", "left"),
    [
        (b"q=fyr&year_from=&page=", b"q=fyr"),
        (b"q=a=&label==", b"q=a=&label=="),  # a value may end in the sign
        (b"q", b"q"),
        (b"=&q=", b""),
        (b"", b""),
    ],
)
def test_an_empty_parameter_is_no_parameter(query: bytes, left: bytes) -> None:
    assert without_blanks(query) == left


@pytest.mark.parametrize(
    ("known", "same"),
    [('"1-2"', True), ('W/"1-2"', True), ('"0", "1-2"', True), ("*", True), ('"1"', False), ("", False)],
)
def test_a_version_is_known_strong_or_weak(known: str, same: bool) -> None:  # noqa: FBT001 pytest's parameter
    assert matches(known, '"1-2"') is same


@pytest.mark.parametrize(
    ("method", "known", "status", "body"),
    [
        ("GET", b"", 200, b"all of it"),
        ("HEAD", b"", 200, b""),
        ("GET", b'"1-2"', 304, b""),
        ("GET", b'"0"', 200, b"all of it"),
    ],
)
def test_only_who_asks_for_a_body_and_has_it_not_yet_gets_one(
    method: str, known: bytes, status: int, body: bytes
) -> None:
    """Without a server between them, for a server drops the body of a HEAD by itself."""
    sent: list[Any] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        assert scope["method"] == "GET", "handlers know no HEAD"
        headers = [(b"etag", b'"1-2"'), (b"content-length", b"9")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"all of it"})

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "method": method, "query_string": b"", "headers": [(b"if-none-match", known)]}
    with start_blocking_portal() as portal:
        portal.call(at_the_edge(app), scope, None, send)
    start, content = sent
    assert (start["status"], content["body"]) == (status, body)
    assert any(name == b"content-length" for name, _ in start["headers"]) is (status == 200)
