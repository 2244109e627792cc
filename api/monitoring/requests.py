"""Middleware that gives each request an id, measures it, and writes it to the log if the operator wants that.

The id of a named proxy is taken over. It is in the header `X-Request-ID` of the answer, in every line of the log that
belongs to the request, and in `X-Opaque-Id` of what Elasticsearch receives.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from secrets import token_hex
from time import perf_counter
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from api.monitoring.instruments import REQUEST_DURATION, REQUESTS

REQUEST_ID_HEADER = "X-Request-ID"
_RAW_HEADER = REQUEST_ID_HEADER.lower().encode()
_VALID_ID = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,127}")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

UNKNOWN_ROUTE = "none"
"""The route of an address that the service does not have."""

log = structlog.get_logger()


@dataclass(slots=True)
class RequestRecord:
    """What is known of the request that is being answered."""

    id: str
    route: str = UNKNOWN_ROUTE
    """The template of its address, such as `/books/{book_id}`: it has no words of a reader."""
    status: str = "closed"


_current_record: ContextVar[RequestRecord | None] = ContextVar("request_record", default=None)


def current_record() -> RequestRecord | None:
    """Return the record of the request that is being answered; None outside one."""
    return _current_record.get()


def current_request_id() -> str:
    """Return the id of the request that is being answered; empty outside one."""
    record = _current_record.get()
    return record.id if record else ""


def wrap_with_records(app: ASGIApp, is_proxy: Callable[[str], bool], *, log_requests: bool) -> ASGIApp:
    """Wrap the application from outside, so that everything is measured; `is_proxy` tells addresses of proxies."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        started_at, method = perf_counter(), scope["method"]
        record = RequestRecord(_proxy_request_id(scope, is_proxy) or token_hex(8))
        tokens, record_token = bind_contextvars(request_id=record.id), _current_record.set(record)
        header = (_RAW_HEADER, record.id.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = str(message["status"])
                message["headers"] = [*message["headers"], header]
            await send(message)

        try:
            await app(scope, receive, send_with_id)
        except Exception:
            record.status = "500"  # the server answers for the application
            raise
        finally:
            seconds = perf_counter() - started_at
            _count(record, method if method in _METHODS else "other", seconds, log_requests=log_requests)
            _current_record.reset(record_token)
            reset_contextvars(**tokens)

    return middleware


def _count(record: RequestRecord, method: str, seconds: float, *, log_requests: bool) -> None:
    REQUESTS.labels(method, record.route, record.status).inc()
    REQUEST_DURATION.labels(record.route).observe(seconds)
    if log_requests:
        log.info("request", method=method, route=record.route, status=record.status, seconds=round(seconds, 4))


def wrap_with_route(app: ASGIApp) -> ASGIApp:
    """Wrap the router itself, which writes the template of the address into the scope that it gets."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        record = _current_record.get()

        def note_route() -> None:
            if record and (route := route_of(scope)) != UNKNOWN_ROUTE:
                record.route = route

        async def send_after_route(message: Message) -> None:
            note_route()  # a trace needs it before the answer ends
            await send(message)

        try:
            await app(scope, receive, send_after_route)
        finally:
            note_route()

    return middleware


def route_of(scope: Mapping[str, Any]) -> str:
    """Return the template of the address, such as `/books/{book_id}`: it has no words of a reader."""
    return (scope["path_template"] or "/") if "path_template" in scope else UNKNOWN_ROUTE


def _proxy_request_id(scope: HTTPScope, is_proxy: Callable[[str], bool]) -> str:
    """Return the id that a named proxy sends; empty if there is none, or if it could not stand in a log."""
    value = next((value for name, value in scope["headers"] if name == _RAW_HEADER), b"")
    client = scope["client"]
    is_valid = value and client and is_proxy(client[0]) and _VALID_ID.fullmatch(value)
    return value.decode("ascii") if is_valid else ""
