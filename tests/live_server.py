"""An application behind a real server, for tests and benchmarks that send requests over the network."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from litestar import Litestar

from api.server import open_listener


@contextmanager
def run_live_server(app: Litestar) -> Iterator[str]:
    """Serve the application in a thread; yield its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with open_listener("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            _wait_until_healthy(address)
            yield address
        finally:
            server.should_exit = True
            thread.join()


def _wait_until_healthy(address: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            httpx.get(f"{address}/health")
            return
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
