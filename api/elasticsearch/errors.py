"""Errors of the Elasticsearch client, translated into responses of the service."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import structlog
from elastic_transport import ApiResponseMeta, TransportError
from elasticsearch import ApiError, NotFoundError
from elasticsearch.exceptions import HTTP_EXCEPTIONS
from litestar import Response
from litestar.types import ExceptionHandlersMap

from api.elasticsearch.watched_node import count_refusal
from api.errors import (
    INTERNAL_ERROR_MESSAGE,
    UNAVAILABLE_MESSAGE,
    AnyRequest,
    IndexNotFound,
    error_response,
)

log = structlog.get_logger()

CLIENT_ERRORS = (TransportError, ApiError)
"""All that the client raises: the cluster cannot be reached, or it refuses a request."""

CLOSED_EXCEPTION = "already_closed_exception"
"""What Elasticsearch calls a part of an index that has been closed; the status is that of a bad request."""

AWAY_STATUSES = (401, 403, 429, 502, 503, 504)
"""The cluster is overloaded, or does not accept the service's key; `/health` and the log say which."""


def handle_transport_error(request: AnyRequest, error: TransportError) -> Response[Any]:
    """Return 503: the cluster cannot be reached or does not respond."""
    log.error("elasticsearch.away", error=str(error))
    return error_response(request, 503, UNAVAILABLE_MESSAGE)


def handle_api_error(request: AnyRequest, error: ApiError) -> Response[Any]:
    """Return 503 for a cluster that answers nobody, and 500 for any other status; the cause goes to the log only."""
    log.error("elasticsearch.refused", status=error.status_code, **describe_refusal(error))
    if error.status_code in AWAY_STATUSES:
        return error_response(request, 503, UNAVAILABLE_MESSAGE)
    return error_response(request, 500, INTERNAL_ERROR_MESSAGE)


def describe_refusal(error: ApiError) -> dict[str, str]:
    """Return the kind of error, and the reason unless it may repeat a reader's words, as that of a bad request does."""
    body = error.body if isinstance(error.body, Mapping) else {}
    cause = body.get("error", {})
    details = cause if isinstance(cause, Mapping) else {}
    reason = str(details.get("reason", "")) if error.status_code != 400 else ""
    return {"error": str(details.get("type", "")) or str(error.message), "reason": reason[:500]}


@contextmanager
def translate_missing_index() -> Iterator[None]:
    """Raise `IndexNotFound` where Elasticsearch returns 404 for an index, or is about to delete it."""
    try:
        yield
    except ApiError as error:
        if isinstance(error, NotFoundError) or is_being_deleted(error.body):
            raise IndexNotFound from error
        raise


def is_being_deleted(value: Any) -> bool:
    """Return whether a response says that an index was closed while it was searched, as it is before it is deleted."""
    if isinstance(value, Mapping):
        return value.get("type") == CLOSED_EXCEPTION or any(map(is_being_deleted, value.values()))
    return isinstance(value, list) and any(map(is_being_deleted, value))


def raise_for_error(response: Mapping[str, Any], meta: ApiResponseMeta) -> None:
    """Raise the error that one search of an `_msearch` met; `meta` is that of the whole response."""
    if "error" in response:
        status = int(response["status"])
        count_refusal(status)
        error_class = HTTP_EXCEPTIONS.get(status, ApiError)
        raise error_class(str(response["error"].get("type", "")), replace(meta, status=status), response)


ELASTICSEARCH_EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    TransportError: handle_transport_error,
    ApiError: handle_api_error,
}
