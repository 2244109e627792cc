"""Which addresses are those of proxies, and what a proxy says of the reader."""

import os
from collections.abc import Callable
from typing import cast

from litestar.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

THIS_MACHINE = "127.0.0.1"


def wrap_with_proxies(app: ASGIApp, trusted_proxies: str) -> tuple[ASGIApp, Callable[[str], bool]]:
    """Return the application with the readers that proxies name, and a function that knows the proxies.

    Without the setting the variable `FORWARDED_ALLOW_IPS` of uvicorn counts.
    """
    trusted = trusted_proxies or os.environ.get("FORWARDED_ALLOW_IPS", THIS_MACHINE)
    middleware = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type]
    return cast(ASGIApp, middleware), lambda address: address in middleware.trusted_hosts
