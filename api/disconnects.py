"""Middleware that ends the work for a reader who has gone away, or who sends a form too slowly.

Where a search is cancelled, its connection is closed, and Elasticsearch ends the search too.
"""

from typing import cast

from anyio import Event, create_task_group, fail_after
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import (
    ASGIApp,
    HTTPDisconnectEvent,
    HTTPReceiveMessage,
    HTTPRequestEvent,
    HTTPScope,
    Message,
    Receive,
    Scope,
    Send,
)

BODY_SECONDS = 120.0
"""How long a reader may take to send a form with a picture; 20 MB need 1.3 Mbit/s."""
DISCONNECT: HTTPDisconnectEvent = {"type": "http.disconnect"}
EMPTY_BODY: HTTPRequestEvent = {"type": "http.request", "body": b"", "more_body": False}


def wrap_with_disconnects(app: ASGIApp) -> ASGIApp:
    """Wrap the application, so that a request is cancelled when its connection is closed."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await _run_until_disconnect(app, scope, receive, send)
        else:
            await app(scope, receive, send)

    return middleware


class _Body:
    """The body of a request, of which the end is awaited before the connection is watched."""

    def __init__(self, scope: HTTPScope, receive: Receive) -> None:
        headers = Headers.from_scope(scope)
        self._receive = receive
        self._is_empty = "content-length" not in headers and "transfer-encoding" not in headers
        self._ended, self._disconnected = Event(), Event()
        self.is_late = False
        if self._is_empty:
            self._ended.set()

    async def receive(self) -> HTTPReceiveMessage:
        """Return the next part of the body, and after the last one wait for the end of the connection."""
        if self._is_empty:
            self._is_empty = False
            return EMPTY_BODY
        if self._ended.is_set():
            await self._disconnected.wait()
            return DISCONNECT
        message = cast(HTTPReceiveMessage, await self._receive())
        if message["type"] != "http.request" or not message["more_body"]:
            self._ended.set()
        return message

    async def wait_for_disconnect(self) -> None:
        """Return when the connection has ended, or when the body has not come in time."""
        try:
            with fail_after(BODY_SECONDS):
                await self._ended.wait()
        except TimeoutError:
            self.is_late = True
            return
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._disconnected.set()


async def _run_until_disconnect(app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
    body, error = _Body(scope, receive), None

    is_answered = False

    async def watch() -> None:
        await body.wait_for_disconnect()
        if not is_answered:  # what remains then is to close the files of a form
            tasks.cancel_scope.cancel()

    async def send_and_note(message: Message) -> None:
        nonlocal is_answered
        if message["type"] == "http.response.body" and not message.get("more_body"):
            is_answered = True
        await send(message)

    async with create_task_group() as tasks:
        tasks.start_soon(watch)
        try:
            await app(scope, body.receive, send_and_note)
        except Exception as app_error:  # noqa: BLE001 it is raised outside the group, which would wrap it
            error = app_error
        tasks.cancel_scope.cancel()
    if error:
        raise error
    if body.is_late:
        await send({"type": "http.response.start", "status": 408, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
