"""Run an application in a real HTTP server, for tests of what a test client does not show: sockets and headers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from litestar import Litestar

from api.server import open_listener, server_config
from tests.waiting import wait_for_response


@contextmanager
def run_live_server(app: Litestar) -> Iterator[str]:
    """Serve the application on a free port of loopback; yield its URL."""
    server = uvicorn.Server(server_config(app))
    with open_listener("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            wait_for_response(f"{address}/health", thread.is_alive)
            yield address
        finally:
            server.should_exit = True
            thread.join()
