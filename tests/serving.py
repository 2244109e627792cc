"""An application behind a real server, for tests that need what lies between it and a client."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from litestar import Litestar

from api.server import bound


@contextmanager
def served(app: Litestar) -> Iterator[str]:
    """Its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with bound("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            _wait(address)
            yield address
        finally:
            server.should_exit = True
            thread.join()


def _wait(address: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            httpx.get(f"{address}/health")
            return
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
