"""The service as a process: uvicorn around the application."""

import socket
import sys

import structlog
import uvicorn

from api.app import create_app
from core.errors import FrontispieceError
from core.settings import Settings


def open_listener(host: str, port: int, *, allow_any_port: bool = False) -> socket.socket:
    """A listening socket, taken before anything slow starts; with `or_next` any free port will do."""
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        if not allow_any_port:
            message = f"cannot listen on {host}:{port}: {error.strerror}; choose another --port"
            raise FrontispieceError(message) from error
        listener = socket.create_server((host, 0))
    # asyncio sets it only where the socket names its protocol, which `create_server` leaves out. Without it the body
    # waits for the acknowledgement of the headers: 40 ms on every answer. Accepted sockets inherit it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def run_server(settings: Settings, elasticsearch_url: str, host: str, port: int) -> None:
    """Serves until Ctrl-C or SIGTERM."""
    with open_listener(host, port) as listener:
        serve_on(listener, settings, elasticsearch_url)


def serve_on(listener: socket.socket, settings: Settings, elasticsearch_url: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    app = create_app(settings, elasticsearch_url=elasticsearch_url)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return  # uvicorn has shut down in order and passes the signal on
