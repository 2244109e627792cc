"""The address of its own for metrics and health: nothing else is served there."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

STATUS_PATHS = ("/metrics", "/health")
NOT_FOUND_BODY = b"Here are /metrics, /health, /health/ready and /health/live alone.\n"


def is_at_port(server: tuple[str, int | None] | None, port: int) -> bool:
    """Return whether a connection has arrived at this port; no header of a request changes that."""
    return server is not None and server[1] == port


def wrap_with_status_address(app: ASGIApp, status_port: int | None) -> ASGIApp:
    """Wrap the application, so that readers' pages are not at the status address; None changes nothing."""
    if status_port is None:
        return app

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        is_elsewhere = scope["type"] != ScopeType.HTTP or not is_at_port(scope["server"], status_port)
        if is_elsewhere or scope["path"].startswith(STATUS_PATHS):
            await app(scope, receive, send)
            return
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(NOT_FOUND_BODY)).encode())]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": NOT_FOUND_BODY, "more_body": False})

    return middleware
