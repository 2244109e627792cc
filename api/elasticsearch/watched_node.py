"""The connection to an Elasticsearch node, with a request's id, its time, its errors and its trace."""

from typing import Any

from elastic_transport import (
    AiohttpHttpNode,
    ConnectionTimeout,
    HttpHeaders,
    TlsError,
    TransportError,
)
from elastic_transport.client_utils import DEFAULT, DefaultType

from api.monitoring.instruments import ELASTICSEARCH_DURATION, ELASTICSEARCH_ERRORS, OPERATIONS, measure_time
from api.monitoring.requests import current_request_id
from api.monitoring.tracing import trace_headers


class WatchedNode(AiohttpHttpNode):
    """A node whose requests are measured, each attempt for itself.

    aiohttp needs less than half of the time of httpx, which a search spends up to four times.
    """

    async def perform_request(  # type: ignore[override]
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: DefaultType | float | None = DEFAULT,
    ) -> Any:
        headers = HttpHeaders({**(headers or {}), **trace_headers()})
        if request_id := current_request_id():
            headers["x-opaque-id"] = request_id
        with measure_time(ELASTICSEARCH_DURATION.labels(operation_of(target))):
            try:
                response = await super().perform_request(method, target, body, headers, request_timeout)
            except TransportError as error:
                ELASTICSEARCH_ERRORS.labels(_transport_error_kind(error)).inc()
                raise
        count_refusal(response.meta.status)
        return response


def operation_of(target: str) -> str:
    """Return what a request does, from the last part of its path."""
    name = target.partition("?")[0].rpartition("/")[2].removeprefix("_")
    return name if name in OPERATIONS else "other"


def count_refusal(status: int) -> None:
    """Count a status that is an error; 404 is how Elasticsearch says that there is no rebuild, or no index yet."""
    if kind := refusal_kind(status):
        ELASTICSEARCH_ERRORS.labels(kind).inc()


def refusal_kind(status: int) -> str:
    """Return the kind of error that a status means; empty if it means none."""
    if status < 400 or status == 404:
        return ""
    if status >= 500:
        return "server"
    return {401: "refused_key", 403: "refused_key", 429: "overloaded"}.get(status, "bad_request")


def _transport_error_kind(error: TransportError) -> str:
    if isinstance(error, ConnectionTimeout):
        return "timeout"
    return "tls" if isinstance(error, TlsError) else "connection"
