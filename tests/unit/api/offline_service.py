"""The application without Elasticsearch, for tests of what every response has."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from core.settings import Settings

ApiClient = TestClient[Any]

NOBODY = "http://127.0.0.1:9"
"""An address where no Elasticsearch answers."""


@contextmanager
def run_offline(folder: Path, address: str = "", **settings: Any) -> Iterator[ApiClient]:
    """Yield a client of the application; `address` is that of its reader."""
    app = create_app(Settings(data=folder, cache=folder, **settings), elasticsearch_url=NOBODY, encoder_loaders={})
    if address:
        app.asgi_handler = _with_address(app.asgi_handler, address)
    with TestClient(app) as client:
        yield client


def _with_address(app: ASGIApp, address: str) -> ASGIApp:
    async def handler(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": (address, 40_000)}, receive, send)  # type: ignore[arg-type,misc]

    return handler
