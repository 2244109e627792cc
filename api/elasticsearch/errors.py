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

OVERLOADED_STATUSES = (429, 502, 503, 504)


def handle_transport_error(request: AnyRequest, error: TransportError) -> Response[Any]:
    """Return 503: the cluster cannot be reached or does not respond."""
    log.error("elasticsearch.away", error=str(error))
    return error_response(request, 503, UNAVAILABLE_MESSAGE)


def handle_api_error(request: AnyRequest, error: ApiError) -> Response[Any]:
    """Return 503 for an overloaded cluster and 500 for any other status; the cause goes to the log only."""
    log.error("elasticsearch.refused", status=error.status_code, error=str(error), body=error.body)
    if error.status_code in OVERLOADED_STATUSES:
        return error_response(request, 503, UNAVAILABLE_MESSAGE)
    return error_response(request, 500, INTERNAL_ERROR_MESSAGE)


@contextmanager
def translate_missing_index() -> Iterator[None]:
    """Raise `IndexNotFound` where Elasticsearch returns 404 for an index."""
    try:
        yield
    except NotFoundError as error:
        raise IndexNotFound from error


def raise_for_error(response: Mapping[str, Any], meta: ApiResponseMeta) -> None:
    """Raise the error that one search of an `_msearch` met; `meta` is that of the whole response."""
    if "error" in response:
        status = int(response["status"])
        error_class = HTTP_EXCEPTIONS.get(status, ApiError)
        raise error_class(str(response["error"].get("type", "")), replace(meta, status=status), response)


ELASTICSEARCH_EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    TransportError: handle_transport_error,
    ApiError: handle_api_error,
}
