"""The middleware: empty parameters, ETags, and responses without a body."""

from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from api.middleware import drop_empty_parameters, etag_matches, wrap_with_middleware


@pytest.mark.parametrize(
    ("query_string", "expected"),
    [
        (b"q=fyr&year_from=&page=", b"q=fyr"),
        (b"q=a=&label==", b"q=a=&label=="),  # a value may end in an equals sign
        (b"q", b"q"),
        (b"=&q=", b""),
        (b"", b""),
    ],
)
def test_empty_parameters_are_dropped(query_string: bytes, expected: bytes) -> None:
    assert drop_empty_parameters(query_string) == expected


@pytest.mark.parametrize(
    ("if_none_match", "is_match"),
    [('"1-2"', True), ('W/"1-2"', True), ('"0", "1-2"', True), ("*", True), ('"1"', False), ("", False)],
)
def test_weak_and_strong_etags_match(if_none_match: str, is_match: bool) -> None:  # noqa: FBT001 pytest's parameter
    assert etag_matches(if_none_match, '"1-2"') is is_match


@pytest.mark.parametrize(
    ("method", "if_none_match", "status", "body"),
    [
        ("GET", b"", 200, b"all of it"),
        ("HEAD", b"", 200, b""),
        ("GET", b'"1-2"', 304, b""),
        ("GET", b'"0"', 200, b"all of it"),
    ],
)
def test_head_requests_and_cached_files_get_no_body(
    method: str, if_none_match: bytes, status: int, body: bytes
) -> None:
    """Called without a server, because a server itself drops the body of a response to HEAD."""
    sent_messages: list[Any] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        assert scope["method"] == "GET", "handlers know no HEAD"
        headers = [(b"etag", b'"1-2"'), (b"content-length", b"9")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"all of it"})

    async def send(message: Any) -> None:
        sent_messages.append(message)

    scope: Any = {"type": "http", "method": method, "query_string": b"", "headers": [(b"if-none-match", if_none_match)]}
    with start_blocking_portal() as portal:
        portal.call(wrap_with_middleware(app), scope, None, send)
    start, content = sent_messages
    assert (start["status"], content["body"]) == (status, body)
    assert any(name == b"content-length" for name, _ in start["headers"]) is (status == 200)


def test_a_page_may_have_a_policy_of_its_own() -> None:
    sent_messages: list[Any] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"Content-Security-Policy", b"default-src 'none'")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def send(message: Any) -> None:
        sent_messages.append(message)

    scope: Any = {"type": "http", "method": "GET", "query_string": b"", "headers": []}
    with start_blocking_portal() as portal:
        portal.call(wrap_with_middleware(app), scope, None, send)
    headers = [(name.lower(), value) for name, value in sent_messages[0]["headers"]]
    assert [value for name, value in headers if name == b"content-security-policy"] == [b"default-src 'none'"]
    assert (b"x-content-type-options", b"nosniff") in headers
