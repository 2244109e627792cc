"""Run the application with uvicorn."""

import socket
import sys

import structlog
import uvicorn

from api.app import create_app
from core.errors import FrontispieceError
from core.settings import Settings


def open_listener(host: str, port: int, *, allow_any_port: bool = False) -> socket.socket:
    """Open a listening socket; with `allow_any_port` on a free port if this one is taken.

    It is opened before anything slow starts, so that a port in use is reported at once.
    """
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        if not allow_any_port:
            message = f"cannot listen on {host}:{port}: {error.strerror}; choose another --port"
            raise FrontispieceError(message) from error
        listener = socket.create_server((host, 0))
    # asyncio sets TCP_NODELAY only on sockets that name their protocol, which those of `create_server` do not. Without
    # it the body waits 40 ms for the acknowledgement of the headers. Accepted sockets inherit the option.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def run_server(settings: Settings, elasticsearch_url: str, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    with open_listener(host, port) as listener:
        serve_on(listener, settings, elasticsearch_url)


def serve_on(listener: socket.socket, settings: Settings, elasticsearch_url: str) -> None:
    """Serve on an open socket until Ctrl-C or SIGTERM."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    app = create_app(settings, elasticsearch_url=elasticsearch_url)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return  # uvicorn has shut down and raises the signal again
