"""Which addresses are those of proxies, and what a proxy says of the reader."""

import os
from collections.abc import Callable
from ipaddress import ip_address
from typing import cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

THIS_MACHINE = "127.0.0.1"
NOBODY = "0.0.0.0"  # noqa: S104 no address to listen on
"""The reader whom a proxy calls `unknown`, or by anything else that is no address; for limits they are one visitor."""


def wrap_with_proxies(app: ASGIApp, trusted_proxies: str) -> tuple[ASGIApp, Callable[[str], bool]]:
    """Return the application with the readers that proxies name, and a function that knows the proxies.

    Without the setting the variable `FORWARDED_ALLOW_IPS` of uvicorn counts.
    """
    trusted = trusted_proxies or os.environ.get("FORWARDED_ALLOW_IPS", THIS_MACHINE)
    middleware = ProxyHeadersMiddleware(_wrap_with_addresses(app), trusted)  # type: ignore[arg-type]
    return cast(ASGIApp, middleware), lambda address: address in middleware.trusted_hosts


def _wrap_with_addresses(app: ASGIApp) -> ASGIApp:
    """Wrap the application that a proxy's header has given a reader: one who has no address is `NOBODY`."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and (client := scope["client"]) and _is_forwarded(scope):
            scope = {**scope, "client": (client[0] if _is_address(client[0]) else NOBODY, client[1])}
        await app(scope, receive, send)

    return middleware


def _is_forwarded(scope: HTTPScope) -> bool:
    return any(name == b"x-forwarded-for" for name, _ in scope["headers"])


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
