"""Run the application with uvicorn."""

import socket
from ipaddress import ip_address

import structlog
import uvicorn
from litestar import Litestar

from api.app import create_app
from api.header_timeout import HeaderTimeoutProtocol
from api.monitoring.logs import configure_logs
from api.monitoring.tracing import start_tracing
from core.errors import FrontispieceError
from core.settings import Settings

log = structlog.get_logger()


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


def open_status_listener(address: str, public_port: int) -> socket.socket:
    """Open the address of the setting `status_address`, which needs a port of its own."""
    host, _, port = address.rpartition(":")
    if not int(port) <= 65_535 or int(port) == public_port:
        raise FrontispieceError(f"FRONTISPIECE_STATUS_ADDRESS: {address} needs a port of its own, for example 9100")
    try:
        return open_listener(host, int(port))
    except FrontispieceError as error:
        message = str(error).replace("another --port", "another address")
        raise FrontispieceError(f"FRONTISPIECE_STATUS_ADDRESS: {message}") from error


def run_server(settings: Settings, elasticsearch_url: str, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    with open_listener(host, port) as listener:
        serve_on(listener, settings, elasticsearch_url)


def serve_on(listener: socket.socket, settings: Settings, elasticsearch_url: str) -> None:
    """Serve on an open socket, and at the status address, until Ctrl-C or SIGTERM."""
    configure_logs(settings.log_format)
    start_tracing()
    host, port = listener.getsockname()[:2]
    if not settings.public_url and not ip_address(host).is_loopback:
        log.warning(
            "public_url.missing", advice="set FRONTISPIECE_PUBLIC_URL: addresses in IIIF and exports follow Host"
        )
    if not settings.status_address:
        _run_uvicorn(create_app(settings, elasticsearch_url=elasticsearch_url), listener)
        return
    with open_status_listener(settings.status_address, port) as status_listener:
        status_port = status_listener.getsockname()[1]
        app = create_app(settings, elasticsearch_url=elasticsearch_url, status_port=status_port)
        _run_uvicorn(app, listener, status_listener)


def server_config(app: Litestar) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    return uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=5,
        http=HeaderTimeoutProtocol,
        proxy_headers=False,  # `api.monitoring.proxies` reads them, after the id of the request
    )


def _run_uvicorn(app: Litestar, *listeners: socket.socket) -> None:
    server = uvicorn.Server(server_config(app))
    try:
        server.run(sockets=list(listeners))
    except KeyboardInterrupt:
        return  # uvicorn has shut down and raises the signal again
