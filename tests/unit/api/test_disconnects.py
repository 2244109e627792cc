"""The work for a reader who has gone away ends."""

import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from anyio import create_memory_object_stream, get_cancelled_exc_class, sleep, sleep_forever
from litestar.types import ASGIApp

from api.app import create_app
from api.disconnects import wrap_with_disconnects
from core.settings import Settings
from tests.event_loops import run_coroutine
from tests.live_server import run_live_server
from tests.waiting import wait_until

DISCONNECT = {"type": "http.disconnect"}
FORM_HEADERS = [(b"content-length", b"2")]


def body(part: bytes, *, more_body: bool) -> Any:
    return {"type": "http.request", "body": part, "more_body": more_body}


def run(app: ASGIApp, messages: list[Any], headers: Any = ()) -> list[Any]:
    """Run a request whose connection sends these messages; return what was sent to it."""
    sent: list[Any] = []

    async def call() -> None:
        to_app, received = create_memory_object_stream[Any](10)
        with to_app, received:
            for message in messages:
                to_app.send_nowait(message)

            async def send(message: Any) -> None:
                sent.append(message)

            scope: Any = {"type": "http", "headers": list(headers)}
            await wrap_with_disconnects(app)(scope, received.receive, send)

    run_coroutine(call)
    return sent


def test_a_request_is_cancelled_when_its_reader_has_gone() -> None:
    was_cancelled: list[bool] = []

    async def search(_scope: Any, _receive: Any, _send: Any) -> None:
        try:
            await sleep_forever()
        except get_cancelled_exc_class():
            was_cancelled.append(True)
            raise

    run(search, [body(b"", more_body=False), DISCONNECT])
    run(search, [DISCONNECT])
    assert was_cancelled == [True, True]


def test_a_form_is_read_before_the_connection_is_watched() -> None:
    parts: list[bytes] = []

    async def upload(_scope: Any, receive: Any, _send: Any) -> None:
        await sleep(0.01)
        parts.extend([(await receive())["body"], (await receive())["body"]])
        await sleep_forever()

    run(upload, [body(b"a", more_body=True), body(b"b", more_body=False), DISCONNECT], FORM_HEADERS)
    assert parts == [b"a", b"b"]


def test_an_answer_ends_the_watch_and_errors_pass() -> None:
    async def answer(_scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["more_body"] is False
        await send({"type": "http.response.start"})

    async def fail(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ValueError("as it is")

    assert run(answer, []) == [{"type": "http.response.start"}]
    with pytest.raises(ValueError, match="as it is"):
        run(fail, [])


def test_the_work_after_an_answer_is_not_cancelled() -> None:
    """Litestar closes the files of a form then."""
    is_cleaned: list[bool] = []

    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        await sleep(0.05)
        is_cleaned.append(True)

    run(answer, [DISCONNECT])
    assert is_cleaned == [True]


def test_a_form_that_comes_too_slowly_gets_408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.disconnects.BODY_SECONDS", 0.05)

    async def upload(_scope: Any, receive: Any, _send: Any) -> None:
        while True:
            await receive()

    sent = run(upload, [body(b"a", more_body=True)], FORM_HEADERS)
    assert [message.get("status") for message in sent] == [408, None]


class SilentServer:
    """A server that accepts connections and never answers; it counts how many were opened and closed."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.opened = self.closed = 0

    def accept(self) -> None:
        with suppress(OSError):  # the listener is closed at the end
            while True:
                connection, _ = self._listener.accept()
                self.opened += 1
                Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while connection.recv(65_536):
                pass
        self.closed += 1


@pytest.mark.network
def test_a_search_ends_in_elasticsearch_when_its_reader_goes_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.elasticsearch.gateway.MAPPING_TIMEOUT_SECONDS", 0.1)  # for the start
    with socket.create_server(("127.0.0.1", 0)) as listener:
        elasticsearch = SilentServer(listener)
        Thread(target=elasticsearch.accept, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(Settings(data=tmp_path, cache=tmp_path), elasticsearch_url=url, encoder_loaders={})
        with run_live_server(app) as service_url:
            monkeypatch.setattr("api.elasticsearch.gateway.MAPPING_TIMEOUT_SECONDS", 600)
            assert wait_until(lambda: elasticsearch.opened == elasticsearch.closed)
            opened_before = elasticsearch.opened
            with socket.create_connection(("127.0.0.1", urlsplit(service_url).port or 0)) as reader:
                reader.sendall(b"GET /api/search?q=fyr HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert wait_until(lambda: elasticsearch.opened > opened_before)
                assert elasticsearch.closed < elasticsearch.opened
            assert wait_until(lambda: elasticsearch.closed == elasticsearch.opened)
